use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

/// Set for tests that another one runs.
const CHILD: &str = "QEMU_CAPS_TEST_OF_ANOTHER";

/// Returns whether another test runs this one, and says so if none does.
pub(crate) fn is_child() -> bool {
    let is_child = env::var_os(CHILD).is_some();
    if !is_child {
        eprintln!("nothing to do: other tests run this one");
    }
    is_child
}

/// A directory that a test of this program takes for its package.
pub(crate) struct Package {
    dir: TempDir,
}

/// How a test ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) success: bool,
    pub(crate) stderr: String,
}

impl Package {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().expect("a directory") }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, contents).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    /// Runs an ignored test with these variables.
    pub(crate) fn run(&self, test: &str, variables: &[(&str, &str)]) -> Run {
        let program = env::current_exe().expect("this program");
        let mut command = self.command(&program);
        command.args(["--exact", "--ignored", "--nocapture", test]);
        let output = command.envs(variables.iter().copied()).output().expect("it runs");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("running 1 test\n"), "there is no test `{test}`: {stdout}");
        Run {
            success: output.status.success(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A command in the package, without the variables of this run of tests.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.dir())
            .env("CARGO_MANIFEST_DIR", self.dir())
            .env("RUST_BACKTRACE", "0")
            .env(CHILD, "1")
            .env_remove("QEMU_CAPS_DIR")
            .env_remove("VIR_TEST_REGENERATE_OUTPUT");
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("NEXTEST") {
                command.env_remove(name);
            }
        }
        command
    }
}
