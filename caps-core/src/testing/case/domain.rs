//! Domain capabilities of a test's capture.

use std::sync::Arc;

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

impl DomainDocuments {
    /// The documents, each with the name that its golden file has.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &DomainCapabilities)> {
        self.documents.iter().map(|(name, document)| (name.as_str(), document))
    }

    /// Compares each document with the file of its name in a directory, relative to the package; or writes
    /// the files.
    ///
    /// # Errors
    ///
    /// At the first one that differs or can't be read or written.
    pub fn check(&self, dir: impl AsRef<std::path::Path>) -> Result<(), GoldenError> {
        let dir = dir.as_ref();
        self.iter()
            .try_for_each(|(name, document)| Golden::at(dir.join(name)).check(&document.to_xml()))
    }
}

impl Case {
    /// What a QEMU can offer to guests of the suite's machine type and domain type, on the host that
    /// libvirt's test pretends to have. What the suite does not name is as in the first document of that test.
    ///
    /// # Errors
    ///
    /// When the capabilities can't be had.
    pub fn domain_capabilities(&self) -> Result<&DomainCapabilities, CaseError> {
        if let Some(document) = self.domain.get() {
            return Ok(document);
        }
        let id = &self.of_capture()?.id;
        let first = TestDocument::of(id)[0];
        let mut request = Request::new(self.suite.virttype.unwrap_or(first.domain_type));
        let is_first = self.suite.virttype.is_none() && self.suite.machine.is_none();
        request.machine = match self.suite.machine {
            Some(machine) => Some(machine.to_owned()),
            None => first.machine.filter(|_| is_first).map(str::to_owned),
        };
        let document = self.document(&request, id)?;
        Ok(self.domain.get_or_init(|| document))
    }

    /// All documents that libvirt's own test makes of the capture.
    ///
    /// # Errors
    ///
    /// When the capabilities can't be had.
    pub fn domain_documents(&self) -> Result<&DomainDocuments, CaseError> {
        if let Some(documents) = self.documents.get() {
            return Ok(documents);
        }
        let id = &self.of_capture()?.id;
        let make = |document: TestDocument| {
            let made = self.document(&document.request(id), id)?;
            Ok((document.file_name(id), made))
        };
        let documents =
            TestDocument::of(id).into_iter().map(make).collect::<Result<_, CaseError>>()?;
        Ok(self.documents.get_or_init(|| DomainDocuments { documents }))
    }

    fn document(&self, request: &Request, id: &CaptureId) -> Result<DomainCapabilities, CaseError> {
        // Libvirt's test of domain capabilities keeps the aliases of machine types, whatever the capture was
        // selected as.
        let mut capabilities = load::capabilities(self.of_capture()?)?;
        let request = request.clone().for_capture(id).baseline(baseline_of(&capabilities));
        if !self.suite.set.is_empty() || !self.suite.clear.is_empty() {
            let edited = Arc::make_mut(&mut capabilities);
            edited.flags.extend(self.suite.set.iter().copied());
            self.suite.clear.iter().for_each(|&flag| edited.flags.remove(flag));
        }
        let host = Host::of_test(id).native_for(&capabilities);
        Ok(DomainCapabilities::new(&capabilities, &request, &host)?)
    }
}
