use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

use memchr::memmem;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid};

use super::process::Process;
use crate::qmp::client::wait::Woken;

/// How long a process may take to die of `SIGKILL`. One stuck in the kernel can't be ended at all.
pub(super) const DEATH: Duration = Duration::from_secs(5);

/// How often to retry a process without arguments.
const EXEC_TRIES: usize = 100;

/// The environment variable that has the private directory as its value.
pub(super) const VARIABLE: &str = "QEMU_CAPS_PRIVATE_DIR";

/// What identifies the processes of a QEMU.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    /// The private directory, which appears in their arguments or environment.
    pub(super) dir: &'a Path,
    /// The pipe given to them as standard output and error, while it is open.
    pub(super) pipe: Option<&'a str>,
}

impl Mark<'_> {
    /// Returns whether a process has the private directory in its arguments or environment, or the
    /// pipe as its output. Fails only if the program has no descriptors left to look.
    pub(super) fn is_on(self, pid: Pid) -> io::Result<bool> {
        let process = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
        let dir = self.dir.as_os_str().as_bytes();
        let has_dir = |text: Vec<u8>| memmem::find(&text, dir).is_some();
        Ok(has_dir(command_line(&process)?)
            // A child that runs another program still has the environment.
            || has_dir(read(&process.join("environ"))?)
            || self.pipe.is_some_and(|pipe| {
                ["fd/1", "fd/2"].iter().any(|fd| {
                    fs::read_link(process.join(fd)).is_ok_and(|link| link.as_os_str() == pipe)
                })
            }))
    }
}

/// The NUL-terminated arguments of a process; empty if it does not exist, has ended, or belongs to
/// the kernel.
fn command_line(process: &Path) -> io::Result<Vec<u8>> {
    // During exec, for a few microseconds, a process has no arguments.
    for _ in 0..EXEC_TRIES {
        let line = read(&process.join("cmdline"))?;
        if !line.is_empty() || fs::read_link(process.join("exe")).is_err() {
            return Ok(line);
        }
        std::thread::yield_now();
    }
    Ok(Vec::new())
}

/// Reads a file of `/proc`; empty if that is not possible. Such files have no size, so skipping the
/// query that `fs::read` makes for it saves a third of the time.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut chunk = [0; 4096];
    match fs::File::open(path) {
        Ok(mut file) => {
            while let Ok(length @ 1..) = file.read(&mut chunk) {
                text.extend_from_slice(&chunk[..length]);
            }
        }
        Err(error) if is_exhausted(&error) => return Err(error),
        Err(_) => {}
    }
    Ok(text)
}

/// Returns whether the program or the system has no descriptors left.
fn is_exhausted(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

/// Returns whether the arguments of processes are visible. If not, a QEMU is identified by its pid
/// file and process group only.
pub(super) fn can_look() -> bool {
    Path::new("/proc/self/cmdline").exists()
}

/// Finds all processes with one of the marks, except this one; none without `/proc`. The second value
/// is whether all processes could be looked at.
pub(super) fn find(marks: &[Mark<'_>]) -> (Vec<Process>, bool) {
    let mut found = Vec::new();
    let entries = match fs::read_dir("/proc") {
        Ok(entries) => entries,
        Err(error) => return (found, !is_exhausted(&error)),
    };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw))
        .filter(|&pid| pid != getpid());
    for pid in pids {
        for mark in marks {
            match mark.is_on(pid) {
                Ok(true) => {
                    found.extend(Process::new(pid));
                    break;
                }
                Ok(false) => {}
                Err(_) => return (found, false),
            }
        }
    }
    (found, true)
}

/// Kills all processes with one of the marks and returns the ids of survivors.
///
/// A process can fork during the search, so it ends only after finding nothing twice.
pub(super) fn kill(marks: &[Mark<'_>]) -> Vec<i32> {
    let deadline = Instant::now() + DEATH;
    let mut quiet = 0;
    while quiet < 2 && Instant::now() < deadline {
        let (found, is_complete) = find(marks);
        quiet = if found.is_empty() && is_complete { quiet + 1 } else { 0 };
        if !is_complete {
            // Other threads will close descriptors.
            std::thread::yield_now();
        }
        for process in &found {
            process.signal(Signal::KILL);
        }
        let dead = |process: &Process| {
            matches!(process.wait_for_end(Some(deadline), None), Ok(Woken::Ready))
        };
        let immortal: Vec<i32> = found
            .iter()
            .filter(|process| !dead(process))
            .map(|process| process.pid().as_raw_nonzero().get())
            .collect();
        if !immortal.is_empty() {
            return immortal;
        }
    }
    Vec::new()
}
