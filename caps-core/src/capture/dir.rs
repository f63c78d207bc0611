use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::id::{CaptureId, CaptureVariant, ParseCaptureIdError};
use crate::arch::Arch;

/// A capture in a data directory: its identity and its existing files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capture {
    /// Version, architecture and variant.
    pub id: CaptureId,
    /// The recorded conversation.
    pub replies: Option<PathBuf>,
    /// The capability description.
    pub xml: Option<PathBuf>,
    /// The survey.
    pub survey: Option<PathBuf>,
}

impl Capture {
    /// Looks up a capture in a directory by its identity.
    pub fn in_dir(dir: &Path, id: CaptureId) -> Self {
        let file = |ending| {
            Some(dir.join(format!("{}.{ending}", id.file_stem()))).filter(|path| path.exists())
        };
        let (replies, xml, survey) = (file("replies"), file("xml"), file("survey"));
        Self { id, replies, xml, survey }
    }

    /// The file to read the conversation from: `.replies` if there is one, else the survey.
    pub fn recording(&self) -> Option<&Path> {
        self.replies.as_deref().or(self.survey.as_deref())
    }

    /// Returns whether the capture consists of a survey only. Its conversation and capabilities are
    /// then derived on reading.
    pub fn is_survey_alone(&self) -> bool {
        self.survey.is_some() && self.replies.is_none() && self.xml.is_none()
    }
}

/// The captures of one or more directories, sorted by identity.
///
/// ```no_run
/// use caps_core::capture::{Captures, CaptureVariant};
///
/// let captures = Captures::discover("qemucapabilitiesdata")?;
/// let newest = captures.latest("x86_64".parse()?, &CaptureVariant::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Captures {
    dirs: Vec<PathBuf>,
    captures: Vec<Capture>,
}

/// Captures could not be listed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// Listing the directory failed.
    #[error("can't list the captures in `{}`", dir.display())]
    List {
        /// The directory.
        dir: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file has the extension of a capture, but not the name of one.
    #[error("`{}` is not named as a capture, expected caps_VERSION_ARCH[+VARIANT]", path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// The problem with its name.
        source: ParseCaptureIdError,
    },
}

