use std::fmt::Write as _;
use std::path::Path;

use super::load;
use super::suite::Suite;
use crate::capture::{Captures, DiscoverError};

impl Suite {
    /// Does the suite still select the captures that it was compiled with?
    ///
    /// # Panics
    ///
    /// When captures were added or removed since, saying which and how to mend it.
    pub fn assert_current(&self) {
        let dir = self.data_dir().unwrap_or_else(|error| panic!("{error}"));
        match self.selected(&dir) {
            Ok(selected) => {
                // Both are in the order of captures.
                let is_current = selected == self.captures;
                assert!(is_current, "{}", self.stale(&dir, &selected));
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn selected(&self, dir: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let captures = Captures::discover(dir).map_err(|error| match error {
            DiscoverError::Name { ref source, .. } => format!("{error}: {source}"),
            error => error.to_string(),
        })?;
        let flags = |capture| load::capabilities(capture).map(|capabilities| capabilities.flags);
        let selected = self.selection().select(&captures, flags)?;
        Ok(selected.iter().map(|selected| selected.capture.id.to_string()).collect())
    }

    fn stale(&self, dir: &Path, selected: &[String]) -> String {
        let mut message = format!(
            "the tests of `{}` were compiled from another listing of `{}`\n",
            self.test,
            dir.display()
        );
        for name in selected {
            if !self.captures.contains(&name.as_str()) {
                let _ = writeln!(message, "  added: {name}");
            }
        }
        for compiled in self.captures {
            if !selected.iter().any(|name| name == compiled) {
                let _ = writeln!(message, "  removed: {compiled}");
            }
        }
        let package = self.package_dir();
        let shown = dir.strip_prefix(&package).unwrap_or(dir).display();
        let _ = write!(
            message,
            "this time: touch the file that the test is in, and compile again\n\
             for good: let cargo watch the directory, with a build script (`build.rs`) that says\n\
             \n    fn main() {{\n        println!(\"cargo::rerun-if-changed={shown}\");\n    }}\n"
        );
        message
    }
}
