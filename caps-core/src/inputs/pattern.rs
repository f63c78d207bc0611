use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fs, io};

use glob::{MatchOptions, Pattern, PatternError};
use thiserror::Error;

/// `*` stays within a directory and does not match hidden files.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A glob pattern for input files, as defined by the `glob` crate, relative to the package.
///
/// ```
/// use caps_core::inputs::FilePattern;
///
/// let pattern: FilePattern = "vms/**/*.json".parse()?;
/// assert_eq!(pattern.base(), "vms");
/// # Ok::<(), caps_core::inputs::ParseFilePatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    pattern: Pattern,
    base: String,
}

/// The text is not a pattern for input files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseFilePatternError {
    /// The text is empty.
    #[error("an empty pattern, expected one such as `vms/*.json`")]
    Empty,
    /// The pattern is an absolute path.
    #[error("the pattern `{0}` is absolute, expected one relative to the package's directory")]
    Absolute(String),
    /// The pattern is not a valid glob.
    #[error("`{pattern}` is not a pattern: {message}, at byte {at}")]
    Malformed {
        /// The pattern.
        pattern: String,
        /// The problem, in the words of the `glob` crate.
        message: &'static str,
        /// The byte offset of the problem.
        at: usize,
    },
}

/// The files of a pattern could not be listed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ListFilesError {
    /// Listing a directory failed.
    #[error("can't list the input files in `{}`: {source}", path.display())]
    List {
        /// The directory.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A name is not UTF-8, so it is undecidable whether the pattern matches.
    #[error(
        "`{}` has a name that is not UTF-8, expected no such file beside input files",
        escaped(path)
    )]
    Encoding {
        /// The path.
        path: PathBuf,
    },
}

fn escaped(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

/// A file that matches a pattern.
///
/// Paths are relative to the package, with `/` between their parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct InputPath {
    /// The file's name in tests: its path below the pattern's base, without the extension.
    pub name: String,
    /// The path, relative to the package.
    pub path: String,
}

impl FromStr for FilePattern {
    type Err = ParseFilePatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(ParseFilePatternError::Empty);
        }
        if text.starts_with('/') {
            return Err(ParseFilePatternError::Absolute(text.to_owned()));
        }
        let text = text.strip_prefix("./").unwrap_or(text);
        let pattern = Pattern::new(text).map_err(|PatternError { pos, msg }| {
            ParseFilePatternError::Malformed { pattern: text.to_owned(), message: msg, at: pos }
        })?;
        Ok(Self { base: base(text).to_owned(), pattern })
    }
}

/// The directories before the first component with a wildcard, never the file itself.
fn base(pattern: &str) -> &str {
    let fixed = &pattern[..pattern.find(['*', '?', '[']).unwrap_or(pattern.len())];
    fixed.rfind('/').map_or("", |at| &fixed[..at])
}

impl FilePattern {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        self.pattern.as_str()
    }

    /// The directory that the pattern starts from, relative to the package. File names are relative
    /// to it, so that they don't depend on which other files exist.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Returns whether the pattern matches the file, by its path in the package or below `base`.
    pub fn matches(&self, file: &InputPath) -> bool {
        let directories = file.path.rsplit_once('/').map_or(0, |(start, _)| start.len() + 1);
        let depth = file.name.matches('/').count();
        let below = file.path.rmatch_indices('/').nth(depth).map_or(0, |(at, _)| at + 1);
        [&file.path, &file.path[below..], &file.path[directories..]]
            .iter()
            .any(|path| self.pattern.matches_with(path, OPTIONS))
    }

    /// Lists the matching files, sorted. Skips directories, and hidden files unless the pattern
    /// spells out their dot. `**` does not follow symbolic links to directories.
    ///
    /// # Errors
    ///
    /// Fails if a directory can't be listed or contains a candidate whose name is not UTF-8.
    pub fn files(&self, package: &Path) -> Result<Vec<InputPath>, ListFilesError> {
        let rest = self.pattern.as_str().strip_prefix(&self.base).unwrap_or_default();
        let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
        let mut files = Vec::new();
        self.walk(package, &self.base, &parts, &mut files)?;
        files.sort();
        Ok(files)
    }

    /// Lists the files in a directory that match the remaining components of the pattern.
    fn walk(
        &self,
        package: &Path,
        dir: &str,
        parts: &[&str],
        files: &mut Vec<InputPath>,
    ) -> Result<(), ListFilesError> {
        let any_depth = parts.first() == Some(&"**");
        // `*.*` contains a dot, but not one that matches hidden files.
        let is_hidden = |name: &str, part: Option<&&str>| {
            name.starts_with('.') && !part.is_some_and(|part| part.starts_with('.'))
        };
        for (name, path) in names(&package.join(dir))? {
            let relative = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
            if path.is_dir() {
                let is_part = |part: &&str| {
                    Pattern::new(part).is_ok_and(|part| part.matches_with(&name, OPTIONS))
                };
                if is_hidden(&name, parts.first()) {
                    continue;
                }
                if any_depth {
                    if !path.is_symlink() {
                        self.walk(package, &relative, parts, files)?;
                    }
                } else if parts.len() > 1 && parts.first().is_some_and(is_part) {
                    self.walk(package, &relative, &parts[1..], files)?;
                }
            } else if !is_hidden(&name, parts.last())
                && self.pattern.matches_with(&relative, OPTIONS)
                && path.is_file()
            {
                files.push(InputPath { name: self.name(&relative), path: relative });
            }
        }
        Ok(())
    }

    fn name(&self, path: &str) -> String {
        let below = path.strip_prefix(&self.base).unwrap_or(path).trim_start_matches('/');
        let file = below.rfind('/').map_or(0, |at| at + 1);
        // The dot of a hidden file does not start an extension.
        let end = below[file..].rfind('.').filter(|&at| at > 0).map(|at| file + at);
        below[..end.unwrap_or(below.len())].to_owned()
    }
}

/// The names in a directory with their paths; empty if the directory does not exist. Skipping a
/// name that is not UTF-8 would silently lose a test.
fn names(dir: &Path) -> Result<Vec<(String, PathBuf)>, ListFilesError> {
    let list_error = |source| ListFilesError::List { path: dir.to_owned(), source };
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(list_error(source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let path = entry.map_err(list_error)?.path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) => names.push((name.to_owned(), path)),
            None => return Err(ListFilesError::Encoding { path }),
        }
    }
    Ok(names)
}

/// Lists the files that match any of the patterns, without duplicates, sorted by name.
///
/// # Errors
///
/// Fails as [`FilePattern::files`] does.
pub fn discover(
    patterns: &[FilePattern],
    package: &Path,
) -> Result<Vec<InputPath>, ListFilesError> {
    let mut paths = BTreeSet::new();
    let mut files = Vec::new();
    for pattern in patterns {
        for file in pattern.files(package)? {
            if paths.insert(file.path.clone()) {
                files.push(file);
            }
        }
    }
    files.sort();
    Ok(files)
}
