//! Reading files within bounds, and writing them so that each is old or new at any moment, never a
//! part of either.

mod batch;
mod input;
mod leftovers;

pub use batch::{Batch, WriteError, write_atomically};
pub use input::{MAX_SIZE, read, read_to_end};
