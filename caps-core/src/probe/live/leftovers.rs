use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpid};

use super::process::Process;
use crate::qmp::client::wait::Woken;

/// How long a process may take to die of `SIGKILL`; one that the kernel holds can't be ended at all.
pub(super) const DEATH: Duration = Duration::from_secs(5);

/// How often a process without arguments is looked at.
const EXEC_TRIES: usize = 100;

/// By what the processes of one QEMU are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    /// The private directory, which is in the arguments.
    pub(super) dir: &'a Path,
    /// The pipe that was given as standard output and error, while it is open.
    pub(super) pipe: Option<&'a str>,
}

impl Mark<'_> {
    /// Has this process the private directory in its arguments, or the pipe as its output?
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

/// The arguments of a process, each with a NUL at its end; nothing if there is no such process, or
/// it has ended, or is the kernel's own.
fn command_line(process: &Path) -> Vec<u8> {
    // A process has no arguments while it is replaced by another program, which takes microseconds.
    for _ in 0..EXEC_TRIES {
        let line = read(&process.join("cmdline"));
        if !line.is_empty() || fs::read_link(process.join("exe")).is_err() {
            return line;
        }
        std::thread::yield_now();
    }
    Vec::new()
}

/// Reads a file of `/proc`. As these have no size, asking for it, as `fs::read` does, costs a third
/// of the time.
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

/// Can the arguments of processes be seen on this system? Where they can't, a QEMU is known by its
/// pid file and its process group only.
pub(super) fn can_look() -> bool {
    Path::new("/proc/self/cmdline").exists()
}

/// All processes with one of the marks, but for the present one. Where there is no `/proc`, none
/// are found.
pub(super) fn find(marks: &[Mark<'_>]) -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw))
        .filter(|&pid| pid != getpid() && marks.iter().any(|mark| mark.is_on(pid)))
        // The id may have been given to another process in the meantime, so look again through it.
        .filter_map(Process::new)
        .filter(|process| marks.iter().any(|mark| mark.is_on(process.pid())))
        .collect()
}

/// Kills all processes with one of the marks, and gives the ids of those that do not die.
///
/// A process may fork while it is looked for, so this ends only when nothing was found twice.
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
