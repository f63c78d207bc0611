//! Signals that end the program, deferred while work must not stop halfway.

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM,
    SIGXCPU,
};
use signal_hook::{flag, low_level};

/// The signals with which users, service managers and limits end programs.
pub(crate) const ENDING: [i32; 11] = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF,
    SIGXCPU,
];

/// Defers the signals for as long as it lives; dropping the last one delivers what arrived.
pub(crate) struct Held(&'static State);

struct State {
    holders: AtomicUsize,
    /// Whether a signal ends the program at once.
    acts: Arc<AtomicBool>,
    noted: Arc<AtomicUsize>,
}

static STATE: OnceLock<State> = OnceLock::new();

impl Held {
    pub(crate) fn new() -> io::Result<Self> {
        let state = if let Some(state) = STATE.get() {
            state
        } else {
            let state = State::install()?;
            STATE.get_or_init(|| state)
        };
        state.holders.fetch_add(1, Ordering::SeqCst);
        state.acts.store(false, Ordering::SeqCst);
        Ok(Self(state))
    }

    /// Returns whether a signal has arrived.
    pub(crate) fn is_due(&self) -> bool {
        self.0.noted.load(Ordering::SeqCst) != 0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.0.holders.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        self.0.acts.store(true, Ordering::SeqCst);
        let signal = self.0.noted.swap(0, Ordering::SeqCst);
        if signal != 0 {
            // If the signal can't be raised, the program ends normally.
            let _ = low_level::emulate_default_handler(i32::try_from(signal).unwrap_or(SIGTERM));
        }
    }
}

impl State {
    /// Handlers can't be uninstalled, so they check whether to act.
    fn install() -> io::Result<Self> {
        let (acts, noted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        for signal in ENDING {
            flag::register_conditional_default(signal, Arc::clone(&acts))?;
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&noted), number)?;
        }
        Ok(Self { holders: AtomicUsize::new(0), acts, noted })
    }
}
