use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::error::{RepliesError, RepliesErrorKind};

/// The position of a document in the text.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) line: usize,
}

/// Splits a text into documents, which are separated by empty lines.
pub(super) fn split(text: &str) -> Result<Vec<Part>, RepliesError> {
    if text.is_empty() {
        return Err(RepliesErrorKind::Empty.at(1));
    }
    let bytes = text.as_bytes();
    let empty_line = memmem::Finder::new(b"\n\n");
    let mut parts = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&first) = bytes.get(at) {
        if first == b'\n' {
            return Err(RepliesErrorKind::EmptyLine.at(line));
        }
        let end = empty_line.find(&bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
        parts.push(Part { range: at..end, line });
        line += memchr_iter(b'\n', &bytes[at..end]).count() + 1;
        at = end + 1;
    }
    Ok(parts)
}
