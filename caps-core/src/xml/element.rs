use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;

use super::error::{XmlError, XmlErrorKind};
use super::well_formed::{
    follows_blank, illegal_character, is_blank, is_character, is_comment, is_declaration, is_name,
};

/// The deepest nesting allowed; capability XML has four levels.
const MAX_DEPTH: usize = 64;
/// May precede a document.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// The most attributes of an element; capability XML has at most eleven.
const MAX_ATTRIBUTES: usize = 64;

/// A document: its text, and where its elements and attributes are in it. Nothing is copied.
#[derive(Debug)]
pub(crate) struct Document<'x> {
    xml: &'x str,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
}

/// The byte offsets of an element. Elements are in text order.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where its tag begins.
    start: u32,
    /// Where the content between its tags begins and ends.
    content: u32,
    content_end: u32,
    /// The index of the first element after this one and its descendants.
    next: u32,
    /// The index of its first attribute; they end where those of the next element begin.
    attributes: u32,
    name_length: u32,
}

/// The byte offsets of an attribute.
#[derive(Debug, Clone, Copy)]
struct Attribute {
    name: u32,
    name_end: u32,
    value: u32,
    value_end: u32,
    /// Whether the value is what the text says, without references and line breaks.
    is_plain: bool,
}

/// An element with its content and position; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document<'d>,
    index: usize,
}

/// The text is not XML: the byte offset and the message.
type Malformed = (u64, String);

impl<'x> Document<'x> {
    /// Parses a document.
    pub(crate) fn parse(xml: &'x str) -> Result<Self, XmlError> {
        // The positions of `quick_xml` do not count it.
        let xml = xml.strip_prefix(BYTE_ORDER_MARK).unwrap_or(xml);
        let mut document = Self { xml, nodes: Vec::new(), attributes: Vec::new() };
        match document.read() {
            Ok(()) => Ok(document),
            Err((at, message)) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                Err(error_at(xml, at, XmlErrorKind::Malformed(message)))
            }
        }
    }

    fn read(&mut self) -> Result<(), Malformed> {
        if u32::try_from(self.xml.len()).is_err() {
            return Err((0, "a text larger than 4 GiB".to_owned()));
        }
        if let Some(at) = illegal_character(self.xml) {
            return Err((at as u64, "a control character or noncharacter".to_owned()));
        }
        let mut reader = quick_xml::Reader::from_str(self.xml);
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = reader.buffer_position();
            let event = reader
                .read_event()
                .map_err(|error| (reader.error_position(), error.to_string()))?;
            match event {
                Event::Start(tag) => {
                    if !self.nodes.is_empty() && open.is_empty() || open.len() == MAX_DEPTH {
                        return Err((at, "more elements than expected".to_owned()));
                    }
                    open.push(self.nodes.len());
                    self.push(&tag, at, reader.buffer_position())?;
                }
                Event::Empty(tag) => {
                    if !self.nodes.is_empty() && open.is_empty() {
                        return Err((at, "more than one root element".to_owned()));
                    }
                    self.push(&tag, at, reader.buffer_position())?;
                }
                Event::End(_) => {
                    let next = narrow(self.nodes.len());
                    if let Some(node) = open.pop().and_then(|index| self.nodes.get_mut(index)) {
                        node.content_end = narrow_position(at);
                        node.next = next;
                    }
                }
                Event::Text(text) => {
                    if open.is_empty() && !text.chars().all(is_blank) {
                        return Err((at, "text outside the root element".to_owned()));
                    }
                    if text.contains('>') && text.contains("]]>") {
                        return Err((at, "`]]>` in a text, expected `]]&gt;`".to_owned()));
                    }
                }
                Event::GeneralRef(_) | Event::CData(_) if open.is_empty() => {
                    return Err((at, "text outside the root element".to_owned()));
                }
                Event::GeneralRef(reference) => {
                    resolve(&reference).ok_or_else(|| {
                        (at, format!("unknown entity `&{};`", reference.xml10_content()))
                    })?;
                }
                Event::CData(_) => {}
                Event::Comment(text) => {
                    if !is_comment(&text) {
                        let message = "`--` in a comment, expected it only in `-->`";
                        return Err((at, message.to_owned()));
                    }
                }
                Event::PI(text) => {
                    let target = text.target();
                    if !is_name(target) || target.eq_ignore_ascii_case("xml") {
                        return Err((at, format!("invalid processing instruction `{target}`")));
                    }
                }
                Event::Decl(text) => {
                    if at != 0 {
                        let message = "an XML declaration, expected it at the start of the file";
                        return Err((at, message.to_owned()));
                    }
                    if !is_declaration(&text) {
                        let message = "invalid XML declaration, expected `<?xml version=\"1.0\"?>`";
                        return Err((at, message.to_owned()));
                    }
                }
                Event::Eof => break,
                // Entity definitions are not read, so references to them can't be resolved.
                Event::DocType(_) => return Err((at, "a document type, expected none".to_owned())),
            }
        }
        let end = reader.buffer_position();
        if let Some(&index) = open.last() {
            let name = Element { document: self, index }.name();
            return Err((end, format!("`<{name}>` is not closed")));
        }
        if self.nodes.is_empty() {
            return Err((end, "no element at all".to_owned()));
        }
        Ok(())
    }

    /// Adds an element between two byte offsets, without content.
    fn push(&mut self, tag: &BytesStart<'_>, start: u64, end: u64) -> Result<(), Malformed> {
        let first = self.attributes.len();
        // A tag without attributes needs no look at them.
        let length = tag.name().as_ref().len();
        if !is_name(tag.name().as_ref()) {
            return Err((start, format!("`{}` is not a name", tag.name().as_ref())));
        }
        if tag.len() > length {
            self.push_attributes(tag, start)?;
        }
        self.nodes.push(Node {
            start: narrow_position(start),
            content: narrow_position(end),
            content_end: narrow_position(end),
            next: narrow(self.nodes.len() + 1),
            attributes: narrow(first),
            name_length: narrow(length),
        });
        Ok(())
    }

    fn push_attributes(&mut self, tag: &BytesStart<'_>, start: u64) -> Result<(), Malformed> {
        let first = self.attributes.len();
        let malformed = |error: &dyn ToString| (start, error.to_string());
        let offset = |part: &str| narrow(part.as_ptr().addr() - self.xml.as_ptr().addr());
        // Looked for below, without a list for each tag.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(&error))?;
            let (name, value) = (attribute.key.as_ref(), &*attribute.value);
            if !is_name(name) {
                return Err((start, format!("`{name}` is not a name")));
            }
            if !follows_blank(tag, name) {
                return Err((start, format!("expected a blank before the attribute `{name}`")));
            }
            if value.contains('<') {
                return Err((start, format!("`<` in the attribute `{name}`, expected `&lt;`")));
            }
            let is_plain = value.bytes().all(|byte| byte != b'&' && byte >= b' ');
            if !is_plain {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| malformed(&error))?;
                if illegal_character(&value).is_some() {
                    let message = format!("a reference to no character in the attribute `{name}`");
                    return Err((start, message));
                }
            }
            let others = &self.attributes[first..];
            if others.len() == MAX_ATTRIBUTES {
                return Err((start, format!("more than {MAX_ATTRIBUTES} attributes")));
            }
            if others.iter().any(|other| other.name(self.xml) == name) {
                let error = tag.attributes().find_map(Result::err);
                return Err((start, error.map_or_else(String::new, |error| error.to_string())));
            }
            let (name_at, value_at) = (offset(name), offset(value));
            self.attributes.push(Attribute {
                name: name_at,
                name_end: name_at + narrow(name.len()),
                value: value_at,
                value_end: value_at + narrow(value.len()),
                is_plain,
            });
        }
        Ok(())
    }

    /// The root element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }
}

