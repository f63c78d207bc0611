//! Data directories.

use std::fs::DirEntry;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use caps_core::capture::{
    Capture, CaptureId, Captures, LocateError, ParseCaptureIdError, SearchDir, is_document,
};

use super::{ENDINGS, Source};
use crate::built_in;
use crate::exit::CliError;
use crate::output::say;

/// The value of `--data` that selects the built-in captures.
pub(crate) const BUILT_IN: &str = "built-in";

/// The contents of one or more capture directories.
#[derive(Debug)]
pub(crate) struct Data {
    /// The captures that have a recorded conversation.
    pub(crate) captures: Captures,
    /// Capability descriptions that have none.
    pub(crate) orphans: Vec<Capture>,
    /// Conversations in files that are not named as captures.
    pub(crate) unnamed: Vec<PathBuf>,
    warnings: Vec<String>,
}

impl Data {
    /// Opens the given directories, or else the default one.
    pub(super) fn find(named: &[PathBuf]) -> Result<Self, CliError> {
        let mut dirs = named.to_vec();
        if dirs.is_empty() {
            dirs.push(default_dir()?);
        }
        let mut dirs = dirs.into_iter();
        let first = dirs.next().unwrap_or_else(|| BUILT_IN.into());
        let mut all = Self::of(&first)?;
        for dir in dirs {
            let next = Self::of(&dir)?;
            all.captures = all.captures.with_fallback(next.captures);
            all.orphans.extend(next.orphans);
            all.unnamed.extend(next.unnamed);
            all.warnings.extend(next.warnings);
        }
        Ok(all)
    }

    fn of(dir: &Path) -> Result<Self, CliError> {
        if dir.as_os_str() == BUILT_IN {
            let captures = Captures::from_paths(built_in::dir(), built_in::paths());
            return Ok(Self::split(captures.map_err(CliError::input)?));
        }
        Self::in_dir(dir)
    }

    /// Lists a directory. A file with an unexpected name never hides the others, and causes a
    /// warning.
    pub(crate) fn in_dir(dir: &Path) -> Result<Self, CliError> {
        let failed = |error: io::Error| {
            let what = format!("can't list the captures in `{}`", dir.display());
            CliError::input(error).context(what)
        };
        let (mut named, mut unnamed, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for entry in fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            if !ending.is_some_and(|ending| ENDINGS.contains(&ending)) || is_dir(&entry) {
                continue;
            }
            let is_xml = ending == Some("xml");
            if is_xml && is_document(&path) {
                continue;
            }
            match name(&path) {
                Ok(_) => named.push(path),
                Err(error) => {
                    let how = if is_xml { "ignored" } else { "identified by its content" };
                    let file = path.display();
                    warnings.push(format!("`{file}` is not named as a capture, {how}: {error}"));
                    if !is_xml {
                        unnamed.push(path);
                    }
                }
            }
        }
        unnamed.sort();
        warnings.sort();
        let captures = Captures::from_paths(dir.to_owned(), named).map_err(CliError::input)?;
        Ok(Self { unnamed, warnings, ..Self::split(captures) })
    }

    fn split(mut captures: Captures) -> Self {
        let orphans =
            captures.iter().filter(|capture| capture.recording().is_none()).cloned().collect();
        captures.retain(|capture| capture.recording().is_some());
        Self { captures, orphans, unnamed: Vec::new(), warnings: Vec::new() }
    }

    /// Warns about files that are not named as captures.
    pub(crate) fn warn(&self) {
        for warning in &self.warnings {
            say!(Warning: "{warning}");
        }
    }

    /// All conversations, sorted by name; files without a capture's name come last.
    pub(crate) fn sources(&self, by_path: bool) -> Vec<Source> {
        let named = self.captures.iter().filter_map(|capture| {
            let survey = capture.survey.clone();
            let source = Source { survey, ..Source::of_replies(capture.recording()?) };
            let id = capture.id.to_string();
            Some(if by_path { source } else { Source { name: id, ..source } })
        });
        named.chain(self.unnamed.iter().map(|path| Source::of_replies(path))).collect()
    }

    /// Prints the directories in use, for a user at a terminal.
    pub(super) fn announce(&self) {
        if io::stderr().is_terminal() {
            let dirs = self.captures.dirs().iter().map(|dir| format!("`{}`", dir.display()));
            say!(Note: "captures from {}", dirs.collect::<Vec<_>>().join(", "));
        }
    }

    /// The error for a capture that was not found, with a hint if only its description exists.
    pub(super) fn explain(&self, selector: &str, error: LocateError) -> CliError {
        let stem = selector.strip_prefix("caps_").unwrap_or(selector);
        let orphan = self.orphans.iter().find(|capture| capture.id.to_string() == stem);
        match orphan.and_then(|capture| capture.xml.as_ref()) {
            Some(xml) => CliError::usage(format!(
                "`{}` has no `{}` beside it, expected a recorded conversation",
                xml.display(),
                xml.with_extension("replies").file_name().unwrap_or_default().display()
            )),
            None => CliError::usage(error),
        }
    }
}

/// Returns whether an entry is a directory, or a link to one.
fn is_dir(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => kind.is_dir(),
        _ => entry.path().is_dir(),
    }
}

fn name(path: &Path) -> Result<CaptureId, ParseCaptureIdError> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.ok_or(ParseCaptureIdError::Encoding).and_then(CaptureId::from_file_stem)
}

/// The default data directory, as the macros find it: from the environment, or the nearest upwards.
fn default_dir() -> Result<PathBuf, CliError> {
    // An empty variable counts as unset.
    if let Some(dir) = env::var_os(SearchDir::VARIABLE).filter(|dir| !dir.is_empty()) {
        return Ok(dir.into());
    }
    let here = env::current_dir()
        .map_err(|error| CliError::input(error).context("can't determine the current directory"))?;
    Ok(SearchDir::of_package(&here).find().unwrap_or_else(|_| BUILT_IN.into()))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes the files that it lists")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn directories_are_no_captures_whatever_their_names_are() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = |version: &str| dir.path().join(format!("caps_{version}_x86_64.replies"));
        fs::write(path("9.0.0"), "").expect("a file");
        symlink(path("9.0.0"), path("9.1.0")).expect("a link");
        fs::create_dir(path("10.0.0")).expect("a directory");
        symlink(path("10.0.0"), path("10.1.0")).expect("a link");
        let data = Data::in_dir(dir.path()).expect("a directory");
        let names: Vec<String> =
            data.sources(false).into_iter().map(|source| source.name).collect();
        assert_eq!(names, ["9.0.0_x86_64", "9.1.0_x86_64"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_directory_is_known_without_its_path() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::create_dir(dir.path().join("caps_10.0.0_x86_64.replies")).expect("a directory");
        // With its name, a path of this length is longer than Linux allows.
        let mut path = dir.path().as_os_str().to_owned();
        while path.len() < 4080 {
            path.push("/.");
        }
        let data = Data::in_dir(Path::new(&path)).expect("a directory");
        assert!(data.sources(false).is_empty());
    }
}
