use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::Capture;
use crate::qapi::Schema;
use crate::replies::Conversation;
use crate::survey::Survey;
#[cfg(feature = "validate")]
use crate::validate::Validator;
use crate::xml;

mod compact;
mod derived;
mod error;

pub use error::LoadError;

/// The files that this process has loaded, by path. Threads that need the same file wait for one of
/// them to load it, without delaying others. A list suffices for a few dozen files and keeps test
/// programs small.
struct Cache<T>(Mutex<Vec<(PathBuf, Slot<T>)>>);

type Slot<T> = Arc<OnceLock<Result<Arc<T>, LoadError>>>;

impl<T> Cache<T> {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn get(
        &self,
        path: &Path,
        load: impl FnOnce() -> Result<T, LoadError>,
    ) -> Result<Arc<T>, LoadError> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, slot)) = slots.iter().find(|(known, _)| known == path) {
                slot.clone()
            } else {
                let slot = Slot::default();
                slots.push((path.to_owned(), slot.clone()));
                slot
            }
        };
        slot.get_or_init(|| load().map(Arc::new)).clone()
    }
}

/// How to load captures that are only surveys: with code that most test programs can do without, and
/// that the linker leaves out of them.
#[derive(Debug)]
pub(super) struct FromSurvey {
    capabilities: fn(&Capture) -> Result<Capabilities, LoadError>,
    conversation: fn(&Capture) -> Result<Conversation, LoadError>,
}

pub(super) static FROM_SURVEY: FromSurvey = FromSurvey {
    capabilities: derived::of_survey,
    conversation: |capture| {
        let answered = survey(capture)?.replies(Baseline::NEWEST);
        answered.map_err(|source| LoadError::Probe {
            path: path(capture, "survey"),
            source: Arc::new(source),
        })
    },
};

