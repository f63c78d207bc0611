//! Captures of real QEMUs: `caps_VERSION_ARCH[+VARIANT].replies`, the recorded conversation, and
//! `.xml`, the capabilities derived from it.
//!
//! The crate is a leaf and has nothing but the directory's path: captures are read when a test runs,
//! never compiled in. What depends on it is compiled again when a capture is added or removed.

/// The directory of the captures, where this crate was compiled.
pub const DIR: &str = env!("CARGO_MANIFEST_DIR");