/// Narrows an offset or a count, which is at most the length of the text, and that has been checked.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn narrow_position(position: u64) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn resolve(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => is_character(c).then(|| Cow::Owned(c.to_string())),
        _ => resolve_predefined_entity(&reference.xml10_content()).map(Cow::Borrowed),
    }
}

impl Attribute {
    fn name(self, xml: &str) -> &str {
        &xml[self.name as usize..self.name_end as usize]
    }

    fn value(self, xml: &str) -> Cow<'_, str> {
        let raw = &xml[self.value as usize..self.value_end as usize];
        if self.is_plain {
            return Cow::Borrowed(raw);
        }
        let attribute = RawAttribute { key: QName(self.name(xml)), value: Cow::Borrowed(raw) };
        // The references have been checked.
        attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default()
    }
}

impl<'d> Element<'d> {
    fn node(self) -> Node {
        self.document.nodes[self.index]
    }

    /// The name.
    pub(crate) fn name(self) -> &'d str {
        let Node { start, name_length, .. } = self.node();
        let name = start as usize + 1;
        &self.document.xml[name..name + name_length as usize]
    }

    /// Returns whether the element has this name.
    pub(crate) fn is(self, name: &str) -> bool {
        self.name() == name
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
        let found = attributes.iter().find(|attribute| attribute.name(xml) == name)?;
        Some(found.value(xml))
    }

    /// The character data, including that of nested elements.
    pub(crate) fn text(self) -> Cow<'d, str> {
        let Node { content, content_end, .. } = self.node();
        let content = &self.document.xml[content as usize..content_end as usize];
        if !content.contains(['<', '&', '\r']) {
            return Cow::Borrowed(content);
        }
        let mut text = String::new();
        let mut reader = quick_xml::Reader::from_str(content);
        // The document has been checked.
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Text(more) => text.push_str(&more.xml10_content()),
                Event::CData(more) => text.push_str(&more.xml10_content()),
                Event::GeneralRef(reference) => {
                    text.push_str(&resolve(&reference).unwrap_or_default());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Cow::Owned(text)
    }

    /// Creates an error at the start of this element.
    pub(crate) fn error(self, kind: XmlErrorKind) -> XmlError {
        error_at(self.document.xml, self.node().start as usize, kind)
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
