use std::fmt;
use std::io;
use std::str::Utf8Error;
use std::time::Duration;

use thiserror::Error;

use crate::json::JsonError;
use crate::qmp::{Command, MessageError};

/// The conversation with a QMP server failed. The connection is unusable afterwards.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server was silent for too long.
    #[error("no {awaited} within {after:?}")]
    Timeout {
        /// The expected message.
        awaited: Awaited,
        /// The time limit.
        after: Duration,
    },
    /// The server kept sending, but the reply was never complete.
    #[error("the {awaited} was not complete within {after:?}")]
    Unfinished {
        /// The expected message.
        awaited: Awaited,
        /// The time limit.
        after: Duration,
    },
    /// The deadline of the conversation passed.
    #[error("the deadline passed before the {awaited}")]
    Deadline {
        /// The expected message.
        awaited: Awaited,
    },
    /// The server closed the connection between two messages.
    #[error("QEMU closed the connection before its {awaited}")]
    Closed {
        /// The expected message.
        awaited: Awaited,
    },
    /// The server closed the connection within a line.
    #[error("QEMU closed the connection in the middle of its {awaited}, after {received} bytes")]
    Truncated {
        /// The expected message.
        awaited: Awaited,
        /// The length of the unfinished line in bytes.
        received: usize,
    },
    /// The server sent more than [`MAX_REPLY`](super::MAX_REPLY) bytes.
    #[error("expected a {awaited} of at most 10 MiB, found more")]
    TooLarge {
        /// The expected message.
        awaited: Awaited,
    },
    /// A line is not UTF-8.
    #[error("expected a {awaited}, found the line `{line}`, which is not UTF-8")]
    NotUtf8 {
        /// The expected message.
        awaited: Awaited,
        /// The start of the line.
        line: String,
        /// The position of the problem.
        source: Utf8Error,
    },
    /// A line is not JSON.
    #[error("expected a {awaited}, found the line `{line}`, which is not JSON")]
    NotJson {
        /// The expected message.
        awaited: Awaited,
        /// The start of the line.
        line: String,
        /// The position of the problem.
        source: JsonError,
    },
    /// A line is JSON, but not a QMP message.
    #[error("expected a {awaited}, found the line `{line}`, which is not a QMP message")]
    NotQmp {
        /// The expected message.
        awaited: Awaited,
        /// The start of the line.
        line: String,
        /// The problem.
        source: MessageError,
    },
    /// A reply does not belong to the command that was sent.
    #[error(
        "expected a {awaited}, found the line `{line}`, which answers no command that was sent"
    )]
    Unasked {
        /// The expected message.
        awaited: Awaited,
        /// The start of the line.
        line: String,
    },
    /// A command was answered twice.
    #[error("expected a {awaited}, found the line `{line}`, a second {repeated}")]
    Repeated {
        /// The expected message.
        awaited: Awaited,
        /// The start of the line.
        line: String,
        /// The repeated reply.
        repeated: Awaited,
    },
    /// The user interrupted the wait.
    #[error("interrupted while waiting for the {awaited}")]
    Interrupted {
        /// The expected message.
        awaited: Awaited,
    },
    /// The socket failed.
    #[error("the connection to QEMU failed while waiting for the {awaited}")]
    Io {
        /// The expected message.
        awaited: Awaited,
        /// The system's error.
        source: io::Error,
    },
}

/// A message that a client waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Awaited {
    /// The greeting.
    Greeting,
    /// The reply to this command, which is shown with its arguments.
    Reply(String),
}

impl Awaited {
    pub(super) fn reply_to(command: &Command) -> Self {
        Self::Reply(excerpt(command.to_string().as_bytes(), 160))
    }
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Greeting => f.write_str("QMP greeting"),
            Self::Reply(command) => write!(f, "reply to `{command}`"),
        }
    }
}

/// Quotes the start of a line, escaped for printing.
pub(super) fn excerpt(line: &[u8], limit: usize) -> String {
    // A character has at most four bytes.
    let text = String::from_utf8_lossy(&line[..line.len().min(4 * limit)]);
    let mut shown: String = text
        .chars()
        .take(limit)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(limit).is_some() || line.len() > 4 * limit {
        shown.push_str("...");
    }
    shown
}
