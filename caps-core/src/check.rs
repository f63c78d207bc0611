//! Checking captures as libvirt's replies tool does: pairing, schema coverage, numbering and
//! formatting.

use thiserror::Error;

use crate::qapi::{Coverage, CoverageError, check_coverage};
use crate::replies::{Conversation, RepliesError, canonical, is_canonical};

/// A capture deviates from what libvirt's recorder would have written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The file is not a conversation.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The QAPI schema contains something unknown.
    #[error(transparent)]
    Schema(#[from] CoverageError),
    /// Numbering or formatting differ from the canonical text.
    #[error("line {line}: expected {}, found {}", quoted(.expected.as_deref()), quoted(.found.as_deref()))]
    Differs {
        /// The first differing line, from 1.
        line: usize,
        /// This line in the canonical text; `None` past its end.
        expected: Option<String>,
        /// This line in the file; `None` past its end.
        found: Option<String>,
        /// The canonical text of the whole file.
        canonical: String,
    },
}

fn quoted(line: Option<&str>) -> String {
    line.map_or_else(|| "the end of the file".to_owned(), |line| format!("`{line}`"))
}

/// Checks the contents of a `.replies` file. Accepts CR LF line endings.
///
/// ```
/// use caps_core::check::{CheckError, check};
///
/// let text = "{\n  \"execute\": \"qmp_capabilities\",\n  \"id\": \"libvirt-2\"\n}\n\n\
///             {\n  \"return\": {},\n  \"id\": \"libvirt-2\"\n}\n";
/// let error = check(text.as_bytes()).expect_err("the first command of a session is number 1");
/// assert_eq!(
///     error.to_string(),
///     "line 3: expected `  \"id\": \"libvirt-1\"`, found `  \"id\": \"libvirt-2\"`",
/// );
/// ```
///
/// # Errors
///
/// Fails with the first problem: problems that make the file unreadable come first, then those of
/// the schema, then numbering and formatting.
pub fn check(bytes: &[u8]) -> Result<(), CheckError> {
    check_conversation(&Conversation::from_bytes(bytes)?)
}

/// As [`check`], for the text of a parsed conversation.
///
/// ```
/// use caps_core::check::check_conversation;
/// use caps_core::replies::Conversation;
///
/// let text = "{\n  \"execute\": \"stop\",\n  \"id\": \"libvirt-9999\"\n}\n\n\
///             {\n  \"return\": {},\n  \"id\": \"libvirt-9999\"\n}\n";
/// assert_eq!(check_conversation(&Conversation::parse(text)?), Ok(()));
/// # Ok::<(), caps_core::replies::RepliesError>(())
/// ```
///
/// # Errors
///
/// As [`check`].
pub fn check_conversation(conversation: &Conversation) -> Result<(), CheckError> {
    // Most captures are in order, which is found out in one pass. What isn't is found out below.
    if is_canonical(conversation, Coverage::of, Coverage::is_complete) {
        return Ok(());
    }
    let canonical = canonical(conversation)?;
    for exchange in conversation.exchanges() {
        if exchange.command().execute() == "query-qmp-schema"
            && let Ok(schema) = exchange.reply()?.result()
        {
            check_coverage(schema)?;
        }
    }
    let mut expected = canonical.split('\n');
    let mut found = conversation.text().split('\n');
    let mut line = 0;
    loop {
        line += 1;
        let (expected, found) = (expected.next(), found.next());
        if expected.is_none() && found.is_none() {
            return Ok(());
        }
        if expected != found {
            let (expected, found) = (expected.map(str::to_owned), found.map(str::to_owned));
            return Err(CheckError::Differs { line, expected, found, canonical });
        }
    }
}
