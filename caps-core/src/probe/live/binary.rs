use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::LiveError;

/// Finds a program as a shell does: a name without a slash in the directories of `PATH`, anything
/// else at its path.
///
/// ```no_run
/// use caps_core::probe::live::find_binary;
///
/// println!("{}", find_binary("qemu-system-x86_64".as_ref())?.display());
/// # Ok::<(), caps_core::probe::live::LiveError>(())
/// ```
///
/// # Errors
///
/// Fails if the program does not exist or is not executable.
pub fn find_binary(name: &Path) -> Result<PathBuf, LiveError> {
    find_on(name, std::env::var_os("PATH").as_deref())
}

fn find_on(name: &Path, path: Option<&OsStr>) -> Result<PathBuf, LiveError> {
    if name.components().count() != 1 || name.file_name() != Some(name.as_os_str()) {
        return check(name).map(|()| name.to_owned());
    }
    path.into_iter()
        .flat_map(std::env::split_paths)
        .map(|dir| dir.join(name))
        .find(|binary| check(binary).is_ok())
        .ok_or_else(|| LiveError::NotOnPath { name: name.to_owned() })
}

fn check(path: &Path) -> Result<(), LiveError> {
    let binary = path.to_owned();
    let file_type = match fs::metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(LiveError::Missing { binary });
        }
        Err(source) => return Err(LiveError::Exec { binary, source }),
    };
    if !file_type.is_file() {
        let what = match file_type {
            t if t.is_dir() => "a directory",
            t if t.is_socket() => "a socket",
            _ => "a device",
        };
        return Err(LiveError::NotAFile { binary, what });
    }
    access(path, Access::EXEC_OK).map_err(|_| LiveError::NotExecutable { binary })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::path::PathBuf;

    use super::find_binary;

    #[test]
    fn what_is_no_file_is_named() {
        let dir = tempfile::tempdir().expect("a directory");
        let socket = dir.path().join("socket");
        let _listener = UnixListener::bind(&socket).expect("a socket");
        for (path, what) in [
            (dir.path().to_owned(), "a directory"),
            (socket, "a socket"),
            (PathBuf::from("/dev/null"), "a device"),
        ] {
            let error = find_binary(&path).expect_err("no program").to_string();
            assert_eq!(error, format!("`{}` is {what}, expected a QEMU binary", path.display()));
        }
    }
}
