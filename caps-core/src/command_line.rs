//! QEMU's command line: its options, the readers that parse their values, and the scalars in the
//! values.
//!
//! [`CommandLine::parse`] needs no QEMU, because options and their readers are the same in all
//! versions. To check whether a QEMU accepts the result, use [`validate`](crate::validate).

mod json_text;
mod options;
mod pairs;
mod parse;
mod removed;
pub mod scalar;
mod table;
mod tree;

pub use options::{OptionSpec, Reader, Removal};
pub use pairs::{Form, Pair, Pairs};
pub use parse::{Argument, CommandLine, ParseError, Value};
pub use removed::{REMOVED_KEYS, RemovedKey};
pub use table::OPTIONS;
pub use tree::{Tree, TreeError};
