use std::fmt::Display;

use super::{Case, CaseError};
use crate::baseline::BaselineChoice;
use crate::probe::{Matching, derive};
use crate::testing::golden::{Golden, GoldenError};
use crate::testing::load;
use crate::testing::outcome::{Fallible, IntoOutcome, Outcome};
use crate::xml;

impl Case {
    /// Handles the function's result. After a success, checks that each golden file was compared.
    ///
    /// # Errors
    ///
    /// Fails if the function failed.
    ///
    /// # Panics
    ///
    /// Panics if a golden file was not compared.
    #[track_caller]
    pub fn finish<R: IntoOutcome>(&self, result: R) -> Outcome {
        let outcome = result.into_outcome();
        if outcome.is_ok() {
            self.assert_golden_files_compared();
        }
        outcome
    }

    /// Checks, after the function succeeded, that each golden file was compared, because an unused
    /// file proves nothing.
    ///
    /// # Panics
    ///
    /// Panics if one was not.
    #[track_caller]
    pub fn assert_golden_files_compared(&self) {
        if let Some(golden) = self.goldens().iter().find(|golden| !golden.is_compared()) {
            panic!(
                "`{}` succeeds without comparing its golden file `{}`, expected `golden.assert(...)`{}",
                self.test(),
                golden.path().display(),
                self.over()
            );
        }
    }

    /// Derives the capabilities from the conversation and compares them with the capture's `.xml`,
    /// byte for byte; or writes the `.xml` if golden files are regenerated. For a capture that is
    /// only a survey, checks that deriving succeeds.
    ///
    /// # Errors
    ///
    /// Fails if they differ.
    ///
    /// # Panics
    ///
    /// Panics if the conversation can't be read or differs from libvirt's.
    pub fn check_derives_xml(&self) -> Result<(), GoldenError> {
        let conversation = self.conversation().unwrap_or_else(|error| self.fail(&error.into()));
        let derived =
            derive(conversation, &self.capture().id, Matching::Strict, BaselineChoice::Auto)
                .unwrap_or_else(|error| self.fail(&error.into()));
        if self.capture().is_survey_alone() {
            return Ok(());
        }
        let path = load::path(self.capture(), "xml");
        Golden::at(path).check(&xml::write(&derived.capabilities))
    }

    /// Checks that the function failed.
    ///
    /// # Panics
    ///
    /// Panics if it succeeded.
    #[track_caller]
    pub fn assert_fails<R: Fallible>(&self, result: R) {
        let failed = result.into_error().is_some();
        assert!(failed, "`{}` succeeds, expected an error{}", self.test(), self.over());
    }

    /// Checks that the function failed with an error that contains `text`.
    ///
    /// # Panics
    ///
    /// Panics if it did not.
    #[track_caller]
    pub fn assert_fails_with<R: Fallible<Error: Display>>(&self, text: &str, result: R) {
        let Some(error) = result.into_error() else {
            panic!("`{}` succeeds, expected an error with `{text}`{}", self.test(), self.over());
        };
        // Error types that support it print their whole chain of causes in the alternate form.
        let error = format!("{error:#}");
        assert!(
            error.contains(text),
            "`{}` fails with `{error}`, expected an error with `{text}`{}",
            self.test(),
            self.over()
        );
    }

    /// `, on 9.2.0_x86_64`, `, with vms/net.json on 9.2.0_x86_64`, `, on 9.2.0_x86_64 for q35 and kvm`.
    pub(super) fn over(&self) -> String {
        let file = self.key.file.as_ref().map(|file| format!("with {}", file.path));
        let capture = self.key.capture.as_ref().map(|(id, _)| format!("on {id}"));
        let parts = file.into_iter().chain(capture);
        #[cfg(feature = "domcaps")]
        let parts = parts.chain(self.document_in_words());
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { String::new() } else { format!(", {}", parts.join(" ")) }
    }

    #[track_caller]
    pub(in crate::testing) fn fail(&self, error: &CaseError) -> ! {
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
