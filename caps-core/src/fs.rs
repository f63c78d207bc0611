//! Bounded reads, and writes that never leave a partial file.
//!
//! ```
//! use caps_core::fs;
//!
//! assert_eq!(fs::read_to_end(&b"standard input"[..])?, b"standard input");
//! # Ok::<(), std::io::Error>(())
//! ```

mod batch;
mod input;
mod leftovers;
mod temporary;

pub use batch::{Batch, WriteError, clear_leftovers, write_atomically};
pub use input::{MAX_SIZE, read, read_text, read_to_end};

pub(crate) use temporary::{ORDINARY, PRIVATE, Temporary};
