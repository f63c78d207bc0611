use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::probe::ProbeError;
use crate::qapi::SchemaError;
use crate::replies::RepliesError;
use crate::survey::SurveyError;
#[cfg(feature = "validate")]
use crate::validate::ValidatorError;
use crate::xml::XmlError;

/// A file of the capture can't be loaded.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The test has no capture.
    #[error("`{test}` has no capture, expected a selector in its `caps_test`, such as `latest`")]
    NoCapture {
        /// The test.
        test: &'static str,
    },
    /// The capability description is missing.
    #[error(
        "there is no `{xml}`; `qemu-caps derive {replies} > {xml}` makes it",
        xml = xml.display(),
        replies = xml.with_extension("replies").display()
    )]
    NoXml {
        /// The path it should have.
        xml: PathBuf,
    },
    /// The recorded conversation is missing.
    #[error("there is no `{}`; `qemu-caps probe` records one", .replies.display())]
    NoReplies {
        /// The path it should have.
        replies: PathBuf,
    },
    /// A file can't be read.
    #[error("can't read `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: Arc<io::Error>,
    },
    /// The `.xml` is not a capability description.
    #[error("`{}` is not a capability description", .path.display())]
    Xml {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: XmlError,
    },
    /// The `.survey` is not a survey.
    #[error("`{}` is not a survey", .path.display())]
    Survey {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: Arc<SurveyError>,
    },
    /// The survey is missing.
    #[error("there is no `{}`; `qemu-caps survey` records one", .survey.display())]
    NoSurvey {
        /// The path it should have.
        survey: PathBuf,
    },
    /// Only a survey is left of a capture that had more when the tests were compiled.
    #[error(
        "there is only `{}`, and the tests were compiled without what reads surveys; \
         touch the file that the test is in, and compile again",
        .survey.display()
    )]
    SurveyAlone {
        /// The file.
        survey: PathBuf,
    },
    /// The `.survey` can't be probed.
    #[error("`{}` can't be probed", .path.display())]
    Probe {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: Arc<ProbeError>,
    },
    /// The `.replies` is not a conversation.
    #[error("`{}` is not a recorded conversation", .path.display())]
    Replies {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: RepliesError,
    },
    /// The `.replies` has no valid schema.
    #[error("`{}` has no schema", .path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: SchemaError,
    },
    /// The `.replies` lacks what validation needs.
    #[cfg(feature = "validate")]
    #[error("commands can't be validated with `{}`", .path.display())]
    Validator {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: Arc<ValidatorError>,
    },
}
