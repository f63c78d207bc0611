use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::leftovers;
use super::temporary::{ORDINARY, Temporary, TemporaryPath};

/// A file could not be written; no file was changed.
#[derive(Debug, Error)]
#[error("can't write `{}`", path.display())]
#[non_exhaustive]
pub struct WriteError {
    /// The file to be written.
    pub path: PathBuf,
    /// The system's error.
    pub source: io::Error,
}

/// Writes a file atomically: readers, crashes and full disks see either the old content or the new.
/// Keeps the mode of an existing file, and follows symbolic links. A special file, such as a pipe
/// or a device, is written to instead of replaced.
///
/// ```
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("expected.xml");
/// caps_core::fs::write_atomically(&path, b"<new/>\n")?;
/// assert_eq!(std::fs::read(&path)?, b"<new/>\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Fails if the directory or the file can't be written.
pub fn write_atomically(path: impl AsRef<Path>, contents: &[u8]) -> Result<(), WriteError> {
    let path = path.as_ref();
    if is_special(path) {
        let written =
            File::options().write(true).open(path).and_then(|mut f| f.write_all(contents));
        return written.map_err(|source| WriteError { path: path.to_owned(), source });
    }
    let mut batch = Batch::default();
    batch.stage(path, contents)?;
    batch.commit()
}

/// Removes temporary files that a killed program left beside these files. [`Batch`] does the same
/// before it writes; this is for programs that find nothing to write.
pub fn clear_leftovers(paths: impl IntoIterator<Item = impl AsRef<Path>>) {
    let targets = paths.into_iter().map(|path| target_of(path.as_ref()));
    let dirs: BTreeSet<PathBuf> =
        targets.filter_map(|target| directory(&target).map(Path::to_owned)).collect();
    for dir in dirs {
        leftovers::sweep(&dir);
    }
}

fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The file behind a chain of symbolic links, whether it exists or not.
fn target_of(path: &Path) -> PathBuf {
    /// The limit of Linux.
    const MAX_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&target) else { break };
        target = directory(&target).unwrap_or(Path::new(".")).join(next);
    }
    fs::canonicalize(&target).unwrap_or(target)
}

/// Files that are written together, all or none.
///
/// [`Batch::stage`] writes the new content next to the old file, where a full disk or a missing
/// permission shows up; [`Batch::commit`] then renames. Dropping a batch removes its temporary
/// files; those of a killed program are removed by the next batch in the same directory.
#[derive(Debug, Default)]
pub struct Batch {
    staged: Vec<Staged>,
    /// Directories that were already cleared of leftovers.
    swept: BTreeSet<PathBuf>,
}

#[derive(Debug)]
struct Staged {
    target: PathBuf,
    new: Temporary,
}

impl Batch {
    /// Writes the new content of a file to disk, next to the file.
    ///
    /// # Errors
    ///
    /// Fails if the directory or the file can't be written.
    pub fn stage(&mut self, path: impl AsRef<Path>, contents: &[u8]) -> Result<(), WriteError> {
        let path = path.as_ref();
        // Replace the target of a symbolic link, not the link.
        let target = target_of(path);
        let dir = directory(&target).unwrap_or(Path::new("."));
        if self.swept.insert(dir.to_owned()) {
            leftovers::sweep(dir);
        }
        match write_beside(&target, contents) {
            Ok(new) => self.staged.push(Staged { target, new }),
            Err(source) => return Err(WriteError { path: path.to_owned(), source }),
        }
        Ok(())
    }

