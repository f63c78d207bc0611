//! Changing captures in bulk: drop, insert and replace exchanges, set and remove members of replies.
//!
//! A [`Script`] is a list of edits, made with [`Edit::new`] or read from a TOML or JSON text. It is
//! applied to a conversation and gives the new text, numbered and formatted as a capture is; what no
//! edit touches is left as it was. Writing the files, all or none, is what [`crate::fs::Batch`] is
//! for.
//!
//! ```
//! use caps_core::edit::{Action, Edit, Script, Subject, Target};
//! use caps_core::replies::Conversation;
//!
//! let text = "{\"execute\": \"query-kvm\"}\n\n{\"return\": {\"enabled\": true, \"present\": true}}\n";
//! let conversation = Conversation::parse(text)?;
//! let set = Action::set("/return/enabled", "false")?;
//! let script = Script::from(vec![Edit::new(Target::new("query-kvm"), set)]);
//! let edited = script.apply(&Subject::new(&conversation))?;
//! assert!(edited.text.is_some_and(|text| text.contains("\"enabled\": false,")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod apply;
mod capture_filter;
mod patch;
mod pointer;
mod script;

pub use apply::{Edited, Subject};
pub use capture_filter::{CaptureFilter, Versions};
pub use pointer::{ParsePointerError, Pointer};
pub use script::{ScriptError, ScriptErrorKind};

use std::fmt;

use thiserror::Error;

use crate::json::{self, Document, JsonError, JsonType};
use crate::qapi::SchemaError;
use crate::qmp::Command;
use crate::replies::RepliesError;

/// A list of edits, applied one after the other.
#[derive(Debug, Clone, Default)]
pub struct Script {
    edits: Vec<Edit>,
}

impl Script {
    /// The edits, in the order in which they are applied.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

impl From<Vec<Edit>> for Script {
    fn from(edits: Vec<Edit>) -> Self {
        Self { edits }
    }
}

/// One change, and where it is to be made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Edit {
    /// The exchanges that it is about.
    pub target: Target,
    /// What is done with them.
    pub action: Action,
    /// The captures in which it is done.
    pub when: CaptureFilter,
    /// Is it fine if it changes nothing?
    pub allow_no_match: bool,
    /// The line of the script at which it stands, if it was read from one.
    pub line: Option<usize>,
}

impl Edit {
    /// An edit that is made in every capture, and must match something in at least one.
    pub fn new(target: Target, action: Action) -> Self {
        Self { target, action, when: CaptureFilter::default(), allow_no_match: false, line: None }
    }
}

/// The edit in a few words.
impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = &self.target;
        match &self.action {
            Action::Drop => write!(f, "drop {target}"),
            Action::InsertBefore(new) => write!(f, "insert {new} before {target}"),
            Action::InsertAfter(new) => write!(f, "insert {new} after {target}"),
            Action::Replace(new) => write!(f, "replace {target} by {new}"),
            Action::Answer { .. } => write!(f, "replace the reply to {target}"),
            Action::Set { pointer, .. } => write!(f, "set `{pointer}` in the reply to {target}"),
            Action::Remove { pointer } => {
                write!(f, "remove `{pointer}` from the reply to {target}")
            }
        }
    }
}

/// The exchanges that an edit is about.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// The name of the command.
    pub execute: String,
    /// Its arguments, which must be these and no others; `None` for whatever arguments.
    pub arguments: Option<Document>,
    /// The session, counted from 1; `None` for all.
    pub session: Option<usize>,
    /// Which of the exchanges that fit. Without it all of them, but the first for an insertion.
    pub occurrence: Option<Occurrence>,
}

impl Target {
    /// All exchanges of a command.
    pub fn new(execute: impl Into<String>) -> Self {
        Self { execute: execute.into(), arguments: None, session: None, occurrence: None }
    }

    /// Reads a command as [`Command`] prints it: its name and, after a blank, its arguments as JSON.
    ///
    /// # Errors
    ///
    /// When what follows the name is not a JSON object.
    pub fn parse(text: &str) -> Result<Self, InvalidExchange> {
        let (execute, arguments) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let mut target = Self::new(execute);
        if !arguments.trim().is_empty() {
            target.arguments = Some(object(arguments).map_err(InvalidExchange::Command)?);
        }
        Ok(target)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}", self.execute)?;
        if let Some(arguments) = &self.arguments {
            write!(f, " {}", arguments.root().compact())?;
        }
        f.write_str("`")?;
        if let Some(session) = self.session {
            write!(f, " of session {session}")?;
        }
        match self.occurrence {
            Some(Occurrence::First) => f.write_str(" (the first)"),
            Some(Occurrence::Last) => f.write_str(" (the last)"),
            Some(Occurrence::All) | None => Ok(()),
        }
    }
}

/// Which of several exchanges that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Occurrence {
    /// All of them.
    All,
    /// The first.
    First,
    /// The last.
    Last,
}

/// What is done with an exchange.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Action {
    /// Takes it out.
    Drop,
    /// Puts another exchange before it.
    InsertBefore(NewExchange),
    /// Puts another exchange after it.
    InsertAfter(NewExchange),
    /// Puts another exchange in its place.
    Replace(NewExchange),
    /// Gives the command another reply.
    Answer {
        /// The reply as JSON.
        reply: String,
    },
    /// Gives a member or element of the reply another value, or adds it.
    Set {
        /// Where.
        pointer: Pointer,
        /// The value as JSON.
        value: String,
    },
    /// Takes a member or element out of the reply.
    Remove {
        /// Where.
        pointer: Pointer,
    },
}

