//! Runs the program.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A directory with exactly the captures that the tests expect: the project may gain more.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn data() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("captures");
    fs::create_dir_all(&dir).expect("a directory");
    for version in ["7.2.22", "10.0.13", "11.1.3"] {
        for arch in ["aarch64", "loongarch64", "ppc64", "riscv64", "s390x", "x86_64"] {
            for ending in ["replies", "xml"] {
                let name = format!("caps_{version}_{arch}.{ending}");
                match symlink(project.join(&name), dir.join(&name)) {
                    // Another test has created it.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                    made => made.expect("a link"),
                }
            }
        }
    }
    dir
}

/// The program with these arguments, and without environment variables that affect it.
pub(crate) fn qemu_caps<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qemu-caps"));
    command.args(arguments).stdin(Stdio::null());
    for name in
        ["QEMU_CAPS_DIR", "VIR_TEST_REGENERATE_OUTPUT", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"]
    {
        command.env_remove(name);
    }
    command
}

/// Runs the program: exit code, standard output, standard error.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> (i32, String, String) {
    finished(qemu_caps(arguments).output().expect("the program starts"))
}

#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
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

/// Writes a program in QEMU's place that answers from a survey of the project. Where it is not asked with QMP, it runs `otherwise`.
#[allow(dead_code, reason = "each test program that has this module uses a part of it")]
pub(crate) fn write_qemu(path: &Path, otherwise: &str) {
    let script = format!(
        "#!/bin/sh\n\
         while [ $# -gt 0 ]; do\n\
           [ \"$1\" != -qmp ] || socket=${{2#unix:}}\n\
           [ \"$1\" != -pidfile ] || pidfile=$2\n\
           shift\n\
         done\n\
         [ -n \"$socket\" ] || {{ {otherwise}; }}\n\
         echo $$ >\"$pidfile\"\n\
         exec '{}' serve '{}/../qemucapabilitiesdata/caps_7.2.22_loongarch64.survey' --socket \"${{socket%%,*}}\"\n",
        env!("CARGO_BIN_EXE_qemu-caps"),
        env!("CARGO_MANIFEST_DIR"),
    );
    fs::write(path, script).expect("a file");
    fs::set_permissions(path, Permissions::from_mode(0o755)).expect("a mode");
}
