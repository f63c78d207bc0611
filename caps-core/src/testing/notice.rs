use std::io::{self, Write as _};

/// Says something on stderr that `cargo test` shows even of a test that succeeds: it captures what is
/// printed by `eprint!`, but not what is written to the handle.
pub(super) fn tell(text: &str) {
    // Nobody can be told that nobody can be told.
    let _ = io::stderr().write_all(text.as_bytes());
}
