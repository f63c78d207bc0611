use std::borrow::Cow;

use super::text::{self, Spaces};

/// The most attributes of an element; capability XML has at most eleven.
const MAX_ATTRIBUTES: usize = 64;

/// A text is not XML.
#[derive(Debug)]
pub(super) struct Malformed {
    /// The byte offset of the problem.
    pub(super) at: usize,
    pub(super) message: String,
}

impl Malformed {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// A piece of a document. Comments and processing instructions are skipped.
pub(super) enum Token<'x> {
    /// A start tag, or the tag of an element without content.
    Start {
        /// The byte offset of the tag.
        at: usize,
        /// Whether the element ends with the tag.
        empty: bool,
    },
    /// The name in an end tag.
    End(&'x str),
    /// Character data.
    Text(Cow<'x, str>),
}

/// Splits a document into tokens, checking their syntax.
///
/// The loops are plain ones over bytes because tests run them without optimization.
pub(super) struct Lexer<'x> {
    xml: &'x str,
    at: usize,
}

impl<'x> Lexer<'x> {
    /// Starts at a byte offset.
    pub(super) fn new(xml: &'x str, at: usize) -> Self {
        Self { xml, at }
    }

    /// The byte offset of the next token.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next token; `None` at the end of the document. Appends the attributes of a start tag.
    pub(super) fn next(
        &mut self,
        attributes: &mut Vec<Attribute>,
    ) -> Result<Option<Token<'x>>, Malformed> {
        let bytes = self.xml.as_bytes();
        loop {
            let start = self.at;
            if start == bytes.len() {
                return Ok(None);
            }
            if bytes[start] != b'<' {
                return self.text().map(Some);
            }
            return match bytes.get(start + 1) {
                Some(b'/') => self.end_tag().map(Some),
                Some(b'?') => {
                    self.skip(2, "?>")?;
                    continue;
                }
                Some(b'!') => {
                    let rest = &bytes[start..];
                    if rest.starts_with(b"<!--") {
                        self.skip(4, "-->")?;
                        continue;
                    }
                    if rest.starts_with(b"<![CDATA[") {
                        let data = self.skip(9, "]]>")?;
                        return Ok(Some(Token::Text(text::plain(data))));
                    }
                    // Entity definitions are not read, so references to them can't be resolved.
                    let known = rest.starts_with(b"<!DOCTYPE");
                    let found =
                        if known { "a document type, expected none" } else { "unknown markup" };
                    Err(Malformed::new(start, found))
                }
                _ => self.start_tag(attributes).map(Some),
            };
        }
    }

