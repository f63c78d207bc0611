use std::ops::Range;

use super::error::{RepliesError, RepliesErrorKind};

/// The place of one document in the text.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) line: usize,
}

/// Cuts a text into its documents: they end at a line that is empty.
pub(super) fn split(text: &str) -> Result<Vec<Part>, RepliesError> {
    if text.is_empty() {
        return Err(RepliesErrorKind::Empty.at(1));
    }
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        match (line, start.take()) {
            ("\n", None) => return Err(RepliesErrorKind::EmptyLine.at(number)),
            ("\n", Some((begin, first))) => {
                parts.push(Part { range: begin..at, line: first });
            }
            (_, open) => start = Some(open.unwrap_or((at, number))),
        }
        at += line.len();
    }
    if let Some((begin, line)) = start {
        parts.push(Part { range: begin..at, line });
    }
    Ok(parts)
}
