//! Signals that end the program, held back where half of the work must not stay.

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// The signals that users and systems end programs with.
pub(crate) const ENDING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// While this value lives, the signals only take note; when the last one goes, what was noted happens.
pub(crate) struct Held(&'static State);

struct State {
    holders: AtomicUsize,
    /// Does a signal end the program at once?
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

    /// Has a signal come?
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
            // If the signal can't be raised, the program goes on to its end.
            let _ = low_level::emulate_default_handler(i32::try_from(signal).unwrap_or(SIGTERM));
        }
    }
}

impl State {
    /// Handlers can't be taken away again, so they ask whether they act.
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
