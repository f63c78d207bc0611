use std::collections::HashMap;

use thiserror::Error;

use super::mark::{End, reason_not_started, walked};
use super::read::Survey;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::CaptureId;
use crate::json::{self, Document};
use crate::probe::{
    Answer, Host, Launch, Matching, ProbeError, ProbeErrorKind, Recorder, derive, run,
};
use crate::qmp::{Command, ErrorClass, Reply};
use crate::replies::{Conversation, RepliesError};

/// A host that answers from a survey, so that probing the survey equals probing the QEMU.
///
/// A repeated question gets its recorded answers in order. An answer that depends on the questions
/// before it is the one that the baseline gets. QEMU's answer to a question about a type that the
/// recorded list of types lacks is known without asking. Any other question without a recorded answer
/// is an error; answers are never guessed.
#[derive(Debug)]
pub struct SurveyHost<'s> {
    survey: &'s Survey,
    baseline: Baseline,
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
    /// Creates a host that answers a baseline's questions from a survey.
    pub fn new(survey: &'s Survey, baseline: Baseline) -> Self {
        Self { survey, baseline, session: 0, asked: HashMap::new() }
    }

    /// Why a session did not start, if it was tried.
    fn not_started(&self, launch: Launch) -> Option<String> {
        let session = self.survey.conversation().sessions().get(number(launch))?;
        reason_not_started(&session.exchanges().first()?.reply().ok()?)
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
        let is_whole = SurveyHost::new(self, baseline).not_started(Launch::Tcg).is_none();
        let matching = if is_whole { Matching::Strict } else { Matching::ByContent };
        let derived = derive(&self.replies(baseline)?, id, matching, baseline)?;
        Ok(derived.capabilities)
    }

    /// QEMU's reply to a question about the properties of a type that does not exist.
    fn no_such_type(&self, command: &Command) -> Option<Reply> {
        let kind = match command.execute() {
            "device-list-properties" => "Device",
            "qom-list-properties" => "Class",
            _ => return None,
        };
        let arguments = Document::parse(command.arguments()?).ok()?;
        let name = arguments.root().get_str("typename")?;
        if self.types().is_empty() || self.qom_type(&name).is_some() {
            return None;
        }
        let desc = format!("{kind} '{name}' not found");
        let (class, desc) = (ErrorClass::DeviceNotFound.name(), json::quote(&desc));
        // A recorder replaces the number.
        let error = format!(r#"{{"class":"{class}","desc":{desc}}}"#);
        let reply = format!(r#"{{"id":"libvirt-1","error":{error}}}"#);
        Reply::from_document(Document::parse(reply).ok()?).ok()
    }

    /// The conversation that a libvirt release would have with the QEMU, byte for byte as in a
    /// `.replies` file.
    ///
    /// # Errors
    ///
    /// Fails if the survey lacks an answer, QEMU crashed at a question, or an answer is unusable.
    pub fn replies(&self, baseline: Baseline) -> Result<Conversation, ProbeError> {
        let mut recorder = Recorder::new(SurveyHost::new(self, baseline));
        run(baseline, &mut recorder)?;
        let (_, text) = recorder.into_parts();
        Conversation::parse(&text).map_err(|error| ProbeError {
            command: None,
            line: Some(error.line),
            kind: ProbeErrorKind::Host(error.into()),
        })
    }
}

/// Where the session stands in a survey.
fn number(launch: Launch) -> usize {
    usize::from(launch == Launch::Tcg)
}

impl Host for SurveyHost<'_> {
    type Error = SurveyHostError;

    fn start(&mut self, launch: Launch) -> Result<(), SurveyHostError> {
        self.session = number(launch);
        self.asked.clear();
        let sessions = self.survey.conversation().sessions();
        let session = sessions.get(self.session).ok_or(SurveyHostError::NoSession)?;
        session.exchanges().first().ok_or(SurveyHostError::NoSession)?.reply()?;
        match self.not_started(launch) {
            Some(reason) => Err(SurveyHostError::NotStarted(reason)),
            None => Ok(()),
        }
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        self.not_started(launch).is_none()
    }

    fn has_hvf(&mut self, _: Arch) -> bool {
        let provenance = self.survey.provenance();
        provenance.is_some_and(|origin| origin.accelerator.as_deref() == Some("hvf"))
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, SurveyHostError> {
        let times = self.asked.entry(command.clone()).or_default();
        *times += 1;
        let nth = |command: &Command| self.survey.exchange(self.session, command, *times - 1);
        let own = nth(&walked(self.baseline, command));
        let Some(exchange) = own.or_else(|| nth(command)) else {
            let unasked = || SurveyHostError::Unasked(command.to_string());
            return self.survey.no_such_type(command).map(Answer::Reply).ok_or_else(unasked);
        };
        let reply = exchange.reply()?;
        match End::from_reply(&reply) {
            Some(end) if reply.result().is_err() => {
                Err(SurveyHostError::Ended { question: command.to_string(), end })
            }
            _ => Ok(Answer::Reply(reply)),
        }
    }
}
