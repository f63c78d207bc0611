use std::borrow::Cow;

use super::error::{XmlError, XmlErrorKind};
use super::lexer::{Attribute, Lexer, Malformed, Token, content_after, is_name_at, name_at};

/// The deepest nesting allowed; capability XML has four levels.
const MAX_DEPTH: usize = 64;

/// A document: its text, and where its elements and attributes are in it. Nothing is copied.
#[derive(Debug)]
pub(crate) struct Document<'x> {
    xml: &'x str,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
}

/// An element of a [`Document`], in text order.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The byte offset of its tag.
    start: u32,
    /// The index of the first element after this one and its descendants.
    next: u32,
    /// The index of its first attribute; they end where those of the next element begin.
    attributes: u32,
}

/// An element with its content and position; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document<'d>,
    index: usize,
}

impl<'x> Document<'x> {
    /// Parses a document.
    pub(crate) fn parse(xml: &'x str) -> Result<Self, XmlError> {
        Self::index(xml).map_err(|Malformed { at, message }| {
            error_at(xml, at, XmlErrorKind::Malformed(message))
        })
    }

    fn index(xml: &'x str) -> Result<Self, Malformed> {
        if u32::try_from(xml.len()).is_err() {
            return Err(Malformed::new(0, "a text larger than 4 GiB"));
        }
        // Offsets are at most the length just checked, and there are fewer elements than bytes.
        #[expect(clippy::cast_possible_truncation, reason = "checked on the lines above")]
        let narrow = |at: usize| at as u32;
        let (mut nodes, mut attributes): (Vec<Node>, Vec<Attribute>) = (Vec::new(), Vec::new());
        let mut open: Vec<usize> = Vec::new();
        let byte_order_mark = if xml.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut lexer = Lexer::new(xml, byte_order_mark);
        loop {
            let (at, attribute) = (lexer.at(), narrow(attributes.len()));
            match lexer.next(&mut attributes)? {
                Some(Token::Start { at, empty }) => {
                    if open.is_empty() && !nodes.is_empty() {
                        return Err(Malformed::new(at, "more than one root element"));
                    }
                    if open.len() == MAX_DEPTH {
                        let message = format!("more than {MAX_DEPTH} levels of elements");
                        return Err(Malformed::new(at, message));
                    }
                    if !empty {
                        open.push(nodes.len());
                    }
                    let next = narrow(nodes.len() + 1);
                    nodes.push(Node { start: narrow(at), next, attributes: attribute });
                }
                Some(Token::End(name)) => {
                    let Some(index) = open.pop() else {
                        return Err(Malformed::new(at, format!("`</{name}>` ends no element")));
                    };
                    let expected = name_at(xml, nodes[index].start as usize + 1);
                    if name != expected {
                        let message = format!("expected `</{expected}>`, found `</{name}>`");
                        return Err(Malformed::new(at, message));
                    }
                    nodes[index].next = narrow(nodes.len());
                }
                Some(Token::Text(text)) => {
                    if open.is_empty() && !text.trim().is_empty() {
                        return Err(Malformed::new(at, "text outside the root element"));
                    }
                }
                None => break,
            }
        }
        if let Some(&index) = open.last() {
            let name = name_at(xml, nodes[index].start as usize + 1);
            return Err(Malformed::new(xml.len(), format!("`<{name}>` is not closed")));
        }
        if nodes.is_empty() {
            return Err(Malformed::new(xml.len(), "no element at all"));
        }
        Ok(Self { xml, nodes, attributes })
    }

    /// The root element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }
}

impl<'d> Element<'d> {
    fn start(self) -> usize {
        self.document.nodes[self.index].start as usize
    }

    /// The name.
    pub(crate) fn name(self) -> &'d str {
        name_at(self.document.xml, self.start() + 1)
    }

    /// Returns whether the element has this name.
    pub(crate) fn is(self, name: &str) -> bool {
        is_name_at(self.document.xml, self.start() + 1, name)
    }

    /// The child elements, in order.
    pub(crate) fn children(self) -> Children<'d> {
        let end = self.document.nodes[self.index].next as usize;
        Children { document: self.document, at: self.index + 1, end }
    }

    /// The child elements with this name, in order.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = Element<'d>> {
        self.children().filter(move |child| child.is(name))
    }

    /// The first child element with this name.
    pub(crate) fn first(self, name: &str) -> Option<Element<'d>> {
        self.children().find(|child| child.is(name))
    }

    fn own_attributes(self) -> &'d [Attribute] {
        let Document { nodes, attributes, .. } = self.document;
        let start = nodes[self.index].attributes as usize;
        let next = nodes.get(self.index + 1);
        &attributes[start..next.map_or(attributes.len(), |next| next.attributes as usize)]
    }

    /// The attributes in order, as pairs of name and value.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'d str, Cow<'d, str>)> {
        let xml = self.document.xml;
        self.own_attributes().iter().map(|attribute| (attribute.name(xml), attribute.value(xml)))
    }

    /// The value of an attribute.
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        let xml = self.document.xml;
        let attributes = self.own_attributes();
        let mut index = 0;
        while index < attributes.len() {
            if attributes[index].is(xml, name) {
                return Some(attributes[index].value(xml));
            }
            index += 1;
        }
        None
    }

    /// The character data, including that of nested elements.
    pub(crate) fn text(self) -> Cow<'d, str> {
        let xml = self.document.xml;
        let after_name = || self.start() + 1 + self.name().len();
        let at = self.own_attributes().last().map_or_else(after_name, |last| last.after());
        let Some(content) = content_after(xml, at) else { return Cow::Borrowed("") };
        let mut text = Cow::Borrowed("");
        let mut lexer = Lexer::new(xml, content);
        let (mut depth, mut ignored) = (0, Vec::new());
        // The document has been checked.
        while let Ok(Some(token)) = lexer.next(&mut ignored) {
            match token {
                Token::Text(more) => text += more,
                Token::Start { empty: false, .. } => depth += 1,
                Token::Start { .. } => {}
                Token::End(_) if depth == 0 => break,
                Token::End(_) => depth -= 1,
            }
        }
        text
    }

    /// Creates an error at the start of this element.
    pub(crate) fn error(self, kind: XmlErrorKind) -> XmlError {
        error_at(self.document.xml, self.start(), kind)
    }
}

/// The children of an element.
pub(crate) struct Children<'d> {
    document: &'d Document<'d>,
    at: usize,
    end: usize,
}

impl<'d> Iterator for Children<'d> {
    type Item = Element<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at == self.end {
            return None;
        }
        let child = Element { document: self.document, index: self.at };
        self.at = self.document.nodes[self.at].next as usize;
        Some(child)
    }
}

fn error_at(xml: &str, offset: usize, kind: XmlErrorKind) -> XmlError {
    let before = &xml.as_bytes()[..offset.min(xml.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    XmlError { line, column: before.len() - line_start + 1, kind }
}
