use std::io;
use std::os::fd::BorrowedFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Something to keep empty during waits, so that its writer never blocks.
pub(crate) trait Aside {
    /// What to poll; `None` if there is nothing more to come.
    fn source(&self) -> Option<(BorrowedFd<'_>, PollFlags)>;

    /// Takes what is available, without blocking.
    fn drain(&mut self);
}

/// Nothing to keep empty.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Aside for Nothing {
    fn source(&self) -> Option<(BorrowedFd<'_>, PollFlags)> {
        None
    }

    fn drain(&mut self) {}
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// A descriptor is ready.
    Ready,
    /// The time limit expired.
    TimedOut,
    /// The user interrupted.
    Interrupted,
}

/// Blocks until a descriptor is ready, the time limit expires (never, if `None`), or the interrupt
/// descriptor becomes readable, which takes precedence.
pub(crate) fn wait(
    sources: &[(BorrowedFd<'_>, PollFlags)],
    until: Option<Instant>,
    interrupt: Option<BorrowedFd<'_>>,
) -> io::Result<Woken> {
    let mut fds: Vec<PollFd<'_>> = sources
        .iter()
        .map(|(fd, flags)| PollFd::from_borrowed_fd(*fd, *flags))
        .chain(interrupt.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)))
        .collect();
    loop {
        let left = until
            .map(|until| Timespec::try_from(until.saturating_duration_since(Instant::now())))
            .transpose()
            .map_err(io::Error::other)?;
        match poll(&mut fds, left.as_ref()) {
            Ok(0) => return Ok(Woken::TimedOut),
            Ok(_) => {
                let interrupted =
                    interrupt.is_some() && fds.last().is_some_and(|fd| !fd.revents().is_empty());
                return Ok(if interrupted { Woken::Interrupted } else { Woken::Ready });
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
