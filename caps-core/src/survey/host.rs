use std::collections::HashMap;

use thiserror::Error;

use super::mark::{End, reason_not_started};
use super::read::Survey;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::CaptureId;
use crate::probe::{
    Answer, Host, Launch, Matching, ProbeError, ProbeErrorKind, Recorder, derive, run,
};
use crate::qmp::Command;
use crate::replies::{Conversation, RepliesError};

/// A host that answers from a survey, so that probing the survey equals probing the QEMU.
///
/// A repeated question gets its recorded answers in order. A question without a recorded answer is
/// an error; answers are never guessed.
#[derive(Debug)]
pub struct SurveyHost<'s> {
    survey: &'s Survey,
    session: usize,
    asked: HashMap<Command, usize>,
}

/// The survey has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SurveyHostError {
    /// The survey does not contain the question.
    #[error("the survey does not contain the question `{0}`")]
    Unasked(String),
    /// The question crashed QEMU.
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
    /// The survey has no such session.
    #[error("the survey has no session with TCG alone")]
    NoSession,
    /// A recorded reply is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
}

impl<'s> SurveyHost<'s> {
    /// Creates a host that answers from a survey.
    pub fn new(survey: &'s Survey) -> Self {
        Self { survey, session: 0, asked: HashMap::new() }
    }
}

impl Survey {
    /// Derives the capabilities, as libvirt's capability test does from a capture of that name.
    ///
    /// # Errors
    ///
    /// Fails as [`Survey::replies`] does.
    pub fn capabilities(
        &self,
        baseline: Baseline,
        id: &CaptureId,
    ) -> Result<Capabilities, ProbeError> {
        let derived = derive(&self.replies(baseline)?, id, Matching::Strict, baseline)?;
        Ok(derived.capabilities)
    }

    /// The conversation that a libvirt release would have with the QEMU, byte for byte as in a
    /// `.replies` file.
    ///
    /// # Errors
    ///
    /// Fails if the survey lacks an answer, QEMU crashed at a question, or an answer is unusable.
    pub fn replies(&self, baseline: Baseline) -> Result<Conversation, ProbeError> {
        let mut recorder = Recorder::new(SurveyHost::new(self));
        run(baseline, &mut recorder)?;
        let (_, text) = recorder.into_parts();
        Conversation::parse(&text).map_err(|error| ProbeError {
            command: None,
            line: Some(error.line),
            kind: ProbeErrorKind::Host(error.into()),
        })
    }
}

impl Host for SurveyHost<'_> {
    type Error = SurveyHostError;

    fn start(&mut self, launch: Launch) -> Result<(), SurveyHostError> {
        self.session = usize::from(launch == Launch::Tcg);
        self.asked.clear();
        let sessions = self.survey.conversation().sessions();
        let session = sessions.get(self.session).ok_or(SurveyHostError::NoSession)?;
        let first = session.exchanges().first().ok_or(SurveyHostError::NoSession)?;
        match reason_not_started(&first.reply()?) {
            Some(reason) => Err(SurveyHostError::NotStarted(reason)),
            None => Ok(()),
        }
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        let provenance = self.survey.provenance();
        provenance.is_some_and(|origin| origin.accelerator.as_deref() == Some("hvf"))
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, SurveyHostError> {
        let times = self.asked.entry(command.clone()).or_default();
        *times += 1;
        let unasked = || SurveyHostError::Unasked(command.to_string());
        let exchange =
            self.survey.exchange(self.session, command, *times - 1).ok_or_else(unasked)?;
        let reply = exchange.reply()?;
        match End::from_reply(&reply) {
            Some(end) if reply.result().is_err() => {
                Err(SurveyHostError::Ended { question: command.to_string(), end })
            }
            _ => Ok(Answer::Reply(reply)),
        }
    }
}
