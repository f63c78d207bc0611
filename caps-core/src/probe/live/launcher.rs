use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::leftovers::VARIABLE;
use super::output::{KEPT, Output};
use super::private_dir::PrivateDir;
use super::process::{Process, reap};
use super::{Ended, LiveError};
use crate::qmp::client::wait::{Aside as _, Woken};

/// The environment variables that QEMU inherits.
const ENVIRONMENT: &[&str] = &[
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_FORCE_FLAT_NAMESPACE",
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
];

/// Reduces a program's environment to what QEMU inherits, and marks it with the private directory.
pub(super) fn clean_environment(command: &mut Command, dir: &PrivateDir) {
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env(VARIABLE, dir.path())
        .envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
}

/// The process that was started. QEMU daemonizes, so this process exits once QEMU is ready.
#[derive(Debug)]
pub(super) struct Launcher {
    child: Child,
    pid: Pid,
    process: Process,
    output: Output,
    /// Whether the child was waited for. Until then its id can't be reused, so signals to its
    /// process group can't hit others.
    reaped: bool,
}

impl Launcher {
    /// Starts a QEMU without a machine as libvirt does, but with the caller's privileges: no other
    /// user is assumed and no capability dropped.
    pub(super) fn spawn(
        binary: &Path,
        accel: &str,
        dir: &PrivateDir,
        daemonize: bool,
    ) -> Result<Self, LiveError> {
        let exec = |source| LiveError::Exec { binary: binary.to_owned(), source };
        let system = |source| LiveError::System { binary: binary.to_owned(), source };
        let (output, writer) = Output::new(KEPT).map_err(system)?;
        let mut command = Command::new(binary);
        command
            .args(["-S", "-no-user-config", "-nodefaults", "-nographic"])
            .args(["-machine", &format!("none,accel={accel}")])
            .arg("-qmp")
            .arg(dir.monitor_option())
            .arg("-pidfile")
            .arg(dir.pid_file())
            .args(daemonize.then_some("-daemonize"))
            .stdin(Stdio::null())
            .stdout(writer.try_clone().map_err(system)?)
            .stderr(writer)
            .process_group(0);
        clean_environment(&mut command, dir);
        let child = command.spawn().map_err(exec)?;
        let pid = Pid::from_child(&child);
        Ok(Self { child, pid, process: Process::of_child(pid), output, reaped: false })
    }

    /// Waits until the process ends; `None` on timeout.
    pub(super) fn wait(
        &mut self,
        until: Option<Instant>,
        interrupt: Option<BorrowedFd<'_>>,
    ) -> io::Result<Result<Ended, Woken>> {
        loop {
            self.output.drain();
            if let Some(ended) = self.ended()? {
                self.output.drain();
                return Ok(Ok(ended));
            }
            // A program that prints endlessly would keep the wait from timing out.
            if until.is_some_and(|until| until <= Instant::now()) {
                return Ok(Err(Woken::TimedOut));
            }
            let output = self.output.source();
            match self.process.wait(output.as_slice(), until, interrupt)? {
                Woken::Ready => {}
                woken => return Ok(Err(woken)),
            }
        }
    }

    /// Returns how the process ended, without reaping it.
    fn ended(&self) -> io::Result<Option<Ended>> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = waitid(WaitId::Pid(self.pid), options)?;
        Ok(status.and_then(|status| {
            let exited = status.exit_status().map(Ended::Exited);
            exited.or_else(|| status.terminating_signal().map(Ended::Killed))
        }))
    }

    /// The output of the process and its children.
    pub(super) fn output(&self) -> String {
        self.output.text()
    }

    /// The output, to be kept empty so that nobody blocks on writing it.
    pub(super) fn output_mut(&mut self) -> &mut Output {
        &mut self.output
    }

    /// The pipe for their output, as long as it is open.
    pub(super) fn pipe(&self) -> Option<&str> {
        self.output.link()
    }

    /// Kills the process group.
    pub(super) fn kill_group(&self) {
        if !self.reaped {
            // The only possible error is an empty group.
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
    }

    /// Reaps the process, if it ends in time.
    pub(super) fn reap(&mut self) {
        self.reaped = self.reaped || reap(&mut self.child, &self.process);
    }
}
