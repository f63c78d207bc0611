use std::path::PathBuf;
use std::{env, fmt, io};

use thiserror::Error;

use super::regenerate::Regenerate;

/// A test's output does not match its golden file.
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
        /// The difference: a unified diff of text, a list of paths for JSON, the first differing
        /// bytes of binary content.
        diff: String,
    },
    /// The golden file is missing.
    #[error(
        "there is no golden file `{}`; run the test with {}=1 to write it\n{diff}",
        .path.display(),
        Regenerate::VARIABLE
    )]
    Missing {
        /// The path it should have.
        path: PathBuf,
        /// The test's output as a unified diff.
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
    /// The golden file is not JSON, but must be compared as JSON.
    #[error("the golden file `{}` is not JSON: {message}", .path.display())]
    Json {
        /// The golden file.
        path: PathBuf,
        /// The problem, with its line.
        message: String,
    },
    /// The test's output can't be serialized as JSON.
    #[error("what the test makes for `{}` has no form in JSON: {message}", .path.display())]
    Serialize {
        /// The golden file.
        path: PathBuf,
        /// The reason.
        message: String,
    },
    /// The environment variable is neither 0 nor 1.
    #[error("`{variable}` is `{value}`, expected 0 or 1", variable = Regenerate::VARIABLE)]
    Variable {
        /// Its value.
        value: String,
    },
}

/// A test that returns the error prints it in this form, so the diff must be legible.
impl fmt::Debug for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Regenerate {
    /// Reads the environment variable.
    ///
    /// # Errors
    ///
    /// Fails if the variable is neither 0 nor 1.
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
