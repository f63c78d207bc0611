use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "json")]
use serde_core::de::DeserializeOwned;
use thiserror::Error;

use crate::inputs::InputPath;

/// The input file of a test, read on demand.
///
/// ```no_run
/// use caps_core::testing::InputFile;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Vm {
///     name: String,
/// }
///
/// fn has_a_name(file: &InputFile) {
///     let vm: Vm = file.parse().unwrap();
///     assert!(!vm.name.is_empty(), "{}", file.path().display());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    input: InputPath,
    path: PathBuf,
    bytes: Vec<u8>,
}

/// The input file is unusable.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InputError {
    /// The test has no input file.
    #[error("`{test}` has no input file, expected `files(\"...\")` in its `caps_test`")]
    NoFile {
        /// The test.
        test: &'static str,
    },
    /// The file can't be read.
    #[error("can't read the input file `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is not UTF-8.
    #[error("`{}` is not UTF-8 from byte {at} on, expected text", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The offset of the first invalid byte.
        at: usize,
    },
    /// The file does not contain the requested type.
    #[error("`{}`: {message}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// The problem, with its line.
        message: String,
    },
    /// The file format is unknown.
    #[error("can't parse `{}`, expected a name that ends in `.json` or `.toml`", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// Support for the file format was not compiled in.
    #[error("can't parse `{}`, expected the feature `toml` of `qemu-caps` in Cargo.toml", path.display())]
    Feature {
        /// The file.
        path: PathBuf,
    },
}

impl InputFile {
    pub(super) fn read(package: &Path, input: InputPath) -> Result<Self, InputError> {
        let path = package.join(&input.path);
        match crate::fs::read(&path) {
            Ok(bytes) => Ok(Self { input, path, bytes }),
            Err(source) => Err(InputError::Read { path, source }),
        }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name in tests: its path below the base of the pattern, without the extension.
    pub fn name(&self) -> &str {
        &self.input.name
    }

    /// The file name without directory and extension.
    pub fn stem(&self) -> &str {
        self.input.name.rsplit('/').next().unwrap_or_default()
    }

    /// The contents of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The contents of the file as text.
    ///
    /// # Errors
    ///
    /// Fails if the file is not UTF-8.
    pub fn text(&self) -> Result<&str, InputError> {
        str::from_utf8(&self.bytes).map_err(|error| InputError::Encoding {
            path: self.path.clone(),
            at: error.valid_up_to(),
        })
    }

    /// Deserializes a `.json` file or, with the feature `toml`, a `.toml` file.
    ///
    /// # Errors
    ///
    /// Fails, with the line, if the file does not contain the type; or if it has another extension.
    #[cfg(feature = "json")]
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, InputError> {
        match self.path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => serde_json::from_str(self.text()?).map_err(|error| self.data(&error)),
            Some("toml") => self.parse_toml(),
            _ => Err(InputError::Format { path: self.path.clone() }),
        }
    }

    #[cfg(feature = "toml")]
    fn parse_toml<T: DeserializeOwned>(&self) -> Result<T, InputError> {
        toml::from_str(self.text()?).map_err(|error| self.data(&error))
    }

    #[cfg(all(feature = "json", not(feature = "toml")))]
    fn parse_toml<T>(&self) -> Result<T, InputError> {
        Err(InputError::Feature { path: self.path.clone() })
    }

    #[cfg(feature = "json")]
    fn data(&self, error: &dyn std::error::Error) -> InputError {
        InputError::Data { path: self.path.clone(), message: error.to_string() }
    }
}
