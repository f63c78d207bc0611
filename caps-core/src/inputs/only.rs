use std::fmt;

use thiserror::Error;

use super::pattern::{FilePattern, InputPath, ParseFilePatternError};
use crate::arch::Arch;
use crate::capture::{CaptureId, ParseVersionsError, Versions};
use crate::names::UnknownName;

/// Restricts some input files to some captures: `only("*.s390x.json" = ["s390x", ">=10"])`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    files: FilePattern,
    arches: Vec<Arch>,
    versions: Vec<Versions>,
}

/// The restriction is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseOnlyError {
    /// The file pattern is malformed.
    #[error(transparent)]
    Pattern(#[from] ParseFilePatternError),
    /// An unknown architecture.
    #[error(transparent)]
    Arch(#[from] UnknownName),
    /// A malformed version or range.
    #[error(transparent)]
    Version(#[from] ParseVersionsError),
}

impl Only {
    /// Parses a file pattern and the architectures, versions and ranges that its files apply to. A
    /// capture must have one of the architectures, if any are given, and one of the versions.
    ///
    /// # Errors
    ///
    /// Fails if the pattern or an item is malformed.
    pub fn parse<S: AsRef<str>>(files: &str, captures: &[S]) -> Result<Self, ParseOnlyError> {
        let mut only = Self { files: files.parse()?, arches: Vec::new(), versions: Vec::new() };
        for text in captures.iter().map(AsRef::as_ref) {
            if Versions::is_meant(text) {
                only.versions.push(text.parse()?);
            } else {
                only.arches.push(text.parse()?);
            }
        }
        Ok(only)
    }

    /// The file pattern.
    pub fn files(&self) -> &FilePattern {
        &self.files
    }

    /// Returns whether the file applies to the capture. Files that the pattern does not match apply
    /// to all captures.
    pub fn allows(&self, file: &InputPath, id: &CaptureId) -> bool {
        let has_arch = self.arches.is_empty() || self.arches.contains(&id.arch);
        let has_version =
            self.versions.is_empty() || self.versions.iter().any(|one| one.contains(id.version));
        !self.files.matches(file) || (has_arch && has_version)
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.files.as_str())
    }
}
