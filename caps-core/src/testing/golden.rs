use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use self::summary::Change;
use super::notice::announce;
use crate::escape;
use crate::fs::write_atomically;

mod difference;
mod error;
#[cfg(feature = "json")]
mod json;
mod pattern;
mod regenerate;
mod summary;
mod unified;

pub use error::GoldenError;
pub(super) use pattern::fill;
pub use pattern::{GoldenNames, GoldenPattern, ParseGoldenPatternError};
pub use regenerate::Regenerate;

/// A file with a test's expected output, named after the test and its capture.
///
/// ```no_run
/// use caps_core::testing::Golden;
///
/// fn command_line_is_as_expected(golden: &Golden) {
///     golden.assert("qemu-system-x86_64 -nodefaults\n");
/// }
/// ```
///
/// With the environment variable [`Regenerate::VARIABLE`] set to 1 a file that differs or is missing
/// is written instead, and the run ends with a summary. A test that succeeds without comparing its
/// golden file fails.
#[derive(Debug, Clone)]
pub struct Golden {
    /// The path without the extension.
    stem: PathBuf,
    extension: Option<String>,
    /// Shared by all copies, so that the end of the test sees it.
    is_compared: Arc<AtomicBool>,
}

impl Golden {
    /// Creates a golden file at a path.
    pub fn at(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let extension = path.extension().and_then(|extension| extension.to_str());
        Self::new(path.with_extension(""), extension.map(str::to_owned))
    }

    pub(super) fn of_test(package: &Path, pattern: &str, names: &GoldenNames<'_>) -> Self {
        let (stem, extension) = pattern::fill(pattern, names);
        Self::new(package.join(stem), extension)
    }

    fn new(stem: PathBuf, extension: Option<String>) -> Self {
        Self { stem, extension, is_compared: Arc::default() }
    }

    /// The same file with another extension, for tests with several outputs.
    #[must_use]
    pub fn with_extension(&self, extension: &str) -> Self {
        Self { extension: Some(extension.to_owned()), ..self.clone() }
    }

    /// The path of the file.
    pub fn path(&self) -> PathBuf {
        let Some(extension) = &self.extension else { return self.stem.clone() };
        let mut path = self.stem.clone().into_os_string();
        path.push(".");
        path.push(extension);
        path.into()
    }

    /// Returns whether the file, or one that differs only in the extension, was compared.
    pub(super) fn is_compared(&self) -> bool {
        self.is_compared.load(Ordering::Relaxed)
    }

    /// Compares the test's output with the file, byte for byte, or writes the file. As in libvirt's
    /// tests, text without a final line feed gets one.
    ///
    /// # Errors
    ///
    /// Fails if they differ or the file can't be read or written.
    pub fn check(&self, actual: &str) -> Result<(), GoldenError> {
        let regenerate = Regenerate::from_env()?;
        self.compare_text(regenerate, actual).map(|change| self.note(regenerate, change))
    }

    /// Like [`Golden::check`], but panics.
    ///
    /// # Panics
    ///
    /// Panics if they differ or the file can't be read or written.
    #[track_caller]
    pub fn assert(&self, actual: &str) {
        self.check(actual).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Compares binary output, or writes it.
    ///
    /// # Errors
    ///
    /// Fails with the first difference, or if the file can't be read or written.
    pub fn check_bytes(&self, actual: &[u8]) -> Result<(), GoldenError> {
        let regenerate = Regenerate::from_env()?;
        let differs = |expected: &[u8]| {
            Ok((expected != actual).then(|| difference::of_bytes(expected, actual)))
        };
        self.compare(regenerate, actual, differs).map(|change| self.note(regenerate, change))
    }

    /// Like [`Golden::check_bytes`], but panics.
    ///
    /// # Panics
    ///
    /// Panics if they differ or the file can't be read or written.
    #[track_caller]
    pub fn assert_bytes(&self, actual: &[u8]) {
        self.check_bytes(actual).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Compares text, or writes it and prints that to stderr, depending on `regenerate` instead of the
    /// environment.
    ///
    /// # Errors
    ///
    /// Fails as [`Golden::check`] does.
    pub fn check_or_write(&self, actual: &str, regenerate: Regenerate) -> Result<(), GoldenError> {
        if self.compare_text(regenerate, actual)? != Change::Unchanged {
            announce(&format!("wrote {}\n", escape::line(&self.path().to_string_lossy())));
        }
        Ok(())
    }

    fn compare_text(&self, regenerate: Regenerate, actual: &str) -> Result<Change, GoldenError> {
        let mut actual = actual.to_owned();
        if !actual.is_empty() && !actual.ends_with('\n') {
            actual.push('\n');
        }
        let path = self.path();
        self.compare(regenerate, actual.as_bytes(), |expected| {
            let differs = expected != actual.as_bytes();
            Ok(differs
                .then(|| difference::of_texts(&path, &String::from_utf8_lossy(expected), &actual)))
        })
    }

    /// Compares the contents; `differs` describes the difference between the file's bytes and the
    /// test's, if any.
    fn compare(
        &self,
        regenerate: Regenerate,
        actual: &[u8],
        differs: impl FnOnce(&[u8]) -> Result<Option<String>, GoldenError>,
    ) -> Result<Change, GoldenError> {
        // A comparison that fails is reported itself, not also as missing.
        self.is_compared.store(true, Ordering::Relaxed);
        let path = self.path();
        let found = match crate::fs::read(&path) {
            Ok(expected) => match differs(&expected)? {
                None => return Ok(Change::Unchanged),
                Some(diff) => GoldenError::Differs { path, diff },
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let diff = match str::from_utf8(actual) {
                    Ok(text) => difference::of_texts(&path, "", text),
                    Err(_) => difference::of_bytes(b"", actual),
                };
                GoldenError::Missing { path, diff }
            }
            Err(source) => return Err(GoldenError::Read { path, source }),
        };
        if regenerate == Regenerate::No {
            return Err(found);
        }
        let is_new = matches!(found, GoldenError::Missing { .. });
        self.write(actual)?;
        Ok(if is_new { Change::Created } else { Change::Changed })
    }

    fn write(&self, contents: &[u8]) -> Result<(), GoldenError> {
        let path = self.path();
        let write_error = |source| GoldenError::Write { path: path.clone(), source };
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(write_error)?;
        }
        write_atomically(&path, contents).map_err(|error| write_error(error.source))
    }

    /// For the summary of a run that regenerates.
    fn note(&self, regenerate: Regenerate, change: Change) {
        if regenerate == Regenerate::Yes {
            summary::note(change, &self.path());
        }
    }
}
