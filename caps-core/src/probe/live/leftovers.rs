use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpid};

use super::process::Process;
use crate::qmp::client::wait::Woken;

/// How long a process may take to die of `SIGKILL`. One stuck in the kernel can't be ended at all.
pub(super) const DEATH: Duration = Duration::from_secs(5);

/// How often to retry a process without arguments.
const EXEC_TRIES: usize = 100;

/// What identifies the processes of a QEMU.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    /// The private directory, which appears in their arguments.
    pub(super) dir: &'a Path,
    /// The pipe given to them as standard output and error, while it is open.
    pub(super) pipe: Option<&'a str>,
}

impl Mark<'_> {
    /// Returns whether a process has the private directory in its arguments or the pipe as its
    /// output.
    pub(super) fn is_on(self, pid: Pid) -> bool {
        let process = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
        let dir = self.dir.as_os_str().as_bytes();
        command_line(&process).windows(dir.len()).any(|window| window == dir)
            || self.pipe.is_some_and(|pipe| {
                ["fd/1", "fd/2"].iter().any(|fd| {
                    fs::read_link(process.join(fd)).is_ok_and(|link| link.as_os_str() == pipe)
                })
            })
    }
}

/// The NUL-terminated arguments of a process; empty if it does not exist, has ended, or belongs to
/// the kernel.
fn command_line(process: &Path) -> Vec<u8> {
    // During exec, for a few microseconds, a process has no arguments.
    for _ in 0..EXEC_TRIES {
        let line = read(&process.join("cmdline"));
        if !line.is_empty() || fs::read_link(process.join("exe")).is_err() {
            return line;
        }
        std::thread::yield_now();
    }
    Vec::new()
}

/// Reads a file of `/proc`. Such files have no size, so skipping the query that `fs::read` makes
/// for it saves a third of the time.
fn read(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    let mut chunk = [0; 1024];
    if let Ok(mut file) = fs::File::open(path) {
        while let Ok(length @ 1..) = file.read(&mut chunk) {
            text.extend_from_slice(&chunk[..length]);
        }
    }
    text
}

/// Returns whether the arguments of processes are visible. If not, a QEMU is identified by its pid
/// file and process group only.
pub(super) fn can_look() -> bool {
    Path::new("/proc/self/cmdline").exists()
}

/// Finds all processes with one of the marks, except this one; none without `/proc`.
pub(super) fn find(marks: &[Mark<'_>]) -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw))
        .filter(|&pid| pid != getpid() && marks.iter().any(|mark| mark.is_on(pid)))
        // The id may have been reused in the meantime, so check again through the handle.
        .filter_map(Process::new)
        .filter(|process| marks.iter().any(|mark| mark.is_on(process.pid())))
        .collect()
}

/// Kills all processes with one of the marks and returns the ids of survivors.
///
/// A process can fork during the search, so it ends only after finding nothing twice.
pub(super) fn kill(marks: &[Mark<'_>]) -> Vec<i32> {
    let deadline = Instant::now() + DEATH;
    let mut quiet = 0;
    while quiet < 2 && Instant::now() < deadline {
        let found = find(marks);
        quiet = if found.is_empty() { quiet + 1 } else { 0 };
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
