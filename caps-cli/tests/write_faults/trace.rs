//! Faults in system calls, by `strace`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::text;

/// The system calls that open, write, name and remove files.
const CALLS: &str = "openat,read,write,close,fsync,fdatasync,fchmod,flock,link,linkat,rename,renameat,\
renameat2,unlink,unlinkat,mkdir,mkdirat,statx,newfstatat,lseek,ftruncate,copy_file_range,getdents64";

/// What happens instead of a system call, or besides it.
const EFFECTS: &[&str] =
    &["error=ENOSPC", "error=EIO", "error=EACCES", "error=EINTR", "signal=KILL", "signal=INT"];

/// One fault in one system call.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    call: String,
    /// The number among the calls of its name, from 1.
    number: usize,
    effect: &'static str,
}

impl Fault {
    pub(crate) fn kills(&self) -> bool {
        self.effect == "signal=KILL"
    }

    /// Returns whether the program can't clean up: because it is dead, or not allowed to.
    pub(crate) fn can_leave(&self) -> bool {
        self.kills() || self.call.starts_with("unlink")
    }
}

/// What is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// The first thread.
    First,
    /// All threads and child processes; each counts its own calls.
    All,
}

/// The environment variables that a command sets.
pub(crate) fn set_variables(command: &Command) -> Vec<(OsString, OsString)> {
    let set = command.get_envs().filter_map(|(name, value)| Some((name.into(), value?.into())));
    set.collect()
}

fn strace(command: &Command, threads: Threads, options: &[&str]) -> Command {
    let mut strace = Command::new("strace");
    strace
        .args((threads == Threads::All).then_some("-f"))
        .arg("-q")
        .args(options)
        .arg("--")
        .arg(command.get_program());
    strace.args(command.get_args()).envs(set_variables(command)).stdin(Stdio::null());
    strace
}

/// All faults of the first thread of a command, from the first call that concerns a path.
pub(crate) fn faults(command: &Command, threads: Threads, path: &Path) -> Vec<Fault> {
    let log = tempfile::NamedTempFile::new().expect("a file");
    let options = ["-o", text(log.path()), "-e", &format!("trace={CALLS}")];
    strace(command, threads, &options).output().expect("strace");
    let log = fs::read_to_string(log).expect("a log");
    // With several threads, each line begins with one.
    let main = if threads == Threads::All { log.split(' ').next() } else { None };
    let main = main.unwrap_or_default();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut faults, mut has_begun) = (Vec::new(), false);
    for line in log.lines().filter_map(|line| line.strip_prefix(main)) {
        let Some((call, arguments)) = line.trim_start().split_once('(') else { continue };
        let count = counts.entry(call).or_default();
        *count += 1;
        has_begun |= arguments.contains(text(path));
        if has_begun {
            let fault = |&effect| Fault { call: call.to_owned(), number: *count, effect };
            faults.extend(EFFECTS.iter().map(fault));
        }
    }
    faults
}

/// Runs a command with a fault. Returns whether it succeeded.
pub(crate) fn inject(command: &Command, threads: Threads, fault: &Fault) -> bool {
    let Fault { call, number, effect } = fault;
    let inject = format!("inject={call}:{effect}:when={number}");
    let options = ["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject];
    strace(command, threads, &options).output().expect("strace").status.success()
}
