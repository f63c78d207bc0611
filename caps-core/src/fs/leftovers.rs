//! Temporary files of killed programs.
//!
//! A program holds a lock on each file that it has staged. The lock disappears with the program,
//! however it ends, so an unlocked staged file is a leftover.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// The suffix of staged files.
pub(super) const SUFFIX: &str = ".qemu-caps.tmp";

/// Locks a staged file for this program until the file is closed.
pub(super) fn claim(file: &File) -> io::Result<()> {
    match file.try_lock_shared() {
        // Without file locks, nothing is ever removed.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Removes the staged files in a directory that belong to no running program. A file that can't be
/// removed stays until the next attempt.
pub(super) fn sweep(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') && name.ends_with(SUFFIX) && is_abandoned(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn is_abandoned(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
        && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}
