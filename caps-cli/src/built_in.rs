//! Captures compiled into the program, compressed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The files by name: surveys as they are, all others compressed with gzip.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/captures.rs"));

/// Stands in for the directory in paths. No real directory of this name is ever read.
const DIR: &str = "(built in)";

/// The directory shown as the location of the built-in captures.
pub(crate) fn dir() -> PathBuf {
    PathBuf::from(DIR)
}

/// The paths shown for the built-in files.
pub(crate) fn paths() -> impl Iterator<Item = PathBuf> {
    FILES.iter().map(|(name, _)| Path::new(DIR).join(name))
}

/// Returns whether `path` is one of the built-in files.
pub(crate) fn contains(path: &Path) -> bool {
    path.starts_with(DIR) && read(path).is_some()
}

/// Reads a built-in file; `None` if `path` is not one of [`paths`].
pub(crate) fn read(path: &Path) -> Option<io::Result<Vec<u8>>> {
    let name = path.strip_prefix(DIR).ok()?.to_str()?;
    let (_, packed) = FILES.iter().find(|(known, _)| *known == name)?;
    if name.ends_with(".survey") {
        return Some(Ok(packed.to_vec()));
    }
    let mut content = Vec::new();
    Some(GzDecoder::new(*packed).read_to_end(&mut content).map(|_| content))
}
