use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::qmp::client::wait::{Woken, wait};

/// How long a process may take to die of `SIGKILL`. One stuck in the kernel can't be ended at all.
pub(super) const DEATH: Duration = Duration::from_secs(5);

/// The polling interval on systems that can't report the end of a process.
const PAUSE: Duration = Duration::from_millis(5);

/// A process, not necessarily a child, that can be waited for.
#[derive(Debug)]
pub(super) struct Process {
    pid: Pid,
    /// Refers to this process even if its id is reused.
    pidfd: Option<OwnedFd>,
}

impl Process {
    /// `None` if there is no such process.
    pub(super) fn new(pid: Pid) -> Option<Self> {
        match open(pid) {
            Ok(pidfd) => Some(Self { pid, pidfd: Some(pidfd) }),
            Err(Errno::SRCH) => None,
            Err(_) => Some(Self { pid, pidfd: None }),
        }
    }

    /// For an unreaped child, which exists even after it ended.
    pub(super) fn of_child(pid: Pid) -> Self {
        Self { pid, pidfd: open(pid).ok() }
    }

    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    /// Sends a signal. Processes that have ended, or belong to someone else, are left alone.
    pub(super) fn signal(&self, signal: Signal) {
        // Waiting reveals whether it worked.
        let _ = match &self.pidfd {
            Some(pidfd) => send(pidfd, signal),
            None => kill_process(self.pid, signal),
        };
    }

    /// Blocks until the process has ended or something else happens. `Ready` can be spurious.
    pub(super) fn wait(
        &self,
        others: &[(BorrowedFd<'_>, PollFlags)],
        until: Option<Instant>,
        interrupt: Option<BorrowedFd<'_>>,
    ) -> io::Result<Woken> {
        let Some(pidfd) = &self.pidfd else {
            let soon = Instant::now() + PAUSE;
            return match until {
                Some(until) if until <= soon => wait(others, Some(until), interrupt),
                _ => wait(others, Some(soon), interrupt).map(|woken| match woken {
                    Woken::TimedOut => Woken::Ready,
                    woken => woken,
                }),
            };
        };
        let mut sources = vec![(pidfd.as_fd(), PollFlags::IN)];
        sources.extend_from_slice(others);
        wait(&sources, until, interrupt)
    }

    /// Waits for the process to end; `TimedOut` means that it is still running.
    pub(super) fn wait_for_end(
        &self,
        until: Option<Instant>,
        interrupt: Option<BorrowedFd<'_>>,
    ) -> io::Result<Woken> {
        while !self.has_ended() {
            match self.wait(&[], until, interrupt)? {
                Woken::Ready => {}
                woken => return Ok(woken),
            }
        }
        Ok(Woken::Ready)
    }

    fn has_ended(&self) -> bool {
        match &self.pidfd {
            Some(pidfd) => {
                let now = Some(Instant::now());
                matches!(wait(&[(pidfd.as_fd(), PollFlags::IN)], now, None), Ok(Woken::Ready))
            }
            None => test_kill_process(self.pid) == Err(Errno::SRCH),
        }
    }
}

/// Reaps a killed child if it ends in time. A child unknown to the system has ended: if `SIGCHLD` is
/// ignored, nobody can wait for children.
pub(super) fn reap(child: &mut Child, process: &Process) -> bool {
    let until = Some(Instant::now() + DEATH);
    while let Ok(None) = child.try_wait() {
        if !matches!(process.wait(&[], until, None), Ok(Woken::Ready)) {
            return false;
        }
    }
    true
}

#[cfg(target_os = "linux")]
fn open(pid: Pid) -> rustix::io::Result<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty())
}

#[cfg(target_os = "linux")]
fn send(pidfd: &OwnedFd, signal: Signal) -> rustix::io::Result<()> {
    rustix::process::pidfd_send_signal(pidfd, signal)
}

#[cfg(not(target_os = "linux"))]
fn open(pid: Pid) -> rustix::io::Result<OwnedFd> {
    // This reveals whether the process exists, but can't wait for it.
    test_kill_process(pid).and(Err(Errno::NOSYS))
}

#[cfg(not(target_os = "linux"))]
fn send(_pidfd: &OwnedFd, _signal: Signal) -> rustix::io::Result<()> {
    Err(Errno::NOSYS)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal};

    use super::{PAUSE, Process, reap};
    use crate::qmp::client::wait::Woken;

    /// Both with the system's help and without, the end is detected.
    #[test]
    fn the_end_of_a_process_is_seen() {
        for has_pidfd in [true, false] {
            let mut child = Command::new("sleep").arg("1000").spawn().expect("a process");
            let pid = Pid::from_child(&child);
            let mut process = Process::new(pid).expect("a process");
            if !has_pidfd {
                process.pidfd = None;
            }
            let soon = Instant::now() + Duration::from_millis(20);
            assert_eq!(process.wait_for_end(Some(soon), None).expect("a wait"), Woken::TimedOut);
            process.signal(Signal::KILL);
            child.wait().expect("a status");
            assert_eq!(process.wait_for_end(None, None).expect("a wait"), Woken::Ready);
            assert!(Process::new(pid).is_none());
        }
    }

    /// Without the system's help, the process is looked at again and again, with pauses.
    #[test]
    fn the_end_is_seen_long_before_the_limit() {
        let mut child = Command::new("sleep").arg("1000").spawn().expect("a process");
        let mut process = Process::new(Pid::from_child(&child)).expect("a process");
        process.pidfd = None;
        let begun = Instant::now();
        assert_eq!(process.wait(&[], None, None).expect("a wait"), Woken::Ready);
        assert!(begun.elapsed() >= PAUSE);
        let reaper = std::thread::spawn(move || {
            child.kill().expect("a process");
            child.wait().expect("a status");
        });
        let limit = Some(Instant::now() + Duration::from_secs(20));
        assert_eq!(process.wait_for_end(limit, None).expect("a wait"), Woken::Ready);
        reaper.join().expect("a status");
    }

    /// A child that was just killed may not have ended yet.
    #[test]
    fn a_child_may_take_its_time_to_end() {
        let mut child = Command::new("sleep").arg("0.02").spawn().expect("a process");
        let process = Process::of_child(Pid::from_child(&child));
        assert!(reap(&mut child, &process));
        let status = child.try_wait().expect("a status");
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    }
}
