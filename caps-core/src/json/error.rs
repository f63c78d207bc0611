use std::fmt;

/// A problem in a JSON text, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// The line in the source text, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    pub(super) message: String,
}

impl JsonError {
    pub(super) fn new(source: &str, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = position(source, offset);
        Self { line, column, message: message.into() }
    }

    /// The error for a value that is not an object.
    pub(crate) fn not_an_object() -> Self {
        Self { line: 1, column: 1, message: "expected a JSON object".to_owned() }
    }

    /// The message without the position.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for JsonError {}

/// Converts a byte offset to a line and column, both from 1.
pub(super) fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    (line, column)
}

/// The line of a byte offset, from 1.
pub(crate) fn line_at(source: &str, offset: usize) -> usize {
    position(source, offset).0
}
