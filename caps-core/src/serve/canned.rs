use std::sync::Arc;

use thiserror::Error;

use super::input;
use super::value::{Dict, Value};
use super::wire::{self, Body};
use crate::json::{Document, JsonError, JsonType, Node};
use crate::nearest;
use crate::qmp::{CommandError, ErrorClass};

/// Answers to commands that the capture doesn't answer, or answers differently.
///
/// The first answer that matches and isn't used up is given.
///
/// In a file, each line is a JSON object; empty lines and lines starting with `#` are skipped:
///
/// ```text
/// {"execute": "device_add", "arguments": {"driver": "virtio-net-pci"}, "return": {}}
/// {"execute": "device_del", "return": {}, "after": [{"event": "DEVICE_DELETED", "data": {"path": "/machine/x"}}]}
/// {"execute": "query-status", "return": {"running": false, "status": "paused"}, "times": 1}
/// {"execute": "query-status", "return": {"running": true, "status": "running"}}
/// {"execute": "migrate", "error": {"class": "GenericError", "desc": "There's a migration process in progress"}}
/// ```
///
/// | member | meaning |
/// |---|---|
/// | `execute` | the command; needed |
/// | `arguments` | members that the command's arguments must have, with these values; others don't matter |
/// | `return`, `error` | the reply; `{"return": {}}` if neither is there |
/// | `before`, `after` | events that are sent before and after the reply |
/// | `times` | how often the answer is given; without it, always |
/// | `close` | `true`: the server closes the connection afterwards |
#[derive(Debug, Clone, Default)]
pub struct CannedAnswers {
    answers: Vec<CannedAnswer>,
}

/// One entry of [`CannedAnswers`].
///
/// ```
/// use caps_core::serve::{CannedAnswer, CannedAnswers};
///
/// let mut answers = CannedAnswers::default();
/// answers.push(CannedAnswer::new("stop").event_before("STOP", None)?.times(1));
/// answers.push(CannedAnswer::new("device_add").with_arguments(r#"{"id": "net0"}"#)?.fails("Duplicate device ID 'net0'"));
/// # Ok::<(), caps_core::json::JsonError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CannedAnswer {
    execute: String,
    arguments: Dict,
    body: Body,
    before: Vec<CannedEvent>,
    after: Vec<CannedEvent>,
    times: Option<u64>,
    close: bool,
}

#[derive(Debug, Clone)]
struct CannedEvent {
    name: String,
    data: Option<String>,
}

/// The canned answers are malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
#[non_exhaustive]
pub struct CannedError {
    /// The line, from 1.
    pub line: usize,
    /// The problem.
    pub kind: CannedErrorKind,
}

/// The kinds of problems in canned answers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CannedErrorKind {
    /// A line is not JSON.
    #[error("malformed JSON at column {}: {}", .0.column, .0.message())]
    Json(JsonError),
    /// A member is missing or has the wrong type.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// An unknown member.
    #[error("`{name}` is not a member of {of}{}", nearest::hint(.nearest.as_deref()))]
    Unknown {
        /// The member.
        name: String,
        /// The object it appears in.
        of: &'static str,
        /// The most similar known member.
        nearest: Option<String>,
    },
    /// An answer has two replies.
    #[error("expected one of `return` and `error`, found both")]
    TwoReplies,
}

const MEMBERS: [&str; 8] =
    ["execute", "arguments", "return", "error", "before", "after", "times", "close"];

impl CannedAnswers {
    /// Parses canned answers.
    ///
    /// # Errors
    ///
    /// Fails if a line is not a canned answer.
    pub fn parse(text: &str) -> Result<Self, CannedError> {
        let mut answers = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let answer =
                CannedAnswer::parse(line).map_err(|kind| CannedError { line: index + 1, kind })?;
            answers.push(answer);
        }
        Ok(Self { answers })
    }

    /// Appends an answer.
    pub fn push(&mut self, answer: CannedAnswer) {
        self.answers.push(answer);
    }

    /// Returns whether an answer exists for this command.
    pub(super) fn knows(&self, execute: &str) -> bool {
        self.answers.iter().any(|answer| answer.execute == execute)
    }

    /// The next answer to use.
    pub(super) fn answer(&mut self, execute: &str, arguments: &Dict) -> Option<Canned> {
        // The first that fits wins, so a limited answer before an unlimited one gives a sequence.
        let answer = self.answers.iter_mut().find(|answer| {
            answer.execute == execute
                && answer.times != Some(0)
                && answer.arguments.is_part_of(arguments)
        })?;
        answer.times = answer.times.map(|times| times - 1);
        Some(Canned(Arc::new(answer.clone())))
    }
}

/// An answer to send.
#[derive(Debug, Clone)]
pub(super) struct Canned(Arc<CannedAnswer>);

impl Canned {
    pub(super) fn body(&self) -> &Body {
        &self.0.body
    }

    pub(super) fn closes(&self) -> bool {
        self.0.close
    }

    /// The events before the reply, as lines.
    pub(super) fn before(&self) -> String {
        lines(&self.0.before)
    }

    /// The events after the reply, as lines.
    pub(super) fn after(&self) -> String {
        lines(&self.0.after)
    }
}

fn lines(events: &[CannedEvent]) -> String {
    events.iter().map(|event| wire::event(&event.name, event.data.as_deref())).collect()
}

