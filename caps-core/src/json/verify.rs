#![expect(
    clippy::inline_always,
    reason = "most branches depend on the kind of token, which the reader knows"
)]

use std::ops::Range;
use std::sync::Arc;

use super::document::{Document, Node};
use super::number;
use super::reader::{Event, Token, Visitor, read};
use super::string::push_literal;
use super::tape::{Tape, check_size};

/// Objects with more keys are searched for repeated ones by sorting.
const COMPARED_KEYS: usize = 8;

/// Returns whether the text in a range is what [`push_pretty`](super::push_pretty) prints for it with
/// this id, and a line break, without printing it. Calls `see` with the keys of the top-level object,
/// and `element`, if any, with the elements of `return`, which must be an array.
pub(crate) fn is_pretty(
    source: &Arc<str>,
    range: Range<usize>,
    id: &str,
    see: impl FnMut(&str),
    element: Option<&mut dyn FnMut(Node<'_>)>,
) -> bool {
    let text = &source[range.clone()];
    // Between tokens, this leaves nothing but blanks and line breaks.
    let is_plain =
        text.is_ascii() && memchr::memchr3(b'\t', b'\r', 0x7f, text.as_bytes()).is_none();
    if !is_plain || !text.ends_with('\n') || check_size(source).is_err() {
        return false;
    }
    let value = range.start..range.end - 1;
    let mut verifier = Verifier {
        source,
        end: range.start,
        depth: 0,
        next: Next::Top,
        lines: 1,
        keys: Vec::new(),
        objects: Vec::new(),
        id,
        id_is_next: false,
        has_id: false,
        see,
        same: true,
    };
    let read = match element {
        None => read(source, value, &mut verifier).is_ok(),
        Some(each) => {
            let document = Document::from_tape(source.clone(), Tape::default());
            let tape = Tape::default();
            let elements =
                Elements { source, document, tape, depth: 0, inside: false, is_list: true, each };
            let mut both = Both(&mut verifier, elements);
            read(source, value, &mut both).is_ok() && both.1.is_list
        }
    };
    // Each line break is where one belongs, and the white space has the right length. If there are no
    // other line breaks, the rest is blanks.
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let is_whole = verifier.end == range.end - 1 && verifier.lines == lines;
    read && verifier.same && verifier.has_id && is_whole
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

/// What the next token of a value or key is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The top-level value.
    Top,
    /// The first in its container.
    First,
    /// Another in its container.
    Other,
    /// The value of a member.
    Value,
}

/// Compares a text with the format of captures, token by token.
struct Verifier<'s, F> {
    source: &'s str,
    /// Where the last token ended.
    end: usize,
    depth: usize,
    next: Next,
    /// The number of line breaks that the text should have so far, with the final one.
    lines: usize,
    /// The keys of the open objects.
    keys: Vec<&'s str>,
    /// Where in `keys` those of each open object begin.
    objects: Vec<usize>,
    id: &'s str,
    id_is_next: bool,
    has_id: bool,
    see: F,
    same: bool,
}

impl<F: FnMut(&str)> Verifier<'_, F> {
    /// Checks what precedes a token on a line of its own.
    #[inline]
    fn new_line(&mut self, start: usize, comma: bool) {
        let expected: &[u8] = if comma { b",\n" } else { b"\n" };
        let length = expected.len() + 2 * self.depth;
        self.same &= start - self.end == length;
        self.same &= self.source.as_bytes()[self.end..].starts_with(expected);
        self.lines += 1;
    }

    #[inline(always)]
    fn separator(&mut self, start: usize) {
        match self.next {
            Next::Top => self.same &= self.end == start,
            Next::First => self.new_line(start, false),
            Next::Other => self.new_line(start, true),
            Next::Value => self.same &= &self.source.as_bytes()[self.end..start] == b": ",
        }
        self.next = Next::Other;
    }

    #[inline(always)]
    fn literal(&mut self, token: Token) {
        self.separator(token.start - 1);
        self.end = token.end + 1;
        if token.escaped {
            let text = &self.source[token.start..token.end];
            let mut printed = String::with_capacity(text.len() + 2);
            push_literal(&mut printed, text);
            self.same &= printed[1..].strip_suffix('"') == Some(text);
        }
    }

    #[inline(always)]
    fn key(&mut self, token: Token) {
        self.literal(token);
        let key = &self.source[token.start..token.end];
        self.keys.push(key);
        self.next = Next::Value;
        if self.depth == 1 {
            self.id_is_next = key == "id";
            (self.see)(key);
        }
    }

    fn close(&mut self, token: Token) {
        self.depth = self.depth.saturating_sub(1);
        if self.next == Next::First {
            self.same &= self.end == token.start;
        } else {
            self.new_line(token.start, false);
        }
        self.end = token.end;
        self.next = Next::Other;
        if token.event == Event::EndObject {
            let first = self.objects.pop().unwrap_or_default();
            self.same &= are_unique(&mut self.keys[first..]);
            self.keys.truncate(first);
        }
    }
}

impl<F: FnMut(&str)> Visitor for Verifier<'_, F> {
    #[inline(always)]
    fn token(&mut self, token: Token) {
        let text = || &self.source[token.start..token.end];
        if self.id_is_next {
            self.id_is_next = false;
            self.has_id = token.event == Event::String && text() == self.id;
        }
        match token.event {
            Event::Key => return self.key(token),
            Event::String => return self.literal(token),
            Event::EndObject | Event::EndArray => return self.close(token),
            Event::Integer => self.same &= number::integer(text()) == text(),
            Event::Float => self.same &= number::float(text()) == text(),
            _ => {}
        }
        self.separator(token.start);
        self.end = token.end;
        if token.event == Event::BeginObject {
            self.objects.push(self.keys.len());
        }
        if matches!(token.event, Event::BeginObject | Event::BeginArray) {
            self.depth += 1;
            self.next = Next::First;
        }
    }
}

fn are_unique(keys: &mut [&str]) -> bool {
    if keys.len() > COMPARED_KEYS {
        keys.sort_unstable();
        return keys.windows(2).all(|pair| pair[0] != pair[1]);
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
            self.inside = &self.source[token.start..token.end] == "return";
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
