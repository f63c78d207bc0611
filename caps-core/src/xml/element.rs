use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::error::{XmlError, XmlErrorKind};

/// The deepest nesting allowed; capability XML has four levels.
const MAX_DEPTH: usize = 64;

/// An element with its content and position.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// The character data, including that of nested elements.
    pub(crate) text: String,
    line: usize,
    column: usize,
}

impl Element {
    /// Parses a document and returns its root element.
    pub(crate) fn parse(xml: &str) -> Result<Self, XmlError> {
        let mut reader = quick_xml::Reader::from_str(xml);
        let mut lines = Lines { xml, offset: 0, line: 1, column: 1 };
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        loop {
            let at = reader.buffer_position();
            let event = reader
                .read_event()
                .map_err(|error| lines.error(reader.error_position(), &error.to_string()))?;
            match event {
                Event::Start(tag) => {
                    if root.is_some() || open.len() == MAX_DEPTH {
                        return Err(lines.error(at, "more elements than expected"));
                    }
                    open.push(Element::new(&tag, at, &mut lines)?);
                }
                Event::Empty(tag) => {
                    if root.is_some() {
                        return Err(lines.error(at, "more than one root element"));
                    }
                    let element = Element::new(&tag, at, &mut lines)?;
                    close(element, &mut open, &mut root);
                }
                Event::End(_) => {
                    if let Some(element) = open.pop() {
                        close(element, &mut open, &mut root);
                    }
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    match open.last_mut() {
                        Some(element) => element.text.push_str(&text),
                        None if text.trim().is_empty() => {}
                        None => return Err(lines.error(at, "text outside the root element")),
                    }
                }
                Event::CData(data) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&data.xml10_content());
                    }
                }
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        _ => quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned),
                    };
                    let character = character
                        .ok_or_else(|| lines.error(at, &format!("unknown entity `&{name};`")))?;
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&character);
                    }
                }
                Event::Eof => break,
                // Entity definitions are not read, so references to them can't be resolved.
                Event::DocType(_) => return Err(lines.error(at, "a document type, expected none")),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            }
        }
        let end = reader.buffer_position();
        if let Some(element) = open.last() {
            return Err(lines.error(end, &format!("`<{}>` is not closed", element.name)));
        }
        root.ok_or_else(|| lines.error(end, "no element at all"))
    }

    fn new(tag: &BytesStart<'_>, at: u64, lines: &mut Lines<'_>) -> Result<Self, XmlError> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| lines.error(at, &error.to_string()))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| lines.error(at, &error.to_string()))?;
            attributes.push((name(attribute.key.as_ref()), value.into_owned()));
        }
        let (line, column) = lines.position(at);
        Ok(Self {
            name: name(tag.name().as_ref()),
            attributes,
            children: Vec::new(),
            text: String::new(),
            line,
            column,
        })
    }

    /// The child elements with this name, in order.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child element with this name.
    pub(crate) fn first(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Creates an error at the start of this element.
    pub(crate) fn error(&self, kind: XmlErrorKind) -> XmlError {
        XmlError { line: self.line, column: self.column, kind }
    }
}

fn name(name: &str) -> String {
    name.to_owned()
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => {
            parent.text.push_str(&element.text);
            parent.children.push(element);
        }
        None => *root = Some(element),
    }
}

/// Converts increasing byte offsets to lines and columns.
struct Lines<'x> {
    xml: &'x str,
    offset: usize,
    line: usize,
    column: usize,
}

impl Lines<'_> {
    fn position(&mut self, offset: u64) -> (usize, usize) {
        let target = usize::try_from(offset).unwrap_or(usize::MAX).min(self.xml.len());
        if target < self.offset {
            (self.offset, self.line, self.column) = (0, 1, 1);
        }
        for &byte in &self.xml.as_bytes()[self.offset..target] {
            if byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.offset = target;
        (self.line, self.column)
    }

    fn error(&mut self, offset: u64, message: &str) -> XmlError {
        let (line, column) = self.position(offset);
        XmlError { line, column, kind: XmlErrorKind::Malformed(message.to_owned()) }
    }
}
