use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::qapi::SchemaError;
use crate::replies::RepliesError;
use crate::validate::ValidatorError;

/// A capture can't be served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// There is no conversation to answer from.
    #[error("expected a conversation with at least one session, found none")]
    Empty,
    /// A reply of the capture is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The capture has no schema.
    #[error("can't tell which commands there are")]
    Schema(#[from] SchemaError),
    /// The capture doesn't tell its version, and no other was given.
    #[error("can't greet: the capture has no successful `query-version`, and no version was given")]
    NoVersion,
    /// A session was asked for that there is not.
    #[error("expected a session from 1 to {sessions}, found {asked}")]
    NoSession {
        /// The number that was given.
        asked: usize,
        /// How many there are.
        sessions: usize,
    },
    /// The path doesn't fit a socket address.
    #[error("the socket path `{}` has {length} bytes, expected at most {max}", path.display())]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length.
        length: usize,
        /// The most that fit.
        max: usize,
    },
    /// Another server listens there.
    #[error("a server listens at the socket `{}` already", path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// A server has left its socket behind.
    #[error(
        "the socket `{}` exists, but nobody listens at it: remove it, or ask for it to be replaced",
        path.display()
    )]
    Stale {
        /// The socket.
        path: PathBuf,
    },
    /// Something else has the name.
    #[error("`{}` exists and is not a socket", path.display())]
    NotASocket {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("can't listen at the socket `{}`", path.display())]
    Listen {
        /// The socket.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system has no room for a temporary directory, a thread or a pair of sockets.
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
