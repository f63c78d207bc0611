#![expect(
    clippy::inline_always,
    reason = "most branches depend on the kind of token, which the reader knows"
)]

use std::ops::Range;

use super::number;
use super::reader::{Event, Token, Visitor, read_pretty};
use super::string::push_literal;
use super::tape::check_size;
use crate::hash::{NameSet, Seeded};

/// Objects with more keys are searched for repeated ones by hashing.
const COMPARED_KEYS: usize = 8;

/// Returns whether the text in a range is what [`push_pretty`](super::push_pretty) prints for it with
/// this id, and a line break, without printing it. Calls `see` with the keys of the top-level object.
pub(crate) fn is_pretty(
    source: &str,
    range: Range<usize>,
    id: &str,
    see: impl FnMut(&str),
) -> bool {
    is_pretty_with(source, range, id, see, &mut Nobody)
}

/// As [`is_pretty`], but hands the tokens to another visitor, too.
pub(crate) fn is_pretty_with(
    source: &str,
    range: Range<usize>,
    id: &str,
    see: impl FnMut(&str),
    other: &mut impl Visitor,
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
    let is_pretty = read_pretty(source, value, &mut Both(&mut verifier, other));
    is_pretty && verifier.same && verifier.has_id
}

/// Takes no notice of tokens.
struct Nobody;

impl Visitor for Nobody {
    #[inline(always)]
    fn token(&mut self, _: Token) {}
}

/// Hands each token to two visitors.
struct Both<'v, A, B>(&'v mut A, &'v mut B);

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
    keys: Vec<Key<'s>>,
    /// Where in `keys` those of each open object begin.
    objects: Vec<usize>,
    id: &'s str,
    id_is_next: bool,
    has_id: bool,
    see: F,
    same: bool,
}

impl<'s, F: FnMut(&str)> Verifier<'s, F> {
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
        self.keys.push(Key::new(self.source, token));
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

/// A key in its text.
#[derive(Clone, Copy)]
struct Key<'s> {
    /// The quote and what follows, which is another for most other keys. Of a short key, it ends with the
    /// quote and the `: ` of captures, so that it is the same for the same keys.
    start: [u8; 4],
    bytes: &'s [u8],
}

impl<'s> Key<'s> {
    #[inline(always)]
    fn new(source: &'s str, token: Token) -> Self {
        let source = source.as_bytes();
        let start = source.get(token.start - 1..).and_then(<[u8]>::first_chunk);
        Self { start: start.copied().unwrap_or_default(), bytes: &source[token.start..token.end] }
    }

    #[inline(always)]
    fn is(&self, other: &Self) -> bool {
        self.start == other.start && self.bytes == other.bytes
    }
}

fn are_unique(keys: &[Key<'_>]) -> bool {
    if keys.len() > COMPARED_KEYS {
        let mut seen = NameSet::with_capacity_and_hasher(keys.len(), Seeded::default());
        return keys.iter().all(|key| seen.insert(key.bytes));
    }
    let is_new = |(index, key): (usize, &Key<'_>)| !keys[..index].iter().any(|other| other.is(key));
    keys.iter().enumerate().all(is_new)
}
