use std::fmt;

use thiserror::Error;

use super::host::HostError;
use crate::json::{JsonType, Node};
use crate::qapi::SchemaError;
use crate::qmp::CommandError;
use crate::version::Version;

/// A failed probe: the question and the reason.
#[derive(Debug, Error)]
#[error("{}", at(.command.as_deref(), *.line, .kind))]
#[non_exhaustive]
pub struct ProbeError {
    /// The command with its arguments; `None` if QEMU could not be reached.
    pub command: Option<String>,
    /// The line of the answer in the recording; `None` without a recorded answer.
    pub line: Option<usize>,
    /// The reason.
    #[source]
    pub kind: ProbeErrorKind,
}

fn at(command: Option<&str>, line: Option<usize>, kind: &ProbeErrorKind) -> String {
    let line = line.map(|line| format!(" at line {line}")).unwrap_or_default();
    match (command, kind) {
        (None, ProbeErrorKind::Host(_)) => "can't start a session with QEMU".to_owned(),
        (None, _) => "probing failed".to_owned(),
        (Some(command), ProbeErrorKind::Host(_)) => format!("no answer to `{command}`"),
        (Some(command), _) => format!("can't use the answer to `{command}`{line}"),
    }
}

/// The reasons why a probe can fail.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProbeErrorKind {
    /// There is no answer.
    #[error(transparent)]
    Host(HostError),
    /// QEMU returned an error.
    #[error(transparent)]
    Refused(#[from] CommandError),
    /// The recording lacks an indispensable answer.
    #[error("the recording has no such exchange")]
    Missing,
    /// The answer is invalid.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The answer is not a QAPI schema.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// QEMU is too old.
    #[error("QEMU {found} is too old, expected {minimum} or newer")]
    TooOld {
        /// The version.
        found: Version,
        /// The oldest supported version.
        minimum: Version,
    },
    /// The architecture that QEMU emulates is unknown to libvirt.
    #[error("QEMU's target `{0}` is not an architecture that libvirt knows")]
    UnknownTarget(String),
}

/// A part of an answer is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    line: usize,
    expected: String,
    found: Option<JsonType>,
}

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A live answer is a single line; in a recording, no relevant value is on line 1.
        if self.line > 1 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "expected {}", self.expected)?;
        match self.found {
            Some(found) => write!(f, ", found a JSON {found}"),
            None => f.write_str(", found nothing"),
        }
    }
}

impl Malformed {
    /// `node` exists but is not as expected.
    pub(super) fn value(node: Node<'_>, expected: impl Into<String>) -> Self {
        Self { line: node.line(), expected: expected.into(), found: Some(node.kind()) }
    }

    /// The member `key` of `parent` is missing or not as expected.
    pub(super) fn member(parent: Node<'_>, key: &str, expected: &str) -> Self {
        let member = parent.get(key);
        Self {
            line: member.unwrap_or(parent).line(),
            expected: format!("{expected} `{key}`"),
            found: member.map(Node::kind),
        }
    }
}
