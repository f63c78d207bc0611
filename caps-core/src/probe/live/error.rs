use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::probe::ended::Ended;
use crate::qmp::client::ClientError;

/// The reason why a live QEMU can't be probed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The file does not exist.
    #[error("`{}` does not exist, expected a QEMU binary", binary.display())]
    Missing {
        /// The binary.
        binary: PathBuf,
    },
    /// A name without a slash was not found on `PATH`.
    #[error("`{}` is in no directory of `PATH`, expected a QEMU binary", name.display())]
    NotOnPath {
        /// The name.
        name: PathBuf,
    },
    /// The file is a directory, a socket or the like.
    #[error("`{}` is {what}, expected a QEMU binary", binary.display())]
    NotAFile {
        /// The binary.
        binary: PathBuf,
        /// Its actual type, with an article.
        what: &'static str,
    },
    /// The caller has no permission to execute the file.
    #[error("`{}` is not executable, expected a QEMU binary", binary.display())]
    NotExecutable {
        /// The binary.
        binary: PathBuf,
    },
    /// The system can't execute the file: it is not a program, or its interpreter is missing.
    #[error("`{}` can't be executed", binary.display())]
    Exec {
        /// The binary.
        binary: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// No private directory can be created for the socket.
    #[error("can't make a private directory in `{}`", parent.display())]
    Directory {
        /// The parent directory.
        parent: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// QEMU exited instead of starting.
    #[error("`{}` {ended}{}", binary.display(), Gist(output))]
    Failed {
        /// The binary.
        binary: PathBuf,
        /// How it ended.
        ended: Ended,
        /// Its output, at most the last 64 KiB.
        output: String,
    },
    /// The program succeeded but is not a QEMU.
    #[error(
        "`{}` is not a QEMU: it exited with status 0 and opened no QMP socket{}",
        binary.display(),
        Gist(output)
    )]
    NotQemu {
        /// The binary.
        binary: PathBuf,
        /// Its output, at most the last 64 KiB.
        output: String,
    },
    /// The program runs but does not daemonize.
    #[error("`{}` did not finish its start-up within {after:?}{}", binary.display(), Gist(output))]
    Hangs {
        /// The binary.
        binary: PathBuf,
        /// The time limit.
        after: Duration,
        /// Its output, at most the last 64 KiB.
        output: String,
    },
    /// The deadline of the probe passed during startup.
    #[error("the deadline passed before `{}` had started up{}", binary.display(), Gist(output))]
    Deadline {
        /// The binary.
        binary: PathBuf,
        /// Its output, at most the last 64 KiB.
        output: String,
    },
    /// The socket exists, but nothing listens on it.
    #[error("can't connect to the QMP socket of `{}`", binary.display())]
    Connect {
        /// The binary.
        binary: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The conversation failed.
    #[error(transparent)]
    Qmp(#[from] ClientError),
    /// The conversation failed because QEMU died.
    #[error("QEMU ended while it was asked, it has probably crashed")]
    Died {
        /// The message that was awaited.
        source: ClientError,
    },
    /// The conversation failed because a QEMU in the foreground died.
    #[error("QEMU {ended} while it was asked{}", Gist(output))]
    Crashed {
        /// How it ended.
        ended: Ended,
        /// Its output, at most the last 64 KiB.
        output: String,
        /// The message that was awaited.
        source: ClientError,
    },
    /// A question was asked without an open session.
    #[error("no session with a QEMU is open")]
    NoSession,
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
    /// A process survives even `SIGKILL`.
    #[error("can't end the processes {pids:?} of `{}`", binary.display())]
    Immortal {
        /// The binary.
        binary: PathBuf,
        /// The process ids.
        pids: Vec<i32>,
    },
    /// The private directory can't be removed.
    #[error("can't remove the private directory of a session")]
    Remove {
        /// The system's error.
        source: io::Error,
    },
    /// The system refused something that normally always works.
    #[error("can't watch `{}`", binary.display())]
    System {
        /// The binary.
        binary: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl LiveError {
    /// Returns whether QEMU is the reason, not the host: an error that can count as its answer.
    pub(crate) fn is_of_qemu(&self) -> bool {
        matches!(
            self,
            Self::Failed { .. }
                | Self::NotQemu { .. }
                | Self::Hangs { .. }
                | Self::Connect { .. }
                | Self::Qmp(_)
                | Self::Died { .. }
                | Self::Crashed { .. }
        )
    }
}

/// The first and last lines of a program's output, on one line.
struct Gist<'a>(&'a str);

impl fmt::Display for Gist<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ENDS: usize = 2;
        const WIDTH: usize = 200;
        let lines: Vec<&str> =
            self.0.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut separator = ": ";
        for (index, line) in lines.iter().enumerate() {
            if index >= ENDS && index + ENDS < lines.len() {
                if index == ENDS {
                    f.write_str("; ...")?;
                }
                continue;
            }
            f.write_str(separator)?;
            separator = "; ";
            for c in line.chars().take(WIDTH) {
                write!(f, "{}", if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })?;
            }
            if line.chars().nth(WIDTH).is_some() {
                f.write_str("...")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;
    use std::time::Duration;

    use super::{Ended, Gist, LiveError};
    use crate::qmp::client::{Awaited, ClientError};

    #[test]
    fn qemu_is_to_blame_for_what_it_does_and_the_host_for_the_rest() {
        let binary = || PathBuf::from("qemu");
        let ended = Ended::Exited(1);
        let output = String::new;
        let closed = || ClientError::Closed { awaited: Awaited::Greeting };
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        for error in [
            LiveError::Failed { binary: binary(), ended, output: output() },
            LiveError::NotQemu { binary: binary(), output: output() },
            LiveError::Hangs { binary: binary(), after: Duration::ZERO, output: output() },
            LiveError::Connect { binary: binary(), source: refused() },
            LiveError::Qmp(closed()),
            LiveError::Died { source: closed() },
            LiveError::Crashed { ended, output: output(), source: closed() },
        ] {
            assert!(error.is_of_qemu(), "{error}");
        }
        for error in [
            LiveError::Missing { binary: binary() },
            LiveError::NotOnPath { name: binary() },
            LiveError::NotAFile { binary: binary(), what: "a directory" },
            LiveError::NotExecutable { binary: binary() },
            LiveError::Exec { binary: binary(), source: refused() },
            LiveError::Directory { parent: binary(), source: refused() },
            LiveError::Deadline { binary: binary(), output: output() },
            LiveError::NoSession,
            LiveError::Interrupted,
            LiveError::Immortal { binary: binary(), pids: vec![1] },
            LiveError::Remove { source: refused() },
            LiveError::System { binary: binary(), source: refused() },
        ] {
            assert!(!error.is_of_qemu(), "{error}");
        }
    }

    #[test]
    fn of_long_output_the_ends_are_shown() {
        for (lines, expected) in [
            (0, ""),
            (1, ": 1"),
            (4, ": 1; 2; 3; 4"),
            (5, ": 1; 2; ...; 4; 5"),
            (9, ": 1; 2; ...; 8; 9"),
        ] {
            let text: Vec<String> = (1..=lines).map(|line| format!(" {line} \n\n")).collect();
            assert_eq!(Gist(&text.concat()).to_string(), expected);
        }
        let wide = Gist(&"x".repeat(201)).to_string();
        assert_eq!(wide, format!(": {}...", "x".repeat(200)));
        assert_eq!(Gist(&"x".repeat(200)).to_string(), format!(": {}", "x".repeat(200)));
        assert_eq!(Gist("a\u{1b}b").to_string(), ": a\u{fffd}b");
    }
}
