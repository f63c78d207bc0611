//! What the project's own tests share.

pub mod generate;
pub mod qemu;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::probe::live::find_binary;

/// Set to `1` where a test that finds no QEMU has to fail.
const REQUIRE: &str = "QEMU_CAPS_REQUIRE_QEMU";

/// Names the QEMU that tests use, by path or by name on `PATH`.
const BINARY: &str = "QEMU_CAPS_QEMU";

/// The QEMU that a test against a real one uses: the one that the environment variable
/// `QEMU_CAPS_QEMU` names, else `default` on `PATH`.
///
/// Where there is none, that is said on standard error, past the test harness' capture, and the test
/// has nothing to do.
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
/// When there is none although `QEMU_CAPS_REQUIRE_QEMU=1` says that there has to be one.
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

/// Names a further directory of captures that tests try.
const CONFORMANCE: &str = "QEMU_CAPS_CONFORMANCE_DIR";

/// Names a directory of QMP commands that programs send (`commands.jsonl`), with the answers of QEMUs
/// (`answers-VERSION.jsonl`).
const CLIENTS: &str = "QEMU_CAPS_CLIENTS_DIR";

/// Names a directory of the tables that the project's own are made from (`cpu-map.json`, ...).
const REFERENCE: &str = "QEMU_CAPS_REFERENCE_DIR";

/// Names a directory of situations from bug reports, each with a program `run`.
const CASES: &str = "QEMU_CAPS_CASES_DIR";

/// Names a directory of domain capability documents that libvirt made.
const DOMCAPS: &str = "QEMU_CAPS_DOMCAPS_DIR";

/// The directories of captures that the environment variable `QEMU_CAPS_CONFORMANCE_DIR` names, such as
/// libvirt's `tests/qemucapabilitiesdata`; separated as those in `PATH`.
///
/// Where there is none, that is said on standard error, and the test has nothing to do. A directory
/// that is named has to be there.
///
/// # Panics
///
/// When the variable names something else than directories.
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

/// The directory of recorded commands and answers that the environment variable
/// `QEMU_CAPS_CLIENTS_DIR` names; as [`conformance_dirs`].
///
/// # Panics
///
/// When the variable names something else than a directory.
pub fn clients_dir(test: &str) -> Option<PathBuf> {
    named_dir(CLIENTS, test)
}

/// The directory of reference tables that the environment variable `QEMU_CAPS_REFERENCE_DIR` names; as
/// [`conformance_dirs`].
///
/// # Panics
///
/// When the variable names something else than a directory.
pub fn reference_dir(test: &str) -> Option<PathBuf> {
    named_dir(REFERENCE, test)
}

/// The directory of domain capability documents that the environment variable
/// `QEMU_CAPS_DOMCAPS_DIR` names, with a `list.txt` that says what belongs together; as
/// [`conformance_dirs`].
///
/// # Panics
///
/// When the variable names something else than a directory.
pub fn domcaps_dir(test: &str) -> Option<PathBuf> {
    named_dir(DOMCAPS, test)
}

/// The directory of situations from bug reports that the environment variable `QEMU_CAPS_CASES_DIR`
/// names, each with a program `run`; as [`conformance_dirs`].
///
/// # Panics
///
/// When the variable names something else than a directory.
pub fn cases_dir(test: &str) -> Option<PathBuf> {
    named_dir(CASES, test)
}

fn named_dir(variable: &str, test: &str) -> Option<PathBuf> {
    let Some(dir) = std::env::var_os(variable).map(PathBuf::from) else {
        not_run(test, &format!("{variable} is not set"));
        return None;
    };
    assert!(dir.is_dir(), "{variable} names `{}`, which is no directory", dir.display());
    Some(dir)
}

/// Says on standard error that a test did not run, past the test harness' capture.
pub fn not_run(test: &str, reason: &str) {
    // If standard error is gone, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{test}: not run, {reason}");
}
