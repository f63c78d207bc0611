//! How QEMU versions differ in rejecting malformed input, and the limits they share.

use super::lexer::Position;
use crate::version::Version;

/// The maximum number of tokens in a value.
pub(super) const MAX_TOKEN_COUNT: usize = 2 << 20;
/// The maximum number of open containers.
pub(super) const MAX_NESTING: i64 = 1024;

/// The way a QEMU version parses JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonErrors {
    /// Collects tokens until brackets balance, then parses them. A stray byte hides other problems.
    Collecting,
    /// Parses tokens as they arrive and reports problems immediately, with their position.
    Immediate,
}

/// What the grammar expected at the position of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Value,
    Key,
    /// A key that is not a string.
    StringKey,
    Colon,
    DictSeparator,
    ListSeparator,
}

impl JsonErrors {
    /// Selects the behavior of a version: 11.1 is the first known to report positions.
    pub(super) fn of(version: Version) -> Self {
        if (version.major(), version.minor()) >= (11, 1) {
            Self::Immediate
        } else {
            Self::Collecting
        }
    }

    /// QEMU's description of an error in JSON text.
    pub(super) fn describe(self, problem: &str, at: Position) -> String {
        match self {
            Self::Collecting => format!("JSON parse error, {problem}"),
            Self::Immediate => format!("{}:{}: JSON parse error, {problem}", at.line, at.column),
        }
    }

    /// QEMU's message for an unexpected token.
    pub(super) fn words(self, expected: Expected) -> &'static str {
        match (self, expected) {
            (_, Expected::Value) | (Self::Collecting, Expected::Key) => "expecting value",
            (Self::Immediate, Expected::Key | Expected::StringKey) => "expecting key",
            (Self::Collecting, Expected::StringKey) => "key is not a string in object",
            (Self::Collecting, Expected::Colon) => "missing : in object pair",
            (Self::Immediate, Expected::Colon) => "expecting ':'",
            (Self::Collecting, Expected::DictSeparator) => "expected separator in dict",
            (Self::Immediate, Expected::DictSeparator) => "expected ',' or '}'",
            (Self::Collecting, Expected::ListSeparator) => "expected separator in list",
            (Self::Immediate, Expected::ListSeparator) => "expected ',' or ']'",
        }
    }
}
