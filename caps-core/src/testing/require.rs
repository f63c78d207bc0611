use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::probe::live::find_binary;

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
/// use caps_core::testing::require_qemu;
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

/// Says on standard error that a test did not run, past the test harness' capture.
pub fn not_run(test: &str, reason: &str) {
    // If standard error is gone, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{test}: not run, {reason}");
}
