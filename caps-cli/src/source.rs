//! Locating captures: by path, in data directories, or among those built into the program.

pub(crate) mod data;

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use caps_core::capture::{CaptureId, CaptureVariant, ParseCaptureIdError, locate};
use caps_core::probe::{Matching, derive, detect};
use caps_core::replies::Conversation;
use caps_core::survey::{Survey, unpack};
use caps_core::{Arch, BaselineChoice, Version};

use self::data::Data;
use crate::built_in;
use crate::exit::CliError;
use crate::input::{is_stdin, read};

/// Locates captures.
pub(crate) struct Sources {
    named: Vec<PathBuf>,
    is_quiet: bool,
    data: OnceCell<Data>,
    /// The libvirt release to read them for.
    pub(crate) baseline: BaselineChoice,
}

/// A located capture: its name, if its file has one, and its files.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The name used in messages.
    pub(crate) name: String,
    /// The capture's identity; `None` if the file is not named as a capture.
    pub(crate) id: Option<CaptureId>,
    /// The recorded conversation, or the survey in its place.
    pub(crate) replies: PathBuf,
    /// The survey, if there is one.
    pub(crate) survey: Option<PathBuf>,
}

/// A capture with its conversation.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) conversation: Conversation,
}

impl Sources {
    pub(crate) fn new(named: Vec<PathBuf>) -> Self {
        Self { named, is_quiet: false, data: OnceCell::new(), baseline: BaselineChoice::Auto }
    }

    /// Reads captures for this libvirt release.
    pub(crate) fn with_baseline(self, baseline: BaselineChoice) -> Self {
        Self { baseline, ..self }
    }

    /// Locates captures without printing to standard error.
    pub(crate) fn quiet(named: Vec<PathBuf>) -> Self {
        Self { is_quiet: true, ..Self::new(named) }
    }

    /// The captures that can be selected by name.
    pub(crate) fn data(&self) -> Result<&Data, CliError> {
        if let Some(data) = self.data.get() {
            return Ok(data);
        }
        let data = Data::find(&self.named)?;
        if !self.is_quiet {
            data.warn();
            data.announce();
        }
        // Several arguments are looked up in one listing, and warnings are printed once.
        Ok(self.data.get_or_init(|| data))
    }

    /// The data directories for JSON output, if any were searched.
    pub(crate) fn dirs(&self) -> Vec<String> {
        let dirs = self.data.get().map(|data| data.captures.dirs()).unwrap_or_default();
        dirs.iter().map(|dir| dir.display().to_string()).collect()
    }

    /// Locates the capture that a CAPTURE argument names.
    pub(crate) fn find(&self, selector: &OsStr) -> Result<Source, CliError> {
        // Names of captures are UTF-8; paths need not be.
        let name = match selector.to_str() {
            Some(name) if !is_path(name) => name,
            _ => return Source::from_path(Path::new(selector)),
        };
        let data = self.data()?;
        let capture = locate(&data.captures, name).map_err(|error| data.explain(name, error))?;
        let replies = capture.recording().unwrap_or(Path::new("")).to_owned();
        let (name, id) = (capture.id.to_string(), Some(capture.id.clone()));
        Ok(Source { name, id, replies, survey: capture.survey.clone() })
    }

    /// Locates a capture and reads its conversation.
    pub(crate) fn load(&self, selector: &OsStr) -> Result<Loaded, CliError> {
        self.find(selector)?.load()
    }
}

impl Source {
    /// A capture at a path that the user gave.
    pub(crate) fn from_path(path: &Path) -> Result<Self, CliError> {
        if path.extension().is_some_and(|extension| extension == "xml") {
            let replies = path.with_extension("replies");
            let hint = if replies.is_file() {
                format!(", such as `{}`", replies.display())
            } else {
                String::new()
            };
            let path = path.display();
            let what = format!("`{path}` is a capability description, expected a `.replies` file");
            return Err(CliError::input(what + &hint));
        }
        Ok(Self::of_replies(path))
    }

    /// A capture in a file with a conversation or a survey.
    pub(crate) fn of_replies(path: &Path) -> Self {
        let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        Self {
            name: path.display().to_string(),
            id: CaptureId::from_file_stem(stem).ok(),
            replies: path.to_owned(),
            survey: is_survey(path).then(|| path.to_owned()),
        }
    }

