use std::path::PathBuf;

use thiserror::Error;

use crate::probe::live::LiveError;
use crate::replies::RepliesError;

/// A survey can't be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// The packed text is damaged, or cut off.
    #[error("expected a packed survey, found damaged data: {0}")]
    Packed(String),
    /// The packed text is larger than any survey.
    #[error("expected at most {max} bytes of text, found more")]
    TooLarge {
        /// The most that is unpacked.
        max: usize,
    },
    /// The text is no conversation.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The conversation has no session that began.
    #[error("line {line}: expected a session that began, found: {reason}")]
    NotStarted {
        /// The line of the reply.
        line: usize,
        /// What it says.
        reason: String,
    },
}

/// A survey can't be recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// QEMU can't be started, or does not answer; that it ended is no error.
    #[error("can't ask `{}`", binary.display())]
    Live {
        /// The binary.
        binary: PathBuf,
        /// The reason.
        source: Box<LiveError>,
    },
    /// An answer is not JSON that can be recorded.
    #[error(transparent)]
    Survey(#[from] SurveyError),
}