    /// Skips markup that begins with `open` bytes and returns what is before its end.
    fn skip(&mut self, open: usize, close: &str) -> Result<&'x str, Malformed> {
        let content = &self.xml[self.at + open..];
        let length = content
            .find(close)
            .ok_or_else(|| Malformed::new(self.at, format!("`{close}` is missing")))?;
        self.at += open + length + close.len();
        Ok(&content[..length])
    }

    fn text(&mut self) -> Result<Token<'x>, Malformed> {
        let bytes = self.xml.as_bytes();
        let start = self.at;
        let mut at = start;
        let mut plain = true;
        while at < bytes.len() && bytes[at] != b'<' {
            if bytes[at] == b'&' || bytes[at] == b'\r' {
                plain = false;
            }
            at += 1;
        }
        self.at = at;
        let raw = &self.xml[start..at];
        if plain {
            return Ok(Token::Text(Cow::Borrowed(raw)));
        }
        text::decode(raw, Spaces::Keep)
            .map(|text| Token::Text(Cow::Owned(text)))
            .map_err(|message| Malformed::new(start, message))
    }

    fn end_tag(&mut self) -> Result<Token<'x>, Malformed> {
        let name = self.skip(2, ">")?;
        Ok(Token::End(name.trim_end_matches(is_space)))
    }

    fn start_tag(&mut self, attributes: &mut Vec<Attribute>) -> Result<Token<'x>, Malformed> {
        let bytes = self.xml.as_bytes();
        let start = self.at;
        let first = attributes.len();
        let mut at = name_end(bytes, start + 1);
        if at == start + 1 {
            return Err(Malformed::new(start, "`<` without the name of an element"));
        }
        loop {
            let name = skip_space(bytes, at);
            match bytes.get(name) {
                Some(b'>') => {
                    self.at = name + 1;
                    return Ok(Token::Start { at: start, empty: false });
                }
                Some(b'/') if bytes.get(name + 1) == Some(&b'>') => {
                    self.at = name + 2;
                    return Ok(Token::Start { at: start, empty: true });
                }
                Some(b'<') | None => return Err(Malformed::new(start, "a tag without `>`")),
                Some(_) if name > at => {}
                Some(_) => {
                    return Err(Malformed::new(name, "expected a space before an attribute"));
                }
            }
            let attribute = self.attribute(name)?;
            at = attribute.end + 1;
            let others = &attributes[first..];
            if others.len() == MAX_ATTRIBUTES {
                let message = format!("more than {MAX_ATTRIBUTES} attributes");
                return Err(Malformed::new(name, message));
            }
            let text = &self.xml[name..name_end(bytes, name)];
            let mut index = 0;
            while index < others.len() {
                if others[index].is(self.xml, text) {
                    let message = format!("the attribute `{text}` is there twice");
                    return Err(Malformed::new(name, message));
                }
                index += 1;
            }
            attributes.push(attribute);
        }
    }

    /// The attribute whose name begins at a byte offset.
    fn attribute(&self, start: usize) -> Result<Attribute, Malformed> {
        let bytes = self.xml.as_bytes();
        let name_end = name_end(bytes, start);
        if name_end == start {
            return Err(Malformed::new(start, "expected the name of an attribute"));
        }
        let name = || &self.xml[start..name_end];
        let equals = skip_space(bytes, name_end);
        if bytes.get(equals) != Some(&b'=') {
            let message = format!("expected `=` after the attribute `{}`", name());
            return Err(Malformed::new(equals, message));
        }
        let quoted = skip_space(bytes, equals + 1);
        let Some(&quote @ (b'\'' | b'"')) = bytes.get(quoted) else {
            return Err(Malformed::new(quoted, "expected the value in quotes"));
        };
        let mut end = quoted + 1;
        let mut plain = true;
        while end < bytes.len() && bytes[end] != quote {
            if bytes[end] == b'&' || bytes[end] < b' ' {
                plain = false;
            }
            end += 1;
        }
        if end == bytes.len() {
            return Err(Malformed::new(quoted, format!("the value of `{}` has no end", name())));
        }
        let attribute = Attribute { name: start, value: quoted + 1, end, plain };
        if !plain {
            attribute.decoded(self.xml)?;
        }
        Ok(attribute)
    }
}

/// The byte offsets of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute {
    name: usize,
    /// Where the value begins and ends, without quotes.
    value: usize,
    end: usize,
    /// Whether the value is what the text says, without references and line breaks.
    plain: bool,
}

impl Attribute {
    /// Returns whether the attribute has this name.
    pub(super) fn is(self, xml: &str, name: &str) -> bool {
        is_name_at(xml, self.name, name)
    }

    /// The name.
    pub(super) fn name(self, xml: &str) -> &str {
        name_at(xml, self.name)
    }

    /// The value, with references resolved.
    pub(super) fn value(self, xml: &str) -> Cow<'_, str> {
        if self.plain {
            return Cow::Borrowed(&xml[self.value..self.end]);
        }
        // The lexer has checked the references.
        Cow::Owned(self.decoded(xml).unwrap_or_default())
    }

    /// The byte offset behind the attribute.
    pub(super) fn after(self) -> usize {
        self.end + 1
    }

    fn decoded(self, xml: &str) -> Result<String, Malformed> {
        text::decode(&xml[self.value..self.end], Spaces::Normalize)
            .map_err(|message| Malformed::new(self.value, message))
    }
}

/// The name at a byte offset.
pub(super) fn name_at(xml: &str, start: usize) -> &str {
    &xml[start..name_end(xml.as_bytes(), start)]
}

/// Returns whether this name is at a byte offset.
pub(super) fn is_name_at(xml: &str, start: usize, name: &str) -> bool {
    let rest = &xml.as_bytes()[start..];
    rest.len() > name.len() && is_delimiter(rest[name.len()]) && rest.starts_with(name.as_bytes())
}

fn name_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() && !is_delimiter(bytes[at]) {
        at += 1;
    }
    at
}

/// Returns whether a byte ends a name.
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b' ' | b'>' | b'/' | b'=' | b'\n' | b'\t' | b'\r' | b'<' | b'\'' | b'"')
}

/// The byte offset of the content after a tag's name and attributes; `None` if the element has none.
pub(super) fn content_after(xml: &str, at: usize) -> Option<usize> {
    let end = skip_space(xml.as_bytes(), at);
    (xml.as_bytes().get(end) == Some(&b'>')).then_some(end + 1)
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && matches!(bytes[at], b' ' | b'\n' | b'\t' | b'\r') {
        at += 1;
    }
    at
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r')
}
