use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use similar::TextDiff;
use thiserror::Error;

use super::notice::tell;
use crate::capture::{CaptureId, Label};
use crate::fs::write_atomically;

/// A file with what a test is expected to make, named after the test and its capture.
///
/// ```no_run
/// use caps_core::testing::Golden;
///
/// fn command_line_is_as_expected(golden: Golden) {
///     golden.assert("qemu-system-x86_64 -nodefaults\n");
/// }
/// ```
///
/// With the environment variable [`Regenerate::VARIABLE`] set to 1 a file that differs or is missing
/// is written instead, which is said on stderr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Golden {
    /// The path up to the dot of the extension.
    stem: PathBuf,
    extension: Option<String>,
}

/// What a test made is not what its golden file has.
#[derive(Error)]
#[non_exhaustive]
pub enum GoldenError {
    /// The texts differ.
    #[error(
        "the test makes something else than `{}` has; if it is right, run it with {}=1\n{diff}",
        .path.display(),
        Regenerate::VARIABLE
    )]
    Differs {
        /// The golden file.
        path: PathBuf,
        /// The difference, as `diff -u` shows it.
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

/// Whether golden files are compared or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regenerate {
    /// A difference is a failure.
    No,
    /// What differs or is missing is written.
    Yes,
}

impl Regenerate {
    /// The environment variable, the one that libvirt's tests have.
    pub const VARIABLE: &'static str = "VIR_TEST_REGENERATE_OUTPUT";

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

impl Golden {
    /// The golden file at a path.
    pub fn at(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let extension = path.extension().and_then(|extension| extension.to_str());
        Self { stem: path.with_extension(""), extension: extension.map(str::to_owned) }
    }

    /// Fills in a pattern. Only a dot after the last placeholder begins an extension: versions have
    /// dots too.
    pub(super) fn of_test(
        package: &Path,
        pattern: &str,
        test: &str,
        id: &CaptureId,
        label: Label,
    ) -> Self {
        let fixed = pattern.rfind('}').map_or(0, |at| at + 1);
        let dot = pattern[fixed..].rfind(['.', '/']).map(|at| at + fixed);
        let (stem, extension) = match dot.filter(|&at| pattern.as_bytes()[at] == b'.') {
            Some(at) => (&pattern[..at], Some(pattern[at + 1..].to_owned())),
            None => (pattern, None),
        };
        let stem = stem
            .replace("{test}", test)
            .replace("{arch}", id.arch.name())
            .replace("{version}", &label.to_string())
            .replace("{variant}", id.variant.as_str());
        Self { stem: package.join(stem), extension }
    }

    /// The file beside it with another extension, for a test that makes several things.
    #[must_use]
    pub fn with_extension(&self, extension: &str) -> Self {
        Self { stem: self.stem.clone(), extension: Some(extension.to_owned()) }
    }

    /// Where the file is.
    pub fn path(&self) -> PathBuf {
        let Some(extension) = &self.extension else { return self.stem.clone() };
        let mut path = self.stem.clone().into_os_string();
        path.push(".");
        path.push(extension);
        path.into()
    }

    /// The path without the extension.
    pub(super) fn stem(&self) -> &Path {
        &self.stem
    }

    /// Compares what the test made with the file, byte for byte; or writes the file. As in libvirt's
    /// tests a text that does not end with a line feed gets one.
    ///
    /// # Errors
    ///
    /// When they differ, or the file can't be read or written.
    pub fn check(&self, actual: &str) -> Result<(), GoldenError> {
        let regenerate = Regenerate::from_env()?;
        self.check_or_write(actual, regenerate)
    }

    /// As [`Golden::check`], and fails the test.
    ///
    /// # Panics
    ///
    /// When they differ, or the file can't be read or written.
    #[track_caller]
    pub fn assert(&self, actual: &str) {
        if let Err(error) = self.check(actual) {
            panic!("{error}");
        }
    }

    /// Compares, or writes if told so, whatever the environment says.
    ///
    /// # Errors
    ///
    /// As [`Golden::check`].
    pub fn check_or_write(&self, actual: &str, regenerate: Regenerate) -> Result<(), GoldenError> {
        let path = self.path();
        let mut actual = actual.to_owned();
        if !actual.is_empty() && !actual.ends_with('\n') {
            actual.push('\n');
        }
        let expected = match fs::read(&path) {
            Ok(expected) => Some(expected),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(GoldenError::Read { path, source }),
        };
        if expected.as_deref() == Some(actual.as_bytes()) {
            return Ok(());
        }
        if regenerate == Regenerate::Yes {
            let write_error = |source| GoldenError::Write { path: path.clone(), source };
            if let Some(dir) = path.parent() {
                fs::create_dir_all(dir).map_err(write_error)?;
            }
            write_atomically(&path, actual.as_bytes())
                .map_err(|error| write_error(error.source))?;
            tell(&format!("wrote {}\n", path.display()));
            return Ok(());
        }
        let diff =
            diff(&path, &String::from_utf8_lossy(expected.as_deref().unwrap_or(b"")), &actual);
        Err(match expected {
            Some(_) => GoldenError::Differs { path, diff },
            None => GoldenError::Missing { path, diff },
        })
    }
}

fn diff(path: &Path, expected: &str, actual: &str) -> String {
    let (old, new) = (path.display().to_string(), "what the test makes");
    TextDiff::from_lines(expected, actual).unified_diff().header(&old, new).to_string()
}