impl CannedAnswer {
    /// Creates an answer that returns `{}`, to a command with any arguments.
    pub fn new(execute: impl Into<String>) -> Self {
        Self {
            execute: execute.into(),
            arguments: Dict::default(),
            body: Body::Return("{}".to_owned()),
            before: Vec::new(),
            after: Vec::new(),
            times: None,
            close: false,
        }
    }

    /// Requires the command's arguments to have these members, with equal values.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a JSON object.
    pub fn with_arguments(mut self, json: &str) -> Result<Self, JsonError> {
        self.arguments = match input::value(json)? {
            Value::Dict(dict) => dict,
            _ => return Err(JsonError::not_an_object()),
        };
        Ok(self)
    }

    /// Sets the return value.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON.
    pub fn returns(mut self, json: &str) -> Result<Self, JsonError> {
        // Spelled as QEMU does here, not each time it is sent.
        self.body = Body::Return(wire::spelled(json)?);
        Ok(self)
    }

    /// Makes the command fail with a `GenericError`.
    #[must_use]
    pub fn fails(self, desc: impl Into<String>) -> Self {
        self.fails_with(CommandError { class: ErrorClass::GenericError, desc: desc.into() })
    }

    /// Makes the command fail.
    #[must_use]
    pub fn fails_with(mut self, error: CommandError) -> Self {
        self.body = Body::Error(error);
        self
    }

    /// Adds an event to send before the reply; `data` is a JSON object.
    ///
    /// # Errors
    ///
    /// Fails if the data is not JSON.
    pub fn event_before(mut self, name: &str, data: Option<&str>) -> Result<Self, JsonError> {
        self.before.push(CannedEvent::new(name, data)?);
        Ok(self)
    }

    /// Adds an event to send after the reply; `data` is a JSON object.
    ///
    /// # Errors
    ///
    /// Fails if the data is not JSON.
    pub fn event_after(mut self, name: &str, data: Option<&str>) -> Result<Self, JsonError> {
        self.after.push(CannedEvent::new(name, data)?);
        Ok(self)
    }

    /// Limits how often the answer is given.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Makes the server close the connection after the answer.
    #[must_use]
    pub fn closes(mut self) -> Self {
        self.close = true;
        self
    }

    fn parse(line: &str) -> Result<Self, CannedErrorKind> {
        let document = Document::parse(line)?;
        let root = document.root();
        let execute = root
            .get_str("execute")
            .ok_or_else(|| expected("an object with the string `execute`", root))?;
        let mut answer = Self::new(execute);
        if root.get("return").is_some() && root.get("error").is_some() {
            return Err(CannedErrorKind::TwoReplies);
        }
        for (name, node) in root.members() {
            match &*name {
                "execute" => {}
                "arguments" if node.kind() == JsonType::Object => {
                    answer = answer.with_arguments(node.text())?;
                }
                "arguments" => return Err(expected("an object as `arguments`", node)),
                "return" => answer = answer.returns(node.text())?,
                "error" => {
                    let (Some(class), Some(desc)) = (node.get_str("class"), node.get_str("desc"))
                    else {
                        let shape = "an object with the strings `class` and `desc` as `error`";
                        return Err(expected(shape, node));
                    };
                    known(node, &["class", "desc"], "`error`")?;
                    let class = ErrorClass::from_name(&class);
                    answer = answer.fails_with(CommandError { class, desc: desc.into_owned() });
                }
                "before" => answer.before = events(node)?,
                "after" => answer.after = events(node)?,
                "times" => {
                    answer.times = Some(node.as_u64().ok_or_else(|| {
                        expected("a number that is not negative as `times`", node)
                    })?);
                }
                "close" => {
                    answer.close =
                        node.as_bool().ok_or_else(|| expected("a boolean as `close`", node))?;
                }
                // Fails: all known members are above, so this one is unknown.
                _ => known(root, &MEMBERS, "a canned answer")?,
            }
        }
        Ok(answer)
    }
}

impl CannedEvent {
    fn new(name: &str, data: Option<&str>) -> Result<Self, JsonError> {
        Ok(Self { name: name.to_owned(), data: data.map(wire::spelled).transpose()? })
    }
}

fn events(node: Node<'_>) -> Result<Vec<CannedEvent>, CannedErrorKind> {
    let array = node.as_array().ok_or_else(|| expected("an array of events", node))?;
    array
        .map(|event| {
            let name = event
                .get_str("event")
                .ok_or_else(|| expected("an event with the string `event`", event))?;
            known(event, &["event", "data"], "an event")?;
            Ok(CannedEvent::new(&name, event.get("data").map(Node::text))?)
        })
        .collect()
}

fn known(node: Node<'_>, names: &[&str], of: &'static str) -> Result<(), CannedErrorKind> {
    match node.members().find(|(name, _)| !names.contains(&&**name)) {
        Some((name, _)) => Err(CannedErrorKind::Unknown {
            nearest: nearest::nearest(&name, names.iter().copied()).map(str::to_owned),
            name: name.into_owned(),
            of,
        }),
        None => Ok(()),
    }
}

fn expected(expected: &'static str, found: Node<'_>) -> CannedErrorKind {
    CannedErrorKind::Expected { expected, found: format!("`{}`", shorten(&found.compact())) }
}

fn shorten(text: &str) -> String {
    const ROOM: usize = 60;
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

impl From<JsonError> for CannedErrorKind {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
