use std::ops::Range;

use thiserror::Error;

use super::entry::Entry;
use super::shape::About;
use crate::json::{Document, Element, JsonType, Named, Outline, Text, line_at};
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
    entries: Named<About>,
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
        if let Some(outline) = reply.outline() {
            return Self::new(outline);
        }
        let range = reply.result()?.range();
        Self::from_range(reply.document().source().clone(), range)
    }

    /// Reads the schema from an array of entries.
    ///
    /// # Errors
    ///
    /// Fails if the value is not an array of uniquely named entries.
    pub fn from_document(document: Document) -> Result<Self, SchemaError> {
        let range = document.root().range();
        Self::from_range(document.into_source(), range)
    }

    fn from_range(source: Text, range: Range<usize>) -> Result<Self, SchemaError> {
        let outline = Outline::parse_range(source, range, None);
        Self::new(&outline.map_err(RepliesError::from)?)
    }

    fn new(outline: &Outline) -> Result<Self, SchemaError> {
        let source = outline.source();
        let list = outline.list().ok_or(SchemaError::NotAsked)?;
        if list.kind != JsonType::Array {
            let line = line_at(source, list.start);
            return Err(SchemaError::NotAnArray { line, found: list.kind });
        }
        let line = |index: usize| {
            list.elements.get(index).map_or(1, |element| line_at(source, element.range().start))
        };
        let name = |index: usize| list.elements.get(index)?.name(source);
        let nameless = (0..list.elements.len()).find(|&index| name(index).is_none());
        let entries = Named::new(source, &list.elements);
        if let Some(second) = entries.first_repeated()
            && nameless.is_none_or(|nameless| second < nameless)
        {
            let name = name(second).unwrap_or_default().into_owned();
            return Err(SchemaError::Twice { line: line(second), name });
        }
        match nameless {
            Some(nameless) => Err(SchemaError::NoName { line: line(nameless) }),
            None => Ok(Self { entries }),
        }
    }

    /// The entries, to be restored by [`Schema::restore`].
    pub(crate) fn places(&self) -> (&Text, impl ExactSizeIterator<Item = Element>) {
        (self.entries.source(), self.entries.places())
    }

    /// A schema from entries that were validated.
    pub(crate) fn restore(source: &Text, places: &[Element]) -> Self {
        Self { entries: Named::new(source, places) }
    }

    /// The entry with this name.
    pub fn entry(&self, name: &str) -> Option<Entry<'_>> {
        self.entries.of_name(name).next().map(Entry::new)
    }

    /// All entries, in reply order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries.all().map(Entry::new)
    }

    /// The entries with names of a kind, in reply order.
    pub(crate) fn entries_of_names(
        &self,
        is_wanted: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = Entry<'_>> {
        self.entries.of_names(is_wanted).map(Entry::new)
    }

    /// Returns whether the schema has a command of this name.
    pub fn has_command(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.meta_type() == Some(super::MetaType::Command))
    }

    /// Returns whether the schema has an event of this name.
    pub fn has_event(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.meta_type() == Some(super::MetaType::Event))
    }
}
