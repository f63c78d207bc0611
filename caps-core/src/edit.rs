//! Editing captures in bulk: drop, insert and replace exchanges, set and remove members of replies.
//!
//! A [`Script`] is a list of edits, created with [`Edit::new`] or read from TOML or JSON. Applying
//! it to a conversation yields the new text, renumbered and reformatted; everything else stays as
//! it was. To write several files, all or none, use [`crate::fs::Batch`].
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
pub use capture_filter::CaptureFilter;
pub use pointer::{ParsePointerError, Pointer};

use std::fmt;

use thiserror::Error;

use crate::json::{self, Document, JsonError, JsonType};
use crate::names::closed_set;
use crate::qapi::SchemaError;
use crate::qmp::Command;
use crate::replies::RepliesError;

/// A list of edits, applied in order.
#[derive(Debug, Clone, Default)]
pub struct Script {
    edits: Vec<Edit>,
}

impl Script {
    /// The edits, in order of application.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

impl From<Vec<Edit>> for Script {
    fn from(edits: Vec<Edit>) -> Self {
        Self { edits }
    }
}

/// A change, with the exchanges and captures it applies to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Edit {
    /// The exchanges to change.
    pub target: Target,
    /// The change.
    pub action: Action,
    /// The captures to change.
    pub when: CaptureFilter,
    /// Whether the edit may match nothing.
    pub allow_no_match: bool,
    /// The line in the script, if the edit was read from one.
    pub line: Option<usize>,
}

impl Edit {
    /// Creates an edit that applies to every capture and must match in at least one.
    pub fn new(target: Target, action: Action) -> Self {
        Self { target, action, when: CaptureFilter::default(), allow_no_match: false, line: None }
    }
}

/// A short description of the edit.
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

/// Selects the exchanges of an edit.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// The command's name.
    pub execute: String,
    /// The command's exact arguments; `None` for any.
    pub arguments: Option<Document>,
    /// The session, counted from 1; `None` for all.
    pub session: Option<usize>,
    /// Which of the matching exchanges; by default all, or the first for an insertion.
    pub occurrence: Option<Occurrence>,
}

impl Target {
    /// Selects all exchanges of a command.
    pub fn new(execute: impl Into<String>) -> Self {
        Self { execute: execute.into(), arguments: None, session: None, occurrence: None }
    }

    /// Parses a command as [`Command`] prints it: its name, optionally followed by a space and its
    /// arguments as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the text after the name is not a JSON object.
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

closed_set! {
    /// Which of several matching exchanges.
    pub enum Occurrence: "an occurrence", {
        /// All of them.
        All = "all",
        /// The first.
        First = "first",
        /// The last.
        Last = "last",
    }
}

/// A change to an exchange.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Action {
    /// Removes the exchange.
    Drop,
    /// Inserts another exchange before it.
    InsertBefore(NewExchange),
    /// Inserts another exchange after it.
    InsertAfter(NewExchange),
    /// Replaces it with another exchange.
    Replace(NewExchange),
    /// Replaces the reply.
    Answer {
        /// The reply as JSON.
        reply: String,
    },
    /// Sets or adds a member or element of the reply.
    Set {
        /// The position.
        pointer: Pointer,
        /// The value as JSON.
        value: String,
    },
    /// Removes a member or element from the reply.
    Remove {
        /// The position.
        pointer: Pointer,
    },
}

impl Action {
    /// Sets the value at a pointer to a JSON value.
    ///
    /// # Errors
    ///
    /// Fails if the pointer or the JSON is malformed.
    pub fn set(pointer: &str, value: &str) -> Result<Self, InvalidAction> {
        Ok(Self::Set { pointer: pointer.parse()?, value: json::compact(value)? })
    }

    /// Removes the value at a pointer.
    ///
    /// # Errors
    ///
    /// Fails if the pointer is malformed.
    pub fn remove(pointer: &str) -> Result<Self, InvalidAction> {
        let pointer: Pointer = pointer.parse()?;
        if pointer.is_whole() {
            return Err(InvalidAction::Whole(pointer));
        }
        Ok(Self::Remove { pointer })
    }

    /// Replaces the reply and optionally the command, both given as JSON.
    ///
    /// # Errors
    ///
    /// Fails if either is malformed.
    pub fn replace(command: Option<&str>, reply: &str) -> Result<Self, InvalidAction> {
        match command {
            Some(command) => NewExchange::new(command, reply).map(Self::Replace),
            None => Ok(Self::Answer { reply: checked_reply(reply)? }),
        }
    }
}

/// An exchange to insert; it gets its ids on insertion.
#[derive(Debug, Clone)]
pub struct NewExchange {
    name: Command,
    /// The JSON as given, with its id and order of members.
    command: String,
    reply: String,
}

impl NewExchange {
    /// Creates an exchange from a command and a reply, both as JSON.
    ///
    /// # Errors
    ///
    /// Fails if either is malformed.
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

/// The action is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidAction {
    /// The pointer is malformed.
    #[error(transparent)]
    Pointer(#[from] ParsePointerError),
    /// The pointer removes the part that makes the reply a reply.
    #[error("without `{0}` there is no reply, expected a pointer to something inside it")]
    Whole(Pointer),
    /// The value is not JSON.
    #[error("the value is not JSON")]
    Value(#[from] JsonError),
    /// The command or the reply is malformed.
    #[error(transparent)]
    Exchange(#[from] InvalidExchange),
}

/// The JSON text is not a command or not a reply.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidExchange {
    /// The command or its arguments are not a JSON object.
    #[error("the command or its arguments are not a JSON object")]
    Command(#[source] JsonError),
    /// The command has no string `execute`, or members other than `execute`, `arguments` and `id`.
    #[error("expected a command with `execute` and optionally `arguments`, found `{0}`")]
    NotACommand(String),
    /// The reply is not a JSON object.
    #[error("the reply is not a JSON object")]
    Reply(#[source] JsonError),
    /// The reply does not have exactly one of `return` and `error`.
    #[error("expected a reply with either `return` or `error`, found `{0}`")]
    NotAReply(String),
}

/// The script can't be applied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// A part of the capture that an edit examines is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// An edit depends on a malformed schema.
    #[error("can't evaluate `{query}` on the schema")]
    Schema {
        /// The query.
        query: String,
        /// The problem with the schema.
        source: SchemaError,
    },
    /// An edit depends on the version, architecture or variant of a file not named as a capture.
    #[error(
        "{edit}: the file is not named as a capture, so its version and architecture are unknown"
    )]
    Nameless {
        /// The edit.
        edit: String,
    },
    /// The edits drop all exchanges.
    #[error("the edits remove every exchange of the capture")]
    Empty,
    /// An edit matches nothing.
    #[error("{}{edit}: matches nothing", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    NoMatch {
        /// The line in the script, if the edit was read from one.
        line: Option<usize>,
        /// The edit.
        edit: String,
    },
}

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
    // QEMU refuses a command with other members, so they are most likely mistyped.
    let known = |key: &str| ["execute", "arguments", "id"].contains(&key);
    let execute = root.get_str("execute").filter(|_| root.members().all(|(key, _)| known(&key)));
    let Some(execute) = execute else { return Err(InvalidExchange::NotACommand(root.compact())) };
    let mut name = Command::new(execute.into_owned());
    if let Some(arguments) = root.get("arguments") {
        name = name.with_arguments(arguments.text()).map_err(InvalidExchange::Command)?;
    }
    Ok((text.to_owned(), name))
}

/// Normalizes a reply. One without an id gets an empty one where QEMU puts it: before an error and
/// after a result.
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
