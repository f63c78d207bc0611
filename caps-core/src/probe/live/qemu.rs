use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::launcher::Launcher;
use super::leftovers::{self, Mark};
use super::private_dir::PrivateDir;
use super::process::Process;
use super::{Ended, LiveError, Options};
use crate::qmp::client::wait::Woken;
use crate::qmp::client::{Client, ClientError, ClientOptions};
use crate::qmp::{Command, Reply};

/// How long a QEMU that closed its monitor may take to exit and so count as crashed.
const HANG_UP: Duration = Duration::from_millis(500);

/// The polling interval for the startup of a QEMU in the foreground.
const PAUSE: Duration = Duration::from_millis(2);

/// One launch of QEMU, with its processes and files. Dropping it ends and removes them.
#[derive(Debug)]
pub(super) struct Qemu {
    binary: PathBuf,
    foreground: bool,
    launcher: Launcher,
    client: Option<Client>,
    daemon: Option<Process>,
    /// `None` after cleanup.
    dir: Option<PrivateDir>,
}

impl Qemu {
    /// Starts a QEMU without waiting for it.
    pub(super) fn launch(binary: &Path, accel: &str, options: &Options) -> Result<Self, LiveError> {
        let dir = PrivateDir::new(&options.parent())?;
        let launcher = Launcher::spawn(binary, accel, &dir, !options.foreground)?;
        let dir = Some(dir);
        let (binary, foreground) = (binary.to_owned(), options.foreground);
        Ok(Self { binary, foreground, launcher, client: None, daemon: None, dir })
    }

    /// Waits until QEMU is ready and connects to it.
    pub(super) fn connect(&mut self, options: &Options) -> Result<(), LiveError> {
        let interrupt = options.interrupt.as_ref().map(AsFd::as_fd);
        let until = options.until();
        let binary = self.binary.clone();
        let ended = match self.wait_until_ready(until, interrupt) {
            Ok(ended) => ended,
            Err(source) => return Err(LiveError::System { binary, source }),
        };
        let output = self.launcher.output();
        match ended {
            Ok(Ended::Exited(0)) => {}
            Ok(ended) => return Err(LiveError::Failed { binary, ended, output }),
            Err(Woken::Interrupted) => return Err(LiveError::Interrupted),
            Err(_) => return Err(options.hangs(binary, output)),
        }
        let Some(dir) = &self.dir else { return Err(LiveError::NoSession) };
        self.daemon = daemon(dir);
        let connected = loop {
            let connected = UnixStream::connect(dir.socket());
            // In the foreground, the socket can exist before QEMU listens on it.
            let is_early =
                self.foreground && connected.as_ref().is_err_and(|error| is_early(error, until));
            let soon = Some(Instant::now() + PAUSE);
            if !is_early || !matches!(self.launcher.wait(soon, None), Ok(Err(Woken::TimedOut))) {
                break connected;
            }
        };
        let stream = match connected {
            Ok(stream) => stream,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(LiveError::NotQemu { binary, output });
            }
            Err(source) => return Err(LiveError::Connect { binary, source }),
        };
        let client_options = ClientOptions {
            timeout: options.timeout,
            reply_timeout: options.reply_timeout,
            deadline: options.deadline,
            interrupt: options.interrupt.clone(),
        };
        let client = Client::new_beside(stream, client_options, self.launcher.output_mut())
            .map_err(|error| self.broken(error))?;
        self.client = Some(client);
        Ok(())
    }

    /// A daemon is ready when its parent exits successfully; in the foreground, QEMU's files
    /// indicate the same.
    fn wait_until_ready(
        &mut self,
        until: Option<Instant>,
        interrupt: Option<BorrowedFd<'_>>,
    ) -> io::Result<Result<Ended, Woken>> {
        let Some(dir) = self.dir.as_ref().filter(|_| self.foreground) else {
            return self.launcher.wait(until, interrupt);
        };
        loop {
            // Nothing signals the readiness of a QEMU in the foreground, so poll for its files.
            let soon = Instant::now() + PAUSE;
            let patience = until.map_or(soon, |until| until.min(soon));
            match self.launcher.wait(Some(patience), interrupt)? {
                Err(Woken::TimedOut) if dir.is_in_use() => return Ok(Ok(Ended::Exited(0))),
                Err(Woken::TimedOut) if until.is_none_or(|until| patience < until) => {}
                woken => return Ok(woken),
            }
        }
    }

    /// Asks a question. After an error, no further questions are possible.
    pub(super) fn ask(&mut self, command: &Command) -> Result<Reply, LiveError> {
        let Some(mut client) = self.client.take() else { return Err(LiveError::NoSession) };
        let reply = client
            .execute_beside(command, self.launcher.output_mut())
            .map_err(|error| self.broken(error))?;
        self.client = Some(client);
        Ok(reply)
    }

    /// Distinguishes a crashed QEMU from one that sends nonsense.
    fn broken(&mut self, error: ClientError) -> LiveError {
        match error {
            ClientError::Interrupted { .. } => LiveError::Interrupted,
            source @ (ClientError::Closed { .. } | ClientError::Truncated { .. }) => {
                let soon = Instant::now() + HANG_UP;
                // A daemon's parent exited successfully long ago.
                if self.foreground
                    && let Ok(Ok(ended)) = self.launcher.wait(Some(soon), None)
                {
                    let output = self.launcher.output();
                    return LiveError::Crashed { ended, output, source };
                }
                // The monitor closes a moment before the process is gone.
                let ended = |daemon: &Process| {
                    matches!(daemon.wait_for_end(Some(soon), None), Ok(Woken::Ready))
                };
                if self.daemon.as_ref().is_some_and(ended) {
                    LiveError::Died { source }
                } else {
                    LiveError::Qmp(source)
                }
            }
            other => LiveError::Qmp(other),
        }
    }

    /// Asks QEMU to quit, without waiting.
    pub(super) fn dismiss(&mut self) {
        self.client = None;
        match (&self.daemon, self.mark()) {
            (Some(daemon), _) => daemon.signal(Signal::TERM),
            (None, Some(mark)) => {
                // Without a pid file, the arguments identify the processes.
                for stray in leftovers::find(&[mark]).found {
                    stray.signal(Signal::TERM);
                }
            }
            (None, None) => {}
        }
    }

    /// Waits for a dismissed QEMU to end.
    pub(super) fn wait_for_end(
        &self,
        until: Option<Instant>,
        options: &Options,
    ) -> Result<(), LiveError> {
        let interrupt = options.interrupt.as_ref().map(AsFd::as_fd);
        match self.daemon.as_ref().map(|daemon| daemon.wait_for_end(until, interrupt)) {
            Some(Ok(Woken::Interrupted)) => Err(LiveError::Interrupted),
            Some(Err(source)) => Err(LiveError::System { binary: self.binary.clone(), source }),
            // The remaining processes are killed shortly.
            Some(Ok(Woken::Ready | Woken::TimedOut)) | None => Ok(()),
        }
    }

    /// What identifies the processes of this QEMU; `None` if there are none.
    pub(super) fn mark(&self) -> Option<Mark<'_>> {
        let dir = self.dir.as_ref()?.path();
        Some(Mark { dir, pipes: [self.launcher.pipe(), None] })
    }

    /// Removes the files and remaining processes; `may_have_leftovers` if processes can exist
    /// besides the process group and the daemon.
    pub(super) fn clear(&mut self, may_have_leftovers: bool) -> Result<(), LiveError> {
        self.client = None;
        if let Some(dir) = &mut self.dir {
            dir.release_reserve();
        }
        let Some(mark) = self.mark() else { return Ok(()) };
        // The group first: its processes may still be forking.
        self.launcher.kill_group();
        // The daemon of a QEMU without a connection has not been looked up yet.
        let unknown = self.dir.as_ref().filter(|_| self.daemon.is_none()).and_then(daemon);
        if let Some(daemon) = self.daemon.as_ref().or(unknown.as_ref()) {
            daemon.signal(Signal::KILL);
        }
        let pids = if may_have_leftovers { leftovers::kill(&[mark]) } else { Vec::new() };
        self.launcher.reap();
        let removed = self.dir.take().map_or(Ok(()), PrivateDir::remove);
        if !pids.is_empty() {
            return Err(LiveError::Immortal { binary: self.binary.clone(), pids });
        }
        removed.map_err(|source| LiveError::Remove { source })
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // Errors can't be reported while dropping.
        drop(self.clear(true));
    }
}