impl Action {
    /// Sets the value at a pointer to a JSON text.
    ///
    /// # Errors
    ///
    /// When the pointer or the JSON is malformed.
    pub fn set(pointer: &str, value: &str) -> Result<Self, InvalidAction> {
        Ok(Self::Set { pointer: pointer.parse()?, value: json::compact(value)? })
    }

    /// Removes what is at a pointer.
    ///
    /// # Errors
    ///
    /// When the pointer is malformed.
    pub fn remove(pointer: &str) -> Result<Self, InvalidAction> {
        let pointer: Pointer = pointer.parse()?;
        if pointer.is_whole() {
            return Err(InvalidAction::Whole(pointer));
        }
        Ok(Self::Remove { pointer })
    }

    /// Replaces the reply and, if one is given, the command, both JSON texts.
    ///
    /// # Errors
    ///
    /// When one of them is not what it should be.
    pub fn replace(command: Option<&str>, reply: &str) -> Result<Self, InvalidAction> {
        match command {
            Some(command) => NewExchange::new(command, reply).map(Self::Replace),
            None => Ok(Self::Answer { reply: checked_reply(reply)? }),
        }
    }
}

/// An exchange to be inserted. Its ids are given when it is.
#[derive(Debug, Clone)]
pub struct NewExchange {
    name: Command,
    /// As JSON, with whatever id and order of members it was given.
    command: String,
    reply: String,
}

impl NewExchange {
    /// Takes a command and a reply, both JSON texts.
    ///
    /// # Errors
    ///
    /// When one of them is not what it should be.
    pub fn new(command: &str, reply: &str) -> Result<Self, InvalidAction> {
        let (command, name) = checked_command(command)?;
        Ok(Self { name, command, reply: checked_reply(reply)? })
    }
}

impl fmt::Display for NewExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name)
    }
}

/// An action is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidAction {
    /// The pointer is.
    #[error(transparent)]
    Pointer(#[from] ParsePointerError),
    /// What is to be removed makes the reply a reply.
    #[error("without `{0}` there is no reply, expected a pointer to something inside of it")]
    Whole(Pointer),
    /// The value is.
    #[error("the value is not JSON")]
    Value(#[from] JsonError),
    /// The command or the reply is.
    #[error(transparent)]
    Exchange(#[from] InvalidExchange),
}

/// A command or a reply is not one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidExchange {
    /// The command, or its arguments, is not a JSON object.
    #[error("the command or its arguments are not a JSON object")]
    Command(#[source] JsonError),
    /// The command has no string `execute`, or another member than `execute`, `arguments` and `id`.
    #[error("expected a command with `execute` and maybe `arguments`, found `{0}`")]
    NotACommand(String),
    /// The reply is not a JSON object.
    #[error("the reply is not a JSON object")]
    Reply(#[source] JsonError),
    /// The reply does not have either `return` or `error`.
    #[error("expected a reply with either `return` or `error`, found `{0}`")]
    NotAReply(String),
}

/// A script can't be applied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The capture is malformed where an edit looks at it.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// An edit depends on a schema that is malformed.
    #[error("the schema can't be asked for `{query}`")]
    Schema {
        /// The query.
        query: String,
        /// What is wrong with the schema.
        source: SchemaError,
    },
    /// An edit depends on version, architecture or variant of a capture that has no name.
    #[error(
        "{edit}: the file is not named as a capture, so its version and architecture are unknown"
    )]
    Nameless {
        /// The edit.
        edit: String,
    },
    /// The edits drop all exchanges.
    #[error("the edits leave nothing of the capture")]
    Empty,
    /// An edit matches nothing.
    #[error("{}{edit}: matches nothing", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    NoMatch {
        /// The line of the script, if the edit was read from one.
        line: Option<usize>,
        /// The edit.
        edit: String,
    },
}

/// A JSON object.
fn object(text: &str) -> Result<Document, JsonError> {
    let document = Document::parse(text)?;
    if document.root().kind() == JsonType::Object {
        return Ok(document);
    }
    Err(JsonError::not_an_object())
}

fn checked_command(text: &str) -> Result<(String, Command), InvalidExchange> {
    let document = object(text).map_err(InvalidExchange::Command)?;
    let root = document.root();
    let known = |key: &str| ["execute", "arguments", "id"].contains(&key);
    let execute = root.get_str("execute").filter(|_| root.members().all(|(key, _)| known(&key)));
    let Some(execute) = execute else { return Err(InvalidExchange::NotACommand(root.compact())) };
    let mut name = Command::new(execute.into_owned());
    if let Some(arguments) = root.get("arguments") {
        name = name.with_arguments(arguments.text()).map_err(InvalidExchange::Command)?;
    }
    Ok((text.to_owned(), name))
}

/// A reply, with an empty id where it has none: QEMU puts it before an error and after a result.
fn checked_reply(text: &str) -> Result<String, InvalidExchange> {
    let document = object(text).map_err(InvalidExchange::Reply)?;
    let root = document.root();
    let [result, error] = ["return", "error"].map(|key| root.get(key).is_some());
    if result == error {
        return Err(InvalidExchange::NotAReply(root.compact()));
    }
    if error && root.get("id").is_none() {
        let rest = root.text().trim_start_matches('{');
        return Ok(format!("{{\"id\": \"\", {rest}"));
    }
    Ok(text.to_owned())
}
