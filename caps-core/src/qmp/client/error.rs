use std::fmt;
use std::io;
use std::str::Utf8Error;
use std::time::Duration;

use thiserror::Error;

use crate::json::JsonError;
use crate::qmp::{Command, MessageError};

/// A conversation with a QMP server broke off. After such an error the connection is of no use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nothing came for as long as the caller was ready to wait.
    #[error("no {awaited} within {after:?}")]
    Timeout {
        /// What should have come.
        awaited: Awaited,
        /// The longest silence that was allowed.
        after: Duration,
    },
    /// The server closed the connection between two messages.
    #[error("QEMU closed the connection before its {awaited}")]
    Closed {
        /// What should have come.
        awaited: Awaited,
    },
    /// The server closed the connection within a line.
    #[error("QEMU closed the connection in the middle of its {awaited}, after {received} bytes")]
    Truncated {
        /// What should have come.
        awaited: Awaited,
        /// Bytes of the unfinished line.
        received: usize,
    },
    /// The server sent more than [`MAX_REPLY`](super::MAX_REPLY) bytes.
    #[error("expected a {awaited} of at most 10 MiB, found more")]
    TooLarge {
        /// What should have come.
        awaited: Awaited,
    },
    /// A line is not UTF-8.
    #[error("expected a {awaited}, found the line `{line}`, which is not UTF-8")]
    NotUtf8 {
        /// What should have come.
        awaited: Awaited,
        /// The beginning of the line.
        line: String,
        /// Where the line is wrong.
        source: Utf8Error,
    },
    /// A line is not JSON.
    #[error("expected a {awaited}, found the line `{line}`, which is not JSON")]
    NotJson {
        /// What should have come.
        awaited: Awaited,
        /// The beginning of the line.
        line: String,
        /// Where the line is wrong.
        source: JsonError,
    },
    /// A line is JSON, but not a message of the protocol.
    #[error("expected a {awaited}, found the line `{line}`, which is not a QMP message")]
    NotQmp {
        /// What should have come.
        awaited: Awaited,
        /// The beginning of the line.
        line: String,
        /// What is missing.
        source: MessageError,
    },
    /// A reply came that belongs to no command, or not to the one that was sent.
    #[error(
        "expected a {awaited}, found the line `{line}`, which answers no command that was sent"
    )]
    Unasked {
        /// What should have come.
        awaited: Awaited,
        /// The beginning of the line.
        line: String,
    },
    /// The user interrupted the wait.
    #[error("interrupted while waiting for the {awaited}")]
    Interrupted {
        /// What should have come.
        awaited: Awaited,
    },
    /// The socket failed.
    #[error("the connection to QEMU failed while waiting for the {awaited}")]
    Io {
        /// What should have come.
        awaited: Awaited,
        /// The system's reason.
        source: io::Error,
    },
}

/// What a client waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Awaited {
    /// The first line of a connection.
    Greeting,
    /// The reply to this command, shown with its arguments.
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

/// The beginning of a line, fit to be shown.
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
