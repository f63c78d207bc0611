//! QEMU's command line: its options, the readers that parse their values, and the scalars in the
//! values.
//!
//! [`CommandLine::parse`] needs no QEMU, because options and their readers are the same in all
//! versions. To check whether a QEMU accepts the result, use [`validate`](crate::validate).

#[cfg(feature = "command-lines")]
mod json_text;
#[cfg(feature = "command-lines")]
mod options;
mod pairs;
#[cfg(feature = "command-lines")]
mod parse;
mod removal;
#[cfg(feature = "command-lines")]
mod removed;
pub mod scalar;
#[cfg(feature = "command-lines")]
mod table;
mod tree;

#[cfg(feature = "command-lines")]
pub use options::{OptionSpec, Reader};
pub use pairs::{Form, Pair, Pairs};
#[cfg(feature = "command-lines")]
pub use parse::{Argument, CommandLine, ParseError, Value};
pub use removal::Removal;
#[cfg(feature = "command-lines")]
pub use removed::{REMOVED_KEYS, RemovedKey};
#[cfg(feature = "command-lines")]
pub use table::OPTIONS;
pub use tree::{Tree, TreeError};
