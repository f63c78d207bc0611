use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How to treat deprecated or unstable commands, members and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Accept them.
    Allow,
    /// Report them as warnings; the command stays valid.
    #[default]
    Warn,
    /// Report them as problems; the command is invalid.
    Deny,
}

/// The rules to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum Rules {
    /// QEMU's own: what its input visitor accepts.
    #[default]
    Qemu,
    /// The rules of libvirt's test suite: any number is an integer, an alternate accepts what any
    /// of its types accepts, variants of variants are not checked, `unstable` is always an error,
    /// and `deprecated` is one if [`Policy::deprecated`] is [`Level::Deny`].
    Libvirt,
}

/// Determines what counts as a problem. The default is what QEMU itself rejects, with warnings
/// about deprecated and unstable features.
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
    /// The rules to apply.
    pub rules: Rules,
    /// The treatment of deprecated features.
    pub deprecated: Level,
    /// The treatment of unstable features.
    pub unstable: Level,
    /// Places in which deprecated and unstable features are accepted anyway.
    pub exceptions: Vec<Exception>,
    /// Commands that the schema may lack, such as a vendor's own. They are not checked.
    pub vendor: BTreeSet<String>,
    /// Accept commands that the schema lacks (libvirt's `allowRemoved`).
    pub allow_removed: bool,
    /// Accept members that the schema lacks (libvirt's `allowIncomplete`).
    pub allow_incomplete: bool,
}

impl Policy {
    /// libvirt's rules as in its tests: nothing deprecated and nothing unstable.
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

/// A place in which deprecated or unstable features are accepted, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exception {
    /// `None` for every command.
    command: Option<String>,
    /// Empty for the whole command.
    path: String,
    reason: String,
}

/// The text is not an exception.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseExceptionError {
    /// The place is malformed.
    #[error(
        "`{0}` is not a place, expected COMMAND, COMMAND:PATH or *:PATH with a PATH such as `arguments.file.aio`"
    )]
    Place(String),
    /// The reason is missing.
    #[error("the exception for `{0}` has no reason")]
    NoReason(String),
}

impl Exception {
    /// Creates an exception for a place: `COMMAND`, `COMMAND:PATH`, or `*:PATH` for any command. It
    /// includes everything below the path.
    ///
    /// # Errors
    ///
    /// Fails if the place is malformed or the reason is empty.
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

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    fn covers(&self, command: &str, path: &str) -> bool {
        // Messages omit the first step, so it is optional here as well.
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

    /// Parses `PLACE=REASON`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, reason) = text.split_once('=').unwrap_or((text, ""));
        Self::new(place, reason)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command.as_deref().unwrap_or("*");
        let colon = if self.path.is_empty() { "" } else { ":" };
        f.pad(&format!("{command}{colon}{}={}", self.path, self.reason))
    }
}
