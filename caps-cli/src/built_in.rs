//! The captures built into the program, packed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The files, by name: surveys as they are, the others packed.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/captures.rs"));

/// What stands for the directory in paths; no file system has one of this name where it matters.
const DIR: &str = "(built in)";

/// The directory that they seem to be in.
pub(crate) fn dir() -> PathBuf {
    PathBuf::from(DIR)
}

/// The paths that they seem to have.
pub(crate) fn paths() -> impl Iterator<Item = PathBuf> {
    FILES.iter().map(|(name, _)| Path::new(DIR).join(name))
}

/// Is this the path of one of the files?
pub(crate) fn contains(path: &Path) -> bool {
    path.starts_with(DIR) && read(path).is_some()
}

/// The content of a file; `None` for a path that is not one of [`paths`].
pub(crate) fn read(path: &Path) -> Option<io::Result<Vec<u8>>> {
    let name = path.strip_prefix(DIR).ok()?.to_str()?;
    let (_, packed) = FILES.iter().find(|(known, _)| *known == name)?;
    if name.ends_with(".survey") {
        return Some(Ok(packed.to_vec()));
    }
    let mut content = Vec::new();
    Some(GzDecoder::new(*packed).read_to_end(&mut content).map(|_| content))
}
