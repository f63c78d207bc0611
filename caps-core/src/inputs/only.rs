use std::fmt;

use thiserror::Error;

use super::pattern::{FilePattern, InputPath, ParseFilePatternError};
use crate::arch::Arch;
use crate::capture::{CaptureId, ParsePickError, Pick};
use crate::names::UnknownName;

/// Which captures some of the input files go with: `only("*.s390x.json" = ["s390x", ">=10"])`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    files: FilePattern,
    arches: Vec<Arch>,
    versions: Vec<Pick>,
}

/// A text says neither files nor captures.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseOnlyError {
    /// The files are no pattern.
    #[error(transparent)]
    Pattern(#[from] ParseFilePatternError),
    /// An architecture that is none.
    #[error(transparent)]
    Arch(#[from] UnknownName),
    /// A version or a range that is none.
    #[error(transparent)]
    Version(#[from] ParsePickError),
}

impl Only {
    /// Reads a pattern of files, and the architectures, versions and ranges that its files go with. A
    /// capture must have one of the architectures, if there are any, and one of the versions.
    ///
    /// # Errors
    ///
    /// When one of the texts is not what it should be.
    pub fn parse<S: AsRef<str>>(files: &str, captures: &[S]) -> Result<Self, ParseOnlyError> {
        let mut only = Self { files: files.parse()?, arches: Vec::new(), versions: Vec::new() };
        for text in captures.iter().map(AsRef::as_ref) {
            if Pick::is_version_or_range(text) {
                only.versions.push(Pick::from_version_or_range(text)?);
            } else {
                only.arches.push(text.parse()?);
            }
        }
        Ok(only)
    }

    /// The pattern of files.
    pub fn files(&self) -> &FilePattern {
        &self.files
    }

    /// Does the file go with the capture? Files that the pattern does not match go with all.
    pub fn allows(&self, file: &InputPath, id: &CaptureId) -> bool {
        let has_arch = self.arches.is_empty() || self.arches.contains(&id.arch);
        let has_version =
            self.versions.is_empty() || self.versions.iter().any(|pick| pick.contains(id.version));
        !self.files.matches(file) || (has_arch && has_version)
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.files.as_str())
    }
}
