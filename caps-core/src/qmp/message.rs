use std::fmt;

use thiserror::Error;

use crate::json::{Document, JsonType, Node, Outline};

/// A message from QEMU, one per line.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Message {
    /// The first message of a connection.
    Greeting(Greeting),
    /// The reply to a command.
    Reply(Reply),
    /// An asynchronous event.
    Event(Event),
}

/// The line is JSON, but not a QMP message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "expected a JSON object with one of the members `QMP`, `event`, `return` and `error`, found {found}"
)]
pub struct MessageError {
    found: String,
}

impl Message {
    /// Classifies a message.
    ///
    /// # Errors
    ///
    /// Fails if the document is not a QMP message.
    pub fn from_document(document: Document) -> Result<Self, MessageError> {
        let root = document.root();
        if root.get("QMP").is_some() {
            return Ok(Self::Greeting(Greeting { document }));
        }
        if root.get("event").is_some() {
            return Ok(Self::Event(Event { document }));
        }
        Reply::from_document(document)
            .map(Self::Reply)
            .map_err(|ReplyError { found }| MessageError { found })
    }
}

/// The greeting of a QMP server.
#[derive(Debug, Clone)]
pub struct Greeting {
    document: Document,
}

impl Greeting {
    /// The message as received.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// An asynchronous event.
#[derive(Debug, Clone)]
pub struct Event {
    document: Document,
}

impl Event {
    /// The event's name.
    pub fn name(&self) -> String {
        self.document.root().get_str("event").unwrap_or_default().into_owned()
    }

    /// The message as received.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// A reply to a command: an object with one of the members `return` and `error`.
#[derive(Debug, Clone)]
pub struct Reply(Form);

#[derive(Debug, Clone)]
enum Form {
    Parsed(Document),
    /// A long answer, which is parsed when something asks for all of it.
    Outlined(Outline),
}

/// The JSON text is not a reply.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected an object with one of the members `return` and `error`, found {found}")]
pub struct ReplyError {
    found: String,
}

impl Reply {
    /// Interprets a document as a reply.
    ///
    /// # Errors
    ///
    /// Fails if it has neither `return` nor `error`, or both.
    pub fn from_document(document: Document) -> Result<Self, ReplyError> {
        let root = document.root();
        // Exactly one of them: with both, or neither, the outcome is unknown.
        if root.get("return").is_some() != root.get("error").is_some() {
            return Ok(Self(Form::Parsed(document)));
        }
        let found = if root.kind() == JsonType::Object {
            let keys: Vec<String> = root.members().map(|(key, _)| format!("`{key}`")).collect();
            if keys.is_empty() {
                "an empty object".to_owned()
            } else {
                format!("an object with {}", keys.join(", "))
            }
        } else {
            format!("a JSON {}", root.kind())
        };
        Err(ReplyError { found })
    }

    /// As [`Reply::from_document`], with an outline of the member `return`.
    pub(crate) fn from_outline(outline: Outline) -> Result<Self, ReplyError> {
        let has = |wanted: &str| outline.keys().iter().any(|key| key == wanted);
        if has("return") != has("error") {
            return Ok(Self(Form::Outlined(outline)));
        }
        Self::from_document(outline.document().clone())
    }

    /// The outline of the return value, if it is there without parsing all of it.
    pub(crate) fn outline(&self) -> Option<&Outline> {
        match &self.0 {
            Form::Outlined(outline) => Some(outline).filter(|outline| outline.list().is_some()),
            Form::Parsed(_) => None,
        }
    }

    /// The message as received.
    pub fn document(&self) -> &Document {
        match &self.0 {
            Form::Parsed(document) => document,
            Form::Outlined(outline) => outline.document(),
        }
    }

    /// The command's return value.
    ///
    /// # Errors
    ///
    /// Fails with QEMU's error if the command failed.
    pub fn result(&self) -> Result<Node<'_>, CommandError> {
        if let Some(error) = self.error() {
            return Err(error);
        }
        self.document().root().get("return").ok_or_else(|| CommandError {
            class: ErrorClass::GenericError,
            desc: "reply without `return`".to_owned(),
        })
    }

    /// QEMU's error, if the command failed.
    pub fn error(&self) -> Option<CommandError> {
        if self.outline().is_some() {
            return None;
        }
        let error = self.document().root().get("error")?;
        Some(CommandError {
            class: ErrorClass::from_name(&error.get_str("class").unwrap_or_default()),
            desc: error.get_str("desc").unwrap_or_default().into_owned(),
        })
    }
}

/// The class of a QMP error.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Any error without a class of its own.
    GenericError,
    /// The command does not exist or is currently unavailable.
    CommandNotFound,
    /// A device or device type does not exist.
    DeviceNotFound,
    /// A device is not active.
    DeviceNotActive,
    /// KVM lacks a required capability.
    KvmMissingCap,
    /// A class that QEMU 11.1 does not have.
    Other(String),
}

impl ErrorClass {
    /// The class with this name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "GenericError" => Self::GenericError,
            "CommandNotFound" => Self::CommandNotFound,
            "DeviceNotFound" => Self::DeviceNotFound,
            "DeviceNotActive" => Self::DeviceNotActive,
            "KVMMissingCap" => Self::KvmMissingCap,
            other => Self::Other(other.to_owned()),
        }
    }

    /// QEMU's name for the class.
    pub fn name(&self) -> &str {
        match self {
            Self::GenericError => "GenericError",
            Self::CommandNotFound => "CommandNotFound",
            Self::DeviceNotFound => "DeviceNotFound",
            Self::DeviceNotActive => "DeviceNotActive",
            Self::KvmMissingCap => "KVMMissingCap",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of a failed command.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{class}: {desc}")]
#[non_exhaustive]
pub struct CommandError {
    /// The error class.
    pub class: ErrorClass,
    /// QEMU's error message.
    pub desc: String,
}
