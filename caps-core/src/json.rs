//! JSON text: a validating reader, a document that knows where everything stands, and the exact
//! text form of `.replies` files.
//!
//! The text rules are those of the captures (what Python's `json.dumps(indent=2)` prints): integers
//! of any size, shortest doubles, escapes for everything outside printable ASCII, lone surrogates
//! kept, the last of a repeated key. None of them is available from `serde_json` without Cargo
//! features that would change what JSON means for every other crate of a downstream build.

mod document;
mod error;
mod events;
mod float;
mod format;
mod print;
mod reader;
mod serialize;
mod string;

pub use document::{Document, JsonType, Node};
pub use error::JsonError;
pub use format::{compact, compact_range, pretty, pretty_range};
pub(crate) use print::push_pretty;
pub use string::quote;
