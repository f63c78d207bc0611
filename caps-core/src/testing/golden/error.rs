use std::path::PathBuf;
use std::{env, fmt, io};

use thiserror::Error;

use super::regenerate::Regenerate;

/// What a test made is not what its golden file has.
#[derive(Error)]
#[non_exhaustive]
pub enum GoldenError {
    /// The contents differ.
    #[error(
        "the test makes something else than `{}` has; if it is right, run it with {}=1\n{diff}",
        .path.display(),
        Regenerate::VARIABLE
    )]
    Differs {
        /// The golden file.
        path: PathBuf,
        /// The difference: of texts as `diff -u` shows it, of JSON by paths, of bytes the first.
        diff: String,
    },
    /// There is no golden file.
    #[error(
        "there is no golden file `{}`; run the test with {}=1 to write it\n{diff}",
        .path.display(),
        Regenerate::VARIABLE
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
        /// What the test made, as `diff -u` shows it.
        diff: String,
    },
    /// The golden file can't be read.
    #[error("can't read the golden file `{}`: {source}", .path.display())]
    Read {
        /// The golden file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The golden file can't be written.
    #[error("can't write the golden file `{}`: {source}", .path.display())]
    Write {
        /// The golden file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The golden file is to be compared as JSON, and is none.
    #[error("the golden file `{}` is not JSON: {message}", .path.display())]
    Json {
        /// The golden file.
        path: PathBuf,
        /// What is wrong with it, and at which line.
        message: String,
    },
    /// What the test made has no form in JSON.
    #[error("what the test makes for `{}` has no form in JSON: {message}", .path.display())]
    Serialize {
        /// The golden file.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// The environment variable has another value than 0 and 1.
    #[error("`{variable}` is `{value}`, expected 0 or 1", variable = Regenerate::VARIABLE)]
    Variable {
        /// What it is.
        value: String,
    },
}

/// A test that returns the error shows it in this form, so the difference must be legible.
impl fmt::Debug for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Regenerate {
    /// What the environment says.
    ///
    /// # Errors
    ///
    /// When the variable has another value than 0 and 1.
    pub fn from_env() -> Result<Self, GoldenError> {
        match env::var_os(Self::VARIABLE) {
            None => Ok(Self::No),
            Some(value) if value == "0" => Ok(Self::No),
            Some(value) if value == "1" => Ok(Self::Yes),
            Some(value) => {
                Err(GoldenError::Variable { value: value.to_string_lossy().into_owned() })
            }
        }
    }
}
