//! Reading scripts. TOML or JSON is parsed into a tree with line numbers, which is converted to
//! edits.
//!
//! ```toml
//! [[edit]]
//! action = "drop"                       # drop, insert-before, insert-after, replace, set, remove
//! command = "device-list-properties"
//! arguments = { typename = "nvme" }     # optional
//! occurrence = "first"                  # optional: all, first, last
//! session = 1                           # optional
//! when = { version = ">=9.2", arch = ["x86_64"], variant = "", schema = "blockdev-add" }
//! allow-no-match = true                 # optional
//! ```

mod json;
mod read;
#[cfg(feature = "toml")]
mod toml;
mod tree;

use thiserror::Error;

use super::InvalidAction;
use crate::capture::{ParseCaptureIdError, ParsePickError};
use crate::names::UnknownName;
use crate::nearest::hint;
use crate::qapi::ParseQueryError;

/// A problem in a script, with its line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub kind: ScriptErrorKind,
}

/// The kinds of problems in a script.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// The text is neither TOML nor JSON.
    #[error("{0}")]
    Syntax(String),
    /// An unknown key.
    #[error("unknown key `{key}`{}, expected one of {expected}", hint(.nearest.as_deref()))]
    UnknownKey {
        /// The key.
        key: String,
        /// The most similar known key.
        nearest: Option<String>,
        /// The known keys.
        expected: String,
    },
    /// A key that the action does not use.
    #[error("`{key}` has no meaning for `{action}`")]
    Useless {
        /// The key.
        key: &'static str,
        /// The action.
        action: String,
    },
    /// The script has no edits.
    #[error("expected at least one edit")]
    NoEdit,
    /// A required key is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key appears twice.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// A value has the wrong type.
    #[error("`{key}` must be {expected}, found {found}")]
    WrongType {
        /// The key.
        key: String,
        /// The expected type.
        expected: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// A word outside of a fixed list.
    #[error("unknown {what} `{word}`{}, expected one of {expected}", hint(.nearest.as_deref()))]
    UnknownWord {
        /// The purpose of the word.
        what: &'static str,
        /// The word.
        word: String,
        /// The most similar known word.
        nearest: Option<String>,
        /// The known words.
        expected: String,
    },
    /// A malformed pointer, value, command or reply.
    #[error(transparent)]
    Action(#[from] InvalidAction),
    /// A malformed version or range.
    #[error(transparent)]
    Versions(#[from] ParsePickError),
    /// An unknown architecture.
    #[error(transparent)]
    Arch(#[from] UnknownName),
    /// A malformed capture variant.
    #[error(transparent)]
    Variant(#[from] ParseCaptureIdError),
    /// A malformed query.
    #[error(transparent)]
    Query(#[from] ParseQueryError),
}
