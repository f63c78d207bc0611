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
        if let Some(signal) = self.0.release() {
            // If the signal can't be raised, the program ends normally.
            let _ = low_level::emulate_default_handler(signal);
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

    /// Gives up one hold. With the last one, signals act again; returns the one that arrived before.
    fn release(&self) -> Option<i32> {
        if self.holders.fetch_sub(1, Ordering::SeqCst) > 1 {
            return None;
        }
        self.acts.store(true, Ordering::SeqCst);
        match self.noted.swap(0, Ordering::SeqCst) {
            0 => None,
            signal => Some(i32::try_from(signal).unwrap_or(SIGTERM)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state with two holders, without handlers: signals for the tests still end them.
    fn held_twice() -> (&'static State, [Held; 2]) {
        let state =
            State { holders: AtomicUsize::new(2), acts: Arc::default(), noted: Arc::default() };
        let state: &State = Box::leak(Box::new(state));
        (state, [Held(state), Held(state)])
    }

    #[test]
    fn a_signal_acts_when_the_last_holder_is_gone() {
        let (state, [first, last]) = held_twice();
        assert!(!first.is_due());
        // Its default action is none.
        let signal = signal_hook::consts::SIGCHLD;
        state.noted.store(signal.unsigned_abs() as usize, Ordering::SeqCst);
        assert!(first.is_due() && last.is_due());
        assert_eq!(state.release(), None);
        assert!(last.is_due() && !state.acts.load(Ordering::SeqCst));
        assert_eq!(state.release(), Some(signal));
        assert!(!last.is_due() && state.acts.load(Ordering::SeqCst));
        std::mem::forget([first, last]);
    }

    #[test]
    fn without_a_signal_nothing_happens() {
        let (state, [first, last]) = held_twice();
        drop(first);
        assert!(!state.acts.load(Ordering::SeqCst));
        assert_eq!(state.release(), None);
        assert!(state.acts.load(Ordering::SeqCst));
        std::mem::forget(last);
    }
}
