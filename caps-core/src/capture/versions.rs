use std::fmt;
use std::str::FromStr;

use semver::VersionReq;
use thiserror::Error;

use crate::version::{ParseVersionError, Version};

/// A version, or a range such as `>=8.2, <10`.
///
/// ```
/// use caps_core::capture::Versions;
///
/// let old: Versions = ">=8.2, <10".parse()?;
/// assert!(old.contains("9.2.0".parse()?) && !old.contains("10.0.0".parse()?));
/// let one: Versions = "9.2.0".parse()?;
/// assert!(!one.contains("9.2.1".parse()?));
/// let error = "9.2".parse::<Versions>().expect_err("neither");
/// assert_eq!(
///     error.to_string(),
///     "`9.2` can be a version or a range, write \"9.2.0\" or \">=9.2, <9.3\""
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Versions {
    /// Exactly this version.
    Exact(Version),
    /// The versions that match a semver requirement.
    Range(VersionReq),
}

impl Versions {
    /// Returns whether the version is included.
    pub fn contains(&self, version: Version) -> bool {
        match self {
            Self::Exact(exact) => *exact == version,
            Self::Range(range) => {
                let [major, minor, micro] =
                    [version.major(), version.minor(), version.micro()].map(u64::from);
                range.matches(&semver::Version::new(major, minor, micro))
            }
        }
    }

    /// Returns whether the text starts like a version or a range. No architecture's name does.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_digit() || "<>=^~*, ".contains(c))
    }
}

/// The text is neither a version nor a range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseVersionsError {
    /// A version with fewer than three numbers.
    #[error("`{text}` can be a version or a range, write \"{exact}\" or \"{range}\"")]
    Ambiguous {
        /// The text as given.
        text: String,
        /// The version it could be.
        exact: String,
        /// The range it could be.
        range: String,
    },
    /// A malformed version.
    #[error(transparent)]
    Version(#[from] ParseVersionError),
    /// A malformed range.
    #[error("`{text}` is not a range of versions: {message}")]
    Range {
        /// The range as given.
        text: String,
        /// The problem, in semver's words.
        message: String,
    },
}

impl ParseVersionsError {
    fn ambiguous(text: &str, numbers: &[&str]) -> Self {
        let next = |number: &str| number.parse::<u32>().unwrap_or(0).saturating_add(1);
        let (exact, end) = match *numbers {
            [major, minor] => (format!("{text}.0"), format!("{major}.{}", next(minor))),
            [major, ..] => (format!("{text}.0.0"), next(major).to_string()),
            [] => (String::new(), String::new()),
        };
        Self::Ambiguous { text: text.to_owned(), exact, range: format!(">={text}, <{end}") }
    }
}

impl FromStr for Versions {
    type Err = ParseVersionsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            let numbers: Vec<&str> = text.split('.').collect();
            if numbers.len() < 3 && numbers.iter().all(|number| !number.is_empty()) {
                return Err(ParseVersionsError::ambiguous(text, &numbers));
            }
            return Ok(Self::Exact(text.parse()?));
        }
        match VersionReq::parse(text) {
            // A QEMU version has three numbers; `10.0.0-rc1` is neither a version nor a range.
            Ok(range) if range.comparators.iter().any(|one| !one.pre.is_empty()) => {
                Ok(Self::Exact(text.parse()?))
            }
            Ok(range) => Ok(Self::Range(range)),
            Err(error) => {
                Err(ParseVersionsError::Range { text: text.to_owned(), message: error.to_string() })
            }
        }
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(version) => version.fmt(f),
            Self::Range(range) => f.pad(&range.to_string()),
        }
    }
}
