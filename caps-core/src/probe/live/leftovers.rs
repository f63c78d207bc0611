use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Instant;

use memchr::memmem;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpid};

use super::process::{DEATH, Process};
use crate::qmp::client::wait::Woken;

/// How often to retry a process without arguments.
const EXEC_TRIES: usize = 100;

/// The environment variable that has the private directory as its value.
pub(super) const VARIABLE: &str = "QEMU_CAPS_PRIVATE_DIR";

/// What identifies the processes of a QEMU.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    /// The private directory, which appears in their arguments or environment.
    pub(super) dir: &'a Path,
    /// The pipes given to them as standard output and error, while they are open.
    pub(super) pipes: [Option<&'a str>; 2],
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
            || self.pipes.into_iter().flatten().any(|pipe| {
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
        Err(error) => nothing_there(error)?,
    }
    Ok(text)
}

/// Takes an error as a sign that there is nothing, unless the program or the system has no
/// descriptors left to look.
fn nothing_there(error: io::Error) -> io::Result<()> {
    match Errno::from_io_error(&error) {
        Some(Errno::MFILE | Errno::NFILE) => Err(error),
        _ => Ok(()),
    }
}

/// Returns whether the arguments of processes are visible. If not, a QEMU is identified by its pid
/// file and process group only.
pub(super) fn can_look() -> bool {
    Path::new("/proc/self/cmdline").exists()
}

/// The result of a search for processes.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) found: Vec<Process>,
    /// Whether all processes could be looked at.
    is_complete: bool,
}

impl Search {
    /// Returns whether there is certainly no such process.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.is_complete
    }
}

/// Finds all processes with one of the marks, except this one; none without `/proc`.
pub(super) fn find(marks: &[Mark<'_>]) -> Search {
    let mut found = Vec::new();
    let entries = match fs::read_dir("/proc") {
        Ok(entries) => entries,
        Err(error) => return Search { found, is_complete: nothing_there(error).is_ok() },
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
                Err(_) => return Search { found, is_complete: false },
            }
        }
    }
    Search { found, is_complete: true }
}

/// Kills all processes with one of the marks and returns the ids of survivors.
pub(super) fn kill(marks: &[Mark<'_>]) -> Vec<i32> {
    kill_all(|| find(marks))
}

/// Kills what a search finds, again and again: a process can fork during the search, so it ends only
/// after finding nothing twice.
fn kill_all(mut search: impl FnMut() -> Search) -> Vec<i32> {
    let deadline = Instant::now() + DEATH;
    let mut quiet = 0;
    while quiet < 2 && Instant::now() < deadline {
        let search = search();
        quiet = if search.is_empty() { quiet + 1 } else { 0 };
        if !search.is_complete {
            // Other threads will close descriptors.
            std::thread::yield_now();
        }
        for process in &search.found {
            process.signal(Signal::KILL);
        }
        let dead = |process: &Process| {
            matches!(process.wait_for_end(Some(deadline), None), Ok(Woken::Ready))
        };
        let immortal: Vec<i32> = search
            .found
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

// Leftovers are found in `/proc`.
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::ffi::OsStr;
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::process::ExitStatusExt as _;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use rustix::io::Errno;
    use rustix::process::Pid;

    use super::{Mark, Process, Search, VARIABLE, kill_all, nothing_there};

    /// A process without the environment of the others, which ends with its input.
    fn waiting() -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "read line", "sh"]).env_clear().stdin(Stdio::piped());
        command
    }

    #[test]
    fn a_process_is_marked_by_an_argument_by_its_environment_or_by_its_output() {
        let dir = Path::new("/a private directory/of this test");
        let (_reader, writer) = io::pipe().expect("a pipe");
        let pipe = format!("pipe:[{}]", rustix::fs::fstat(&writer).expect("a pipe").st_ino);
        let part = OsStr::from_bytes(b"unix:/a private directory/of this test/qmp.monitor");
        let writers = [(); 2].map(|()| writer.try_clone().expect("a pipe"));
        let [stdout, stderr] = writers;
        for (what, is_marked, command) in [
            ("nothing", false, &mut waiting()),
            ("an argument", true, waiting().arg(part)),
            ("the environment", true, waiting().env(VARIABLE, dir)),
            ("standard output", true, waiting().stdout(stdout)),
            ("standard error", true, waiting().stderr(stderr)),
        ] {
            let mut child = command.spawn().expect("a process");
            let pid = Pid::from_child(&child);
            let pipe = Some(pipe.as_str());
            let is_on = [[pipe, None], [None, pipe]].map(|pipes| Mark { dir, pipes }.is_on(pid));
            drop(child.stdin.take());
            child.wait().expect("a status");
            for is_on in is_on {
                assert_eq!(is_on.expect("descriptors"), is_marked, "{what}");
            }
        }
    }

    #[test]
    fn nothing_is_known_without_descriptors() {
        for (errno, is_known) in [
            (Errno::NOENT, true),
            (Errno::ACCESS, true),
            (Errno::MFILE, false),
            (Errno::NFILE, false),
        ] {
            assert_eq!(nothing_there(io::Error::from(errno)).is_ok(), is_known, "{errno}");
            let search = Search { found: Vec::new(), is_complete: is_known };
            assert_eq!(search.is_empty(), is_known);
        }
    }

    #[test]
    fn processes_are_killed_until_none_is_found_twice() {
        let mut children = [(); 2].map(|()| waiting().spawn().expect("a process"));
        let pids = [0, 1].map(|index| Some(Pid::from_child(&children[index])));
        let mut searches = [pids[0], None, pids[1], None, None].into_iter();
        let left = kill_all(|| {
            let pid = searches.next().expect("no further search");
            Search { found: pid.and_then(Process::new).into_iter().collect(), is_complete: true }
        });
        assert!(left.is_empty() && searches.next().is_none());
        for child in &mut children {
            assert_eq!(child.wait().expect("a status").signal(), Some(9));
        }
    }
}
