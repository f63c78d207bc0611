use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::label::Label;
use super::versions::{ParseVersionsError, Versions};
use crate::nearest::{hint, nearest};
use crate::version::Version;

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
    /// This version, or those of a range.
    Versions(Versions),
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
            Self::Versions(versions) => {
                versions.contains(version).then_some(Label::Version(version))
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
    /// A malformed version or range.
    #[error(transparent)]
    Versions(#[from] ParseVersionsError),
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
        Ok(Self::Versions(text.parse()?))
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest(1) => f.pad("latest"),
            Self::Latest(count) => f.pad(&format!("latest({count})")),
            Self::Oldest => f.pad("oldest"),
            Self::All => f.pad("all"),
            Self::Versions(versions) => versions.fmt(f),
        }
    }
}
