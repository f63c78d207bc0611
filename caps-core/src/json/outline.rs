use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::document::Document;
use super::error::JsonError;
use super::reader::{Event, Token, Visitor, read};
use super::string::decode;
use super::tape::{JsonType, check_size, narrow};
use super::text::Text;

/// A validated JSON value, of which only the elements of one array are known: where they are, and
/// the string `name` of each.
///
/// Finding a few entries in a schema of half a megabyte thus takes no records of all its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    source: Text,
    range: Range<usize>,
    keys: Vec<String>,
    list: Option<List>,
    document: OnceLock<Document>,
}

/// The value that an [`Outline`] is about.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) kind: JsonType,
    pub(crate) start: usize,
    end: usize,
    /// Empty unless it is an array.
    pub(crate) elements: Vec<Element>,
}

impl List {
    /// Where the value is.
    pub(crate) fn range(&self) -> Range<usize> {
        let quote = usize::from(self.kind == JsonType::String);
        self.start - quote..self.end + quote
    }
}

/// An element of the array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    start: u32,
    end: u32,
    /// The text of the string `name`, without quotes, and whether it has escapes.
    name: Option<(u32, u32)>,
    escaped: bool,
}

impl Element {
    /// Where the element is.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The element as numbers, with positions from `base` on.
    pub(crate) fn to_numbers(self, base: usize) -> [usize; 5] {
        let flags = usize::from(self.name.is_some()) | usize::from(self.escaped) << 1;
        let (start, end) = self.name.unwrap_or((self.start, self.start));
        let at = |position: u32| position as usize - base;
        [at(self.start), at(self.end), at(start), at(end), flags]
    }

    /// The element from [`Element::to_numbers`]; `None` if `source` does not have it at `base`.
    pub(crate) fn from_numbers(source: &str, base: usize, numbers: [u32; 5]) -> Option<Self> {
        let [start, end, name_start, name_end, flags] = numbers;
        let place = |start: u32, end: u32| {
            let at = |position: u32| base.checked_add(position as usize);
            let range = at(start)?..at(end)?;
            source.get(range.clone()).map(|_| (narrow(range.start), narrow(range.end)))
        };
        let (start, end) = place(start, end)?;
        let name = place(name_start, name_end)?;
        let name = (flags & 1 == 1).then_some(name);
        Some(Self { start, end, name, escaped: flags & 2 == 2 })
    }

    /// The string `name`, if it has one.
    pub(crate) fn name(self, source: &str) -> Option<Cow<'_, str>> {
        let (start, end) = self.name?;
        let text = &source[start as usize..end as usize];
        Some(if self.escaped { decode(text) } else { text.into() })
    }
}

impl Outline {
    /// Reads the value in a range of a text: about its member `member`, or else about itself.
    ///
    /// # Errors
    ///
    /// Fails if the range is not exactly one JSON value, or the text is larger than 4 GiB.
    pub(crate) fn parse_range(
        source: Text,
        range: Range<usize>,
        member: Option<&str>,
    ) -> Result<Self, JsonError> {
        check_size(&source)?;
        let mut lister = Lister {
            source: &source,
            member,
            base: usize::from(member.is_some()),
            depth: 0,
            inside: member.is_none(),
            named: false,
            keys: Vec::new(),
            list: None,
        };
        read(&source, range.clone(), &mut lister)?;
        let Lister { keys, list, .. } = lister;
        Ok(Self { source, range, keys, list, document: OnceLock::new() })
    }

    /// The text that the value is in.
    pub(crate) fn source(&self) -> &Text {
        &self.source
    }

    /// The keys of the value, if it is an object.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// What the outline is about; `None` if the value has no such member.
    pub(crate) fn list(&self) -> Option<&List> {
        self.list.as_ref()
    }

    /// The whole value, parsed when it is first asked for.
    pub(crate) fn document(&self) -> &Document {
        self.document.get_or_init(|| {
            Document::parse_range(self.source.clone(), self.range.clone())
                .expect("the value was read before")
        })
    }
}

/// Validates the value in a range of a text. If it is an object, returns its keys and where their
/// values are.
///
/// # Errors
///
/// Fails if the range is not exactly one JSON value, or the text is larger than 4 GiB.
pub(crate) fn members(source: &str, range: Range<usize>) -> Result<Vec<Member<'_>>, JsonError> {
    check_size(source)?;
    let mut members = Members { source, depth: 0, found: Vec::new() };
    read(source, range, &mut members)?;
    Ok(members.found)
}

