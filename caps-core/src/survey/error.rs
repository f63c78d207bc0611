#[cfg(feature = "live")]
use std::path::PathBuf;

use thiserror::Error;

#[cfg(feature = "live")]
use crate::probe::live::LiveError;
use crate::replies::RepliesError;

/// The survey can't be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// The packed data is damaged or truncated.
    #[error("expected a packed survey, found damaged data: {0}")]
    Packed(String),
    /// The unpacked text exceeds the size limit.
    #[error("expected at most {max} bytes of text, found more")]
    TooLarge {
        /// The size limit.
        max: usize,
    },
    /// The text is not a conversation.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The first session of the conversation did not start.
    #[error("line {line}: expected a session that began, found: {reason}")]
    NotStarted {
        /// The line of the reply.
        line: usize,
        /// The content of the reply.
        reason: String,
    },
}

/// The survey can't be recorded.
#[cfg(feature = "live")]
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// QEMU can't be started or does not answer. A crash is not an error.
    #[error("can't ask `{}`", binary.display())]
    Live {
        /// The binary.
        binary: PathBuf,
        /// The reason.
        source: Box<LiveError>,
    },
    /// An answer can't be recorded because it is not JSON.
    #[error(transparent)]
    Survey(#[from] SurveyError),
}
