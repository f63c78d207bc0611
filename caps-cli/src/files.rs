//! Writing files: all or none, even when a signal arrives.

use std::path::Path;

use caps_core::fs::{Batch, write_atomically};

use crate::exit::CliError;
use crate::signals::Held;

/// Writes all files; or none, if one can't be written or a signal arrives before the first is in
/// place.
pub(crate) fn write<'f, P: AsRef<Path>>(
    files: impl IntoIterator<Item = (P, &'f [u8])>,
) -> Result<(), CliError> {
    let held = Held::new()
        .map_err(|error| CliError::output(error).context("can't set up the handling of signals"))?;
    let mut batch = Batch::default();
    for (path, contents) in files {
        if held.is_due() {
            // Dropping the batch removes its temporary files; then the signal ends the program.
            break;
        }
        batch.stage(path, contents).map_err(CliError::output)?;
    }
    if held.is_due() {
        drop(batch);
        drop(held);
        return Err(CliError::output("interrupted, nothing was written"));
    }
    batch.commit().map_err(CliError::output)
}

/// Writes the file that the user named for the output. A pipe or a device is written into.
pub(crate) fn write_output(path: &Path, contents: &[u8]) -> Result<(), CliError> {
    let is_special = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
    if is_special {
        return write_atomically(path, contents).map_err(CliError::output);
    }
    write([(path, contents)])
}

/// Creates an output directory and its ancestors.
pub(crate) fn create_dir(dir: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(dir).map_err(|error| {
        CliError::output(error).context(format!("can't create the directory `{}`", dir.display()))
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "reads what was written")]
mod tests {
    use std::fs;
    use std::io::Read as _;

    use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, open};

    use super::write_output;

    #[test]
    fn files_are_replaced_and_pipes_are_written_into() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("file");
        for text in ["new", "newer"] {
            write_output(&file, text.as_bytes()).expect("a writable directory");
            assert_eq!(fs::read_to_string(&file).expect("a file"), text);
        }
        let pipe = dir.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        let reader = open(&pipe, OFlags::RDWR | OFlags::NONBLOCK, Mode::empty()).expect("a pipe");
        write_output(&pipe, b"text").expect("somebody reads it");
        let mut text = [0; 4];
        fs::File::from(reader).read_exact(&mut text).expect("the text");
        assert_eq!(&text, b"text");
        assert!(write_output(dir.path(), b"text").is_err(), "a directory");
    }
}