    /// The path of its capability description, which may not exist.
    pub(crate) fn xml(&self) -> PathBuf {
        self.replies.with_extension("xml")
    }

    /// Fails, with the reason, if the capture can't be modified.
    pub(crate) fn check_writable(&self) -> Result<(), CliError> {
        let path = self.replies.display();
        if is_stdin(&self.replies) {
            return Err(CliError::usage("standard input can't be modified, expected a file"));
        }
        if self.is_survey_alone() {
            let what = format!("`{path}` is a survey, which is recorded and never modified");
            return Err(CliError::usage(what + ", expected a `.replies` file"));
        }
        if built_in::contains(&self.replies) {
            let what = format!("`{path}` is built into the program and can't be modified");
            return Err(CliError::usage(what + ", expected a file"));
        }
        Ok(())
    }

    /// Reads the file, decompressing a survey.
    pub(crate) fn read(&self) -> Result<Vec<u8>, CliError> {
        let failed = || format!("can't read the capture `{}`", self.replies.display());
        let bytes =
            read(&self.replies).map_err(|error| CliError::input(error).context(failed()))?;
        unpack(bytes).map_err(|error| CliError::input(error).context(failed()))
    }

    /// The size of the file, if it is one on disk.
    pub(crate) fn size(&self) -> u64 {
        std::fs::metadata(&self.replies).map_or(0, |file| file.len())
    }

    /// Returns whether a survey stands in the place of the conversation.
    pub(crate) fn is_survey_alone(&self) -> bool {
        is_survey(&self.replies)
    }

    /// Switches to the survey if there is one, because it contains more than the conversation.
    pub(crate) fn prefer_survey(mut self) -> Self {
        if let Some(survey) = &self.survey {
            self.replies.clone_from(survey);
        }
        self
    }

    /// Reads the survey, if there is one.
    pub(crate) fn load_survey(self) -> Result<Option<(PathBuf, Survey)>, CliError> {
        let Some(path) = self.survey.clone() else { return Ok(None) };
        let failed = || format!("can't read the survey `{}`", path.display());
        let bytes = self.prefer_survey().read()?;
        let survey =
            Survey::from_bytes(&bytes).map_err(|error| CliError::input(error).context(failed()))?;
        Ok(Some((path, survey)))
    }

    /// Reads the conversation; for a survey, everything it recorded.
    pub(crate) fn load(self) -> Result<Loaded, CliError> {
        let failed = || format!("can't read the capture `{}`", self.replies.display());
        let bytes = self.read()?;
        let conversation = Conversation::from_vec(bytes)
            .map_err(|error| CliError::input(error).context(failed()))?;
        Ok(Loaded { source: self, conversation })
    }
}

/// Parses a variant as users write it, with or without its `+`.
pub(crate) fn parse_variant(text: &str) -> Result<CaptureVariant, ParseCaptureIdError> {
    let plus = if text.starts_with('+') || text.is_empty() { "" } else { "+" };
    format!("{plus}{text}").parse()
}

/// Returns whether the path is an executable file.
pub(crate) fn is_binary(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // Captures on a file system without modes look executable.
    let capture = has_capture_ending(path);
    let mode = std::fs::metadata(path).map(|file| (file.is_file(), file.permissions().mode()));
    !capture && mode.is_ok_and(|(is_file, mode)| is_file && mode & 0o111 != 0)
}

/// Returns whether a CAPTURE argument is meant as a path.
fn is_path(selector: &str) -> bool {
    let path = Path::new(selector);
    selector.contains('/') || is_stdin(path) || has_capture_ending(path) || path.is_file()
}

/// The file extensions of captures.
pub(crate) const ENDINGS: [&str; 3] = ["replies", "xml", "survey"];

/// Returns whether the file has one of [`ENDINGS`].
pub(crate) fn has_capture_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

fn is_survey(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "survey")
}

