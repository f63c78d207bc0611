use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::error::{JsonError, line_at};
use super::number;
use super::reader::{first_key, read};
use super::string::decode;
use super::tape::{Entry, JsonType, Tape, check_size, narrow};
use super::text::Text;

/// A parsed JSON value: the source text and one small record per node.
///
/// Nothing is copied from the text; strings are decoded and numbers parsed on demand. A reply of
/// half a megabyte thus costs two allocations, and every node knows its line.
///
/// ```
/// use caps_core::json::Document;
///
/// let document = Document::parse(r#"{"return": {"enabled": true}, "id": "libvirt-5"}"#)?;
/// let enabled = document.root().get("return").and_then(|reply| reply.get("enabled"));
/// assert_eq!(enabled.and_then(|node| node.as_bool()), Some(true));
/// # Ok::<(), caps_core::json::JsonError>(())
/// ```
#[derive(Clone)]
pub struct Document {
    source: Text,
    nodes: Vec<Entry>,
}

impl Document {
    /// Parses one JSON value.
    ///
    /// # Errors
    ///
    /// Fails if the text is not exactly one JSON value, or is larger than 4 GiB.
    pub fn parse(text: impl Into<Text>) -> Result<Self, JsonError> {
        let source = text.into();
        let end = source.len();
        Self::parse_range(source, 0..end)
    }

    /// Parses the value in a range of a larger text, without copying it. Lines count from the start
    /// of the whole text.
    ///
    /// # Errors
    ///
    /// Fails if the range is not exactly one JSON value, or the text is larger than 4 GiB.
    pub fn parse_range(source: Text, range: Range<usize>) -> Result<Self, JsonError> {
        check_size(&source)?;
        let mut tape = Tape::with_capacity(range.len() / 14);
        read(&source, range, &mut tape)?;
        Ok(Self { source, nodes: tape.into_entries() })
    }

    /// The text that the value is in.
    pub(crate) fn source(&self) -> &Text {
        &self.source
    }

    /// Returns the text that the value is in.
    pub(crate) fn into_source(self) -> Text {
        self.source
    }

    /// The top-level value.
    pub fn root(&self) -> Node<'_> {
        Node { document: self, index: 0 }
    }

    /// The key of the first member, found without parsing the value; `None` unless the text starts
    /// with a non-empty object.
    pub(crate) fn first_key(source: &str, range: Range<usize>) -> Option<Cow<'_, str>> {
        first_key(source, range).map(decode)
    }

    /// The node with a given [`Node::index`].
    pub fn node(&self, index: usize) -> Option<Node<'_>> {
        (index < self.nodes.len()).then_some(Node { document: self, index })
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Document").field(&self.root().text()).finish()
    }
}

/// A value within a [`Document`]; cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    index: usize,
}

impl<'d> Node<'d> {
    #[inline]
    fn entry(self) -> Entry {
        self.document.nodes[self.index]
    }

    /// The JSON type.
    #[inline]
    pub fn kind(self) -> JsonType {
        self.entry().kind
    }

    /// An index to find the node again with [`Document::node`].
    pub fn index(self) -> usize {
        self.index
    }

    /// As [`Node::index`], for those who keep many.
    pub(crate) fn position(self) -> u32 {
        narrow(self.index)
    }

    /// The node of the same document with a [`Node::position`].
    pub(crate) fn node_at(self, position: u32) -> Self {
        self.at(position as usize)
    }

