//! Runs the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The directory of the project's captures.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata")
}

/// The program with these arguments, without the environment that changes what it does.
pub(crate) fn qemu_caps<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qemu-caps"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["QEMU_CAPS_DIR", "VIR_TEST_REGENERATE_OUTPUT", "NO_COLOR"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program: exit code, standard output, standard error.
pub(crate) fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> (i32, String, String) {
    finished(qemu_caps(arguments).output().expect("the program starts"))
}

pub(crate) fn finished(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}
