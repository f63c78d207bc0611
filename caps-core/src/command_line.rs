//! QEMU's command line: its options, how each of them reads its value, and the scalars in the values.
//!
//! [`CommandLine::parse`] needs no QEMU: which options take an argument, and which reader takes the argument
//! apart, is the same in all versions. Whether a QEMU accepts the result is
//! [`validate`](crate::validate)'s business.

mod json_text;
mod options;
mod pairs;
mod parse;
pub mod scalar;
mod table;
mod tree;

pub use options::{OptionSpec, Reader, Removal};
pub use pairs::{Form, Pair, Pairs};
pub use parse::{Argument, CommandLine, ParseError, Value};
pub use table::OPTIONS;
pub use tree::{Tree, TreeError};
