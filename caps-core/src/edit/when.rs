use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::apply::Subject;
use super::{Edit, EditError};
use crate::arch::Arch;
use crate::capture::Variant;
use crate::qapi::{Query, Schema, SchemaError};
use crate::version::Version;

/// The captures in which an edit is made: those that fit all that is given.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct When {
    /// The versions that captures are labelled with; `None` for any.
    pub versions: Option<Versions>,
    /// The architectures; none given for any.
    pub arches: Vec<Arch>,
    /// The capture variants; none given for any.
    pub variants: Vec<Variant>,
    /// Queries that must hold in the schema, all of them.
    pub schema: Vec<Query>,
    /// Queries that must not hold in the schema, none of them.
    pub without_schema: Vec<Query>,
}

impl When {
    pub(super) fn holds(&self, edit: &Edit, subject: &Subject<'_>) -> Result<bool, EditError> {
        if self.versions.is_some() || !self.arches.is_empty() || !self.variants.is_empty() {
            let nameless = || EditError::Nameless { edit: edit.to_string() };
            let id = subject.id.ok_or_else(nameless)?;
            let version = self.versions.as_ref().is_none_or(|v| v.contains(id.version));
            let arch = self.arches.is_empty() || self.arches.contains(&id.arch);
            let variant = self.variants.is_empty() || self.variants.contains(&id.variant);
            if !(version && arch && variant) {
                return Ok(false);
            }
        }
        let Some(query) = self.schema.first().or(self.without_schema.first()) else {
            return Ok(true);
        };
        let schema = match Schema::from_conversation(subject.conversation) {
            Ok(schema) => schema,
            // In a capture without schema no query holds.
            Err(SchemaError::NotAsked) => return Ok(self.schema.is_empty()),
            Err(source) => return Err(EditError::Schema { query: query.to_string(), source }),
        };
        Ok(self.schema.iter().all(|query| schema.holds(query))
            && !self.without_schema.iter().any(|query| schema.holds(query)))
    }
}

/// Versions: one, or a range such as `>=8.2, <10`.
///
/// ```
/// use caps_core::edit::Versions;
///
/// let old: Versions = ">=8.2, <10".parse()?;
/// assert!(old.contains("9.2.0".parse()?) && !old.contains("10.0.0".parse()?));
/// let one: Versions = "9.2.0".parse()?;
/// assert!(!one.contains("9.2.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions(Inner);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inner {
    One(Version),
    Range(semver::VersionReq),
}

impl Versions {
    /// Is the version one of them?
    pub fn contains(&self, version: Version) -> bool {
        match &self.0 {
            Inner::One(one) => *one == version,
            Inner::Range(range) => {
                let [major, minor, micro] =
                    [version.major, version.minor, version.micro].map(u64::from);
                range.matches(&semver::Version::new(major, minor, micro))
            }
        }
    }
}

/// A text is neither a version nor a range of versions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a version or range of versions, expected one such as `9.2.0` or `>=8.2, <10`"
)]
pub struct ParseVersionsError {
    text: String,
}

impl FromStr for Versions {
    type Err = ParseVersionsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(version) = text.parse() {
            return Ok(Self(Inner::One(version)));
        }
        // A range says so: a bare `9.2` would silently mean "9.2 and compatible".
        let operators =
            text.split(',').all(|part| part.trim().starts_with(['<', '>', '=', '^', '~']));
        let error = || ParseVersionsError { text: text.to_owned() };
        if !operators {
            return Err(error());
        }
        semver::VersionReq::parse(text).map(|range| Self(Inner::Range(range))).map_err(|_| error())
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::One(version) => version.fmt(f),
            Inner::Range(range) => range.fmt(f),
        }
    }
}
