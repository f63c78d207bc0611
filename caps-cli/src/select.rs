//! Several captures at once: files, directories and names.

use std::path::Path;

use caps_core::capture::Captures;

use crate::exit::CliError;
use crate::source::{Source, Sources};

impl Sources {
    /// The captures that CAPTURE arguments name; a directory stands for all captures in it, and no
    /// argument for all of the data directory. Each file is there once.
    pub(crate) fn select(&self, selectors: &[String]) -> Result<Vec<Source>, CliError> {
        let mut found: Vec<Source> = Vec::new();
        if selectors.is_empty() {
            found = in_directory(&self.captures()?, false);
        }
        for selector in selectors {
            if Path::new(selector).is_dir() {
                let captures = Captures::discover(selector).map_err(CliError::input)?;
                found.extend(in_directory(&captures, true));
            } else {
                found.push(self.find(selector)?);
            }
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|source| {
            let path = source.replies.canonicalize();
            seen.insert(path.unwrap_or_else(|_| source.replies.clone()))
        });
        if found.is_empty() {
            let places = if selectors.is_empty() {
                self.dir()?.display().to_string()
            } else {
                selectors.join("`, `")
            };
            return Err(CliError::usage(format!("no `.replies` files in `{places}`")));
        }
        Ok(found)
    }
}

fn in_directory(captures: &Captures, by_path: bool) -> Vec<Source> {
    captures
        .iter()
        .filter_map(|capture| {
            let replies = capture.replies.clone()?;
            let name = if by_path { replies.display().to_string() } else { capture.id.to_string() };
            Some(Source { name, id: Some(capture.id.clone()), replies })
        })
        .collect()
}

/// Is an argument meant as a CAPTURE, where a schema query could stand, too? No command or event
/// begins with a digit, or as one of these words.
pub(crate) fn names_capture(argument: &str) -> bool {
    let path = Path::new(argument);
    argument.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '/')
        || argument == "latest"
        || argument.starts_with("latest:")
        || argument.starts_with("caps_")
        || path.extension().is_some_and(|extension| extension == "replies" || extension == "xml")
        || (path.is_file() && argument.contains('/'))
        || (path.is_dir() && Captures::discover(path).is_ok_and(|captures| !captures.is_empty()))
}
