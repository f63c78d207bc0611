use thiserror::Error;

use crate::json::JsonError;

/// A problem in a `.replies` text, with its line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct RepliesError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub kind: RepliesErrorKind,
}

/// The kinds of problems in a `.replies` text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepliesErrorKind {
    /// The bytes are not UTF-8.
    #[error("expected UTF-8, found the byte {0:#04x}")]
    Utf8(u8),
    /// The text is empty.
    #[error("expected a QMP conversation, found an empty file")]
    Empty,
    /// An empty line in place of a document.
    #[error("expected a JSON object, found an empty line")]
    EmptyLine,
    /// A document is not JSON.
    #[error("malformed JSON at column {}: {}", .0.column, .0.message())]
    Json(JsonError),
    /// A document in place of a command is not a command.
    #[error("expected a command with `execute`, found {0}")]
    NotACommand(String),
    /// A command is followed by another command, or by nothing.
    #[error("command `{0}` has no reply")]
    NoReply(String),
    /// A document in place of a reply is not a reply.
    #[error("expected the reply to `{command}` with `return` or `error`, found {found}")]
    NotAReply {
        /// The command to reply to.
        command: String,
        /// What was found.
        found: String,
    },
}

impl RepliesErrorKind {
    pub(super) fn at(self, line: usize) -> RepliesError {
        RepliesError { line, kind: self }
    }
}

impl From<JsonError> for RepliesError {
    fn from(error: JsonError) -> Self {
        Self { line: error.line, kind: RepliesErrorKind::Json(error) }
    }
}
