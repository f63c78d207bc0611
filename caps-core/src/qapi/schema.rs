use std::collections::HashMap;

use thiserror::Error;

use super::entry::Entry;
use crate::json::{Document, JsonType, Node};
use crate::qmp::{CommandError, Reply};
use crate::replies::{Conversation, RepliesError};

/// A QAPI schema: entries by name, as returned by `query-qmp-schema`.
///
/// Entries are kept as received, so that queries see exactly what libvirt's see, including defects.
/// Names of types other than builtins are arbitrary numbers that differ between builds.
///
/// ```
/// use caps_core::json::Document;
/// use caps_core::qapi::Schema;
///
/// let reply = r#"[{"name": "stop", "meta-type": "command", "arg-type": "0", "ret-type": "0"},
///                 {"name": "0", "meta-type": "object", "members": []}]"#;
/// let schema = Schema::from_document(Document::parse(reply)?)?;
/// assert!(schema.has_command("stop"));
/// assert!(schema.holds(&"stop/arg-type".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Schema {
    document: Document,
    by_name: HashMap<String, usize>,
    /// Positions in the document, in reply order.
    order: Vec<usize>,
}

/// The reply is not a QAPI schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The conversation has no `query-qmp-schema`.
    #[error("the conversation has no `query-qmp-schema`")]
    NotAsked,
    /// The reply is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// QEMU returned an error.
    #[error("`query-qmp-schema` failed: {0}")]
    Refused(#[from] CommandError),
    /// The reply is not an array.
    #[error("line {line}: expected the array of schema entries, found a JSON {found}")]
    NotAnArray {
        /// The line.
        line: usize,
        /// The JSON type that was found.
        found: JsonType,
    },
    /// An entry has no name.
    #[error("line {line}: schema entry without the string `name`")]
    NoName {
        /// The line.
        line: usize,
    },
    /// Two entries have the same name.
    #[error("line {line}: schema entry `{name}` is there twice")]
    Twice {
        /// The line of the second entry.
        line: usize,
        /// The name.
        name: String,
    },
}

impl Schema {
    /// Reads the schema from a conversation's first reply to `query-qmp-schema`.
    ///
    /// # Errors
    ///
    /// Fails if there is no such reply, or it is not a schema.
    pub fn from_conversation(conversation: &Conversation) -> Result<Self, SchemaError> {
        let exchange = conversation.find("query-qmp-schema").ok_or(SchemaError::NotAsked)?;
        Self::from_reply(&exchange.reply()?)
    }

    /// Reads the schema from a reply to `query-qmp-schema`.
    ///
    /// # Errors
    ///
    /// Fails if the command failed or the reply is not an array of uniquely named entries.
    pub fn from_reply(reply: &Reply) -> Result<Self, SchemaError> {
        let root = reply.result()?;
        Self::new(reply.document().clone(), root.index())
    }

    /// Reads the schema from an array of entries.
    ///
    /// # Errors
    ///
    /// Fails if the value is not an array of uniquely named entries.
    pub fn from_document(document: Document) -> Result<Self, SchemaError> {
        Self::new(document, 0)
    }

    fn new(document: Document, root: usize) -> Result<Self, SchemaError> {
        let mut by_name = HashMap::new();
        let mut order = Vec::new();
        let Some(array) = document.node(root) else { return Err(SchemaError::NotAsked) };
        let found = array.kind();
        let entries =
            array.as_array().ok_or(SchemaError::NotAnArray { line: array.line(), found })?;
        for entry in entries {
            let name = entry
                .get_str("name")
                .ok_or_else(|| SchemaError::NoName { line: entry.line() })?
                .into_owned();
            if by_name.contains_key(&name) {
                return Err(SchemaError::Twice { line: entry.line(), name });
            }
            by_name.insert(name, entry.index());
            order.push(entry.index());
        }
        Ok(Self { document, by_name, order })
    }

    /// The entry with this name.
    pub fn entry(&self, name: &str) -> Option<Entry<'_>> {
        self.by_name.get(name).and_then(|&index| self.document.node(index)).map(Entry::new)
    }

    /// All entries, in reply order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.order.iter().filter_map(|&index| self.document.node(index)).map(Entry::new)
    }

    /// Returns whether the schema has a command of this name.
    pub fn has_command(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.meta_type() == Some(super::MetaType::Command))
    }

    /// Returns whether the schema has an event of this name.
    pub fn has_event(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.meta_type() == Some(super::MetaType::Event))
    }

    /// The array of entries.
    pub fn root(&self) -> Node<'_> {
        self.document.root()
    }
}
