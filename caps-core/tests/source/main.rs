//! What can be seen from the sources alone.

mod api;
mod graph;
mod imports;
mod semver;
mod signature;
mod tree;
