//! A package with a suite of one harness.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::Harness;

pub struct Package {
    dir: PathBuf,
    target: PathBuf,
}

/// What cargo said, and whether it succeeded.
pub struct Run {
    pub success: bool,
    pub output: String,
}

impl Package {
    /// Writes the package of a harness with a source, and these input files. What was there before is
    /// removed.
    pub fn new(
        place: &Path,
        harness: &Harness,
        source: &str,
        files: &[(&str, &str)],
    ) -> Result<Self, Box<dyn Error>> {
        let is_of_name = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
        let name: String = harness.name.chars().filter(is_of_name).collect();
        let target = if harness.has_main { "harness = false\n" } else { "" };
        Self::written(place, &format!("{name}-suite"), harness.dependency, target, source, files)
    }

    /// Writes a package with these dependencies.
    pub fn with(
        place: &Path,
        name: &str,
        dependencies: &str,
        source: &str,
        files: &[(&str, &str)],
    ) -> Result<Self, Box<dyn Error>> {
        Self::written(place, name, dependencies, "", source, files)
    }

    fn written(
        place: &Path,
        name: &str,
        dependencies: &str,
        target: &str,
        source: &str,
        files: &[(&str, &str)],
    ) -> Result<Self, Box<dyn Error>> {
        let package = Self { dir: place.join(name), target: place.join("target") };
        let _ = fs::remove_dir_all(package.dir.join("inputs"));
        fs::create_dir_all(package.dir.join("inputs"))?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let dependencies = dependencies.replace("PATH", &root.display().to_string());
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\n{dependencies}\n\n[[test]]\nname = \"suite\"\n{target}",
        );
        package.write("Cargo.toml", &manifest)?;
        package.write("src/lib.rs", "")?;
        package.write("tests/suite.rs", source)?;
        for (name, text) in files {
            package.write(&format!("inputs/{name}"), text)?;
        }
        Ok(package)
    }

    pub fn write(&self, path: &str, text: &str) -> Result<(), Box<dyn Error>> {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().ok_or("no parent")?)?;
        Ok(fs::write(path, text)?)
    }

    /// Changes the source as an editor does, so that cargo builds it again.
    pub fn touch(&self) -> Result<(), Box<dyn Error>> {
        let path = self.dir.join("tests/suite.rs");
        Ok(fs::write(&path, fs::read(&path)?)?)
    }

    pub fn cargo(&self, arguments: &[&str]) -> Result<Run, Box<dyn Error>> {
        let output = Command::new("cargo")
            .args(arguments)
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_TERM_COLOR", "never")
            .output()?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(Run { success: output.status.success(), output: text })
    }

    /// Runs the suite.
    pub fn test(&self) -> Result<Run, Box<dyn Error>> {
        self.cargo(&["test", "--test", "suite", "--no-fail-fast"])
    }

    /// The names of the tests, without those that `caps_test` adds about the directory.
    pub fn names(&self) -> Result<BTreeSet<String>, Box<dyn Error>> {
        let run = self.cargo(&["test", "--test", "suite", "--", "--list", "--format", "terse"])?;
        let names = run.output.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.filter(|name| !name.ends_with("::listing")).map(str::to_owned).collect())
    }
}

impl Run {
    /// How many tests of files ended so: `ok` or `FAILED`.
    pub fn count(&self, result: &str) -> usize {
        let lines = self.output.lines().filter(|line| {
            line.starts_with("test ") && line.ends_with(result) && line.contains(" ... ")
        });
        lines.filter(|line| !line.contains("::listing ")).count()
    }
}
