use std::fmt;

use crate::version::Version;

/// What a capture was selected as. Labels other than a version stay what they are when a newer
/// capture is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Label {
    /// The newest of its group (0), the one before it (1), and so on.
    Latest(usize),
    /// The oldest of its group.
    Oldest,
    /// A version that was asked for.
    Version(Version),
}

impl Label {
    /// The end of a test's name: `latest`, `latest_minus_1`, `oldest` or `v9_2_0`.
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

    /// The label says nothing of the version, so that nothing that it names may depend on it.
    pub fn is_relative(self) -> bool {
        !matches!(self, Self::Version(_))
    }
}

/// As in the names of golden files: `latest`, `latest-1`, `oldest` or `9.2.0`.
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