impl Captures {
    /// Lists the `.replies`, `.xml` and `.survey` files of a directory. Ignores other extensions,
    /// and `qemu_*.xml`, the documents of domain capabilities.
    ///
    /// # Errors
    ///
    /// Fails if the directory can't be listed, or a file with one of these extensions is not named
    /// as a capture.
    pub fn discover(dir: impl Into<PathBuf>) -> Result<Self, DiscoverError> {
        let dir = dir.into();
        let list_error = |source| DiscoverError::List { dir: dir.clone(), source };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&dir).map_err(list_error)? {
            paths.push(entry.map_err(list_error)?.path());
        }
        Self::from_paths(dir, paths)
    }

    /// Lists the captures of several directories. An earlier directory hides captures of the same
    /// name in later ones.
    ///
    /// # Errors
    ///
    /// Fails as [`Captures::discover`] does.
    pub fn discover_all(dirs: impl IntoIterator<Item = PathBuf>) -> Result<Self, DiscoverError> {
        let none = Self { dirs: Vec::new(), captures: Vec::new() };
        dirs.into_iter().try_fold(none, |all, dir| Ok(all.with_fallback(Self::discover(dir)?)))
    }

    /// Collects the `.replies`, `.xml` and `.survey` files from a list of paths, wherever it comes
    /// from. Ignores other extensions.
    ///
    /// # Errors
    ///
    /// Fails if a file with one of these extensions is not named as a capture.
    pub fn from_paths(
        dir: PathBuf,
        paths: impl IntoIterator<Item = PathBuf>,
    ) -> Result<Self, DiscoverError> {
        let mut captures: Vec<Capture> = Vec::new();
        for path in paths {
            let ending = path.extension().and_then(|extension| extension.to_str());
            let file: fn(&mut Capture) -> &mut Option<PathBuf> = match ending {
                Some("replies") => |capture| &mut capture.replies,
                // libvirt keeps these documents elsewhere, but a directory may well hold both.
                Some("xml") if is_document(&path) => continue,
                Some("xml") => |capture| &mut capture.xml,
                Some("survey") => |capture| &mut capture.survey,
                _ => continue,
            };
            let id = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .ok_or(ParseCaptureIdError::Encoding)
                .and_then(CaptureId::from_file_stem)
                .map_err(|source| DiscoverError::Name { path: path.clone(), source })?;
            let index =
                captures.binary_search_by(|capture| capture.id.cmp(&id)).unwrap_or_else(|at| {
                    captures.insert(at, Capture { id, replies: None, xml: None, survey: None });
                    at
                });
            *file(&mut captures[index]) = Some(path);
        }
        Ok(Self { dirs: vec![dir], captures })
    }

    /// Adds the captures of another directory, except those that already exist under the same name.
    #[must_use]
    pub fn with_fallback(mut self, other: Self) -> Self {
        self.dirs.extend(other.dirs);
        for capture in other.captures {
            // Whole captures are hidden, never single files: a `.xml` must not meet another directory's
            // `.replies`.
            if let Err(at) = self.captures.binary_search_by(|known| known.id.cmp(&capture.id)) {
                self.captures.insert(at, capture);
            }
        }
        self
    }

    /// Keeps the captures for which `keep` returns `true`.
    pub fn retain(&mut self, keep: impl FnMut(&Capture) -> bool) {
        self.captures.retain(keep);
    }

    /// The directory; the first of several.
    pub fn dir(&self) -> &Path {
        self.dirs.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// The directories.
    pub fn dirs(&self) -> &[PathBuf] {
        &self.dirs
    }

    /// All captures, sorted.
    pub fn iter(&self) -> std::slice::Iter<'_, Capture> {
        self.captures.iter()
    }

    /// Returns whether there are no captures.
    pub fn is_empty(&self) -> bool {
        self.captures.is_empty()
    }

    /// Looks up a capture by its identity.
    pub fn get(&self, id: &CaptureId) -> Option<&Capture> {
        self.captures.iter().find(|capture| capture.id == *id)
    }

    /// The numerically newest capture of an architecture and variant; `x86_64` never selects
    /// `x86_64+hvf`.
    pub fn latest(&self, arch: Arch, variant: &CaptureVariant) -> Option<&Capture> {
        // Sorted by group and then by version, so the last of a group is its newest.
        self.captures.iter().rfind(|capture| capture.id.group() == (arch, variant))
    }
}

/// Returns whether a file is named as a document of domain capabilities, `qemu_*.xml`, which may
/// share a directory with captures.
pub fn is_document(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"qemu_"))
}

impl<'c> IntoIterator for &'c Captures {
    type Item = &'c Capture;
    type IntoIter = std::slice::Iter<'c, Capture>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{CaptureVariant, Captures};
    use crate::arch::Arch;

    fn directory(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for name in names {
            fs::write(dir.path().join(name), "").expect(name);
        }
        dir
    }

    #[test]
    fn the_latest_is_the_numerically_newest_of_its_group() {
        let dir = directory(&[
            "caps_9.2.0_x86_64.replies",
            "caps_9.2.0_x86_64.xml",
            "caps_10.0.0_x86_64.xml",
            "caps_11.0.0_x86_64+hvf.xml",
            "caps_10.0.0_s390x.replies",
            "README.rst",
        ]);
        let captures = Captures::discover(dir.path()).expect("well-named files");
        let latest = |arch, variant: &str| {
            let capture =
                captures.latest(arch, &variant.parse::<CaptureVariant>().expect(variant))?;
            Some(capture.id.to_string())
        };
        assert_eq!(latest(Arch::X86_64, "").as_deref(), Some("10.0.0_x86_64"));
        assert_eq!(latest(Arch::X86_64, "+hvf").as_deref(), Some("11.0.0_x86_64+hvf"));
        assert_eq!(latest(Arch::Aarch64, ""), None);
        let names: Vec<String> = captures.iter().map(|capture| capture.id.to_string()).collect();
        assert_eq!(names, ["10.0.0_s390x", "9.2.0_x86_64", "10.0.0_x86_64", "11.0.0_x86_64+hvf"]);
    }

    #[test]
    fn a_malformed_name_is_an_error_that_names_it() {
        let dir = directory(&["caps_10.0.0_x86_64.xml", "caps_10.0_x86_64.replies"]);
        let error = Captures::discover(dir.path()).expect_err("a malformed name");
        assert!(error.to_string().contains("caps_10.0_x86_64.replies"), "{error}");
    }
}
