use std::cell::OnceCell;
use std::error::Error;
use std::sync::Arc;

use super::golden::Golden;
use super::input::{InputError, InputFile};
use super::key::Key;
use super::load::{self, LoadError};
use super::suite::Suite;
use crate::caps::Capabilities;
use crate::capture::{Capture, CaptureId, Label};
use crate::qapi::Schema;
use crate::replies::Conversation;
use crate::survey::Survey;
#[cfg(feature = "validate")]
use crate::validate::Validator;

mod assert;
#[cfg(feature = "domcaps")]
mod domain;

#[cfg(feature = "domcaps")]
pub use domain::DomainDocuments;

/// The error when a case can't provide an argument.
pub type CaseError = Box<dyn Error + Send + Sync>;

/// A single test: a function with a capture, an input file, or both. It provides the arguments of
/// the function.
#[derive(Debug)]
pub struct Case {
    suite: &'static Suite,
    key: Key,
    capture: Option<Capture>,
    goldens: OnceCell<Vec<Golden>>,
    file: OnceCell<InputFile>,
    capabilities: OnceCell<Arc<Capabilities>>,
    derived: OnceCell<Arc<Capabilities>>,
    conversation: OnceCell<Arc<Conversation>>,
    schema: OnceCell<Arc<Schema>>,
    survey: OnceCell<Arc<Survey>>,
    #[cfg(feature = "validate")]
    validator: OnceCell<Arc<Validator>>,
    has_run: bool,
    #[cfg(feature = "domcaps")]
    domain: domain::Domain,
}

impl Suite {
    /// A test of the suite, without its capture, file and values.
    pub fn case(&'static self) -> Case {
        Case {
            suite: self,
            key: Key::default(),
            capture: None,
            goldens: OnceCell::new(),
            file: OnceCell::new(),
            capabilities: OnceCell::new(),
            derived: OnceCell::new(),
            conversation: OnceCell::new(),
            schema: OnceCell::new(),
            survey: OnceCell::new(),
            #[cfg(feature = "validate")]
            validator: OnceCell::new(),
            has_run: false,
            #[cfg(feature = "domcaps")]
            domain: domain::Domain::default(),
        }
    }
}

impl Case {
    /// Sets the capture.
    ///
    /// # Panics
    ///
    /// Panics if `capture` is not the name of a capture or there is no data directory.
    #[must_use]
    pub fn over_capture(mut self, capture: &str) -> Self {
        let id: CaptureId = capture.parse().expect("the macro has read the name");
        let dirs = self.suite.data_dirs().unwrap_or_else(|error| panic!("{error}"));
        let in_dirs = dirs.iter().map(|dir| Capture::in_dir(dir, id.clone()));
        // A survey alone is a capture, too.
        let is_there = |capture: &Capture| capture.recording().is_some() || capture.xml.is_some();
        let found = in_dirs.clone().find(is_there);
        self.capture = found.or_else(|| in_dirs.clone().next());
        self.key.capture = Some((id.clone(), self.suite.label(&id)));
        self
    }

    /// Sets the input file.
    ///
    /// # Panics
    ///
    /// Panics if the suite has no such file.
    #[must_use]
    pub fn over_file(mut self, path: &str) -> Self {
        self.key.file = Some(self.suite.input(path).expect("the macro has listed the file"));
        self
    }

    /// Sets the values, by their positions in the suite.
    #[must_use]
    pub fn over_values(mut self, values: &[usize]) -> Self {
        self.key.values = values.to_vec();
        self
    }

    /// Moves to the next run of the test: true once. With the feature `domcaps`, it is also true once for each
    /// further document that libvirt's test makes of the capture, as long as the test takes domain capabilities
    /// of no machine type and domain type that the suite names.
    ///
    /// # Panics
    ///
    /// Panics if the documents would share a golden file.
    #[track_caller]
    pub fn next_document(&mut self) -> bool {
        let has_another = !std::mem::replace(&mut self.has_run, true);
        #[cfg(feature = "domcaps")]
        let has_another = has_another || self.has_further_document();
        has_another
    }

