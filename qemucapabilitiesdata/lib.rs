//! Captures of real QEMUs: `caps_VERSION_ARCH[+VARIANT].replies`, the recorded conversation, and
//! `.xml`, the capabilities derived from it.
//!
//! The crate is a leaf and provides only the path of the directory: captures are read at run time,
//! never compiled in. Adding or removing a capture recompiles the dependents.

/// The directory of the captures, at the place where this crate was compiled.
pub const DIR: &str = env!("CARGO_MANIFEST_DIR");
