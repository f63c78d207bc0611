use std::io::{self, Write as _};

/// Prints to stderr even if the test succeeds: `cargo test` captures the output of `eprint!`, but
/// not what is written to the handle.
pub(super) fn announce(text: &str) {
    // A failure to write to stderr can't be reported.
    let _ = io::stderr().write_all(text.as_bytes());
}