/// The capabilities in the `.xml`.
pub(super) fn capabilities(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Capabilities>, LoadError> {
    static CACHE: Cache<Capabilities> = Cache::new();
    let path = path(capture, "xml");
    CACHE.get(&path, || read_capabilities(&path, capture, surveys))
}

/// The capabilities that the `.replies` gives.
pub(super) fn derived_capabilities(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Capabilities>, LoadError> {
    static CACHE: Cache<Capabilities> = Cache::new();
    CACHE.get(&path(capture, "replies"), || derive(capture, surveys))
}

/// The capabilities that the `.replies` gives, with machine aliases as machine types.
pub(super) fn derived_capabilities_without_aliases(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Capabilities>, LoadError> {
    static CACHE: Cache<Capabilities> = Cache::new();
    CACHE.get(&path(capture, "replies"), || {
        let mut capabilities = derive(capture, surveys)?;
        capabilities.strip_machine_aliases();
        Ok(capabilities)
    })
}

fn derive(capture: &Capture, surveys: Option<&FromSurvey>) -> Result<Capabilities, LoadError> {
    if capture.replies.is_none() && capture.survey.is_some() {
        return (of_surveys(capture, surveys)?.capabilities)(capture);
    }
    derived::of_replies(capture)
}

/// The capabilities in the `.xml` with machine aliases as machine types.
pub(super) fn capabilities_without_aliases(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Capabilities>, LoadError> {
    static CACHE: Cache<Capabilities> = Cache::new();
    let path = path(capture, "xml");
    CACHE.get(&path, || {
        let mut capabilities = read_capabilities(&path, capture, surveys)?;
        capabilities.strip_machine_aliases();
        Ok(capabilities)
    })
}

fn read_capabilities(
    path: &Path,
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Capabilities, LoadError> {
    if capture.is_survey_alone() {
        return (of_surveys(capture, surveys)?.capabilities)(capture);
    }
    let bytes = read(path)?.ok_or_else(|| LoadError::NoXml { xml: path.to_owned() })?;
    if let Some(capabilities) = compact::load(path, &bytes) {
        return Ok(capabilities);
    }
    let text = String::from_utf8(bytes).map_err(|error| LoadError::Read {
        path: path.to_owned(),
        source: Arc::new(io::Error::new(io::ErrorKind::InvalidData, error)),
    })?;
    let capabilities =
        xml::read(&text).map_err(|source| LoadError::Xml { path: path.to_owned(), source })?;
    compact::keep(path, text.as_bytes(), &capabilities);
    Ok(capabilities)
}

/// The recorded conversation.
pub(super) fn conversation(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Conversation>, LoadError> {
    static CACHE: Cache<Conversation> = Cache::new();
    let path = path(capture, "replies");
    CACHE.get(&path, || {
        if capture.replies.is_none() && capture.survey.is_some() {
            return (of_surveys(capture, surveys)?.conversation)(capture);
        }
        let bytes = read(&path)?.ok_or_else(|| LoadError::NoReplies { replies: path.clone() })?;
        Conversation::from_vec(bytes)
            .map_err(|source| LoadError::Replies { path: path.clone(), source })
    })
}

fn of_surveys<'s>(
    capture: &Capture,
    surveys: Option<&'s FromSurvey>,
) -> Result<&'s FromSurvey, LoadError> {
    surveys.ok_or_else(|| LoadError::SurveyAlone { survey: path(capture, "survey") })
}

/// The survey.
pub(super) fn survey(capture: &Capture) -> Result<Arc<Survey>, LoadError> {
    static CACHE: Cache<Survey> = Cache::new();
    let path = path(capture, "survey");
    CACHE.get(&path, || {
        let bytes = read(&path)?.ok_or_else(|| LoadError::NoSurvey { survey: path.clone() })?;
        Survey::from_bytes(&bytes)
            .map_err(|source| LoadError::Survey { path: path.clone(), source: Arc::new(source) })
    })
}

/// The schema in the conversation.
pub(super) fn schema(
    capture: &Capture,
    surveys: Option<&FromSurvey>,
) -> Result<Arc<Schema>, LoadError> {
    static CACHE: Cache<Schema> = Cache::new();
    let path = path(capture, "replies");
    CACHE.get(&path, || {
        Schema::from_conversation(&*conversation(capture, surveys)?)
            .map_err(|source| LoadError::Schema { path: path.clone(), source })
    })
}

/// The validator for the recorded QEMU.
#[cfg(feature = "validate")]
pub(super) fn validator(capture: &Capture) -> Result<Arc<Validator>, LoadError> {
    static CACHE: Cache<Validator> = Cache::new();
    let path = path(capture, "replies");
    CACHE.get(&path, || {
        // A survey contains the properties of all types.
        let is_survey = capture.survey.is_some();
        let file = self::path(capture, if is_survey { "survey" } else { "replies" });
        let bytes = read(&file)?.ok_or_else(|| {
            let file = file.clone();
            if is_survey {
                LoadError::NoSurvey { survey: file }
            } else {
                LoadError::NoReplies { replies: file }
            }
        })?;
        if let Some(extract) = compact::load(&file, &bytes) {
            return Ok(Validator::from_extract(extract, &bytes).named(&capture.id));
        }
        let conversation = if is_survey {
            let survey = Survey::from_bytes(&bytes);
            let failed =
                |source| LoadError::Survey { path: file.clone(), source: Arc::new(source) };
            survey.map_err(failed)?.conversation().clone()
        } else {
            let conversation = Conversation::from_bytes(&bytes);
            conversation.map_err(|source| LoadError::Replies { path: file.clone(), source })?
        };
        let failed = |source| LoadError::Validator { path: path.clone(), source: Arc::new(source) };
        let validator = Validator::from_conversation(&conversation).map_err(failed)?;
        if let Some(extract) = validator.extract() {
            compact::keep(&file, &bytes, &extract);
        }
        Ok(validator.named(&capture.id))
    })
}

/// The path of a capture's file with this extension, whether it exists or not.
pub(super) fn path(capture: &Capture, ending: &str) -> PathBuf {
    let file = match ending {
        "xml" => &capture.xml,
        "survey" => &capture.survey,
        _ => &capture.replies,
    };
    let other = capture.xml.as_deref().or(capture.recording());
    match (file, other) {
        (Some(path), _) => path.clone(),
        (None, Some(other)) => other.with_file_name(format!("{}.{ending}", capture.id.file_stem())),
        (None, None) => PathBuf::from(format!("{}.{ending}", capture.id.file_stem())),
    }
}

/// Reads a file; `None` if it does not exist.
fn read(path: &Path) -> Result<Option<Vec<u8>>, LoadError> {
    match crate::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LoadError::Read { path: path.to_owned(), source: Arc::new(error) }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::symlink;

    use super::{FROM_SURVEY, LoadError, capabilities, conversation, derived_capabilities, survey};
    use crate::arch::Arch;
    use crate::caps::Capabilities;
    use crate::capture::{Capture, Captures};
    use crate::flag::Flag;

    /// Reading it would hang the test or take all memory.
    #[test]
    fn what_has_no_end_is_not_loaded() {
        fn error<T>(result: Result<T, super::LoadError>) -> String {
            let error = result.err().expect("no file to load");
            let cause = std::error::Error::source(&error).expect("a cause");
            cause.to_string()
        }
        for what in ["pipe", "device", "large"] {
            let dir = tempfile::tempdir().expect("a directory");
            for ending in ["replies", "xml", "survey"] {
                let path = dir.path().join(format!("caps_10.0.0_x86_64.{ending}"));
                match what {
                    "pipe" => {
                        let mode = rustix::fs::Mode::from_bits_truncate(0o600);
                        let fifo = rustix::fs::FileType::Fifo;
                        rustix::fs::mknodat(rustix::fs::CWD, &path, fifo, mode, 0).expect("a pipe");
                    }
                    "device" => symlink("/dev/zero", path).expect("a link"),
                    _ => {
                        File::create(path).and_then(|file| file.set_len(1 << 40)).expect("a file");
                    }
                }
            }
            let captures = Captures::discover(dir.path()).expect("captures");
            let capture: &Capture = captures.iter().next().expect("a capture");
            let message =
                if what == "large" { "larger than 256 MiB" } else { "not a regular file" };
            assert_eq!(error(capabilities(capture, None)), message);
            assert_eq!(error(conversation(capture, None)), message);
            assert_eq!(error(survey(capture)), message);
        }
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        let dir = tempfile::tempdir().expect("a directory");
        for name in ["caps_9.0.0_x86_64.xml", "caps_9.1.0_x86_64.replies"] {
            std::fs::write(dir.path().join(name), "").expect("a file");
        }
        let captures = Captures::discover(dir.path()).expect("captures");
        let captures: Vec<_> = captures.iter().collect();
        let [described, recorded] = captures[..] else { panic!("{captures:?}") };
        let error = capabilities(recorded, None).expect_err("no description");
        assert!(matches!(error, LoadError::NoXml { .. }), "{error}");
        for error in [
            conversation(described, None).expect_err("no recording"),
            derived_capabilities(described, None).expect_err("no recording"),
        ] {
            assert!(matches!(error, LoadError::NoReplies { .. }), "{error}");
        }
        let error = survey(described).expect_err("no survey");
        assert!(matches!(error, LoadError::NoSurvey { .. }), "{error}");
    }

    /// The code that would read it is not in the test program.
    #[test]
    fn a_survey_that_is_left_alone_after_compiling_is_an_error() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("caps_10.0.0_x86_64.survey");
        std::fs::write(&path, "no survey").expect("a file");
        let captures = Captures::discover(dir.path()).expect("captures");
        let capture = captures.iter().next().expect("a capture");
        let errors = |surveys| {
            let capabilities = capabilities(capture, surveys).expect_err("an error");
            let conversation = conversation(capture, surveys).expect_err("an error");
            [capabilities.to_string(), conversation.to_string()]
        };
        let file = path.display();
        for error in errors(None) {
            let start = format!("there is only `{file}`, and the tests were compiled without");
            assert!(error.starts_with(&start), "{error}");
        }
        let dir = tempfile::tempdir().expect("a directory");
        let moved = dir.path().join("caps_10.0.0_x86_64.survey");
        std::fs::rename(&path, &moved).expect("a file");
        let captures = Captures::discover(dir.path()).expect("captures");
        let capture = captures.iter().next().expect("a capture");
        let error = capabilities(capture, Some(&FROM_SURVEY)).expect_err("an error");
        assert_eq!(error.to_string(), format!("`{}` is not a survey", moved.display()));
    }

    /// A capture of a newer libvirt must not pass for one without the flag.
    #[test]
    fn a_flag_from_the_future_is_an_error_that_names_line_and_nearest() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("caps_10.0.0_x86_64.xml");
        let mut caps = Capabilities::new(Arch::X86_64);
        caps.flags.insert(Flag::VirtioBlkQueueSize);
        let xml = crate::xml::write(&caps).replace("queue-size", "queue-sizes");
        let is_flag = |line: &str| line.contains("queue-sizes");
        let line = 1 + xml.lines().position(is_flag).expect("the flag");
        std::fs::write(&path, xml).expect("a file");
        let captures = Captures::discover(dir.path()).expect("captures");
        let capture = captures.iter().next().expect("a capture");
        let error = capabilities(capture, None).expect_err("an unknown flag");
        let file = path.display();
        assert_eq!(error.to_string(), format!("`{file}` is not a capability description"));
        let cause = std::error::Error::source(&error).expect("a cause").to_string();
        let flag = "`virtio-blk.queue-sizes` is not a capability flag";
        let nearest = "did you mean `virtio-blk.queue-size`?";
        assert_eq!(cause, format!("line {line}, column 3: {flag}, {nearest}"));
    }
}
