//! The summary after regenerating golden files, printed once all tests have run.
//!
//! No test knows that it is the last one, and under `cargo nextest` each is a separate process. A
//! shell beside the tests therefore collects their notes, waits for the test runner to exit, and
//! prints the summary to the runner's stderr, which no runner captures.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::process::{CommandExt as _, parent_id};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{env, fmt};

use crate::escape;
use crate::testing::notice::announce;

const SCRIPT: &str = include_str!("summary.sh");

/// What happened to a golden file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Changed,
    Unchanged,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        })
    }
}

/// Adds a change to the summary. If there can be no summary, prints the change immediately.
pub(super) fn note(change: Change, path: &Path) {
    static NOTES: OnceLock<io::Result<Mutex<Notes>>> = OnceLock::new();
    let line = format!("{change} {}\n", escape::line(&path.to_string_lossy()));
    let noted = NOTES.get_or_init(|| Notes::open().map(Mutex::new)).as_ref().is_ok_and(|notes| {
        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.0.write_all(line.as_bytes()).is_ok()
    });
    if !noted && change != Change::Unchanged {
        announce(&line);
    }
}

/// The destination of lines for the summary: a pipe, which the system closes when the process
/// exits, or a file shared by all processes of a run.
struct Notes(Box<dyn Write + Send>);

impl Notes {
    fn open() -> io::Result<Self> {
        let is_nextest =
            env::var_os("NEXTEST_EXECUTION_MODE").is_some_and(|m| m == "process-per-test");
        match env::var("NEXTEST_RUN_ID") {
            Ok(run)
                if is_nextest && run.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') =>
            {
                Self::of_run(&run)
            }
            _ => Self::of_process(),
        }
    }

    /// The summary of this process, printed when it exits.
    fn of_process() -> io::Result<Self> {
        let mut shell = shell();
        let shell = shell.args(["", ""]).stdin(Stdio::piped()).stdout(io::stderr()).spawn()?;
        let pipe = shell.stdin.ok_or_else(|| io::Error::other("the shell has no input"))?;
        Ok(Self(Box::new(pipe)))
    }

    /// The summary of a nextest run, which is the parent of this process. The first process starts
    /// the shell.
    fn of_run(run: &str) -> io::Result<Self> {
        let runner = parent_id();
        let path = env::current_exe()?.with_file_name(format!("golden-files-{run}-{runner}"));
        let append = |options: &mut OpenOptions| options.append(true).open(&path);
        let list = match append(OpenOptions::new().create_new(true)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(Self(Box::new(append(&mut OpenOptions::new())?)));
            }
            list => list?,
        };
        let spawned = OpenOptions::new()
            .append(true)
            .open(format!("/proc/{runner}/fd/2"))
            .and_then(|stderr| Ok((stderr, fs::File::open(&path)?)))
            .and_then(|(stderr, list)| {
                shell().arg(runner.to_string()).arg(&path).stdin(list).stdout(stderr).spawn()
            });
        if let Err(error) = spawned {
            // A failed summary does not deserve an error.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        Ok(Self(Box::new(list)))
    }
}

/// The shell that runs the script. It is in its own process group, so that it outlives the tests
/// however they end.
fn shell() -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT, "sh"]).stderr(Stdio::null()).current_dir("/").process_group(0);
    command
}
