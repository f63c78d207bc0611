use std::cell::OnceCell;
use std::error::Error;
use std::fmt::Display;
use std::sync::Arc;

use super::golden::{Golden, GoldenError};
use super::load::{self, LoadError};
use super::outcome::Fallible;
use super::suite::Suite;
use super::unused;
use crate::caps::Capabilities;
use crate::capture::{Capture, CaptureId, Label, Pick};
use crate::probe::{Matching, derive};
use crate::qapi::Schema;
use crate::replies::Conversation;
use crate::validate::Validator;
use crate::xml;

/// Why something can't be had of a case.
pub type CaseError = Box<dyn Error + Send + Sync>;

/// One test: a function over one capture. What the function takes comes out of it.
#[derive(Debug)]
pub struct Case {
    suite: &'static Suite,
    capture: Capture,
    label: Label,
    capabilities: OnceCell<Arc<Capabilities>>,
    conversation: OnceCell<Arc<Conversation>>,
    schema: OnceCell<Arc<Schema>>,
    validator: OnceCell<Arc<Validator>>,
}

impl Suite {
    /// The test over one of the suite's captures.
    ///
    /// # Panics
    ///
    /// When `capture` is not the name of a capture of the suite, or there is no directory of captures.
    pub fn case(&'static self, capture: &str) -> Case {
        Case::new(self, capture)
    }
}

impl Case {
    fn new(suite: &'static Suite, capture: &str) -> Self {
        let id: CaptureId = capture.parse().expect("the macro has read the name");
        let label = label(suite, &id);
        if unused::is_recording() {
            unused::record(golden(suite, &id, label).as_ref());
        }
        let dir = suite.data_dir().unwrap_or_else(|error| panic!("{error}"));
        let capture = Capture::in_dir(&dir, id);
        Self {
            suite,
            capture,
            label,
            capabilities: OnceCell::new(),
            conversation: OnceCell::new(),
            schema: OnceCell::new(),
            validator: OnceCell::new(),
        }
    }

    /// The name of the tested function, or of the call of `caps_test!`.
    pub fn test(&self) -> &'static str {
        self.suite.test
    }

    /// The capture: its name and its files.
    pub fn capture(&self) -> &Capture {
        &self.capture
    }

    /// What the capture was selected as: the latest, or a version.
    pub fn label(&self) -> Label {
        self.label
    }

    /// The capabilities in the `.xml`, with the suite's edits.
    ///
    /// What was selected as the latest has no machine aliases: as in libvirt's tests each is a machine
    /// type of its own, so that nothing changes when a newer capture comes.
    ///
    /// # Errors
    ///
    /// When there is no `.xml` or it can't be read.
    pub fn capabilities(&self) -> Result<&Capabilities, LoadError> {
        let loaded = || {
            let mut capabilities = load::capabilities(&self.capture)?;
            let Suite { set, clear, .. } = self.suite;
            if self.label.is_relative() || !set.is_empty() || !clear.is_empty() {
                let edited = Arc::make_mut(&mut capabilities);
                if self.label.is_relative() {
                    edited.strip_machine_aliases();
                }
                edited.flags.extend(set.iter().copied());
                clear.iter().for_each(|&flag| edited.flags.remove(flag));
            }
            Ok(capabilities)
        };
        once(&self.capabilities, loaded)
    }

    /// The recorded conversation.
    ///
    /// # Errors
    ///
    /// When there is no `.replies` or it can't be read.
    pub fn conversation(&self) -> Result<&Conversation, LoadError> {
        once(&self.conversation, || load::conversation(&self.capture))
    }

    /// The QAPI schema in the recorded conversation.
    ///
    /// # Errors
    ///
    /// When there is no `.replies`, or no schema can be read from it.
    pub fn schema(&self) -> Result<&Schema, LoadError> {
        once(&self.schema, || load::schema(&self.capture))
    }

    /// The schema with all that the recorded conversation tells of commands.
    ///
    /// # Errors
    ///
    /// When there is no `.replies`, or it tells less or other than it should.
    pub fn validator(&self) -> Result<&Validator, LoadError> {
        once(&self.validator, || load::validator(&self.capture))
    }

    /// The test's golden file; `None` when the suite has none.
    pub fn golden(&self) -> Option<Golden> {
        golden(self.suite, &self.capture.id, self.label)
    }

    /// Derives the capabilities from the conversation and compares them with the capture's `.xml`,
    /// byte for byte; writes it instead when golden files are regenerated.
    ///
    /// # Errors
    ///
    /// When they differ.
    ///
    /// # Panics
    ///
    /// When the conversation can't be read, or is not the one that libvirt would have.
    pub fn check_derives_xml(&self) -> Result<(), GoldenError> {
        let conversation = self.conversation().unwrap_or_else(|error| self.fail(&error.into()));
        let derived = derive(conversation, &self.capture.id, Matching::Strict)
            .unwrap_or_else(|error| self.fail(&error.into()));
        let path = load::path(&self.capture, "xml");
        Golden::at(path).check(&xml::write(&derived.capabilities))
    }

    /// The function was expected to fail.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn assert_fails<R: Fallible>(&self, result: R) {
        let failed = result.into_error().is_some();
        assert!(failed, "`{}` succeeds, expected an error{}", self.test(), self.over());
    }

    /// The function was expected to fail, with an error that contains `text`.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn assert_fails_with<R: Fallible<Error: Display>>(&self, text: &str, result: R) {
        let Some(error) = result.into_error() else {
            panic!("`{}` succeeds, expected an error with `{text}`{}", self.test(), self.over());
        };
        // The alternate form is that of a whole chain of errors, where an error knows one.
        let error = format!("{error:#}");
        assert!(
            error.contains(text),
            "`{}` fails with `{error}`, expected an error with `{text}`{}",
            self.test(),
            self.over()
        );
    }

    fn over(&self) -> String {
        format!(", on {}", self.capture.id)
    }

    #[track_caller]
    pub(super) fn fail(&self, error: &CaseError) -> ! {
        let mut message = format!("{error}{}", self.over());
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str("\ncaused by: ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        panic!("{message}")
    }
}

fn once<T>(
    cell: &OnceCell<Arc<T>>,
    load: impl FnOnce() -> Result<Arc<T>, LoadError>,
) -> Result<&T, LoadError> {
    if cell.get().is_none() {
        let loaded = load()?;
        return Ok(cell.get_or_init(|| loaded));
    }
    Ok(cell.get_or_init(|| unreachable!("the cell is filled")))
}

fn golden(suite: &Suite, id: &CaptureId, label: Label) -> Option<Golden> {
    let pattern = suite.golden?;
    Some(Golden::of_test(&suite.package_dir(), pattern, suite.test, id, label))
}

/// The compiled list is sorted and complete, so the place in its group tells what a capture is.
fn label(suite: &Suite, id: &CaptureId) -> Label {
    match suite.pick() {
        Pick::Latest(_) => {
            let newer = suite
                .captures
                .iter()
                .filter_map(|name| name.parse::<CaptureId>().ok())
                .filter(|other| other.group() == id.group() && other.version > id.version);
            Label::Latest(newer.count())
        }
        Pick::Oldest => Label::Oldest,
        Pick::All | Pick::Exact(_) | Pick::Range(_) => Label::Version(id.version),
    }
}
