use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::qapi::SchemaError;
use crate::replies::RepliesError;
use crate::validate::ValidatorError;

/// The capture can't be served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The conversation has no sessions.
    #[error("expected a conversation with at least one session, found none")]
    Empty,
    /// A reply of the capture is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The capture has no usable schema.
    #[error("can't determine which commands exist")]
    Schema(#[from] SchemaError),
    /// The capture has no version, and none was given.
    #[error("can't greet: the capture has no successful `query-version`, and no version was given")]
    NoVersion,
    /// There is no session with the given number.
    #[error("expected a session from 1 to {sessions}, found {asked}")]
    NoSession {
        /// The given number.
        asked: usize,
        /// The number of sessions.
        sessions: usize,
    },
    /// The path is too long for a socket address.
    #[error("the socket path `{}` has {length} bytes, expected at most {max}", path.display())]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// The maximum length.
        max: usize,
    },
    /// Another server uses the socket.
    #[error("another server already listens on the socket `{}`", path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// A stale socket exists.
    #[error(
        "the socket `{}` exists, but nothing listens on it: remove it, or request its replacement",
        path.display()
    )]
    Stale {
        /// The socket.
        path: PathBuf,
    },
    /// The path belongs to something other than a socket.
    #[error("`{}` exists and is not a socket", path.display())]
    NotASocket {
        /// The file.
        path: PathBuf,
    },
    /// The system can't create the socket.
    #[error("can't listen on the socket `{}`", path.display())]
    Listen {
        /// The socket.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system can't provide a temporary directory, a thread or a pair of sockets.
    #[error("can't start a server")]
    Start(#[source] io::Error),
}

impl From<ValidatorError> for ServeError {
    fn from(error: ValidatorError) -> Self {
        match error {
            ValidatorError::Schema(error) => Self::Schema(error),
            ValidatorError::Replies(error) => Self::Replies(error),
        }
    }
}
