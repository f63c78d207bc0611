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

/// A path as an argument.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Copies of the project's captures whose names contain `part`.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn copies(part: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for entry in std::fs::read_dir(data()).expect("the captures") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.contains(part) && name.ends_with(".replies") {
            std::fs::copy(&path, dir.path().join(name)).expect("a copy");
        }
    }
    dir
}
