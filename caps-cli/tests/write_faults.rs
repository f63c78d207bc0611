//! Every system call of the commands that write files fails, or a signal arrives during it: the
//! files are all old or all new, and nothing else is left.

// `strace` and `/proc` are Linux's.
#![cfg(target_os = "linux")]

mod support;
mod write_faults {
    pub(crate) mod commands;
    pub(crate) mod state;
    pub(crate) mod trace;
}

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use caps_test_support::{has_strace, on_threads};
use write_faults::commands::{WRITING, Writing, workspace};
use write_faults::state::State;
use write_faults::trace::{self, Fault};

/// A run of a command with one fault.
struct Case<'a> {
    writing: &'static Writing,
    fault: Fault,
    before: &'a State,
    after: &'a State,
}

impl Case<'_> {
    /// Runs the case; panics if files are old and new, or something else is left.
    fn check(&self) -> &'static str {
        let dir = workspace();
        let command = self.writing.command(dir.path());
        let is_success = trace::inject(&command, self.writing.threads(), &self.fault);
        let what = format!("{} with {:?}", self.writing.name, self.fault);
        let (state, leftovers) = State::of(dir.path());
        let outcome = if state == *self.after {
            "new"
        } else if self.fault.kills() {
            // Between two renames, some files are new and some are old; each is whole.
            assert!(state.is_mixture(self.before, self.after), "{what}: {:?}", state.names());
            "killed"
        } else {
            assert!(state == *self.before, "{what}: neither old nor new: {:?}", state.names());
            "old"
        };
        assert!(!is_success || outcome == "new", "{what}: success, but the files are old");
        if self.fault.can_leave() {
            assert!(self.writing.command(dir.path()).output().is_ok(), "{what}");
            let (state, leftovers) = State::of(dir.path());
            assert!(state == *self.after, "{what}, run again: {:?}", state.names());
            assert_eq!(leftovers, [""; 0], "{what}, run again");
        } else {
            assert_eq!(leftovers, [""; 0], "{what}: left behind");
        }
        outcome
    }
}

/// The states before and after an undisturbed run.
fn undisturbed(writing: &Writing) -> (State, State) {
    let dir = workspace();
    let (before, _) = State::of(dir.path());
    let output = writing.command(dir.path()).output().expect("the program starts");
    let (after, leftovers) = State::of(dir.path());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(leftovers, [""; 0], "{}: {errors}", writing.name);
    assert!(before != after, "{} writes nothing: {errors}", writing.name);
    (before, after)
}

/// An even sample that begins at the seed.
fn sample<T>(cases: Vec<T>, size: usize, seed: usize) -> Vec<T> {
    let step = cases.len().div_ceil(size).max(1);
    cases.into_iter().skip(seed % step).step_by(step).collect()
}

fn seed() -> usize {
    let given = std::env::var("QEMU_CAPS_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time");
    given.unwrap_or(now.subsec_micros() as usize)
}

/// Runs at most `size` cases of each command (by its cost) on two threads, and prints the counts.
fn check(size: impl Fn(&Writing) -> usize) {
    if !has_strace("write_faults") {
        return;
    }
    let seed = seed();
    let states: Vec<_> = WRITING.iter().map(undisturbed).collect();
    let mut cases = Vec::new();
    let mut possible = 0;
    for (writing, (before, after)) in WRITING.iter().zip(&states) {
        let dir = workspace();
        let faults = trace::faults(
            &writing.command(dir.path()),
            writing.threads(),
            &writing.disturbed(dir.path()),
        );
        assert!(faults.len() > 30, "{}: {}", writing.name, faults.len());
        possible += faults.len();
        let faults = sample(faults, size(writing), seed);
        cases.extend(faults.into_iter().map(|fault| Case { writing, fault, before, after }));
    }
    eprintln!("faults in writing: {} of {possible} cases, QEMU_CAPS_SEED={seed}", cases.len());
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for key in on_threads(2, &cases, |case| (case.writing.name, case.check())) {
        *counts.entry(key).or_default() += 1;
    }
    eprintln!("{counts:?}");
}

#[test]
fn some_faults_change_all_files_or_none() {
    check(|writing| writing.sample);
}

#[test]
#[ignore = "takes many minutes"]
fn every_fault_changes_all_files_or_none() {
    check(|_| usize::MAX);
}

