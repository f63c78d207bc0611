//! Packages outside of the workspace, created for tests and compiled with the project's target
//! directory.

#![allow(dead_code, reason = "each test program uses a part")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A package in the target directory, recreated for each test.
pub(crate) struct Package {
    dir: PathBuf,
}

/// The output of cargo, and whether it succeeded.
pub(crate) struct Run {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Package {
    /// Writes a package with an empty library. `dependencies` are in addition to qemu-caps, which
    /// is named `facade`.
    pub(crate) fn new(name: &str, facade: &str, dependencies: &str) -> Self {
        let facade = format!("{facade} = {{ package = \"qemu-caps\", path = \"PATH\" }}");
        Self::written(name, &facade, dependencies)
    }

    /// Like [`Package::new`], with features of qemu-caps.
    pub(crate) fn with_features(name: &str, features: &[&str], dependencies: &str) -> Self {
        let facade = format!("qemu-caps = {{ path = \"PATH\", features = {features:?} }}");
        Self::written(name, &facade, dependencies)
    }

    fn written(name: &str, facade: &str, dependencies: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Removes what an earlier run left, if anything.
        let _ = fs::remove_dir_all(&dir);
        let package = Self { dir };
        package.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
                 [dependencies]\n{}\n{dependencies}",
                facade.replace("PATH", &root.display().to_string())
            ),
        );
        let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the workspace's lock file");
        package.write("Cargo.lock", &lock);
        package.write("src/lib.rs", "");
        package
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// Copies one of the project's captures under another name.
    pub(crate) fn add_capture(&self, dir: &str, from: &str, name: &str) {
        let data = Path::new(qemu_caps::data::DIR);
        fs::create_dir_all(self.path(dir)).expect("a directory");
        for ending in ["replies", "xml"] {
            let to = self.path(&format!("{dir}/caps_{name}.{ending}"));
            fs::copy(data.join(format!("caps_{from}.{ending}")), to).expect("a capture");
        }
    }

    /// Runs cargo in the package with these variables, and without those of this test run.
    pub(crate) fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        cargo_in(&self.dir, arguments, variables)
    }
}

/// Runs cargo in a directory.
pub(crate) fn cargo_in(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_NET_OFFLINE", "true")
        .env("RUST_BACKTRACE", "0")
        .env_remove("QEMU_CAPS_DIR")
        .env_remove("VIR_TEST_REGENERATE_OUTPUT");
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("NEXTEST") {
            command.env_remove(name);
        }
    }
    let output = command.envs(variables.iter().copied()).output().expect("cargo runs");
    Run {
        success: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The summaries of golden files in the output of cargo.
pub(crate) fn summary(stderr: &str) -> String {
    let starts = ["created ", "changed ", "golden files: "];
    let lines = stderr.lines().filter(|line| starts.iter().any(|start| line.starts_with(start)));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The summary of the golden files of a package.
pub(crate) fn summary_of(written: &[(&str, &str)], unchanged: usize, package: &Package) -> String {
    let line =
        |(change, file): &(&str, &str)| format!("{change} {}\n", package.path(file).display());
    let count = |change| written.iter().filter(|(of, _)| *of == change).count();
    let (created, changed) = (count("created"), count("changed"));
    let counts =
        format!("golden files: {created} created, {changed} changed, {unchanged} unchanged\n");
    written.iter().map(line).chain([counts]).collect()
}
