#![expect(
    clippy::inline_always,
    reason = "most branches depend on the kind of token, which the reader knows"
)]

use std::ops::Range;

use super::document::{Document, Node};
use super::number;
use super::reader::{Event, Token, Visitor, read_pretty};
use super::string::push_literal;
use super::tape::{Tape, check_size};
use super::text::Text;
use crate::hash::{NameSet, Seeded};

/// Objects with more keys are searched for repeated ones by hashing.
const COMPARED_KEYS: usize = 8;

/// Returns whether the text in a range is what [`push_pretty`](super::push_pretty) prints for it with
/// this id, and a line break, without printing it. Calls `see` with the keys of the top-level object,
/// and `element`, if any, with the elements of `return`, which must be an array.
pub(crate) fn is_pretty(
    source: &Text,
    range: Range<usize>,
    id: &str,
    see: impl FnMut(&str),
    element: Option<&mut dyn FnMut(Node<'_>)>,
) -> bool {
    let text = &source[range.clone()];
    let is_plain = text.is_ascii() && memchr::memchr(0x7f, text.as_bytes()).is_none();
    if !is_plain || !text.ends_with('\n') || check_size(source).is_err() {
        return false;
    }
    let value = range.start..range.end - 1;
    let mut verifier = Verifier {
        source,
        depth: 0,
        keys: Vec::new(),
        objects: Vec::new(),
        id,
        id_is_next: false,
        has_id: false,
        see,
        same: true,
    };
    let is_pretty = match element {
        None => read_pretty(source, value, &mut verifier),
        Some(each) => {
            let document = Document::from_tape(source.clone(), Tape::default());
            let tape = Tape::default();
            let elements =
                Elements { source, document, tape, depth: 0, inside: false, is_list: true, each };
            let mut both = Both(&mut verifier, elements);
            read_pretty(source, value, &mut both) && both.1.is_list
        }
    };
    is_pretty && verifier.same && verifier.has_id
}

/// Hands each token to two visitors.
struct Both<'v, A, B>(&'v mut A, B);

impl<A: Visitor, B: Visitor> Visitor for Both<'_, A, B> {
    #[inline(always)]
    fn token(&mut self, token: Token) {
        self.0.token(token);
        self.1.token(token);
    }
}

/// Compares what a text contains with what captures do.
struct Verifier<'s, F> {
    source: &'s str,
    depth: usize,
    /// The keys of the open objects.
    keys: Vec<&'s [u8]>,
    /// Where in `keys` those of each open object begin.
    objects: Vec<usize>,
    id: &'s str,
    id_is_next: bool,
    has_id: bool,
    see: F,
    same: bool,
}

impl<'s, F: FnMut(&str)> Verifier<'s, F> {
    #[inline(always)]
    fn bytes(&self, token: Token) -> &'s [u8] {
        &self.source.as_bytes()[token.start..token.end]
    }

    fn text(&self, token: Token) -> &'s str {
        &self.source[token.start..token.end]
    }

    #[inline(always)]
    fn literal(&mut self, token: Token) {
        if token.escaped {
            self.escapes(self.text(token));
        }
    }

    #[cold]
    fn escapes(&mut self, text: &str) {
        let mut printed = String::with_capacity(text.len() + 2);
        push_literal(&mut printed, text);
        self.same &= printed[1..].strip_suffix('"') == Some(text);
    }

    #[inline(always)]
    fn key(&mut self, token: Token) {
        self.literal(token);
        self.keys.push(self.bytes(token));
        if self.depth == 1 {
            let key = self.text(token);
            self.id_is_next = key == "id";
            (self.see)(key);
        }
    }
}

impl<F: FnMut(&str)> Visitor for Verifier<'_, F> {
    #[inline(always)]
    fn token(&mut self, token: Token) {
        if self.id_is_next {
            self.id_is_next = false;
            self.has_id = token.event == Event::String && self.text(token) == self.id;
        }
        match token.event {
            Event::Key => self.key(token),
            Event::String => self.literal(token),
            Event::BeginObject => {
                self.depth += 1;
                self.objects.push(self.keys.len());
            }
            Event::EndObject => {
                self.depth -= 1;
                let first = self.objects.pop().unwrap_or_default();
                self.same &= are_unique(&self.keys[first..]);
                self.keys.truncate(first);
            }
            Event::BeginArray => self.depth += 1,
            Event::EndArray => self.depth -= 1,
            Event::Integer => {
                let text = self.text(token);
                self.same &= number::integer(text) == text;
            }
            Event::Float => {
                let text = self.text(token);
                self.same &= number::float(text) == text;
            }
            Event::True | Event::False | Event::Null => {}
        }
    }
}

fn are_unique(keys: &[&[u8]]) -> bool {
    if keys.len() > COMPARED_KEYS {
        let mut seen = NameSet::with_capacity_and_hasher(keys.len(), Seeded::default());
        return keys.iter().all(|key| seen.insert(key));
    }
    keys.iter().enumerate().all(|(index, key)| !keys[..index].contains(key))
}

/// Makes a document of each element of the array `return`, one at a time.
struct Elements<'a> {
    source: &'a str,
    document: Document,
    tape: Tape,
    depth: usize,
    /// Whether the next token belongs to the member `return`.
    inside: bool,
    /// Whether `return` is an array.
    is_list: bool,
    each: &'a mut dyn FnMut(Node<'_>),
}

impl Visitor for Elements<'_> {
    #[inline(always)]
    fn token(&mut self, token: Token) {
        let is_end = matches!(token.event, Event::EndObject | Event::EndArray);
        let is_begin = matches!(token.event, Event::BeginObject | Event::BeginArray);
        self.depth -= usize::from(is_end);
        if self.depth == 1 && token.event == Event::Key {
            self.inside = &self.source.as_bytes()[token.start..token.end] == b"return";
        } else if self.depth == 1 && self.inside {
            self.is_list &= matches!(token.event, Event::BeginArray | Event::EndArray);
        } else if self.inside && self.depth > 1 {
            self.tape.token(token);
            if self.depth == 2 && !is_begin {
                self.document.swap(&mut self.tape);
                (self.each)(self.document.root());
            }
        }
        self.depth += usize::from(is_begin);
    }
}
