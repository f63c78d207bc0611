use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::SIGTERM;
use signal_hook::low_level;

use crate::signals::{ENDING, Held};

/// Turns termination signals into a pollable descriptor, so that QEMU is ended before the program.
pub(in crate::commands) struct Interrupt {
    readable: Arc<OwnedFd>,
    /// Kept open: a closed pipe would count as an interrupt.
    _writable: UnixStream,
    signal: Arc<AtomicUsize>,
    _held: Held,
}

impl Interrupt {
    pub(in crate::commands) fn install() -> io::Result<Self> {
        let (readable, writable) = UnixStream::pair()?;
        let signal = Arc::new(AtomicUsize::new(0));
        for number in ENDING {
            // Handlers run in this order: the number is there when the descriptor becomes readable.
            let value = usize::try_from(number).unwrap_or_default();
            signal_hook::flag::register_usize(number, Arc::clone(&signal), value)?;
            low_level::pipe::register(number, writable.try_clone()?)?;
        }
        let readable = Arc::new(readable.into());
        Ok(Self { readable, _writable: writable, signal, _held: Held::new()? })
    }

    pub(in crate::commands) fn descriptor(&self) -> Arc<OwnedFd> {
        Arc::clone(&self.readable)
    }

    /// Performs the default action of the signal, if one arrived.
    pub(in crate::commands) fn obey(&self) {
        let signal = self.signal.load(Ordering::SeqCst);
        if signal != 0 {
            // If the signal can't be raised, the probe's own error is reported.
            let _ = low_level::emulate_default_handler(i32::try_from(signal).unwrap_or(SIGTERM));
        }
    }
}
