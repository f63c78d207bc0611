//! Bounded reads, and writes that never leave a partial file.

mod batch;
mod input;
mod leftovers;

pub use batch::{Batch, WriteError, write_atomically};
pub use input::{MAX_SIZE, read, read_to_end};
