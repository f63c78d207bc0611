//! JSON text: a validating reader, documents with line numbers, and the exact formatting of
//! `.replies` files.
//!
//! Captures follow the rules of Python's `json.dumps(indent=2)`: integers of any size, shortest
//! doubles, escapes for everything outside printable ASCII, lone surrogates preserved, and the last
//! of a repeated key wins. `serde_json` offers these only through Cargo features that would change
//! JSON for every other crate of a downstream build.
//!
//! ```
//! use caps_core::json::{Document, compact, pretty};
//!
//! let text = "{\n  \"size\": 18446744073709551616\n}";
//! let document = Document::parse(text)?;
//! assert_eq!(document.root().get("size").map(|size| size.line()), Some(2));
//! assert_eq!(compact(text)?, r#"{"size":18446744073709551616}"#);
//! assert_eq!(pretty(&compact(text)?)?, text);
//! # Ok::<(), caps_core::json::JsonError>(())
//! ```

mod document;
mod error;
mod format;
mod named;
mod nesting;
mod number;
mod outline;
mod print;
mod reader;
mod scan;
#[cfg(feature = "json")]
mod serialize;
mod string;
mod tape;
mod text;
mod verify;
#[cfg(feature = "tools")]
mod visit;

pub use document::{Document, Node};
pub use error::JsonError;
pub(crate) use error::line_at;
pub use format::{compact, compact_range, pretty, pretty_range};
pub(crate) use named::{Named, NamedElement};
pub(crate) use outline::{Element, Outline, members};
pub(crate) use print::push_pretty;
pub(crate) use reader::{Event, Token, Visitor};
pub(crate) use string::decode;
pub use string::quote;
pub use tape::JsonType;
pub use text::Text;
pub(crate) use verify::{is_pretty, is_pretty_with};
#[cfg(feature = "tools")]
pub(crate) use visit::visit;