    /// Moves all files into place. If one can't be moved, the earlier ones get their old content
    /// back.
    ///
    /// # Errors
    ///
    /// Fails if a file can't be replaced.
    pub fn commit(self) -> Result<(), WriteError> {
        // A single rename either happens or not, so it needs no backup.
        let alone = self.staged.len() == 1;
        let mut backups = Vec::new();
        if !alone {
            for Staged { target, .. } in &self.staged {
                match keep(target) {
                    Ok(old) => backups.push(old),
                    Err(source) => return Err(WriteError { path: target.clone(), source }),
                }
            }
        }
        // The locks keep other programs from sweeping the backups away.
        let (mut backups, _locks): (Vec<_>, Vec<_>) =
            backups.into_iter().map(Option::unzip).unzip();
        let mut done: Vec<PathBuf> = Vec::new();
        for Staged { target, new } in self.staged {
            match new.persist(&target) {
                Ok(()) => done.push(target),
                Err(source) => {
                    for (target, old) in done.iter().zip(backups.drain(..)) {
                        // If undoing fails as well, there is nothing left to try.
                        let _ = match old {
                            Some(old) => old.persist(target),
                            None => fs::remove_file(target),
                        };
                    }
                    return Err(WriteError { path: target, source });
                }
            }
        }
        for target in &done {
            if let Some(dir) = directory(target)
                && let Ok(dir) = File::open(dir)
            {
                // Some file systems can't sync directories.
                let _ = dir.sync_all();
            }
        }
        Ok(())
    }

    /// The number of staged files.
    pub fn len(&self) -> usize {
        self.staged.len()
    }

    /// Returns whether no file is staged.
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty()
    }
}

fn write_beside(target: &Path, contents: &[u8]) -> io::Result<Temporary> {
    let permissions = match fs::metadata(target) {
        Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(old) if !old.is_file() => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "expected a regular file"));
        }
        Ok(old) => {
            // A rename would replace even a file that its owner has write-protected.
            File::options().write(true).open(target)?;
            Some(old.permissions())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut new = temporary(target)?;
    // Claimed before anything is written, so that no sweep can remove it.
    leftovers::claim(&new.file)?;
    new.file.write_all(contents)?;
    if let Some(permissions) = permissions {
        new.file.set_permissions(permissions)?;
    }
    // Otherwise a crash after the rename could leave an empty file.
    new.file.sync_all()?;
    Ok(new)
}

/// Creates a temporary file next to the target, with a name that is not a capture's.
fn temporary(target: &Path) -> io::Result<Temporary> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let dir = directory(target).unwrap_or(Path::new("."));
    Temporary::new(dir, &format!(".{name}."), leftovers::SUFFIX, ORDINARY)
}

/// Hard-links the current content of a file under a second name, and claims it.
fn keep(target: &Path) -> io::Result<Option<(TemporaryPath, File)>> {
    if !target.exists() {
        return Ok(None);
    }
    let path = temporary(target)?.into_path();
    fs::remove_file(path.as_path())?;
    // Some file systems have no hard links.
    if fs::hard_link(target, path.as_path()).is_err() {
        fs::copy(target, path.as_path())?;
    }
    let file = File::open(path.as_path())?;
    leftovers::claim(&file)?;
    Ok(Some((path, file)))
}

