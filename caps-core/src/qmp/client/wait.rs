use std::io;
use std::os::fd::BorrowedFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// One of the descriptors has something to say.
    Ready,
    /// The time is over.
    TimedOut,
    /// The user interrupted.
    Interrupted,
}

/// Sleeps until one of the descriptors is ready, the time is over (`None`: it never is), or the
/// interrupt descriptor has become readable. The last wins over the others.
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
