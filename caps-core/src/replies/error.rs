use thiserror::Error;

use crate::json::JsonError;

/// What is wrong with a `.replies` text, and at which line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct RepliesError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub kind: RepliesErrorKind,
}

/// The problems of a `.replies` text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepliesErrorKind {
    /// The bytes are not UTF-8.
    #[error("expected UTF-8, found the byte {0:#04x}")]
    Utf8(u8),
    /// There is nothing.
    #[error("expected a QMP conversation, found an empty file")]
    Empty,
    /// An empty line where a document is due.
    #[error("expected a JSON object, found an empty line")]
    EmptyLine,
    /// A document is not JSON.
    #[error("malformed JSON at column {}: {}", .0.column, .0.message())]
    Json(JsonError),
    /// A document in the place of a command is none.
    #[error("expected a command with `execute`, found {0}")]
    NotACommand(String),
    /// A document in the place of a reply is a command, or there is none.
    #[error("command `{0}` has no reply")]
    NoReply(String),
    /// A document in the place of a reply is something else.
    #[error("expected the reply to `{command}` with `return` or `error`, found {found}")]
    NotAReply {
        /// The command before it.
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
