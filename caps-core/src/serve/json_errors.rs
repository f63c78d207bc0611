//! What differs between QEMU versions in how they refuse malformed input, and the limits they share.

use super::lexer::Position;
use crate::version::Version;

/// The most tokens that a value may have.
pub(super) const MAX_TOKEN_COUNT: usize = 2 << 20;
/// The most containers that may be open.
pub(super) const MAX_NESTING: i64 = 1024;

/// How a version of QEMU parses JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonErrors {
    /// Tokens are collected until brackets balance, then parsed. A stray byte hides what else is wrong.
    Collecting,
    /// Tokens are parsed as they come, and problems are reported at once, with their position.
    Immediate,
}

/// A place at which the JSON grammar was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Value,
    Key,
    /// A key was there, but not a string.
    StringKey,
    Colon,
    DictSeparator,
    ListSeparator,
}

impl JsonErrors {
    /// How a version reports errors: 11.1 is the first that is known to tell positions.
    pub(super) fn of(version: Version) -> Self {
        if (version.major(), version.minor()) >= (11, 1) {
            Self::Immediate
        } else {
            Self::Collecting
        }
    }

    /// QEMU's description of an error in the JSON text.
    pub(super) fn describe(self, problem: &str, at: Position) -> String {
        match self {
            Self::Collecting => format!("JSON parse error, {problem}"),
            Self::Immediate => format!("{}:{}: JSON parse error, {problem}", at.line, at.column),
        }
    }

    /// QEMU's words for a token that the grammar has no place for.
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
