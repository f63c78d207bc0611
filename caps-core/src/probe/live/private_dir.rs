use std::ffi::{OsStr, OsString};
use std::fs::Permissions;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::LiveError;
use super::reaper::Reaper;

/// The private directory of a QEMU. Its path is in the arguments of all processes of this QEMU.
#[derive(Debug)]
pub(super) struct PrivateDir {
    dir: TempDir,
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
            tempfile::Builder::new()
                .prefix("qmp-")
                .permissions(Permissions::from_mode(0o700))
                // A daemon has a different working directory.
                .tempdir_in(std::path::absolute(parent)?)
        };
        match make() {
            Ok(dir) => Ok(Self { dir, reaper: None }),
            Err(source) => Err(LiveError::Directory { parent: parent.to_owned(), source }),
        }
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

    pub(super) fn remove(self) -> io::Result<()> {
        self.dir.close()
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
