use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::qmp::client::ClientError;

/// Why a live QEMU can't be probed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LiveError {
    /// There is no such file.
    #[error("`{}` does not exist, expected a QEMU binary", binary.display())]
    Missing {
        /// The binary.
        binary: PathBuf,
    },
    /// A name without a slash was not found.
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
        /// What it is instead, with its article.
        what: &'static str,
    },
    /// The caller may not execute the file.
    #[error("`{}` is not executable, expected a QEMU binary", binary.display())]
    NotExecutable {
        /// The binary.
        binary: PathBuf,
    },
    /// The system does not execute the file: it is no program, or its interpreter is missing.
    #[error("`{}` can't be executed", binary.display())]
    Exec {
        /// The binary.
        binary: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No private directory can be made for the socket.
    #[error("can't make a private directory in `{}`", parent.display())]
    Directory {
        /// Where it was to be.
        parent: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// QEMU ended instead of starting.
    #[error("`{}` {ended}{}", binary.display(), Gist(output))]
    Failed {
        /// The binary.
        binary: PathBuf,
        /// How it ended.
        ended: Ended,
        /// What it printed, at most the last 64 KiB.
        output: String,
    },
    /// The program ended well, but is not a QEMU.
    #[error(
        "`{}` is not a QEMU: it exited with status 0 and opened no QMP socket{}",
        binary.display(),
        Gist(output)
    )]
    NotQemu {
        /// The binary.
        binary: PathBuf,
        /// What it printed, at most the last 64 KiB.
        output: String,
    },
    /// The program runs, but does not become a daemon.
    #[error("`{}` did not finish its start-up within {after:?}{}", binary.display(), Gist(output))]
    Hangs {
        /// The binary.
        binary: PathBuf,
        /// The time it had.
        after: Duration,
        /// What it printed, at most the last 64 KiB.
        output: String,
    },
    /// The socket is there, but nobody listens.
    #[error("can't connect to the QMP socket of `{}`", binary.display())]
    Connect {
        /// The binary.
        binary: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The conversation broke off.
    #[error(transparent)]
    Qmp(#[from] ClientError),
    /// The conversation broke off because QEMU is no more.
    #[error("QEMU ended while it was asked, it has probably crashed")]
    Died {
        /// What was waited for.
        source: ClientError,
    },
    /// The conversation broke off because a QEMU in the foreground is no more.
    #[error("QEMU {ended} while it was asked{}", Gist(output))]
    Crashed {
        /// How it ended.
        ended: Ended,
        /// What it printed, at most the last 64 KiB.
        output: String,
        /// What was waited for.
        source: ClientError,
    },
    /// A question was asked while no session is open.
    #[error("no session with a QEMU is open")]
    NoSession,
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
    /// A process does not even react to `SIGKILL`.
    #[error("can't end the processes {pids:?} of `{}`", binary.display())]
    Immortal {
        /// The binary.
        binary: PathBuf,
        /// Their process ids.
        pids: Vec<i32>,
    },
    /// The private directory can't be removed.
    #[error("can't remove the private directory of a session")]
    Remove {
        /// The system's reason.
        source: io::Error,
    },
    /// The system refused something that it normally never refuses.
    #[error("can't watch `{}`", binary.display())]
    System {
        /// The binary.
        binary: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// With this exit status.
    Exited(i32),
    /// By this signal.
    Killed(i32),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with status {status}"),
            Self::Killed(signal) => {
                write!(f, "was killed by signal {signal}")?;
                match signal_name(*signal) {
                    Some(name) => write!(f, " ({name})"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The signals by which programs end, whose numbers are the same everywhere.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return None,
    })
}

/// The first and the last lines of what a program printed, on one line.
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