fn directory(path: &Path) -> Option<&Path> {
    path.parent().map(|dir| if dir.as_os_str().is_empty() { Path::new(".") } else { dir })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::{Batch, clear_leftovers, write_atomically};

    fn names(dir: &std::path::Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_with_its_mode_and_its_links() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (file, link) = (dir.path().join("a.xml"), dir.path().join("link.xml"));
        fs::write(&file, "old").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("a mode");
        symlink("a.xml", &link).expect("a link");
        write_atomically(&link, b"new").expect("written");
        assert_eq!(fs::read(&file).expect("the file"), b"new");
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        write_atomically(dir.path().join("b.xml"), b"another").expect("written");
        assert_eq!(names(dir.path()), ["a.xml", "b.xml", "link.xml"]);
    }

    #[test]
    fn a_link_to_nothing_stays_one() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        symlink("absent.xml", dir.path().join("link.xml")).expect("a link");
        write_atomically(dir.path().join("link.xml"), b"new").expect("written");
        assert_eq!(fs::read(dir.path().join("absent.xml")).expect("the file"), b"new");
        assert!(fs::symlink_metadata(dir.path().join("link.xml")).expect("the link").is_symlink());
    }

    #[test]
    fn what_is_no_regular_file_is_written_into() {
        use std::io::Read as _;
        let dir = tempfile::tempdir().expect("a temporary directory");
        let pipe = dir.path().join("pipe");
        let mode = rustix::fs::Mode::from_bits_truncate(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0)
            .expect("a pipe");
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                fs::File::open(pipe)
                    .and_then(|mut file| file.read_to_string(&mut text))
                    .map(|_| text)
            }
        });
        write_atomically(&pipe, b"through").expect("written");
        assert_eq!(reader.join().expect("a reader").expect("a text"), "through");
        assert_eq!(names(dir.path()), ["pipe"]);
    }

    #[test]
    fn what_is_no_regular_file_is_not_replaced() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = |name: &str| dir.path().join(name);
        let _listener = UnixListener::bind(path("socket")).expect("a socket");
        let refused = Batch::default().stage(path("socket"), b"x").expect_err("a socket");
        assert_eq!(refused.source.to_string(), "expected a regular file");
        // A link that leads to itself.
        symlink("loop", path("loop")).expect("a link");
        Batch::default().stage(path("loop"), b"x").expect_err("no end");
        assert_eq!(names(dir.path()), ["loop", "socket"]);
    }

    #[test]
    fn leftovers_are_removed_where_nothing_is_written() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::write(dir.path().join(".a.xml.abcdef.qemu-caps.tmp"), "left").expect("a file");
        clear_leftovers([dir.path().join("b.xml")]);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn a_batch_in_which_one_file_fails_changes_none() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = |name| dir.path().join(name);
        fs::write(path("a"), "old a").expect("a file");
        fs::write(path("z"), "old z").expect("a file");

        // Fails while staging.
        let mut batch = Batch::default();
        batch.stage(path("a"), b"new a").expect("staged");
        let error = batch.stage(path("missing/b"), b"new b").expect_err("no such directory");
        assert!(error.to_string().ends_with("missing/b`"), "{error}");
        drop(batch);
        assert_eq!(fs::read(path("a")).expect("the file"), b"old a");

        // Fails while renaming: a directory is in the way.
        let mut batch = Batch::default();
        for name in ["a", "new", "in the way", "z"] {
            batch.stage(path(name), b"new").expect("staged");
        }
        fs::create_dir(path("in the way")).expect("a directory");
        batch.commit().expect_err("a directory can't be replaced by a file");
        assert_eq!(fs::read(path("a")).expect("the file"), b"old a");
        assert_eq!(fs::read(path("z")).expect("the file"), b"old z");
        assert_eq!(names(dir.path()), ["a", "in the way", "z"]);
    }

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_a_running_one_staged_is_not() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = |name: &str| dir.path().join(name);
        let mut running = Batch::default();
        running.stage(path("a.xml"), b"of another program").expect("staged");
        fs::write(path(".b.xml.abcdef.qemu-caps.tmp"), "left").expect("a file");
        fs::write(path(".b.xml.abcdef.tmp"), "not ours").expect("a file");
        write_atomically(path("b.xml"), b"new").expect("written");
        running.commit().expect("written");
        assert_eq!(names(dir.path()), [".b.xml.abcdef.tmp", "a.xml", "b.xml"]);
        assert_eq!(fs::read(path("a.xml")).expect("the file"), b"of another program");
    }

    #[test]
    fn a_batch_that_succeeds_changes_all() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut batch = Batch::default();
        for name in ["a", "b", "c"] {
            batch.stage(dir.path().join(name), name.as_bytes()).expect("staged");
        }
        assert_eq!((batch.len(), batch.is_empty()), (3, false));
        batch.commit().expect("written");
        assert_eq!(names(dir.path()), ["a", "b", "c"]);
    }
}
