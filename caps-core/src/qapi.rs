//! The QAPI schema returned by `query-qmp-schema`, and libvirt's query language for it.

mod coverage;
mod entry;
pub mod explore;
pub mod query;
mod schema;

pub use coverage::{CoverageError, CoverageProblem, check_coverage};
pub use entry::{Entry, Member, MetaType, Variant};
pub use query::{Match, ParseQueryError, Query, QueryError};
pub use schema::{Schema, SchemaError};