    /// The name of the tested function, or of the `caps_test!` call.
    pub fn test(&self) -> &'static str {
        self.suite.test
    }

    /// The capture with its name and files.
    ///
    /// # Panics
    ///
    /// Panics if the test has no capture.
    #[track_caller]
    pub fn capture(&self) -> &Capture {
        self.of_capture().unwrap_or_else(|error| panic!("{error}"))
    }

    /// How the capture was selected: as the latest, or by its version.
    ///
    /// # Panics
    ///
    /// Panics if the test has no capture.
    #[track_caller]
    pub fn label(&self) -> Label {
        let Some((_, label)) = &self.key.capture else { panic!("{}", self.no_capture()) };
        *label
    }

    pub(super) fn of_capture(&self) -> Result<&Capture, LoadError> {
        self.capture.as_ref().ok_or_else(|| self.no_capture())
    }

    fn no_capture(&self) -> LoadError {
        LoadError::NoCapture { test: self.suite.test }
    }

    /// The position of the test's text for a value; `index` is the position of the value in the
    /// suite.
    pub fn value(&self, index: usize) -> usize {
        self.key.values.get(index).copied().unwrap_or_default()
    }

    /// The input file.
    ///
    /// # Errors
    ///
    /// Fails if the test has no file or the file can't be read.
    pub fn file(&self) -> Result<&InputFile, InputError> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let Some(input) = self.key.file.clone() else {
            return Err(InputError::NoFile { test: self.suite.test });
        };
        let file = InputFile::read(&self.suite.package_dir(), input)?;
        Ok(self.file.get_or_init(|| file))
    }

    /// The capabilities in the `.xml`, with the suite's edits.
    ///
    /// If the capture was selected as the latest, machine aliases become machine types of their
    /// own, as in libvirt's tests, so that a newer capture changes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the `.xml` is missing or can't be read.
    pub fn capabilities(&self) -> Result<&Capabilities, LoadError> {
        once(&self.capabilities, || {
            let (capture, surveys) = (self.of_capture()?, self.suite.surveys);
            let capabilities = if self.is_relative() {
                load::capabilities_without_aliases(capture, surveys)?
            } else {
                load::capabilities(capture, surveys)?
            };
            Ok(self.edited(capabilities))
        })
    }

    /// The capabilities that the `.replies` gives, with or without an `.xml` beside it; otherwise like
    /// [`Case::capabilities`].
    ///
    /// ```
    /// use caps_core::Flag;
    /// use caps_core::testing::{Case, CaseError};
    ///
    /// fn has_vnc(case: &Case) -> Result<(), CaseError> {
    ///     assert!(case.derived_capabilities()?.has(Flag::Vnc));
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the `.replies` is missing or lacks an indispensable answer.
    pub fn derived_capabilities(&self) -> Result<&Capabilities, LoadError> {
        once(&self.derived, || {
            let (capture, surveys) = (self.of_capture()?, self.suite.surveys);
            let capabilities = if self.is_relative() {
                load::derived_capabilities_without_aliases(capture, surveys)?
            } else {
                load::derived_capabilities(capture, surveys)?
            };
            Ok(self.edited(capabilities))
        })
    }

    fn is_relative(&self) -> bool {
        self.key.capture.as_ref().is_some_and(|(_, label)| label.is_relative())
    }

    /// Sets and clears the flags that the suite names.
    fn edited(&self, mut capabilities: Arc<Capabilities>) -> Arc<Capabilities> {
        let Suite { set, clear, .. } = self.suite;
        if !set.is_empty() || !clear.is_empty() {
            let edited = Arc::make_mut(&mut capabilities);
            edited.flags.extend(set.iter().copied());
            clear.iter().for_each(|&flag| edited.flags.remove(flag));
        }
        capabilities
    }

    /// The recorded conversation.
    ///
    /// # Errors
    ///
    /// Fails if the `.replies` is missing or can't be read.
    pub fn conversation(&self) -> Result<&Conversation, LoadError> {
        once(&self.conversation, || load::conversation(self.of_capture()?, self.suite.surveys))
    }

    /// The survey.
    ///
    /// # Errors
    ///
    /// Fails if the `.survey` is missing or can't be read.
    pub fn survey(&self) -> Result<&Survey, LoadError> {
        once(&self.survey, || load::survey(self.of_capture()?))
    }

    /// The QAPI schema in the recorded conversation.
    ///
    /// # Errors
    ///
    /// Fails if the `.replies` is missing or has no valid schema.
    pub fn schema(&self) -> Result<&Schema, LoadError> {
        once(&self.schema, || load::schema(self.of_capture()?, self.suite.surveys))
    }

    /// A validator for the recorded QEMU.
    ///
    /// # Errors
    ///
    /// Fails if the `.replies` is missing or lacks what validation needs.
    #[cfg(feature = "validate")]
    pub fn validator(&self) -> Result<&Validator, LoadError> {
        once(&self.validator, || load::validator(self.of_capture()?))
    }

    /// The test's golden file; `None` if the suite has none, or several named ones.
    pub fn golden(&self) -> Option<&Golden> {
        self.golden_called("")
    }

    /// The golden file for the argument with this name.
    ///
    /// # Panics
    ///
    /// Panics if the suite has none.
    #[track_caller]
    pub fn named_golden(&self, name: &str) -> &Golden {
        let golden = self.golden_called(name);
        golden.unwrap_or_else(|| panic!("`{}` has no golden file `{name}`", self.test()))
    }

    fn golden_called(&self, name: &str) -> Option<&Golden> {
        let index = self.suite.goldens.iter().position(|(known, _)| *known == name)?;
        self.goldens().get(index)
    }

    fn goldens(&self) -> &[Golden] {
        self.goldens.get_or_init(|| self.suite.golden_files(&self.key))
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
