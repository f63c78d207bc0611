//! The QAPI schema returned by `query-qmp-schema`, and libvirt's query language for it.
//!
//! ```
//! use caps_core::json::Document;
//! use caps_core::qapi::{MetaType, Schema, check_coverage};
//!
//! let document = Document::parse(
//!     r#"[{"name": "quit", "meta-type": "command", "arg-type": "0", "ret-type": "0"},
//!         {"name": "0", "meta-type": "object", "members": []}]"#,
//! )?;
//! check_coverage(document.root())?;
//! let schema = Schema::from_document(document)?;
//! assert_eq!(schema.entry("quit").and_then(|entry| entry.meta_type()), MetaType::from_name("command"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod coverage;
mod entry;
pub mod explore;
mod meta_type;
pub mod query;
mod schema;
mod shape;

pub(crate) use coverage::Coverage;
pub use coverage::{CoverageError, CoverageProblem, check_coverage};
#[cfg(feature = "tools")]
pub(crate) use coverage::{Entries, Key, Record, Stream};
pub use entry::{Entry, Member, Variant};
pub use meta_type::MetaType;
pub use query::{Match, ParseQueryError, Query, QueryError};
pub use schema::{Schema, SchemaError};
#[cfg(feature = "validate")]
pub(crate) use shape::{MemberShape, Shape};
