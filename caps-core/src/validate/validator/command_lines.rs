use std::ffi::OsStr;
use std::sync::{Arc, OnceLock};

use super::Validator;
use crate::command_line::{CommandLine, ParseError};
use crate::replies::Conversation;
use crate::survey::Survey;
use crate::validate::command_line::{Explanation, Knowledge, check, explain};
use crate::validate::{Policy, Report, Violation, ViolationKind, Violations};

/// What command lines are checked with.
#[derive(Debug, Clone, Default)]
pub(super) struct CommandLines {
    recording: Option<Recording>,
    /// Extracted from the recording for the first command line.
    knowledge: OnceLock<Option<Arc<Knowledge>>>,
}

#[derive(Debug, Clone)]
enum Recording {
    Conversation(Conversation),
    /// The contents of a file, which were read before.
    File(Arc<[u8]>),
}

impl Recording {
    fn survey(&self) -> Option<Survey> {
        match self {
            Self::Conversation(conversation) => {
                Survey::from_conversation(conversation.clone()).ok()
            }
            Self::File(bytes) => Survey::from_bytes(bytes).ok(),
        }
    }
}

impl CommandLines {
    pub(super) fn of(conversation: &Conversation) -> Self {
        let recording = Some(Recording::Conversation(conversation.clone()));
        Self { recording, knowledge: OnceLock::new() }
    }

    /// With the conversation in a file.
    pub(super) fn of_file(bytes: &[u8]) -> Self {
        Self { recording: Some(Recording::File(bytes.into())), knowledge: OnceLock::new() }
    }

    fn knowledge(&self) -> Option<&Knowledge> {
        let make = || {
            // Only a survey asks what command lines are checked with.
            let survey = self.recording.as_ref()?.survey()?;
            Some(Arc::new(Knowledge::new(Arc::new(survey))))
        };
        self.knowledge.get_or_init(make).as_deref()
    }
}

impl Validator {
    /// Validates a command line. The first word can be the program.
    ///
    /// # Errors
    ///
    /// Fails with all problems of the command line, in the order in which QEMU would report them.
    /// Parts that could not be checked don't count; [`Validator::check_command_line`] reports them.
    pub fn command_line<W: AsRef<OsStr>>(&self, argv: &[W]) -> Result<(), Violations> {
        let report = match CommandLine::parse(argv) {
            Ok(line) => self.check_command_line(&line, &Policy::default()),
            Err(ParseError::NotUtf8 { index, text }) => {
                let mut violation = Violation::new("", ViolationKind::Form)
                    .found(format!("argument {index} is not UTF-8: {text:?}"));
                violation.argument = Some(index);
                let mut report = Report::default();
                report.problems.push(violation);
                report
            }
        };
        report.into_result(self.label())
    }

    /// Checks a command line. A plain capture covers only part of it.
    pub fn check_command_line(&self, line: &CommandLine, policy: &Policy) -> Report {
        let Some(knowledge) = self.command_lines.knowledge() else {
            let mut report = Report::default();
            report.unchecked("", "nothing about the command line was captured");
            return report;
        };
        check(knowledge, &self.target, line, policy)
    }

    /// Explains each argument of a command line for this QEMU.
    pub fn explain(&self, line: &CommandLine) -> Vec<Explanation> {
        let knowledge = self.command_lines.knowledge();
        knowledge.map(|know| explain(know, &self.target, line)).unwrap_or_default()
    }
}
