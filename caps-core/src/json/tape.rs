use std::borrow::Cow;
use std::fmt;

use super::error::JsonError;
use super::reader::{Event, Token, Visitor};
use super::string::decode;

/// The JSON type of a [`Node`](super::Node).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without fraction and exponent.
    Integer,
    /// A number with fraction or exponent, `NaN`, or an infinity.
    Float,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Integer | Self::Float => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        })
    }
}

impl JsonType {
    #[inline]
    pub(crate) fn of(event: Event) -> Self {
        match event {
            Event::BeginObject | Event::EndObject => Self::Object,
            Event::BeginArray | Event::EndArray => Self::Array,
            Event::Key | Event::String => Self::String,
            Event::Integer => Self::Integer,
            Event::Float => Self::Float,
            Event::True | Event::False => Self::Bool,
            Event::Null => Self::Null,
        }
    }
}

impl Token {
    /// The key or string in the text that was read.
    #[inline]
    pub(crate) fn text(self, source: &str) -> Cow<'_, str> {
        let text = &source[self.start..self.end];
        if self.escaped { decode(text) } else { text.into() }
    }
}

/// Entries are in text order; a key directly precedes its value.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: JsonType,
    /// Whether a string contains escapes. Without any, its text is its value.
    pub(super) escaped: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the first entry after this one and its descendants.
    pub(super) next: u32,
}

/// Makes the records of a document.
#[derive(Default)]
pub(super) struct Tape {
    nodes: Vec<Entry>,
    /// The innermost open container. An open container's `next` is the one around it.
    innermost: u32,
}

impl Tape {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { nodes: Vec::with_capacity(capacity), innermost: 0 }
    }

    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.nodes
    }
}

/// Checks that records can have the offsets of a text.
pub(super) fn check_size(source: &str) -> Result<(), JsonError> {
    let too_large = |_| JsonError::new("", 0, "a JSON text larger than 4 GiB");
    u32::try_from(source.len()).map_err(too_large).map(|_| ())
}

/// Narrows an offset into a text, or a number of nodes, of which there are fewer than bytes.
#[expect(clippy::cast_possible_truncation, reason = "no document is larger than 4 GiB")]
pub(super) fn narrow(at: usize) -> u32 {
    at as u32
}

impl Visitor for Tape {
    #[inline]
    fn token(&mut self, token: Token) {
        let index = narrow(self.nodes.len());
        let (start, end, escaped) = (narrow(token.start), narrow(token.end), token.escaped);
        let kind = JsonType::of(token.event);
        let next = match token.event {
            Event::BeginObject | Event::BeginArray => std::mem::replace(&mut self.innermost, index),
            Event::EndObject | Event::EndArray => {
                if let Some(container) = self.nodes.get_mut(self.innermost as usize) {
                    self.innermost = container.next;
                    container.end = end;
                    container.next = index;
                }
                return;
            }
            _ => index + 1,
        };
        self.nodes.push(Entry { kind, escaped, start, end, next });
    }
}
