use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::canned::{Canned, CannedAnswers};
use super::error::ServeError;
use super::input;
use super::json_errors::JsonErrors;
use super::value::{Dict, Value};
use super::wire;
use crate::json::Node;
use crate::qapi::MetaType;
use crate::qmp::Command;
use crate::replies::{Conversation, Exchange, Session};
use crate::validate::Validator;
use crate::version::Version;

/// The session to answer a connection from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionChoice {
    /// The n-th connection to complete negotiation gets the n-th session, starting over after the
    /// last.
    #[default]
    InTurn,
    /// Every connection gets this session, counted from 1.
    Only(usize),
}

/// A question: the command, and its arguments in a normalized form.
pub(super) type Question = (String, String);

/// The data that all clients of a server share.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) validator: Validator,
    pub(super) errors: JsonErrors,
    /// The return value of `query-version`, in QEMU's spelling.
    pub(super) version: String,
    sessions: Vec<HashMap<Question, Vec<Exchange>>>,
    answers: Mutex<CannedAnswers>,
    choice: SessionChoice,
    negotiated: AtomicUsize,
}

impl Recording {
    pub(super) fn new(
        conversation: &Conversation,
        answers: CannedAnswers,
        choice: SessionChoice,
        version: Option<Version>,
    ) -> Result<Self, ServeError> {
        let sessions = conversation.sessions().len();
        if sessions == 0 {
            return Err(ServeError::Empty);
        }
        if let SessionChoice::Only(asked) = choice
            && !(1..=sessions).contains(&asked)
        {
            return Err(ServeError::NoSession { asked, sessions });
        }
        // Report malformed replies now rather than when a client asks.
        conversation.exchanges().try_for_each(|exchange| exchange.reply().map(drop))?;
        let (version, number) = recorded_version(conversation)
            .or_else(|| version.map(|number| (spell_version(number), number)))
            .ok_or(ServeError::NoVersion)?;
        Ok(Self {
            validator: Validator::from_conversation(conversation)?,
            errors: JsonErrors::of(number),
            version,
            sessions: conversation.sessions().iter().map(questions).collect(),
            answers: Mutex::new(answers),
            choice,
            negotiated: AtomicUsize::new(0),
        })
    }

    /// The session, from 0, for a connection that completes negotiation now.
    pub(super) fn next_session(&self) -> usize {
        match self.choice {
            SessionChoice::InTurn => {
                self.negotiated.fetch_add(1, Ordering::Relaxed) % self.sessions.len()
            }
            SessionChoice::Only(number) => number - 1,
        }
    }

    /// The recorded answers to a question, from a session or else from another one that has some,
    /// with the number of that session.
    pub(super) fn recorded(
        &self,
        session: usize,
        question: &Question,
    ) -> Option<(usize, &[Exchange])> {
        std::iter::once(session)
            .chain(0..self.sessions.len())
            .find_map(|index| Some((index, self.sessions.get(index)?.get(question)?.as_slice())))
    }

    /// Returns whether there is a canned answer to this command, for any arguments.
    pub(super) fn is_canned(&self, execute: &str) -> bool {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).knows(execute)
    }

    /// The canned answer to a command.
    pub(super) fn canned(&self, execute: &str, arguments: &Dict) -> Option<Canned> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).answer(execute, arguments)
    }

    /// Returns whether no device type has this name or alias, as far as the capture shows.
    pub(super) fn lacks_device(&self, driver: &str) -> bool {
        let devices = self.validator.devices();
        devices.is_some_and(|devices| devices.lacks_type(&devices.resolve(driver)))
    }

    /// Returns whether a QOM type has this name, as far as the capture shows. Few captures include
    /// all abstract types.
    pub(super) fn has_class(&self, name: &str) -> bool {
        let devices = self.validator.devices().filter(|devices| devices.knows_types());
        devices.is_none_or(|devices| devices.has_class(name) == Some(true))
    }

    /// The return value of `query-commands`: the schema's commands in QEMU's order, last one first,
    /// after the one that QEMU registers by hand.
    pub(super) fn commands(&self) -> String {
        let mut names: Vec<String> = self
            .validator
            .schema()
            .entries()
            .filter(|entry| entry.meta_type() == Some(MetaType::Command))
            .map(|entry| entry.name().into_owned())
            .collect();
        names.reverse();
        names.sort_by_key(|name| name != "device_add");
        let names: Vec<String> = names
            .into_iter()
            .map(|name| format!("{{\"name\": {}}}", super::value::quote(&name)))
            .collect();
        format!("[{}]", names.join(", "))
    }
}

fn questions(session: &Session) -> HashMap<Question, Vec<Exchange>> {
    let mut questions: HashMap<Question, Vec<Exchange>> = HashMap::new();
    for exchange in session.exchanges() {
        questions.entry(question_of(exchange.command())).or_default().push(exchange.clone());
    }
    questions
}

fn question_of(command: &Command) -> Question {
    let arguments = match command.arguments().map(input::value) {
        Some(Ok(Value::Dict(dict))) => dict,
        _ => Dict::default(),
    };
    (command.execute().to_owned(), arguments.canonical())
}

fn recorded_version(conversation: &Conversation) -> Option<(String, Version)> {
    let reply = conversation.find("query-version")?.reply().ok()?;
    let result = reply.result().ok()?;
    let qemu = result.get("qemu")?;
    let part = |name| qemu.get(name).and_then(Node::as_u32);
    let number = Version::new(part("major")?, part("minor")?, part("micro")?)?;
    Some((wire::spelled(result.text()).ok()?, number))
}

fn spell_version(version: Version) -> String {
    let (major, minor, micro) = (version.major(), version.minor(), version.micro());
    format!(
        "{{\"qemu\": {{\"micro\": {micro}, \"minor\": {minor}, \"major\": {major}}}, \"package\": \"\"}}"
    )
}
