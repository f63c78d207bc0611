use std::collections::HashMap;
use std::sync::Arc;

use super::recording::{Question, Recording};
use super::refusal;
use super::request::{Request, generic};
use super::stream::Stream;
use super::value::{Dict, Value};
use super::wire::{self, Body};
use crate::json::Node;
use crate::qmp::{CommandError, ErrorClass};

/// The conversation with one client, without I/O.
#[derive(Debug)]
pub(super) struct Monitor {
    recording: Arc<Recording>,
    stream: Stream,
    state: State,
    /// How often each question was asked, by the session that answers it.
    asked: HashMap<(usize, Question), usize>,
    /// How many inputs in a row were no commands.
    malformed: usize,
}

/// How many inputs in a row may be no commands before the client is disconnected. Each costs it a
/// byte, and QEMU's reply has a hundred.
const MAX_MALFORMED: usize = 1000;

#[derive(Debug, Clone, Copy)]
enum State {
    /// Only `qmp_capabilities` is available.
    Negotiating,
    /// Commands are answered from a session.
    Commanding { session: usize, oob: bool },
}

/// What the server does next.
#[derive(Debug, Clone, Default)]
pub(super) struct Reaction {
    /// Complete lines to send.
    pub(super) lines: String,
    /// Whether to close the connection afterwards.
    pub(super) close: bool,
}

impl Reaction {
    fn reply(body: &Body, id: Option<&Value>) -> Self {
        Self { lines: wire::reply(body, id), close: false }
    }
}

impl Monitor {
    pub(super) fn new(recording: Arc<Recording>) -> Self {
        let stream = Stream::new(recording.errors);
        Self { recording, stream, state: State::Negotiating, asked: HashMap::new(), malformed: 0 }
    }

    /// The greeting.
    pub(super) fn greeting(&self) -> String {
        wire::greeting(&self.recording.version)
    }

    /// Returns whether negotiation is complete, so that events may be sent.
    pub(super) fn is_negotiated(&self) -> bool {
        matches!(self.state, State::Commanding { .. })
    }

    /// Processes a byte from the client.
    pub(super) fn feed(&mut self, byte: u8) -> Option<Reaction> {
        // One byte completes at most two values or errors.
        let mut inputs: [Option<Result<Value, String>>; 2] = [None, None];
        let mut count = 0;
        self.stream.feed(byte, |input| {
            if let Some(slot) = inputs.get_mut(count) {
                *slot = Some(input);
            }
            count += 1;
        });
        if count == 0 {
            return None;
        }
        let mut reaction = Reaction::default();
        for input in inputs.into_iter().flatten() {
            self.malformed += 1;
            let Reaction { lines, mut close } = match input {
                Ok(value) => self.react(&value),
                Err(desc) => Reaction::reply(&Body::Error(generic(desc)), None),
            };
            close |= self.malformed >= MAX_MALFORMED;
            reaction.lines.push_str(&lines);
            reaction.close |= close;
            // Input after the end of the connection is ignored.
            if close {
                break;
            }
        }
        Some(reaction)
    }

    fn react(&mut self, input: &Value) -> Reaction {
        let id = match input {
            Value::Dict(dict) => dict.get("id"),
            _ => None,
        };
        let oob = matches!(self.state, State::Commanding { oob: true, .. });
        let reaction = Request::open(input, oob).and_then(|request| {
            self.malformed = 0;
            match self.state {
                State::Negotiating => self.negotiate(&request, id),
                State::Commanding { session, .. } => self.execute(session, &request, id),
            }
        });
        reaction.unwrap_or_else(|error| Reaction::reply(&Body::Error(error), id))
    }

    fn negotiate(
        &mut self,
        request: &Request<'_>,
        id: Option<&Value>,
    ) -> Result<Reaction, CommandError> {
        if request.execute != "qmp_capabilities" {
            return Err(not_found(
                "Expecting capabilities negotiation with 'qmp_capabilities'".to_owned(),
            ));
        }
        let none = Dict::default();
        let arguments = request.arguments.unwrap_or(&none);
        self.visit(request.execute, arguments)?;
        let oob = match arguments.get("enable") {
            Some(Value::List(enabled)) => enabled.contains(&Value::Str("oob".to_owned())),
            _ => false,
        };
        let session = self.recording.next_session();
        // The session starts with the negotiating exchange, whatever it enabled.
        let question = (request.execute.to_owned(), none.canonical());
        let recorded = self.recorded(session, &question);
        let body = recorded.unwrap_or_else(|| Body::Return("{}".to_owned()));
        self.state = State::Commanding { session, oob };
        Ok(Reaction::reply(&body, id))
    }

