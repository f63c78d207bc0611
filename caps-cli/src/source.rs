//! Where captures come from: a path, a data directory, or the captures built into the program.

mod built_in;

use std::io;
use std::path::{Path, PathBuf};

use caps_core::capture::{CaptureId, CaptureVariant, Captures, ParseCaptureIdError, locate};
use caps_core::probe::{Matching, derive};
use caps_core::replies::Conversation;
use caps_core::{Arch, Version};

use crate::exit::CliError;

/// The name of a data directory.
const DATA_DIR: &str = "qemucapabilitiesdata";

/// Finds captures.
pub(crate) struct Sources {
    data: Option<PathBuf>,
}

/// A capture that was found: its name, if the file has one, and its files.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// How the user is told of it.
    pub(crate) name: String,
    /// The name of the capture; `None` for a file that is not named as one.
    pub(crate) id: Option<CaptureId>,
    /// The recorded conversation.
    pub(crate) replies: PathBuf,
}

/// A capture with its conversation.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) conversation: Conversation,
}

impl Sources {
    pub(crate) fn new(data: Option<PathBuf>) -> Self {
        // A variable that is set to nothing is as good as unset.
        Self { data: data.filter(|dir| !dir.as_os_str().is_empty()) }
    }

    /// The data directory, which may be that of the captures built into the program.
    pub(crate) fn dir(&self) -> Result<PathBuf, CliError> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        let here = std::env::current_dir()
            .map_err(|error| CliError::input(error).context("can't tell the current directory"))?;
        let dirs = here.ancestors().map(|dir| dir.join(DATA_DIR));
        Ok(dirs.into_iter().find(|dir| dir.is_dir()).unwrap_or_else(built_in::dir))
    }

    /// All captures of the data directory.
    pub(crate) fn captures(&self) -> Result<Captures, CliError> {
        let dir = self.dir()?;
        let captures = if dir == built_in::dir() {
            Captures::from_paths(dir, built_in::paths())
        } else {
            Captures::discover(dir)
        };
        captures.map_err(CliError::input)
    }

    /// Finds the capture that a CAPTURE argument names.
    pub(crate) fn find(&self, selector: &str) -> Result<Source, CliError> {
        if is_path(selector) {
            return Ok(Source::from_path(Path::new(selector)));
        }
        let captures = self.captures()?;
        let capture = locate(&captures, selector).map_err(CliError::usage)?;
        let replies = capture
            .replies
            .clone()
            .unwrap_or_else(|| captures.dir().join(capture.id.file_stem() + ".replies"));
        Ok(Source { name: capture.id.to_string(), id: Some(capture.id.clone()), replies })
    }

    /// Finds a capture and reads its conversation.
    pub(crate) fn load(&self, selector: &str) -> Result<Loaded, CliError> {
        self.find(selector)?.load()
    }
}

impl Source {
    /// A file named by the user; of a `.xml` the `.replies` beside it.
    pub(crate) fn from_path(path: &Path) -> Self {
        let is_xml = path.extension().is_some_and(|extension| extension == "xml");
        let replies = if is_xml { path.with_extension("replies") } else { path.to_owned() };
        let stem = replies.file_stem().unwrap_or_default().to_string_lossy();
        Self {
            name: path.display().to_string(),
            id: CaptureId::from_file_stem(&stem).ok(),
            replies: replies.clone(),
        }
    }

    /// Reads the conversation.
    pub(crate) fn load(self) -> Result<Loaded, CliError> {
        let failed = || format!("can't read the capture `{}`", self.replies.display());
        let bytes =
            read(&self.replies).map_err(|error| CliError::input(error).context(failed()))?;
        let conversation = Conversation::from_bytes(&bytes)
            .map_err(|error| CliError::input(error).context(failed()))?;
        Ok(Loaded { source: self, conversation })
    }
}

/// A variant as users write it, with or without its `+`.
pub(crate) fn parse_variant(text: &str) -> Result<CaptureVariant, ParseCaptureIdError> {
    let plus = if text.starts_with('+') || text.is_empty() { "" } else { "+" };
    format!("{plus}{text}").parse()
}

/// Reads a file of a capture, be it on disk or built into the program.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    built_in::read(path).unwrap_or_else(|| std::fs::read(path))
}

/// Is a CAPTURE argument meant as a path?
fn is_path(selector: &str) -> bool {
    let path = Path::new(selector);
    selector.contains('/')
        || path.extension().is_some_and(|extension| extension == "replies" || extension == "xml")
        || path.is_file()
}

impl Loaded {
    /// The capture's name. A file that is not named as a capture gets the one that its content tells:
    /// the version and the target that QEMU reported.
    pub(crate) fn id(&self) -> Result<CaptureId, CliError> {
        if let Some(id) = &self.source.id {
            return Ok(id.clone());
        }
        let unknown: CaptureId = CaptureId {
            version: Version::from_number(0),
            arch: Arch::X86_64,
            variant: CaptureVariant::default(),
        };
        let failed = || format!("can't tell what QEMU `{}` is from", self.source.replies.display());
        let derived = derive(&self.conversation, &unknown, Matching::ByContent)
            .map_err(|error| CliError::input(error).context(failed()))?;
        let caps = derived.capabilities;
        Ok(CaptureId { version: caps.qemu_version(), arch: caps.arch, ..unknown })
    }
}
