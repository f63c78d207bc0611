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
    conversation: Option<Conversation>,
    /// Extracted from the conversation for the first command line.
    knowledge: OnceLock<Option<Arc<Knowledge>>>,
}

impl CommandLines {
    pub(super) fn of(conversation: &Conversation) -> Self {
        Self { conversation: Some(conversation.clone()), knowledge: OnceLock::new() }
    }

    fn knowledge(&self) -> Option<&Knowledge> {
        let make = || {
            // Only a survey asks what command lines are checked with.
            let survey = Survey::from_conversation(self.conversation.clone()?).ok()?;
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
