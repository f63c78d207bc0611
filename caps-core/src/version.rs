//! QEMU versions.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A QEMU version with three components, compared numerically: 10.0.0 is newer than 9.2.0.
///
/// ```
/// use caps_core::Version;
///
/// let old: Version = "9.2.0".parse()?;
/// let new: Version = "10.0.0".parse()?;
/// assert!(old < new);
/// assert_eq!(new.number(), 10_000_000);
/// # Ok::<(), caps_core::version::ParseVersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The packed form keeps the version `Copy` and every `u32` valid.
    number: u32,
}

const MAJOR: u32 = 1_000_000;
const MINOR: u32 = 1000;
/// The largest minor and micro number that libvirt's packed number can hold.
const MAX_PART: u32 = 999;

impl Version {
    /// 0.0.0, which stands for an unknown version.
    pub const UNKNOWN: Self = Self { number: 0 };

    /// Creates a version; `None` if the components don't fit into [`Version::number`].
    ///
    /// ```
    /// use caps_core::Version;
    ///
    /// assert_eq!(Version::new(10, 0, 1).map(Version::minor), Some(0));
    /// assert_eq!(Version::new(10, 1000, 0), None);
    /// ```
    pub const fn new(major: u32, minor: u32, micro: u32) -> Option<Self> {
        if minor > MAX_PART || micro > MAX_PART {
            return None;
        }
        let Some(number) = major.checked_mul(MAJOR) else { return None };
        match number.checked_add(minor * MINOR + micro) {
            Some(number) => Some(Self { number }),
            None => None,
        }
    }

    /// The major number.
    pub const fn major(self) -> u32 {
        self.number / MAJOR
    }

    /// The minor number, at most 999.
    pub const fn minor(self) -> u32 {
        self.number / MINOR % MINOR
    }

    /// The micro number, at most 999.
    pub const fn micro(self) -> u32 {
        self.number % MINOR
    }

    /// libvirt's packed number: major * 1000000 + minor * 1000 + micro.
    pub const fn number(self) -> u32 {
        self.number
    }

    /// The inverse of [`Version::number`].
    pub const fn from_number(number: u32) -> Self {
        Self { number }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}.{}", self.major(), self.minor(), self.micro()))
    }
}

/// The text is not a version such as `10.0.0`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a version, expected MAJOR.MINOR.MICRO with numbers of at most {MAX_PART}")]
pub struct ParseVersionError {
    text: String,
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |part: Option<&str>| {
            // Versions appear in file names, so each must have exactly one spelling.
            part.filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
                .filter(|part| *part == "0" || !part.starts_with('0'))
                .and_then(|part| part.parse().ok())
        };
        let mut parts = text.split('.');
        match (number(parts.next()), number(parts.next()), number(parts.next()), parts.next()) {
            (Some(major), Some(minor), Some(micro), None) => Self::new(major, minor, micro),
            _ => None,
        }
        .ok_or_else(|| ParseVersionError { text: text.to_owned() })
    }
}

crate::names::serde_by_name!(Version);

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_three_numbers_and_nothing_else() {
        for text in ["0.0.0", "6.2.0", "10.0.0", "11.1.3", "9.2.50", "4294.967.295"] {
            assert_eq!(text.parse::<Version>().expect(text).to_string(), text);
        }
        for text in [
            "",
            "9",
            "9.2",
            "9.2.0.1",
            "9.2.x",
            "+9.2.0",
            "9.2.1000",
            "9. 2.0",
            "09.2.0",
            "9.02.0",
            "5000.0.0",
            "4294.999.0",
            "4294.967.296",
            "4294967296.0.0",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn pads() {
        assert_eq!(format!("{:>8}", Version::from_number(9_002_000)), "   9.2.0");
    }

    #[test]
    fn orders_by_number() {
        let mut versions: Vec<Version> = ["10.10.0", "9.2.0", "10.0.0", "10.9.1", "9.10.0"]
            .map(|v| v.parse().expect(v))
            .to_vec();
        versions.sort();
        let sorted: Vec<String> = versions.iter().map(ToString::to_string).collect();
        assert_eq!(sorted, ["9.2.0", "9.10.0", "10.0.0", "10.9.1", "10.10.0"]);
        for version in versions {
            assert_eq!(Version::from_number(version.number()), version);
        }
    }
}
