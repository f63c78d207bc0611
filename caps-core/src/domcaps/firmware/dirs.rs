//! Firmware descriptors installed on the system.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Firmware, FirmwareError};

/// A directory of firmware descriptors can't be read.
#[derive(Debug, Error)]
#[error("can't read the firmware descriptors in `{}`", .dir.display())]
pub struct FirmwareDirError {
    /// The directory.
    pub dir: PathBuf,
    /// The system's error.
    pub source: io::Error,
}

impl Firmware {
    /// Reads the descriptors of several directories, in the order of file names, and reports
    /// unusable ones.
    ///
    /// Later directories take precedence: their files replace those of the same name, and an empty
    /// file hides them. A missing directory has no descriptors.
    ///
    /// # Errors
    ///
    /// Fails if a directory can't be read.
    pub fn in_dirs(dirs: &[PathBuf]) -> Result<(Vec<Self>, Vec<FirmwareError>), FirmwareDirError> {
        let mut files = BTreeMap::new();
        for dir in dirs {
            let failed = |source| FirmwareDirError { dir: dir.clone(), source };
            let entries = match fs::read_dir(dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            for entry in entries {
                let path = entry.map_err(failed)?.path();
                let name = path.file_name().unwrap_or_default().to_owned();
                let is_hidden = name.as_encoded_bytes().starts_with(b".");
                if !is_hidden && fs::metadata(&path).is_ok_and(|file| file.is_file()) {
                    files.insert(name, path);
                }
            }
        }
        let (mut firmware, mut unusable) = (Vec::new(), Vec::new());
        for (name, path) in files {
            match descriptor(&name, &path) {
                Ok(Some(found)) => firmware.push(found),
                Ok(None) => {}
                Err(error) => unusable.push(error),
            }
        }
        Ok((firmware, unusable))
    }
}

/// Reads a descriptor; `None` for an empty file, which hides others of its name.
fn descriptor(name: &OsStr, path: &Path) -> Result<Option<Firmware>, FirmwareError> {
    let file = path.display().to_string();
    let failed =
        |error: io::Error| FirmwareError { file: file.clone(), problem: error.to_string() };
    let text = crate::fs::read_text(path).map_err(failed)?;
    if text.is_empty() {
        return Ok(None);
    }
    let mut firmware = Firmware::parse(&name.to_string_lossy(), &text)
        .map_err(|error| FirmwareError { file: file.clone(), ..error })?;
    firmware.image_exists = firmware.image.as_ref().is_some_and(|image| Path::new(image).exists());
    Ok(Some(firmware))
}