impl Loaded {
    /// Returns the conversation that libvirt's recorder would have written; of a survey, that of a
    /// probe.
    pub(crate) fn into_replies(mut self, baseline: BaselineChoice) -> Result<Self, CliError> {
        if !Survey::is_one(&self.conversation) {
            return self.for_baseline(baseline);
        }
        let failed = || format!("can't probe the survey `{}`", self.source.replies.display());
        let survey = Survey::from_conversation(self.conversation)
            .map_err(|error| CliError::input(error).context(failed()))?;
        self.conversation = survey
            .replies(baseline.or_newest())
            .map_err(|error| CliError::input(error).context(failed()))?;
        Ok(self)
    }

    /// Has the capture's survey answer the questions of a libvirt release other than the recorded
    /// one.
    pub(crate) fn for_baseline(mut self, baseline: BaselineChoice) -> Result<Self, CliError> {
        let BaselineChoice::Only(baseline) = baseline else { return Ok(self) };
        if self.source.survey.is_none()
            || Survey::is_one(&self.conversation)
            || detect(&self.conversation, &self.id()?) == baseline
        {
            return Ok(self);
        }
        if let Some((path, survey)) = self.source.clone().load_survey()? {
            let failed = || format!("can't probe the survey `{}`", path.display());
            self.conversation = survey
                .replies(baseline)
                .map_err(|error| CliError::input(error).context(failed()))?;
            self.source = self.source.prefer_survey();
        }
        Ok(self)
    }

    /// The capture's name. A file without a proper name gets the one that its content implies: the
    /// version and the target that QEMU reported.
    pub(crate) fn id(&self) -> Result<CaptureId, CliError> {
        if let Some(id) = &self.source.id {
            return Ok(id.clone());
        }
        // Deriving needs a name only for what the file itself does not contain.
        let unknown: CaptureId = CaptureId {
            version: Version::from_number(0),
            arch: Arch::X86_64,
            variant: CaptureVariant::default(),
        };
        let failed = || {
            format!(
                "can't determine which QEMU `{}` was recorded from",
                self.source.replies.display()
            )
        };
        let derived =
            derive(&self.conversation, &unknown, Matching::ByContent, BaselineChoice::Auto)
                .map_err(|error| CliError::input(error).context(failed()))?;
        let caps = derived.capabilities;
        Ok(CaptureId { version: caps.version, arch: caps.arch, ..unknown })
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes the files that it looks at")]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use caps_core::Baseline;

    use super::*;

    fn shipped(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata").join(name)
    }

    #[test]
    fn a_survey_that_is_read_as_one_stays_whole() {
        let source = Source::of_replies(&shipped("caps_7.2.22_loongarch64.survey"));
        let whole = source.load().expect("a survey");
        let text = whole.conversation.text().to_owned();
        for baseline in Baseline::ALL {
            let source = whole.source.clone();
            let loaded = Loaded { source, conversation: whole.conversation.clone() };
            let loaded = loaded.for_baseline(BaselineChoice::Only(*baseline)).expect("a survey");
            assert!(loaded.conversation.text() == text, "{baseline}");
        }
    }

    #[test]
    fn the_content_names_a_capture_whose_file_does_not() {
        let path = shipped("caps_7.2.22_loongarch64.replies");
        let loaded = Source::of_replies(&path).load().expect("a capture");
        let (id, conversation) = (loaded.id().expect("its name"), loaded.conversation);
        let source = Source::of_replies(Path::new("a.replies"));
        assert_eq!(Loaded { source, conversation }.id().expect("its content"), id);
    }

    #[test]
    fn binaries_are_executable_files_with_no_capture_in_them() {
        let dir = tempfile::tempdir().expect("a directory");
        for (name, mode, expected) in [
            ("qemu", 0o755, true),
            ("qemu-system", 0o100, true),
            ("script.sh", 0o001, true),
            ("data", 0o644, false),
            ("caps.replies", 0o755, false),
            ("caps.survey", 0o755, false),
            ("caps.xml", 0o755, false),
        ] {
            let path = dir.path().join(name);
            fs::write(&path, "").expect("a file");
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("mine");
            assert_eq!(is_binary(&path), expected, "{name}");
        }
        assert!(!is_binary(dir.path()));
        assert!(!is_binary(&dir.path().join("none")));
    }
}
