use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// How many names to try; they collide only if somebody makes them collide.
const ATTEMPTS: usize = 1000;

/// The mode of an ordinary new file, minus the umask.
pub(crate) const ORDINARY: u32 = 0o666;
/// The mode of a file for its owner alone.
pub(crate) const PRIVATE: u32 = 0o600;

/// A new file, removed when dropped.
#[derive(Debug)]
pub(crate) struct Temporary {
    pub(crate) file: File,
    path: TemporaryPath,
}

/// The path of a file, which is removed when the path is dropped.
#[derive(Debug)]
pub(crate) struct TemporaryPath(PathBuf);

impl Temporary {
    /// Creates a file whose name starts and ends with these texts.
    pub(crate) fn new(dir: &Path, prefix: &str, suffix: &str, mode: u32) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true).mode(mode);
        let random = RandomState::new();
        let mut attempts = 0..ATTEMPTS;
        loop {
            let middle = word(random.hash_one((std::process::id(), attempts.start)));
            let path = dir.join(format!("{prefix}{middle}{suffix}"));
            match options.open(&path) {
                Ok(file) => return Ok(Self { file, path: TemporaryPath(path) }),
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists
                        && attempts.next().is_some() => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path.0
    }

    /// Closes the file.
    pub(crate) fn into_path(self) -> TemporaryPath {
        self.path
    }

    /// Moves the file into place.
    pub(crate) fn persist(self, target: &Path) -> io::Result<()> {
        self.path.persist(target)
    }
}

impl TemporaryPath {
    pub(crate) fn as_path(&self) -> &Path {
        &self.0
    }

    /// Moves the file into place.
    pub(crate) fn persist(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.0, target)?;
        self.0 = PathBuf::new();
        Ok(())
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // Nothing is left to try.
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Six letters and digits.
fn word(mut number: u64) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut letter = || {
        let (rest, index) = (number / 36, number % 36);
        number = rest;
        char::from(LETTERS[usize::try_from(index).unwrap_or_default()])
    };
    (0..6).map(|_| letter()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::{ORDINARY, PRIVATE, Temporary, word};

    #[test]
    fn each_number_has_its_word() {
        for (number, expected) in [
            (0, "aaaaaa"),
            (35, "9aaaaa"),
            (36, "abaaaa"),
            (36 * 36 + 1, "babaaa"),
            (36_u64.pow(6), "aaaaaa"),
        ] {
            assert_eq!(word(number), expected);
        }
    }

    #[test]
    fn a_file_is_removed_unless_it_is_moved() {
        let dir = tempfile::tempdir().expect("a directory");
        let new = |mode| Temporary::new(dir.path(), ".a.", "-new", mode).expect("a file");
        let (first, second, third) = (new(ORDINARY), new(PRIVATE), new(PRIVATE));
        assert_ne!(second.path(), third.path());
        let name = first.path().file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name.starts_with(".a.") && name.ends_with("-new"), "{name}");
        let mode = second.file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, PRIVATE);
        first.persist(&dir.path().join("b")).expect("a rename");
        second.persist(&dir.path().join("no/b")).expect_err("no directory");
        drop(third.into_path());
        let names = fs::read_dir(dir.path()).expect("a directory");
        let names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(names, ["b"]);
    }
}
