use std::fmt;
use std::str::FromStr;

use semver::VersionReq;
use thiserror::Error;

use super::label::Label;
use crate::nearest::{hint, nearest};
use crate::version::{ParseVersionError, Version};

/// Selects versions within a group of captures.
///
/// ```
/// use caps_core::capture::Pick;
///
/// assert_eq!("latest(3)".parse(), Ok(Pick::Latest(3)));
/// assert_eq!(">=8.2, <10".parse::<Pick>()?.to_string(), ">=8.2, <10");
/// # Ok::<(), caps_core::capture::ParsePickError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pick {
    /// The given number of newest versions.
    Latest(usize),
    /// The oldest version.
    Oldest,
    /// Every version.
    All,
    /// Exactly this version.
    Exact(Version),
    /// The versions that match a semver requirement.
    Range(VersionReq),
}

impl Pick {
    /// The keywords; anything else is a version or a range.
    pub const WORDS: [&'static str; 3] = ["latest", "oldest", "all"];

    /// The label under which a version is selected within its group, if it is. The group has
    /// `from_oldest` older and `from_newest` newer captures.
    pub fn label(&self, version: Version, from_oldest: usize, from_newest: usize) -> Option<Label> {
        match self {
            Self::Latest(count) => (from_newest < *count).then_some(Label::Latest(from_newest)),
            Self::Oldest => (from_oldest == 0).then_some(Label::Oldest),
            Self::All => Some(Label::Version(version)),
            Self::Exact(exact) => (*exact == version).then_some(Label::Version(version)),
            Self::Range(range) => {
                let [major, minor, micro] =
                    [version.major(), version.minor(), version.micro()].map(u64::from);
                range
                    .matches(&semver::Version::new(major, minor, micro))
                    .then_some(Label::Version(version))
            }
        }
    }

    /// Returns whether this is a version or range that includes `version`.
    pub(crate) fn contains(&self, version: Version) -> bool {
        self.label(version, 0, 0).is_some()
    }

    /// Returns whether the text starts like a version or a range. No architecture's name does.
    pub fn is_version_or_range(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_digit() || "<>=^~*, ".contains(c))
    }

    /// Parses a version such as `9.2.0` or a range such as `>=8.2, <10`.
    ///
    /// # Errors
    ///
    /// Fails if the text is neither, or an incomplete version.
    pub fn from_version_or_range(text: &str) -> Result<Self, ParsePickError> {
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            let numbers: Vec<&str> = text.split('.').collect();
            if numbers.len() < 3 && numbers.iter().all(|number| !number.is_empty()) {
                return Err(ParsePickError::ambiguous(text, &numbers));
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
                Err(ParsePickError::Range { text: text.to_owned(), message: error.to_string() })
            }
        }
    }
}

/// The text does not select versions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParsePickError {
    /// An unknown keyword.
    #[error("unknown selector `{word}`, expected {EXPECTED}{}", hint(.nearest.as_deref()))]
    Word {
        /// The word.
        word: String,
        /// The most similar keyword.
        nearest: Option<&'static str>,
    },
    /// `latest(0)`, or a count that is not a number.
    #[error("`latest({0})` selects nothing, expected a number of captures, at least 1")]
    Count(String),
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

/// The possible selectors, for messages.
const EXPECTED: &str =
    "`latest`, `latest(N)`, `oldest`, `all`, a version as \"9.2.0\" or a range as \">=8.2, <10\"";

impl ParsePickError {
    /// A list of the possible selectors for the end of a message.
    pub const EXPECTED: &'static str = EXPECTED;

    /// The error for an unknown keyword.
    pub fn unknown_word(word: &str) -> Self {
        Self::Word { word: word.to_owned(), nearest: nearest(word, Pick::WORDS) }
    }

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

impl FromStr for Pick {
    type Err = ParsePickError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "latest" => return Ok(Self::Latest(1)),
            "oldest" => return Ok(Self::Oldest),
            "all" => return Ok(Self::All),
            _ => {}
        }
        if let Some(count) = text.strip_prefix("latest(").and_then(|rest| rest.strip_suffix(')')) {
            return match count.trim().parse() {
                Ok(count) if count > 0 => Ok(Self::Latest(count)),
                _ => Err(ParsePickError::Count(count.to_owned())),
            };
        }
        if text.starts_with(|c: char| c.is_alphabetic()) {
            return Err(ParsePickError::unknown_word(text));
        }
        Self::from_version_or_range(text)
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest(1) => f.pad("latest"),
            Self::Latest(count) => f.pad(&format!("latest({count})")),
            Self::Oldest => f.pad("oldest"),
            Self::All => f.pad("all"),
            Self::Exact(version) => f.pad(&version.to_string()),
            Self::Range(range) => f.pad(&range.to_string()),
        }
    }
}