    /// The source text of the value; for a string, without the quotes.
    fn inner_text(self) -> &'d str {
        let entry = self.entry();
        &self.document.source[entry.start as usize..entry.end as usize]
    }

    /// The source text of the value.
    pub fn text(self) -> &'d str {
        &self.document.source[self.range()]
    }

    /// The range of the value in the source text, including quotes.
    pub fn range(self) -> Range<usize> {
        let entry = self.entry();
        let quote = usize::from(entry.kind == JsonType::String);
        entry.start as usize - quote..entry.end as usize + quote
    }

    /// The line in the source text, from 1.
    pub fn line(self) -> usize {
        line_at(&self.document.source, self.entry().start as usize)
    }

    /// The text without whitespace, as sent to QEMU.
    pub fn compact(self) -> String {
        super::compact(self.text()).unwrap_or_else(|_| self.text().to_owned())
    }

    /// The number in the spelling of captures.
    pub(crate) fn number(self) -> Option<Cow<'d, str>> {
        match self.kind() {
            JsonType::Integer => Some(number::integer(self.text()).into()),
            JsonType::Float => Some(number::float(self.text()).into()),
            _ => None,
        }
    }

    /// The decoded string; lone surrogates become U+FFFD.
    #[inline]
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let entry = self.entry();
        match (entry.kind, entry.escaped) {
            (JsonType::String, false) => Some(Cow::Borrowed(self.inner_text())),
            (JsonType::String, true) => Some(decode(self.inner_text())),
            _ => None,
        }
    }

    /// Returns whether this is the string `text`.
    pub fn is_str(self, text: &str) -> bool {
        self.as_str().is_some_and(|value| value == text)
    }

    /// The Boolean value.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == JsonType::Bool).then(|| self.text() == "true")
    }

    /// The value as a signed 64-bit integer; `None` for other numbers.
    pub fn as_i64(self) -> Option<i64> {
        if self.kind() == JsonType::Integer { self.text().parse().ok() } else { None }
    }

    /// The value as an unsigned 64-bit integer; `None` for other numbers.
    pub fn as_u64(self) -> Option<u64> {
        if self.kind() == JsonType::Integer { self.text().parse().ok() } else { None }
    }

    /// The value as an unsigned 32-bit integer; `None` for other numbers.
    pub fn as_u32(self) -> Option<u32> {
        self.as_u64().and_then(|value| value.try_into().ok())
    }

    /// Returns whether this is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == JsonType::Null
    }

    /// The elements of an array; empty for other types.
    #[inline]
    pub fn elements(self) -> impl Iterator<Item = Node<'d>> {
        let end = if self.kind() == JsonType::Array { self.entry().next as usize } else { 0 };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let node = Node { document: self.document, index: at };
                at = node.entry().next as usize;
                node
            })
        })
    }

    /// The elements; `None` if this is not an array.
    pub fn as_array(self) -> Option<impl Iterator<Item = Node<'d>>> {
        (self.kind() == JsonType::Array).then(|| self.elements())
    }

    /// The members of an object in text order, including repeated keys; empty for other types.
    #[inline]
    pub fn members(self) -> impl Iterator<Item = (Cow<'d, str>, Node<'d>)> {
        let end = if self.kind() == JsonType::Object { self.entry().next as usize } else { 0 };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let (key, value) = (self.at(at), self.at(at + 1));
                at = value.entry().next as usize;
                (key.as_str().unwrap_or_default(), value)
            })
        })
    }

    /// The value of the member `key`; the last one if the key is repeated.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        let source = self.document.source.as_bytes();
        let end = if self.kind() == JsonType::Object { self.entry().next as usize } else { 0 };
        let nodes = &self.document.nodes[..end];
        let mut found = None;
        let mut at = self.index + 1;
        while let Some([name, value]) = nodes.get(at..at + 2) {
            // Lengths decide most comparisons.
            let range = name.start as usize..name.end as usize;
            let is_same = range.len() == key.len() && source.get(range) == Some(key.as_bytes());
            if is_same || (name.escaped && self.at(at).is_str(key)) {
                found = Some(self.at(at + 1));
            }
            at = value.next as usize;
        }
        found
    }

    fn at(self, index: usize) -> Self {
        Node { document: self.document, index }
    }

    /// The string value of the member `key`.
    pub fn get_str(self, key: &str) -> Option<Cow<'d, str>> {
        self.get(key).and_then(Node::as_str)
    }

    /// Compares two values. The order of members and the spelling of strings don't matter; the last
    /// value of a repeated key counts.
    pub fn same_value(self, other: Node<'_>) -> bool {
        if self.kind() != other.kind() {
            return false;
        }
        match self.kind() {
            JsonType::Null => true,
            JsonType::String => self.as_str() == other.as_str(),
            JsonType::Bool => self.text() == other.text(),
            JsonType::Integer | JsonType::Float => self.number() == other.number(),
            JsonType::Array => {
                self.elements().count() == other.elements().count()
                    && self.elements().zip(other.elements()).all(|(a, b)| a.same_value(b))
            }
            JsonType::Object => {
                let ours: BTreeMap<_, _> = self.members().collect();
                let theirs: BTreeMap<_, _> = other.members().collect();
                ours.len() == theirs.len()
                    && ours
                        .into_iter()
                        .zip(theirs)
                        .all(|((key, a), (other_key, b))| key == other_key && a.same_value(b))
            }
        }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Node").field(&self.text()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn values_equal_themselves_and_others_that_mean_the_same() {
        let parse = |text: &str| Document::parse(text).expect(text);
        for (a, b, same) in [
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1, "a": 2}"#, true),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, true),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1}"#, false),
            (r#"{"a": 1, "b": [{"c": 2, "d": 3}]}"#, r#"{"b": [{"d": 3, "c": 2}], "a": 1}"#, true),
            (r#"{"a": 1}"#, r#"{"b": 1}"#, false),
            ("[1, 2]", "[2, 1]", false),
        ] {
            let (a, b) = (parse(a), parse(b));
            assert_eq!(a.root().same_value(b.root()), same, "{a:?} {b:?}");
            assert_eq!(b.root().same_value(a.root()), same, "{a:?} {b:?}");
        }
    }
}
