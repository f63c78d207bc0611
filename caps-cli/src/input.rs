//! Reading files; `-` is standard input.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::built_in;
use crate::exit::CliError;

/// Returns whether `path` is `-`.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a file from disk, from the program, or from standard input, which can be read only once.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if !is_stdin(path) {
        return built_in::read(path).unwrap_or_else(|| caps_core::fs::read(path));
    }
    if TAKEN.swap(true, Ordering::Relaxed) {
        return Err(io::Error::other("standard input was already read"));
    }
    caps_core::fs::read_to_end(io::stdin().lock())
}

/// Reads UTF-8 text.
pub(crate) fn read_text(path: &Path) -> Result<String, CliError> {
    let name = path.display();
    let bytes = read(path)
        .map_err(|error| CliError::input(error).context(format!("can't read `{name}`")))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count();
        CliError::input(format!("`{name}` line {line}: expected UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use caps_core::fs::write_atomically;

    use super::read_text;

    #[test]
    fn what_is_no_text_is_found_by_its_line() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("file");
        for (bytes, line) in [(&b"\xff"[..], 1), (b"a\nb\xff", 2), (b"\n\n\na\xc3(\n", 4)] {
            write_atomically(&path, bytes).expect("a file");
            let error = read_text(&path).expect_err("no text").inner().to_string();
            assert_eq!(error, format!("`{}` line {line}: expected UTF-8", path.display()));
        }
        write_atomically(&path, "a\n\u{e9}".as_bytes()).expect("a file");
        assert_eq!(read_text(&path).expect("text"), "a\n\u{e9}");
    }
}
