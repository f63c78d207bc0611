use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process_group};

use super::launcher::clean_environment;
use super::leftovers::{self, Mark};
use super::output::Output;
use super::private_dir::PrivateDir;
use super::process::{Process, reap};
use super::{Ended, LiveError, Options};
use crate::qmp::client::wait::{Aside as _, Woken};

/// How much of a run's output to keep; the longest known list has about 100 kB.
const KEPT: usize = 4 << 20;

/// The result of a QEMU that printed something and exited.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) ended: Ended,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a QEMU that prints something and exits, such as one with `-device help`. It is always
/// cleaned up, like every other QEMU.
pub(crate) fn run_to_end(
    binary: &Path,
    arguments: &[&str],
    options: &Options,
) -> Result<Finished, LiveError> {
    let binary = super::find_binary(binary)?;
    let mut dir = PrivateDir::new(&options.parent())?;
    let mut run = Run::spawn(&binary, arguments, &dir)?;
    let result = run.wait(&binary, options);
    dir.release_reserve();
    let pids = run.clear(&dir, result.is_ok());
    dir.remove().map_err(|source| LiveError::Remove { source })?;
    if !pids.is_empty() {
        return Err(LiveError::Immortal { binary, pids });
    }
    let ended = result?;
    Ok(Finished { ended, stdout: run.stdout.text(), stderr: run.stderr.text() })
}

#[derive(Debug)]
struct Run {
    child: Child,
    pid: Pid,
    process: Process,
    stdout: Output,
    stderr: Output,
}

impl Run {
    fn spawn(binary: &Path, arguments: &[&str], dir: &PrivateDir) -> Result<Self, LiveError> {
        let system = |source| LiveError::System { binary: binary.to_owned(), source };
        let (stdout, stdout_writer) = Output::new(KEPT).map_err(system)?;
        let (stderr, stderr_writer) = Output::new(KEPT).map_err(system)?;
        let mut command = Command::new(binary);
        command
            .args(arguments.iter().map(OsStr::new))
            // Identifies the process, which exits before it would write the file.
            .arg("-pidfile")
            .arg(dir.pid_file())
            .stdin(Stdio::null())
            .stdout(stdout_writer)
            .stderr(stderr_writer)
            .process_group(0);
        clean_environment(&mut command, dir);
        let child = command
            .spawn()
            .map_err(|source| LiveError::Exec { binary: binary.to_owned(), source })?;
        let pid = Pid::from_child(&child);
        Ok(Self { child, pid, process: Process::of_child(pid), stdout, stderr })
    }

    fn wait(&mut self, binary: &Path, options: &Options) -> Result<Ended, LiveError> {
        let interrupt = options.interrupt.as_ref().map(AsFd::as_fd);
        let until = options.until();
        loop {
            self.drain();
            let system = |source| LiveError::System { binary: binary.to_owned(), source };
            if let Some(status) = self.child.try_wait().map_err(system)? {
                // The pipes can still hold output from just before the exit.
                self.drain();
                return Ok(ended(status));
            }
            let sources: Vec<_> =
                self.stdout.source().into_iter().chain(self.stderr.source()).collect();
            // A program that prints endlessly is always ready, so the wait would never time out.
            let woken = if until.is_some_and(|until| until <= Instant::now()) {
                Woken::TimedOut
            } else {
                self.process.wait(&sources, until, interrupt).map_err(system)?
            };
            match woken {
                Woken::Ready => {}
                Woken::Interrupted => return Err(LiveError::Interrupted),
                Woken::TimedOut => {
                    return Err(options.hangs(binary.to_owned(), self.stderr.text()));
                }
            }
        }
    }

    fn drain(&mut self) {
        self.stdout.drain();
        self.stderr.drain();
    }

    /// Kills what is left of the run, and returns the ids of processes that can't be killed.
    fn clear(&mut self, dir: &PrivateDir, has_ended: bool) -> Vec<i32> {
        let mark = Mark { dir: dir.path(), pipes: [self.stdout.link(), self.stderr.link()] };
        if has_ended {
            // QEMU leaves no processes when it exits by itself, but a script around it can.
            let search = leftovers::find(&[mark]);
            return if search.is_empty() { Vec::new() } else { leftovers::kill(&[mark]) };
        }
        // The only possible error is an empty group.
        let _ = kill_process_group(self.pid, Signal::KILL);
        let pids = leftovers::kill(&[mark]);
        reap(&mut self.child, &self.process);
        pids
    }
}

fn ended(status: ExitStatus) -> Ended {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exited(code),
        (None, signal) => Ended::Killed(signal.unwrap_or_default()),
    }
}

// Leftovers are found in `/proc`.
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::{LiveError, Mark, Options, Pid, Process, Woken, leftovers, run_to_end};

    const SHELL: &str = "/bin/sh";

    #[test]
    fn what_a_script_leaves_behind_is_ended() {
        for child in [
            "sleep 60 >/dev/null 2>&1",
            // These are known by their output only.
            "setsid env -i sleep 60 2>/dev/null",
            "setsid env -i sleep 60 >/dev/null",
        ] {
            let script = format!("{child} & echo $!");
            let run = run_to_end(Path::new(SHELL), &["-c", &script], &Options::default());
            let pid = run.expect("a shell").stdout.trim().parse().ok().and_then(Pid::from_raw);
            if let Some(process) = Process::new(pid.expect("a process id")) {
                let ended = process.wait_for_end(Some(Instant::now()), None);
                assert_eq!(ended.expect("a wait"), Woken::Ready, "{child}");
            }
        }
    }

    #[test]
    fn a_run_that_hangs_is_ended_with_its_children() {
        let parent = tempfile::tempdir().expect("a directory");
        let options = Options {
            timeout: Duration::from_millis(50),
            temp_dir: Some(parent.path().to_owned()),
            ..Options::default()
        };
        let hangs = run_to_end(Path::new(SHELL), &["-c", "sleep 60 & sleep 60"], &options);
        assert!(matches!(hangs, Err(LiveError::Hangs { .. })), "{hangs:?}");
        assert_eq!(fs::read_dir(parent.path()).expect("a directory").count(), 0);
        // The environment of each has a directory in it.
        let mark = Mark { dir: parent.path(), pipes: [None; 2] };
        assert!(leftovers::find(&[mark]).is_empty());
    }
}