/// A key, and where its value is.
pub(crate) type Member<'s> = (Cow<'s, str>, Range<usize>);

struct Members<'s> {
    source: &'s str,
    depth: usize,
    found: Vec<Member<'s>>,
}

impl Visitor for Members<'_> {
    #[expect(
        clippy::inline_always,
        reason = "most branches depend on the kind of token, which the reader knows"
    )]
    #[inline(always)]
    fn token(&mut self, token: Token) {
        let is_end = matches!(token.event, Event::EndObject | Event::EndArray);
        self.depth -= usize::from(is_end);
        if self.depth == 1 {
            let quote = usize::from(token.event == Event::String);
            let (start, end) = (token.start - quote, token.end + quote);
            match (token.event, self.found.last_mut()) {
                (Event::Key, _) => {
                    self.found.push((decode(&self.source[token.start..token.end]), 0..0));
                }
                (Event::EndObject | Event::EndArray, Some((_, value))) => value.end = end,
                (_, Some((_, value))) => *value = start..end,
                (_, None) => {}
            }
        }
        let is_begin = matches!(token.event, Event::BeginObject | Event::BeginArray);
        self.depth += usize::from(is_begin);
    }
}

/// Notes where the elements of an array are.
struct Lister<'s> {
    source: &'s str,
    member: Option<&'s str>,
    /// The depth of the value in question.
    base: usize,
    depth: usize,
    /// Whether the next token belongs to the value in question.
    inside: bool,
    /// Whether the next token is the `name` of an element.
    named: bool,
    keys: Vec<String>,
    list: Option<List>,
}

impl Lister<'_> {
    #[inline]
    fn is(&self, token: Token, key: &str) -> bool {
        let text = self.source.as_bytes().get(token.start..token.end);
        text == Some(key.as_bytes())
            || token.escaped && decode(&self.source[token.start..token.end]) == key
    }

    /// Handles a token at the depth of the elements or above.
    #[inline(never)]
    fn outer(&mut self, event: Event, start: usize, end: usize, escaped: bool) {
        let token = Token { event, start, end, escaped };
        match token.event {
            Event::Key if self.depth == 1 && self.base == 1 => {
                self.inside = self.member.is_some_and(|member| self.is(token, member));
                self.keys.push(decode(&self.source[token.start..token.end]).into_owned());
            }
            Event::Key => {}
            Event::EndObject | Event::EndArray => {
                if let Some(element) = self.open_element() {
                    element.end = narrow(token.end);
                } else if self.inside
                    && self.depth == self.base
                    && let Some(list) = &mut self.list
                {
                    list.end = token.end;
                }
            }
            event if self.inside && self.depth == self.base => {
                // Of a repeated key, the last value counts.
                self.list = Some(List {
                    kind: JsonType::of(event),
                    start: token.start,
                    end: token.end,
                    elements: Vec::new(),
                });
            }
            event => {
                let quote = usize::from(event == Event::String);
                let (start, end) = (narrow(token.start - quote), narrow(token.end + quote));
                if let Some(list) = self.list_around() {
                    list.elements.push(Element { start, end, name: None, escaped: false });
                }
            }
        }
    }

    /// The array whose elements are at this depth.
    fn list_around(&mut self) -> Option<&mut List> {
        let is_around = self.inside && self.depth == self.base + 1;
        self.list.as_mut().filter(|list| is_around && list.kind == JsonType::Array)
    }

    /// The element that has just ended.
    fn open_element(&mut self) -> Option<&mut Element> {
        self.list_around()?.elements.last_mut()
    }
}

