//! Domain capabilities as arguments of tests.

use std::cell::OnceCell;

use super::{Case, CaseError};
use crate::capture::CaptureId;
use crate::domcaps::{DomainCapabilities, Host, Request, TestDocument, baseline_of};
use crate::testing::golden::{Golden, GoldenError};
use crate::testing::load;

/// All documents that libvirt's own test makes of a capture.
///
/// ```no_run
/// use caps_core::testing::{DomainDocuments, GoldenError};
///
/// fn domain_capabilities(documents: &DomainDocuments) -> Result<(), GoldenError> {
///     documents.check("tests/domaincapsdata")
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainDocuments {
    documents: Vec<(String, DomainCapabilities)>,
}

/// What a test has made so far.
#[derive(Debug, Default)]
pub(super) struct Domain {
    document: OnceCell<DomainCapabilities>,
    documents: OnceCell<DomainDocuments>,
    /// The position among the documents.
    turn: usize,
}

impl DomainDocuments {
    /// The documents with the names of their golden files.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &DomainCapabilities)> {
        self.documents.iter().map(|(name, document)| (name.as_str(), document))
    }

    /// Compares each document with the file of its name in a directory, relative to the package, or
    /// writes the files.
    ///
    /// # Errors
    ///
    /// Fails at the first document that differs or whose file can't be read or written.
    pub fn check(&self, dir: impl AsRef<std::path::Path>) -> Result<(), GoldenError> {
        let dir = dir.as_ref();
        self.iter()
            .try_for_each(|(name, document)| Golden::at(dir.join(name)).check(&document.to_xml()))
    }
}

impl Case {
    /// What QEMU offers to guests of the suite's machine type and domain type, on the host that libvirt's
    /// test assumes. A suite that names only one of the two gets the other as in the first document of
    /// that test; a suite that names neither gets each document in turn, see [`Case::next_document`].
    ///
    /// # Errors
    ///
    /// Fails if the capabilities can't be loaded.
    pub fn domain_capabilities(&self) -> Result<&DomainCapabilities, CaseError> {
        if let Some(document) = self.domain.document.get() {
            return Ok(document);
        }
        let id = &self.of_capture()?.id;
        let request = if let Some(document) = self.test_document() {
            document.request(id)
        } else {
            let first = TestDocument::of(id)[0];
            let mut request = Request::new(self.suite.virttype.unwrap_or(first.domain_type));
            request.machine = self.suite.machine.map(str::to_owned);
            request
        };
        let document = self.document(&request, id)?;
        Ok(self.domain.document.get_or_init(|| document))
    }

    /// Moves to the next document; false if there is none, or the last run of the test took none.
    #[track_caller]
    pub(super) fn has_further_document(&mut self) -> bool {
        let next = self.domain.turn + 1;
        let has_another = self.test_document().is_some()
            && self.capture.as_ref().is_some_and(|c| next < TestDocument::of(&c.id).len());
        if !has_another || self.domain.document.take().is_none() {
            return false;
        }
        assert!(
            self.suite.goldens.is_empty(),
            "`{}` takes each document of domain capabilities{}, and they would share its golden file; expected \
             `machine = \"...\"` or `virttype = ...` in its `caps_test`, or an argument `&DomainDocuments`",
            self.test(),
            self.over()
        );
        self.domain.turn = next;
        true
    }

    /// The machine type and domain type of the document that the test has taken.
    pub(super) fn document_in_words(&self) -> Option<String> {
        let document = self.domain.document.get().and_then(|_| self.test_document())?;
        let machine = document.machine.unwrap_or("the default machine");
        Some(format!("for {machine} and {}", document.domain_type))
    }

    /// The current document, unless the suite determines one.
    fn test_document(&self) -> Option<TestDocument> {
        if self.suite.virttype.is_some() || self.suite.machine.is_some() {
            return None;
        }
        let id = &self.capture.as_ref()?.id;
        TestDocument::of(id).into_iter().nth(self.domain.turn)
    }

    /// All documents that libvirt's own test makes of the capture.
    ///
    /// # Errors
    ///
    /// Fails if the capabilities can't be loaded.
    pub fn domain_documents(&self) -> Result<&DomainDocuments, CaseError> {
        if let Some(documents) = self.domain.documents.get() {
            return Ok(documents);
        }
        let id = &self.of_capture()?.id;
        let make = |document: TestDocument| {
            let made = self.document(&document.request(id), id)?;
            Ok((document.file_name(id), made))
        };
        let documents =
            TestDocument::of(id).into_iter().map(make).collect::<Result<_, CaseError>>()?;
        Ok(self.domain.documents.get_or_init(|| DomainDocuments { documents }))
    }

    fn document(&self, request: &Request, id: &CaptureId) -> Result<DomainCapabilities, CaseError> {
        // libvirt's test of domain capabilities keeps machine aliases, however the capture was
        // selected.
        let capabilities = load::capabilities(self.of_capture()?, self.suite.surveys)?;
        let request = request.clone().for_capture(id).baseline(baseline_of(&capabilities));
        let capabilities = self.edited(capabilities);
        let host = Host::of_test(id).native_for(&capabilities);
        Ok(DomainCapabilities::new(&capabilities, &request, &host)?)
    }
}
