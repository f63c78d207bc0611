use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What is done about the use of a deprecated or unstable command, member or value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Nothing.
    Allow,
    /// It is told, and does not make the command invalid.
    #[default]
    Warn,
    /// It makes the command invalid.
    Deny,
}

/// Whose rules decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Rules {
    /// QEMU's own: what its input visitor accepts.
    #[default]
    Qemu,
    /// Those of libvirt's test suite: any number is an integer, an alternate is whatever one of its
    /// types accepts, variants of variants are not looked at, `unstable` is always an error and
    /// `deprecated` is one unless [`Policy::deprecated`] is something else than [`Level::Deny`].
    Libvirt,
}

/// What counts as a problem. The default is what QEMU itself refuses, with warnings about what is
/// deprecated or unstable.
///
/// ```
/// use caps_core::validate::{Exception, Level, Policy};
///
/// let mut policy = Policy::default();
/// policy.deprecated = Level::Deny;
/// policy.exceptions.push(Exception::new("migrate:arguments.blk", "old hosts need it")?);
/// # Ok::<(), caps_core::validate::ParseExceptionError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Policy {
    /// Whose rules decide.
    pub rules: Rules,
    /// Use of what is deprecated.
    pub deprecated: Level,
    /// Use of what is unstable.
    pub unstable: Level,
    /// Where deprecated and unstable things may be used all the same.
    pub exceptions: Vec<Exception>,
    /// Commands that the schema need not have, such as a vendor's own. They are not checked.
    pub vendor: BTreeSet<String>,
    /// A command that the schema does not have is no problem (libvirt's `allowRemoved`).
    pub allow_removed: bool,
    /// A member that the schema does not have is no problem (libvirt's `allowIncomplete`).
    pub allow_incomplete: bool,
}

impl Policy {
    /// libvirt's rules, as its tests use them: nothing deprecated, nothing unstable.
    pub fn libvirt() -> Self {
        Self {
            rules: Rules::Libvirt,
            deprecated: Level::Deny,
            unstable: Level::Deny,
            ..Self::default()
        }
    }

    /// The exception that covers a place in a command.
    pub(crate) fn exception(&self, command: &str, path: &str) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.covers(command, path))
    }
}

/// A place where deprecated or unstable things may be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exception {
    /// `None` for all commands.
    command: Option<String>,
    /// Empty for the whole command.
    path: String,
    reason: String,
}

/// A text is not an exception.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseExceptionError {
    /// The place is malformed.
    #[error(
        "`{0}` is not a place, expected COMMAND, COMMAND:PATH or *:PATH with a PATH such as `arguments.file.aio`"
    )]
    Place(String),
    /// There is no reason.
    #[error("the exception for `{0}` has no reason")]
    NoReason(String),
}

impl Exception {
    /// An exception for a place: `COMMAND`, `COMMAND:PATH`, or `*:PATH` for any command. It covers
    /// everything below the path.
    ///
    /// # Errors
    ///
    /// When the place is malformed or the reason empty.
    pub fn new(place: &str, reason: impl Into<String>) -> Result<Self, ParseExceptionError> {
        let (command, path) = place.split_once(':').unwrap_or((place, ""));
        if command.is_empty() || (command == "*" && path.is_empty()) || place.ends_with(':') {
            return Err(ParseExceptionError::Place(place.to_owned()));
        }
        let reason = reason.into();
        if reason.trim().is_empty() {
            return Err(ParseExceptionError::NoReason(place.to_owned()));
        }
        let command = (command != "*").then(|| command.to_owned());
        Ok(Self { command, path: path.to_owned(), reason })
    }

    /// Why it is allowed.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    fn covers(&self, command: &str, path: &str) -> bool {
        // Messages leave the first step out, so it may be left out here, too.
        let path = path.strip_prefix("arguments.").unwrap_or(path);
        let place = self.path.strip_prefix("arguments.").unwrap_or(&self.path);
        self.command.as_deref().is_none_or(|name| name == command)
            && (place.is_empty()
                || place == "arguments"
                || path
                    .strip_prefix(place)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
    }
}

impl FromStr for Exception {
    type Err = ParseExceptionError;

    /// Reads `PLACE=REASON`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, reason) = text.split_once('=').unwrap_or((text, ""));
        Self::new(place, reason)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command.as_deref().unwrap_or("*");
        let colon = if self.path.is_empty() { "" } else { ":" };
        write!(f, "{command}{colon}{}={}", self.path, self.reason)
    }
}