/// Returns whether a connection was refused although there is time left for QEMU to listen.
fn is_early(error: &io::Error, until: Option<Instant>) -> bool {
    error.kind() == io::ErrorKind::ConnectionRefused
        && until.is_none_or(|until| Instant::now() < until)
}

/// The process in the pid file, if it really belongs to this QEMU. A pid from within a container
/// can be another process's here.
fn daemon(dir: &PrivateDir) -> Option<Process> {
    let text = String::from_utf8(crate::fs::read(dir.pid_file()).ok()?).ok()?;
    let process = Process::new(Pid::from_raw(text.trim().parse().ok()?)?)?;
    let mark = Mark { dir: dir.path(), pipes: [None; 2] };
    (mark.is_on(process.pid()).is_ok_and(|is_on| is_on) || !leftovers::can_look())
        .then_some(process)
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};
    use std::process::Command;
    use std::time::{Duration, Instant};
    use std::{env, fs};

    use super::{PrivateDir, daemon, is_early};

    #[test]
    fn a_refused_connection_is_tried_again_until_the_limit() {
        let limit = |seconds| Some(Instant::now() + Duration::from_secs(seconds));
        for (kind, until, expected) in [
            (ErrorKind::ConnectionRefused, None, true),
            (ErrorKind::ConnectionRefused, limit(60), true),
            (ErrorKind::ConnectionRefused, limit(0), false),
            (ErrorKind::NotFound, None, false),
            (ErrorKind::NotFound, limit(60), false),
        ] {
            assert_eq!(is_early(&io::Error::from(kind), until), expected, "{kind} {until:?}");
        }
    }

    /// A process whose arguments can be seen is this QEMU's only if they name its directory.
    #[test]
    fn the_process_in_the_pid_file_has_to_be_of_this_qemu() {
        let dir = PrivateDir::new(&env::temp_dir()).expect("a directory");
        assert!(daemon(&dir).is_none(), "there is no pid file");
        let mut other = Command::new("sleep").arg("1000").spawn().expect("a process");
        fs::write(dir.pid_file(), format!("{}\n", other.id())).expect("a pid file");
        let found = daemon(&dir).is_some();
        other.kill().expect("a process");
        other.wait().expect("a status");
        assert!(!found);
    }
}