    fn execute(
        &mut self,
        session: usize,
        request: &Request<'_>,
        id: Option<&Value>,
    ) -> Result<Reaction, CommandError> {
        let execute = request.execute;
        let none = Dict::default();
        let arguments = request.arguments.unwrap_or(&none);
        let question = (execute.to_owned(), arguments.canonical());
        let is_recorded = self.recording.recorded(session, &question).is_some();
        let is_known = self.recording.validator.schema().has_command(execute);
        if !is_known && !is_recorded && !self.recording.is_canned(execute) {
            return Err(not_found(format!("The command {execute} has not been found")));
        }
        if request.out_of_band && !self.allows_oob(execute) {
            return Err(generic(format!("The command {execute} does not support OOB")));
        }
        if execute == "qmp_capabilities" {
            self.visit(execute, arguments)?;
            return Err(not_found(
                "Capabilities negotiation is already complete, command ignored".to_owned(),
            ));
        }
        // A recorded question was accepted by QEMU, whatever the schema says about it.
        if is_known && !is_recorded {
            self.visit(execute, arguments)?;
        }
        // Canned answers come after the checks, so a test can't rely on a command that QEMU
        // rejects.
        if let Some(canned) = self.recording.canned(execute, arguments) {
            let reply = wire::reply(canned.body(), id);
            let lines = [canned.before(), reply, canned.after()].concat();
            return Ok(Reaction { lines, close: canned.closes() });
        }
        if let Some(body) = self.recorded(session, &question) {
            return Ok(Reaction::reply(&body, id));
        }
        self.derived(execute, arguments).map(|body| Reaction {
            lines: [
                if execute == "quit" { quit_event() } else { String::new() },
                wire::reply(&body, id),
            ]
            .concat(),
            close: execute == "quit",
        })
    }

    /// Answers commands that need no recording.
    fn derived(&self, execute: &str, arguments: &Dict) -> Result<Body, CommandError> {
        // Names that do not exist can be rejected as QEMU does, without a recording.
        let driver = match arguments.get("driver") {
            Some(Value::Str(name)) if self.recording.lacks_device(name) => Some(name),
            _ => None,
        };
        let class = match arguments.get("typename") {
            Some(Value::Str(name)) if !self.recording.has_class(name) => Some(name),
            _ => None,
        };
        if let ("qom-list-properties", Some(name)) = (execute, class) {
            let desc = format!("Class '{name}' not found");
            return Err(CommandError { class: ErrorClass::DeviceNotFound, desc });
        }
        match (execute, driver) {
            ("query-version", _) => Ok(Body::Return(self.recording.version.clone())),
            ("query-commands", _) => Ok(Body::Return(self.recording.commands())),
            ("quit", _) => Ok(Body::Return("{}".to_owned())),
            ("device_add", Some(name)) => {
                Err(generic(format!("'{name}' is not a valid device model name")))
            }
            _ => Err(generic(format!(
                "the capture has no answer to '{execute}'{}",
                if arguments == &Dict::default() { "" } else { " with these arguments" }
            ))),
        }
    }

    /// The next recorded answer; the last one repeats.
    fn recorded(&mut self, session: usize, question: &Question) -> Option<Body> {
        let (from, answers) = self.recording.recorded(session, question)?;
        let asked = self.asked.entry((from, question.clone())).or_default();
        // A client that polls gets the last state again and again.
        let answer = answers.get(*asked).or_else(|| answers.last())?;
        *asked += 1;
        Some(Body::Recorded(answer.reply_text().to_owned()))
    }

    fn visit(&self, execute: &str, arguments: &Dict) -> Result<(), CommandError> {
        if execute == "device_add" {
            // QEMU does not validate this command's arguments, and the schema lists only some of
            // them.
            return match arguments.get("driver") {
                Some(Value::Str(_)) => Ok(()),
                _ => Err(generic("Parameter 'driver' is missing")),
            };
        }
        refusal::check(&self.recording.validator, execute, arguments)
    }

    fn allows_oob(&self, execute: &str) -> bool {
        let entry = self.recording.validator.schema().entry(execute);
        entry
            .and_then(|entry| entry.node().get("allow-oob"))
            .and_then(Node::as_bool)
            .unwrap_or(false)
    }
}

fn not_found(desc: String) -> CommandError {
    CommandError { class: ErrorClass::CommandNotFound, desc }
}

fn quit_event() -> String {
    wire::event("SHUTDOWN", Some(r#"{"guest": false, "reason": "host-qmp-quit"}"#))
}