impl Visitor for Lister<'_> {
    #[expect(
        clippy::inline_always,
        reason = "most branches depend on the kind of token, which the reader knows"
    )]
    #[inline(always)]
    fn token(&mut self, token: Token) {
        let is_end = matches!(token.event, Event::EndObject | Event::EndArray);
        self.depth -= usize::from(is_end);
        let within = self.base + 2;
        if self.depth < within {
            self.outer(token.event, token.start, token.end, token.escaped);
        } else if self.depth == within && self.inside {
            if token.event == Event::Key {
                self.named = self.is(token, "name");
            } else if std::mem::take(&mut self.named) {
                let is_string = token.event == Event::String;
                let name = is_string.then(|| (narrow(token.start), narrow(token.end)));
                if let Some(element) = self.list.as_mut().and_then(|l| l.elements.last_mut()) {
                    element.name = name;
                    element.escaped = token.escaped;
                }
            }
        }
        let is_begin = matches!(token.event, Event::BeginObject | Event::BeginArray);
        self.depth += usize::from(is_begin);
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Element, Outline, members};
    use crate::json::{Document, Node};

    #[test]
    fn elements_are_numbers_relative_to_their_text() {
        let source = r#"[{"name": "a"}, {"name": "\u0061"}, {}]"#;
        for (base, start, end, name, escaped) in [
            (0, 1, 14, Some((11, 12)), false),
            (3, 16, 34, Some((26, 32)), true),
            (7, 36, 38, None, false),
        ] {
            let element = Element { start, end, name, escaped };
            let numbers = element.to_numbers(base);
            let relative = |at: u32| at as usize - base;
            assert_eq!(numbers[..2], [relative(start), relative(end)]);
            let narrow = numbers.map(|number| u32::try_from(number).expect("a small text"));
            let again = Element::from_numbers(source, base, narrow).expect("an element");
            assert_eq!(
                (again.range(), again.name, again.escaped),
                (element.range(), name, escaped)
            );
            assert_eq!(again.name(source).as_deref(), name.map(|_| "a"));
            // Behind the end of the text there is none.
            assert!(Element::from_numbers(&source[..20], base + 20, narrow).is_none());
        }
    }

    #[test]
    fn an_outline_finds_what_a_document_has() {
        let lists = [
            "[]",
            "{}",
            "7",
            r#""name""#,
            r#"[{"name": "a"}, {"meta": {"name": "b"}, "name": "c", "x": [{"name": "d"}]}, {}]"#,
            r#"[{"name": 1}, {"name": "e", "name": "f"}, {"name": "g", "name": ["h"]}, {"name": {"name": "i"}}]"#,
            r#"["name", 1, null, -2.5, [["name"], {"name": "j"}], [], {"n\u0061me": "\u0041\n"}]"#,
            r#"{"name": [1], "return": [{"name": "k"}]}"#,
            r#"[{"name": "a", "n\u0061mes": "b"}, {"\u006eame": "c"}]"#,
        ];
        for list in lists {
            let whole = [
                (list.to_owned(), None),
                (
                    format!(r#" {{"id": ["x", {{"name": "y"}}], "return": {list}, "z": [1]}} "#),
                    Some("return"),
                ),
                (format!(r#"{{"return": [1, 2], "return": {list}}}"#), Some("return")),
                (format!(r#"{{"r\u0065turn": {list}}}"#), Some("return")),
                (format!(r#"{{"return": {list}, "\u0069d": [1]}}"#), Some("return")),
                (format!(r#"[{{"return": {list}}}]"#), Some("return")),
                (format!(r#"{{"other": {{"return": {list}}}}}"#), Some("return")),
            ];
            for (text, member) in whole {
                let document = Document::parse(&*text).expect("JSON");
                let node = match member {
                    Some(member) => document.root().get(member),
                    None => Some(document.root()),
                };
                let outline = Outline::parse_range(text.as_str().into(), 0..text.len(), member);
                let outline = outline.expect("JSON");
                assert_eq!(outline.list().map(super::List::range), node.map(Node::range));
                let found = outline.list().map(|list| {
                    let elements = list.elements.iter();
                    let elements =
                        elements.map(|e| (e.range(), e.name(&text).map(Cow::into_owned)));
                    (list.kind, list.start, elements.collect::<Vec<_>>())
                });
                let expected = node.map(|node| {
                    let elements = node.elements();
                    let elements =
                        elements.map(|e| (e.range(), e.get_str("name").map(Cow::into_owned)));
                    let quote = usize::from(node.text().starts_with('"'));
                    (node.kind(), node.range().start + quote, elements.collect::<Vec<_>>())
                });
                assert_eq!(found, expected, "{text}");
                let all = document.root().members().map(|(key, value)| (key, value.range()));
                let all: Vec<_> = all.collect();
                assert!(
                    member.is_none() || outline.keys().iter().eq(all.iter().map(|(key, _)| key)),
                    "{text}"
                );
                assert_eq!(members(&text, 0..text.len()).expect("JSON"), all, "{text}");
                assert_eq!(outline.document().root().text(), document.root().text());
            }
        }
    }
}
