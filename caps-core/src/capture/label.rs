use std::fmt;

use crate::version::Version;

/// How a capture was selected. Labels other than a version stay stable when a newer capture is
/// added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Label {
    /// The newest of its group (0), the one before it (1), and so on.
    Latest(usize),
    /// The oldest of its group.
    Oldest,
    /// A version requested explicitly or by a range.
    Version(Version),
}

impl Label {
    /// The label in the name of a test: `latest`, `latest_minus_1`, `oldest` or `v9_2_0`.
    pub fn test_name(self) -> String {
        match self {
            Self::Latest(0) => "latest".to_owned(),
            Self::Latest(steps) => format!("latest_minus_{steps}"),
            Self::Oldest => "oldest".to_owned(),
            Self::Version(version) => {
                format!("v{}_{}_{}", version.major(), version.minor(), version.micro())
            }
        }
    }

    /// Returns whether the label hides the version, so that names derived from it must not depend
    /// on the version.
    pub fn is_relative(self) -> bool {
        !matches!(self, Self::Version(_))
    }
}

/// The label in the names of golden files: `latest`, `latest-1`, `oldest` or `9.2.0`.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest(0) => f.pad("latest"),
            Self::Latest(steps) => f.pad(&format!("latest-{steps}")),
            Self::Oldest => f.pad("oldest"),
            Self::Version(version) => f.pad(&version.to_string()),
        }
    }
}
