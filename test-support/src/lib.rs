//! What the project's own tests share.

mod figures;
pub mod generate;
pub mod qemu;
mod threads;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use caps_core::probe::live::find_binary;

pub use self::figures::figure;
pub use self::threads::on_threads;

/// `1` makes tests fail if they find no QEMU.
const REQUIRE: &str = "QEMU_CAPS_REQUIRE_QEMU";

/// The QEMU for tests, by path or by name on `PATH`.
const BINARY: &str = "QEMU_CAPS_QEMU";

/// The QEMU for a test against a real one: the one in the environment variable `QEMU_CAPS_QEMU`, or
/// else `default` on `PATH`.
///
/// Without any, prints that to standard error, past the test harness's capture, and the test has
/// nothing to do.
///
/// ```
/// use caps_test_support::require_qemu;
///
/// let Some(binary) = require_qemu("my_test", "qemu-system-x86_64") else { return };
/// println!("{}", binary.display());
/// ```
///
/// # Panics
///
/// Panics if there is none although `QEMU_CAPS_REQUIRE_QEMU=1` requires one.
pub fn require_qemu(test: &str, default: &str) -> Option<PathBuf> {
    let name = std::env::var_os(BINARY).unwrap_or_else(|| OsString::from(default));
    match find_binary(Path::new(&name)) {
        Ok(binary) => Some(binary),
        Err(error) => {
            let required = std::env::var_os(REQUIRE).is_some_and(|value| value == "1");
            assert!(!required, "{REQUIRE}=1, but there is no QEMU: {error}");
            not_run(test, &error.to_string());
            None
        }
    }
}

/// A further directory of captures to test.
const CONFORMANCE: &str = "QEMU_CAPS_CONFORMANCE_DIR";

/// A directory of QMP commands sent by real programs (`commands.jsonl`), with the answers of QEMUs
/// (`answers-VERSION.jsonl`).
const CLIENTS: &str = "QEMU_CAPS_CLIENTS_DIR";

/// A directory of reference tables (`cpu-map.json`, ...).
const REFERENCE: &str = "QEMU_CAPS_REFERENCE_DIR";

/// A directory of situations from bug reports, each with a program `run`.
const CASES: &str = "QEMU_CAPS_CASES_DIR";

/// A directory of QEMU binaries.
const QEMUS: &str = "QEMU_CAPS_QEMUS_DIR";

/// A directory of domain capability documents made by libvirt.
const DOMCAPS: &str = "QEMU_CAPS_DOMCAPS_DIR";

/// The directories of captures in the environment variable `QEMU_CAPS_CONFORMANCE_DIR`, such as
/// libvirt's `tests/qemucapabilitiesdata`, separated as in `PATH`.
///
/// If the variable is unset, prints that to standard error, and the test has nothing to do.
///
/// # Panics
///
/// Panics if the variable names something other than directories.
pub fn conformance_dirs(test: &str) -> Vec<PathBuf> {
    let Some(value) = std::env::var_os(CONFORMANCE) else {
        not_run(test, &format!("{CONFORMANCE} is not set"));
        return Vec::new();
    };
    let dirs: Vec<PathBuf> = std::env::split_paths(&value).collect();
    for dir in &dirs {
        assert!(dir.is_dir(), "{CONFORMANCE} names `{}`, which is no directory", dir.display());
    }
    dirs
}

/// The directory of recorded commands and answers in the environment variable
/// `QEMU_CAPS_CLIENTS_DIR`; see [`conformance_dirs`].
///
/// # Panics
///
/// Panics if the variable names something other than a directory.
pub fn clients_dir(test: &str) -> Option<PathBuf> {
    named_dir(CLIENTS, test)
}

/// The directory of reference tables in the environment variable `QEMU_CAPS_REFERENCE_DIR`; see
/// [`conformance_dirs`].
///
/// # Panics
///
/// Panics if the variable names something other than a directory.
pub fn reference_dir(test: &str) -> Option<PathBuf> {
    named_dir(REFERENCE, test)
}

/// The directory of domain capability documents in the environment variable
/// `QEMU_CAPS_DOMCAPS_DIR`, with a `list.txt` that relates them to captures; see
/// [`conformance_dirs`].
///
/// # Panics
///
/// Panics if the variable names something other than a directory.
pub fn domcaps_dir(test: &str) -> Option<PathBuf> {
    named_dir(DOMCAPS, test)
}

/// The programs `qemu-system-*` in the directory in the environment variable `QEMU_CAPS_QEMUS_DIR` and
/// in the directories in it, sorted; see [`conformance_dirs`].
///
/// # Panics
///
/// Panics if the variable names something other than a directory, or there is no such program in it.
pub fn qemus(test: &str) -> Vec<PathBuf> {
    let Some(dir) = named_dir(QEMUS, test) else { return Vec::new() };
    let entries = |dir: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).expect("a directory");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    };
    let mut found = entries(&dir);
    let inner: Vec<PathBuf> =
        found.iter().filter(|path| path.is_dir()).flat_map(|dir| entries(dir)).collect();
    found.extend(inner);
    found.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("qemu-system-")) && path.is_file()
    });
    found.sort();
    assert!(!found.is_empty(), "{QEMUS} names `{}`, which has no qemu-system-*", dir.display());
    found
}

/// The directory of situations from bug reports in the environment variable `QEMU_CAPS_CASES_DIR`,
/// each with a program `run`; see [`conformance_dirs`].
///
/// # Panics
///
/// Panics if the variable names something other than a directory.
pub fn cases_dir(test: &str) -> Option<PathBuf> {
    named_dir(CASES, test)
}

/// Returns whether there is `strace` on `PATH`, which injects faults and results into system calls; without it, a
/// message is printed as by [`not_run`].
///
/// # Panics
///
/// Panics if there is none and the environment variable `QEMU_CAPS_REQUIRE_STRACE` is set.
pub fn has_strace(test: &str) -> bool {
    let found = Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !found {
        let is_required = std::env::var_os("QEMU_CAPS_REQUIRE_STRACE").is_some();
        assert!(!is_required, "QEMU_CAPS_REQUIRE_STRACE is set, but there is no strace");
        not_run(test, "there is no strace on PATH");
    }
    found
}

fn named_dir(variable: &str, test: &str) -> Option<PathBuf> {
    let Some(dir) = std::env::var_os(variable).map(PathBuf::from) else {
        not_run(test, &format!("{variable} is not set"));
        return None;
    };
    assert!(dir.is_dir(), "{variable} names `{}`, which is no directory", dir.display());
    Some(dir)
}

/// Prints to standard error that a test did not run, past the test harness's capture.
pub fn not_run(test: &str, reason: &str) {
    // A failure to write to standard error can't be reported.
    let _ = writeln!(std::io::stderr(), "{test}: not run, {reason}");
}