/// Two programs that write to the same files at once: each file is new, and nothing else is left.
#[test]
fn two_writers_leave_nothing_but_new_files() {
    let writing = &WRITING[0];
    let (_, after) = undisturbed(writing);
    for _ in 0..20 {
        let dir = workspace();
        let start = || {
            let mut command = writing.command(dir.path());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().expect("the program starts")
        };
        let (mut one, mut other) = (start(), start());
        one.wait().expect("an end");
        other.wait().expect("an end");
        let (state, leftovers) = State::of(dir.path());
        assert_eq!((&state, leftovers), (&after, vec![]));
    }
}

/// A limit on the size of files: writes are short, then fail.
#[test]
fn short_writes_change_all_files_or_none() {
    for writing in WRITING.iter().filter(|writing| writing.sample > 20) {
        let (before, after) = undisturbed(writing);
        let mut old = 0;
        for (limit, ignored) in [0, 1, 2, 4, 400].into_iter().flat_map(|n| [(n, true), (n, false)])
        {
            let dir = workspace();
            let command = writing.command(dir.path());
            let script = if ignored { "trap '' XFSZ; " } else { "" }.to_owned()
                + "ulimit -f \"$0\" && exec \"$@\"";
            let mut limited = Command::new("/bin/sh");
            limited.args(["-c", &script, &limit.to_string()]).arg(command.get_program());
            limited.args(command.get_args()).envs(trace::set_variables(&command));
            let status = limited.output().expect("a shell").status;
            let (state, leftovers) = State::of(dir.path());
            assert!(state == before || state == after, "{} at {limit}", writing.name);
            assert!(!status.success() || state == after, "{} at {limit}", writing.name);
            // Without being ignored, the signal kills the program.
            assert!(!ignored || leftovers.is_empty(), "{} at {limit}: {leftovers:?}", writing.name);
            old += usize::from(state == before);
        }
        assert!(old > 0, "{}: no limit was too small", writing.name);
    }
}

/// A file system that is full after some of the files.
#[test]
fn a_full_disk_changes_all_files_or_none() {
    let writing = &WRITING[0];
    let (before, after) = undisturbed(writing);
    let mut old = 0;
    for size in ["12k", "16k", "20k", "24k", "28k", "64k"] {
        let dir = workspace();
        let disk = dir.path().join("disk");
        std::fs::create_dir(&disk).expect("a directory");
        // The files are compared outside of the namespace, where the disk can't be seen.
        let script = "mount -t tmpfs -o size=$0 none \"$2\" && cp -a \"$1\"/in \"$1\"/elsewhere \"$2\" || exit 99
            d=$1 disk=$2; shift 2; \"$@\"; status=$?
            rm -r \"$d/in\" \"$d/elsewhere\" && cp -a \"$disk\"/. \"$d\" || exit 98; exit $status";
        let command = writing.command(&disk);
        let output = Command::new("unshare")
            .args(["-m", "--", "/bin/sh", "-c", script, size])
            .args([dir.path(), &disk])
            .arg(command.get_program())
            .args(command.get_args())
            .output();
        let output = match output {
            Ok(output) if ![Some(99), Some(1)].contains(&output.status.code()) => output,
            _ => {
                eprintln!("no file system can be mounted: a full disk was not tested");
                return;
            }
        };
        let errors = String::from_utf8_lossy(&output.stderr);
        let (state, leftovers) = State::of(dir.path());
        assert_eq!(leftovers, [""; 0], "{size}: {errors}");
        assert!(state == before || state == after, "{size}: {errors}");
        assert!(output.status.success() == (state == after), "{size}: {errors}");
        old += usize::from(state == before);
    }
    assert!((1..6).contains(&old), "{old} disks were too small");
}

/// Root may write everywhere, so the program runs as nobody.
#[test]
fn a_directory_without_permission_is_left_alone() {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    let writing = &WRITING[0];
    let dir = workspace();
    let (before, _) = State::of(dir.path());
    let is_root = rustix::process::geteuid().is_root();
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    set(dir.path(), 0o755);
    set(&dir.path().join("in"), 0o555);
    let command = writing.command(dir.path());
    let mut limited = if is_root {
        chown(dir.path(), Some(65534), Some(65534)).expect("an owner");
        let mut limited = Command::new("setpriv");
        limited.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
        limited.arg(command.get_program());
        limited
    } else {
        Command::new(command.get_program())
    };
    let output = limited.args(command.get_args()).output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    set(&dir.path().join("in"), 0o755);
    assert_eq!(State::of(dir.path()), (before, vec![]));
    assert_eq!(output.status.code(), Some(5), "{errors}");
    assert!(errors.contains("Permission denied"), "{errors}");
}
