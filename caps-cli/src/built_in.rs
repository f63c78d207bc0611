//! Captures compiled into the program, compressed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use zstd::stream::read::Decoder;

// `FILES`, the files in the program, sorted by name.
include!(concat!(env!("OUT_DIR"), "/captures.rs"));

/// Stands in for the directory in paths. No real directory of this name is ever read.
const DIR: &str = "(built in)";

/// A file as the build script packs it.
struct File {
    name: &'static str,
    /// The position of the file that this one is packed as a difference from.
    base: Option<usize>,
    packed: &'static [u8],
    /// The content, kept where other files need it.
    content: OnceLock<Vec<u8>>,
}

impl File {
    const fn new(name: &'static str, base: Option<usize>, packed: &'static [u8]) -> Self {
        Self { name, base, packed, content: OnceLock::new() }
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        match self.base.and_then(|base| FILES.get(base)) {
            Some(base) => self.unpack(base.as_base()?),
            None => self.unpack(&[]),
        }
    }

    fn as_base(&self) -> io::Result<&[u8]> {
        if let Some(content) = self.content.get() {
            return Ok(content);
        }
        let content = self.unpack(&[])?;
        Ok(self.content.get_or_init(|| content))
    }

    fn unpack(&self, base: &[u8]) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        Decoder::with_ref_prefix(self.packed, base)?.read_to_end(&mut content)?;
        Ok(content)
    }
}

/// The directory shown as the location of the built-in captures.
pub(crate) fn dir() -> PathBuf {
    PathBuf::from(DIR)
}

/// The paths shown for the built-in files.
pub(crate) fn paths() -> impl Iterator<Item = PathBuf> {
    FILES.iter().map(|file| Path::new(DIR).join(file.name))
}

/// Returns whether `path` is one of the built-in files.
pub(crate) fn contains(path: &Path) -> bool {
    find(path).is_some()
}

/// Reads a built-in file, unpacked; `None` if `path` is not one of [`paths`].
pub(crate) fn read(path: &Path) -> Option<io::Result<Vec<u8>>> {
    find(path).map(File::read)
}

fn find(path: &Path) -> Option<&'static File> {
    let name = path.strip_prefix(DIR).ok()?.to_str()?;
    FILES.binary_search_by(|file| file.name.cmp(name)).ok().map(|index| &FILES[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_paths_of_its_files_are_built_in() {
        assert!(paths().all(|path| contains(&path)));
        let name = paths().next().expect("a file").file_name().expect("a name").to_owned();
        assert!(!contains(Path::new(&name)) && !contains(&dir().join("none")));
    }

    /// What the build script packs is what the directory has, as another decoder reads it.
    #[test]
    fn the_files_are_those_of_the_directory() {
        let dir = Path::new(qemu_caps_data::DIR);
        for path in paths() {
            let name = path.file_name().expect("a name");
            let file = caps_core::fs::read(dir.join(name)).expect("a file");
            let file = caps_core::survey::unpack(file).expect("a survey");
            let built_in = read(&path).expect("a built-in file").expect("packed data");
            assert!(built_in == file, "{}", name.display());
        }
        let entries = std::fs::read_dir(dir).expect("a directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let captures = names.filter(|name| name.to_string_lossy().starts_with("caps_"));
        assert_eq!(captures.count(), FILES.len());
    }
}
