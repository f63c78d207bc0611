use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::LiveError;
use super::reaper::Reaper;

/// How many descriptors the cleanup needs at once: a directory, a file in it, and a process.
const NEEDED: usize = 3;

/// The private directory of a QEMU. Its path is in the arguments or the environment of all processes
/// of this QEMU.
#[derive(Debug)]
pub(super) struct PrivateDir {
    dir: TempDir,
    /// Descriptors for the cleanup, in case the program has no others left by then.
    reserve: Vec<File>,
    /// Declared last, to be dropped after the directory is removed.
    reaper: Option<Reaper>,
}

impl PrivateDir {
    /// Creates a directory in `parent`, or in `/tmp` if socket paths would exceed the system's
    /// limit.
    pub(super) fn new(parent: &Path) -> Result<Self, LiveError> {
        let mut dir = Self::below(parent)?;
        if SocketAddr::from_pathname(dir.socket()).is_err() {
            dir = Self::below(Path::new("/tmp"))?;
        }
        dir.reaper = Reaper::new(dir.path());
        Ok(dir)
    }

    fn below(parent: &Path) -> Result<Self, LiveError> {
        let make = || {
            let null = File::open("/dev/null")?;
            let reserve = (0..NEEDED).map(|_| null.try_clone()).collect::<io::Result<_>>()?;
            let dir = tempfile::Builder::new()
                .prefix("qmp-")
                .permissions(Permissions::from_mode(0o700))
                // A daemon has a different working directory.
                .tempdir_in(std::path::absolute(parent)?)?;
            Ok(Self { dir, reserve, reaper: None })
        };
        make().map_err(|source| LiveError::Directory { parent: parent.to_owned(), source })
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.path().join("qmp.monitor")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.path().join("qmp.pid")
    }

    /// The value of `-qmp`. QEMU's option syntax requires doubled commas.
    pub(super) fn monitor_option(&self) -> OsString {
        let mut option = b"unix:".to_vec();
        for &byte in self.socket().as_os_str().as_bytes() {
            option.extend(std::iter::repeat_n(byte, if byte == b',' { 2 } else { 1 }));
        }
        option.extend(OsStr::new(",server=on,wait=off").as_bytes());
        OsString::from_vec(option)
    }

    /// Returns whether QEMU's startup files exist.
    pub(super) fn is_in_use(&self) -> bool {
        self.pid_file().exists() && self.socket().exists()
    }

    /// Makes the reserved descriptors available for the cleanup.
    pub(super) fn release_reserve(&mut self) {
        self.reserve.clear();
    }

    pub(super) fn remove(mut self) -> io::Result<()> {
        self.release_reserve();
        if !self.remove_known_files() {
            fs::remove_dir_all(self.path())?;
            self.dir.disable_cleanup(true);
        }
        Ok(())
    }

    /// Removes the directory if it has no files besides QEMU's own, which takes no descriptors.
    fn remove_known_files(&mut self) -> bool {
        for file in [self.socket(), self.pid_file()] {
            // What can't be removed keeps the directory from being removed.
            let _ = fs::remove_file(file);
        }
        let is_removed = fs::remove_dir(self.path()).is_ok();
        self.dir.disable_cleanup(is_removed);
        is_removed
    }
}

impl Drop for PrivateDir {
    fn drop(&mut self) {
        self.release_reserve();
        // Otherwise, dropping the directory removes everything in it.
        self.remove_known_files();
    }
}

#[cfg(test)]
mod tests {
    use super::PrivateDir;

    #[test]
    fn commas_are_doubled_in_the_option_only() {
        let parent = tempfile::Builder::new().prefix("a,b").tempdir().expect("a directory");
        let dir = PrivateDir::new(parent.path()).expect("a directory");
        let option = dir.monitor_option().into_string().expect("UTF-8");
        let socket = dir.socket().into_os_string().into_string().expect("UTF-8");
        assert_eq!(option, format!("unix:{},server=on,wait=off", socket.replace(',', ",,")));
        assert!(socket.contains("/a,b"), "{socket}");
    }
}
