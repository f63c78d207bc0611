use std::collections::HashMap;

use thiserror::Error;

use super::mark::{End, reason_not_started};
use super::read::Survey;
use crate::probe::{Answer, Host, HostError, Launch};
use crate::qmp::Command;

/// A host that answers from a survey, so that a probe of it is a probe of the QEMU.
///
/// The n-th question of a kind has the n-th answer that was recorded to it. What was not asked is an
/// error, never guessed.
#[derive(Debug)]
pub struct SurveyHost<'s> {
    survey: &'s Survey,
    session: usize,
    asked: HashMap<Command, usize>,
}

/// A survey has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SurveyHostError {
    /// The question was not asked.
    #[error("the survey was not asked `{0}`")]
    Unasked(String),
    /// The question ended QEMU.
    #[error("`{question}` ended QEMU when the survey was recorded: it {}", .end.how)]
    Ended {
        /// The question.
        question: String,
        /// How QEMU ended.
        end: End,
    },
    /// QEMU did not start with this accelerator.
    #[error("QEMU did not start when the survey was recorded: {0}")]
    NotStarted(String),
    /// There was no such session.
    #[error("the survey has no session with TCG alone")]
    NoSession,
}

impl<'s> SurveyHost<'s> {
    /// Answers from a survey.
    pub fn new(survey: &'s Survey) -> Self {
        Self { survey, session: 0, asked: HashMap::new() }
    }
}

impl Host for SurveyHost<'_> {
    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.session = usize::from(launch == Launch::Tcg);
        self.asked.clear();
        let sessions = self.survey.conversation().sessions();
        let session = sessions.get(self.session).ok_or(SurveyHostError::NoSession)?;
        let first = session.exchanges().first().ok_or(SurveyHostError::NoSession)?;
        match reason_not_started(&first.reply()?) {
            Some(reason) => Err(SurveyHostError::NotStarted(reason).into()),
            None => Ok(()),
        }
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        let times = self.asked.entry(command.clone()).or_default();
        *times += 1;
        let unasked = || SurveyHostError::Unasked(command.to_string());
        let exchange =
            self.survey.exchange(self.session, command, *times - 1).ok_or_else(unasked)?;
        let reply = exchange.reply()?;
        match End::from_reply(&reply) {
            Some(end) if reply.result().is_err() => {
                Err(SurveyHostError::Ended { question: command.to_string(), end }.into())
            }
            _ => Ok(Answer::Reply(reply)),
        }
    }
}
