use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use signal_hook::low_level::pipe;

use crate::signals::{ENDING, Held};

/// Turns termination signals into a pollable descriptor, so that QEMU is ended before the program.
/// Dropping it performs the default action of the signal, if one arrived.
pub(in crate::commands) struct Interrupt {
    readable: Arc<OwnedFd>,
    /// Kept open: a closed pipe would count as an interrupt.
    _writable: UnixStream,
    _held: Held,
}

impl Interrupt {
    pub(in crate::commands) fn install() -> io::Result<Self> {
        let (readable, writable) = UnixStream::pair()?;
        // Handlers run in this order: the signal is noted when the descriptor becomes readable.
        let held = Held::new()?;
        for number in ENDING {
            pipe::register(number, writable.try_clone()?)?;
        }
        let readable = Arc::new(readable.into());
        Ok(Self { readable, _writable: writable, _held: held })
    }

    pub(in crate::commands) fn descriptor(&self) -> Arc<OwnedFd> {
        Arc::clone(&self.readable)
    }
}
