//! What can be seen from the sources alone.

mod graph;
mod imports;
mod signature;
mod tree;
