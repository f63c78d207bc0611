//! Reading scripts: TOML or JSON gives a tree that knows its lines, the tree gives the edits.
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

/// What is wrong with a script, and at which line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub kind: ScriptErrorKind,
}

/// The problems of a script.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// The text is not TOML or JSON.
    #[error("{0}")]
    Syntax(String),
    /// A key that there is not.
    #[error("unknown key `{key}`{}, expected one of {expected}", hint(.nearest.as_deref()))]
    UnknownKey {
        /// The key.
        key: String,
        /// The known key that is most like it.
        nearest: Option<String>,
        /// The keys that there are.
        expected: String,
    },
    /// A key that does not go with the action.
    #[error("`{key}` has no meaning for `{action}`")]
    Useless {
        /// The key.
        key: &'static str,
        /// The action.
        action: String,
    },
    /// A script without edits.
    #[error("expected at least one edit")]
    NoEdit,
    /// A key that must be there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key given twice.
    #[error("`{0}` is given twice")]
    Twice(String),
    /// A value of a wrong type.
    #[error("`{key}` must be {expected}, found {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A word that is not one of a few.
    #[error("unknown {what} `{word}`{}, expected one of {expected}", hint(.nearest.as_deref()))]
    UnknownWord {
        /// What the word is for.
        what: &'static str,
        /// The word.
        word: String,
        /// The known word that is most like it.
        nearest: Option<String>,
        /// The words that there are.
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
