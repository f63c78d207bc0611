//! The captures built into the program, packed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The files, by name.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/captures.rs"));

/// What stands for the directory in paths; no file system has one of this name where it matters.
const DIR: &str = "(built in)";

/// The directory that they seem to be in.
pub(super) fn dir() -> PathBuf {
    PathBuf::from(DIR)
}

/// The paths that they seem to have.
pub(super) fn paths() -> impl Iterator<Item = PathBuf> {
    FILES.iter().map(|(name, _)| Path::new(DIR).join(name))
}

/// The content of a file; `None` for a path that is not one of [`paths`].
pub(super) fn read(path: &Path) -> Option<io::Result<Vec<u8>>> {
    let name = path.strip_prefix(DIR).ok()?.to_str()?;
    let (_, packed) = FILES.iter().find(|(known, _)| *known == name)?;
    let mut content = Vec::new();
    Some(GzDecoder::new(*packed).read_to_end(&mut content).map(|_| content))
}
