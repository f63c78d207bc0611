use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::arch::Arch;
use crate::names::UnknownName;
use crate::version::{ParseVersionError, Version};

const PREFIX: &str = "caps_";

/// A capture variant: the part of a name from `+` to the extension, as in `+hvf` or `+amdsev`.
/// Plain captures have the empty variant.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureVariant(String);

impl CaptureVariant {
    /// The variant with its leading `+`, or the empty string for a plain capture.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is the variant of plain captures.
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for CaptureVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for CaptureVariant {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for CaptureVariant {
    type Err = ParseCaptureIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_prefix('+');
        if text.is_empty() || name.is_some_and(|name| !name.is_empty() && !has_separator(name)) {
            return Ok(Self(text.to_owned()));
        }
        Err(ParseCaptureIdError::Variant(text.to_owned()))
    }
}

/// A dot would end the variant, a slash the file name.
fn has_separator(name: &str) -> bool {
    name.contains(['.', '/', '\0'])
}

/// The identity of a capture: version, architecture and variant.
///
/// Captures are ordered by architecture, then variant (plain first), then version.
///
/// ```
/// use caps_core::capture::CaptureId;
///
/// let id = CaptureId::from_file_stem("caps_9.2.0_aarch64+hvf")?;
/// assert_eq!(id.to_string(), "9.2.0_aarch64+hvf");
/// assert_eq!(id.arch.name(), "aarch64");
/// assert_eq!(id.variant.as_str(), "+hvf");
/// assert_eq!("9.2.0_aarch64+hvf".parse(), Ok(id));
/// # Ok::<(), caps_core::capture::ParseCaptureIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaptureId {
    /// The version in the file name.
    pub version: Version,
    /// The guest architecture.
    pub arch: Arch,
    /// The capture variant.
    pub variant: CaptureVariant,
}

impl CaptureId {
    /// Parses a file name without its extension, such as `caps_10.0.0_x86_64`.
    ///
    /// # Errors
    ///
    /// Fails if the name does not have the form `caps_VERSION_ARCH[+VARIANT]`.
    pub fn from_file_stem(stem: &str) -> Result<Self, ParseCaptureIdError> {
        stem.strip_prefix(PREFIX).ok_or(ParseCaptureIdError::Prefix)?.parse()
    }

    /// The file name without its extension.
    pub fn file_stem(&self) -> String {
        format!("{PREFIX}{self}")
    }

    /// The architecture and variant. Captures that agree in both compete for being the latest.
    pub fn group(&self) -> (Arch, &CaptureVariant) {
        (self.arch, &self.variant)
    }
}

impl fmt::Display for CaptureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}_{}{}", self.version, self.arch, self.variant))
    }
}

impl Ord for CaptureId {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.arch, &self.variant, self.version).cmp(&(other.arch, &other.variant, other.version))
    }
}

impl PartialOrd for CaptureId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The text is not the name of a capture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseCaptureIdError {
    /// The file name has another prefix.
    #[error("expected a name that begins with `caps_`")]
    Prefix,
    /// The file name is not UTF-8.
    #[error("expected a name in UTF-8")]
    Encoding,
    /// There is no underscore after the version.
    #[error("expected VERSION_ARCH[+VARIANT], found no `_` in `{0}`")]
    NoArch(String),
    /// The part before the first underscore is not a version.
    #[error(transparent)]
    Version(#[from] ParseVersionError),
    /// The part after it is not an architecture.
    #[error(transparent)]
    Arch(#[from] UnknownName),
    /// The part from the `+` on is not a variant.
    #[error("`{0}` is not a capture variant, expected `+` and a name without dots")]
    Variant(String),
}

impl FromStr for CaptureId {
    type Err = ParseCaptureIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (version, rest) =
            text.split_once('_').ok_or_else(|| ParseCaptureIdError::NoArch(text.to_owned()))?;
        // Architectures contain underscores and variants contain pluses, so the first of each counts.
        let (arch, variant) = rest.split_at(rest.find('+').unwrap_or(rest.len()));
        Ok(Self { version: version.parse()?, arch: arch.parse()?, variant: variant.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::CaptureId;

    #[test]
    fn names_read_and_print() {
        for name in ["caps_6.2.0_ppc64", "caps_10.0.0_x86_64+amdsev", "caps_9.2.0_aarch64+a b"] {
            assert_eq!(CaptureId::from_file_stem(name).expect(name).file_stem(), name);
        }
        for (name, message) in [
            ("cap_6.2.0_ppc64", "expected a name that begins with `caps_`"),
            ("caps_6.2.0", "expected VERSION_ARCH[+VARIANT], found no `_` in `6.2.0`"),
            (
                "caps_6.2_ppc64",
                "`6.2` is not a version, expected MAJOR.MINOR.MICRO with numbers of at most 999",
            ),
            (
                "caps_6.2.0_x86-64",
                "`x86-64` is not an architecture that libvirt knows, did you mean `x86_64`?",
            ),
            (
                "caps_6.2.0_ppc64+a.b",
                "`+a.b` is not a capture variant, expected `+` and a name without dots",
            ),
            (
                "caps_6.2.0_ppc64+",
                "`+` is not a capture variant, expected `+` and a name without dots",
            ),
        ] {
            assert_eq!(CaptureId::from_file_stem(name).expect_err(name).to_string(), message);
        }
    }
}
