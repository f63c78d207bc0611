use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::load;
use super::registry;
use super::suite::{GoldenChecks, Suite};
use crate::capture::{Captures, DiscoverError};
use crate::inputs::{FilePattern, discover};

static GOLDEN_CHECKS: GoldenChecks = GoldenChecks {
    record: |suite| registry::record(&suite.golden_entries()),
    assert_own: Suite::assert_golden_files_are_its_own,
};

impl Suite {
    /// Adds the files that match the patterns, with their names in tests.
    #[must_use]
    pub const fn files(
        mut self,
        patterns: &'static [&'static str],
        files: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.patterns = patterns;
        self.files = files;
        self.assert_files = Some(Self::assert_files_are_current);
        self
    }

    /// Adds golden files: for each, the name of its argument (empty if it is the only one) and its
    /// pattern.
    #[must_use]
    pub const fn goldens(mut self, goldens: &'static [(&'static str, &'static str)]) -> Self {
        self.goldens = goldens;
        self.golden_checks = Some(&GOLDEN_CHECKS);
        self
    }

    /// Checks that the suite still selects the captures and files it was compiled with, and that no
    /// other test shares its golden files.
    ///
    /// # Panics
    ///
    /// Panics if captures or files were added or removed since compilation, with their names and a
    /// remedy; or if a test of another suite has the same golden file.
    pub fn assert_current(&self) {
        if registry::is_recording() {
            if let Some(checks) = self.golden_checks {
                (checks.record)(self);
            }
            return;
        }
        self.assert_captures_are_current();
        if let Some(assert_files) = self.assert_files {
            assert_files(self);
        }
        if let Some(checks) = self.golden_checks {
            (checks.assert_own)(self);
        }
    }

    fn assert_captures_are_current(&self) {
        if self.selection().is_none() {
            return;
        }
        let dirs = self.data_dirs().unwrap_or_else(|error| panic!("{error}"));
        let captures = Captures::discover_all(dirs).unwrap_or_else(|error| match error {
            DiscoverError::Name { ref source, .. } => panic!("{error}: {source}"),
            error => panic!("{error}"),
        });
        match self.selected(&captures) {
            Ok(selected) => {
                // Both are in the order of captures.
                let is_current = selected == self.captures;
                assert!(
                    is_current,
                    "{}",
                    self.stale(
                        captures.dirs().iter().map(PathBuf::as_path),
                        self.captures,
                        &selected
                    )
                );
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn selected(&self, captures: &Captures) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let flags = |capture| {
            load::capabilities(capture, self.surveys).map(|capabilities| capabilities.flags)
        };
        let Some(selection) = self.selection() else { return Ok(Vec::new()) };
        let selected = selection.select(captures, flags)?;
        Ok(selected.iter().map(|selected| selected.capture.id.to_string()).collect())
    }

    fn assert_files_are_current(&self) {
        let package = self.package_dir();
        let parse = |text: &&str| text.parse().expect("the macro has read the pattern");
        let patterns: Vec<FilePattern> = self.patterns.iter().map(parse).collect();
        let found = discover(&patterns, &package).unwrap_or_else(|error| panic!("{error}"));
        let found: Vec<String> = found.into_iter().map(|file| file.path).collect();
        let compiled: Vec<&str> = self.files.iter().map(|(_, path)| *path).collect();
        let bases: BTreeSet<PathBuf> =
            patterns.iter().map(|p| package.join(p.base()).components().collect()).collect();
        let dirs = bases.iter().map(PathBuf::as_path);
        assert!(found == compiled, "{}", self.stale(dirs, &compiled, &found));
    }

    fn assert_golden_files_are_its_own(&self) {
        let own = self.golden_entries();
        let entries = registry::entries().unwrap_or_else(|error| panic!("{error}"));
        let mut tests = BTreeMap::<&str, Vec<&str>>::new();
        for entry in entries {
            tests.entry(&entry.path).or_default().push(&entry.test);
        }
        for entry in &own {
            let others: Vec<&str> = tests.get(entry.path.as_str()).cloned().unwrap_or_default();
            let Some(other) = others.iter().find(|other| **other != entry.test) else { continue };
            panic!(
                "`{}` is the golden file of two tests, expected one: {}; and {other}\n\
                 add `{{test}}` or `{{module}}` to the names of golden files",
                entry.path, entry.test
            );
        }
    }

    fn stale<'d>(
        &self,
        dirs: impl Iterator<Item = &'d Path>,
        compiled: &[&str],
        found: &[String],
    ) -> String {
        let package = self.package_dir();
        let mut shown = Vec::new();
        let mut lines = String::new();
        for dir in dirs {
            shown.push(format!("`{}`", dir.display()));
            let dir = match dir.strip_prefix(&package) {
                Ok(dir) if dir.as_os_str().is_empty() => Path::new("."),
                Ok(dir) => dir,
                Err(_) => dir,
            };
            let line =
                format!("        println!(\"cargo::rerun-if-changed={}\");\n", dir.display());
            lines.push_str(&line);
        }
        let mut message = format!(
            "the tests of `{}` were compiled from another listing of {}\n",
            self.test,
            shown.join(", ")
        );
        for name in found {
            if !compiled.contains(&name.as_str()) {
                let _ = writeln!(message, "  added: {name}");
            }
        }
        for compiled in compiled {
            if !found.iter().any(|name| name == compiled) {
                let _ = writeln!(message, "  removed: {compiled}");
            }
        }
        let _ = write!(
            message,
            "this time: touch the file that the test is in, and compile again\n\
             for good: let cargo watch the directory, with a build script (`build.rs`) that says\n\
             \n    fn main() {{\n{lines}    }}\n"
        );
        message
    }
}
