use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use super::error::ServeError;

/// The bytes that fit into `sun_path`, without the final NUL.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A listening socket that removes its file when dropped.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) listener: UnixListener,
    path: PathBuf,
    /// Device and inode, in case another server has replaced the socket.
    file: Option<(u64, u64)>,
}

impl Socket {
    pub(super) fn bind(path: &Path, replace: bool) -> Result<Self, ServeError> {
        let length = path.as_os_str().len();
        if length > MAX_PATH {
            return Err(ServeError::PathTooLong { path: path.into(), length, max: MAX_PATH });
        }
        let failed = |source| ServeError::Listen { path: path.into(), source };
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                clear(path, replace)?;
                UnixListener::bind(path)
            }
            bound => bound,
        }
        .map_err(failed)?;
        let file = file_of(path);
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Self { listener, path: path.into(), file })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.file.is_some() && file_of(&self.path) == self.file {
            // Errors can't be reported while dropping.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn file_of(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Handles an existing file at the path of the socket.
fn clear(path: &Path, replace: bool) -> Result<(), ServeError> {
    let failed = |source| ServeError::Listen { path: path.into(), source };
    if !fs::symlink_metadata(path).map_err(failed)?.file_type().is_socket() {
        return Err(ServeError::NotASocket { path: path.into() });
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(failed(error)),
        _ => return Err(ServeError::InUse { path: path.into() }),
    }
    if !replace {
        return Err(ServeError::Stale { path: path.into() });
    }
    fs::remove_file(path).map_err(failed)
}
