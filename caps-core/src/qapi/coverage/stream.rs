use std::borrow::Cow;
use std::ops::Range;

use super::shape::{EntryShape, Key, Keys, Shape};
use crate::json::{Event, JsonType, Token, Visitor, decode};
use crate::qapi::meta_type::MetaType;

/// Takes the entries of a schema from a [`Stream`].
pub(crate) trait Entries<'s> {
    /// Another list of entries begins: what came before does not count.
    fn restart(&mut self);

    /// The members or variants of the next entry begin: earlier ones of it do not count.
    fn begin(&mut self, parts: Key);

    /// Takes a member or variant of the next entry.
    fn part(&mut self, parts: Key, part: &Record<'s>);

    /// Takes an entry, after its parts.
    fn entry(&mut self, kind: MetaType, entry: &Record<'s>);
}

/// Reads the entries of the schema in a reply as its tokens come, and checks them as
/// [`check_coverage`](super::check_coverage) does: with a document in between, this would take twice as
/// long.
#[expect(clippy::struct_excessive_bools, reason = "each is about another part of the reply")]
pub(crate) struct Stream<'s, E> {
    source: &'s str,
    entries: E,
    features: Vec<Cow<'s, str>>,
    depth: usize,
    /// Whether the next value is the result, or the current one is within it.
    in_result: bool,
    has_result: bool,
    has_error: bool,
    /// Whether anything is not as [`check_coverage`](super::check_coverage) expects it.
    is_odd: bool,
    entry: Record<'s>,
    part: Record<'s>,
    /// The parts of the entry.
    members: Summary,
    variants: Summary,
}

/// Only checks the entries.
pub(crate) struct Coverage;

impl Coverage {
    /// Reads a reply in a text.
    pub(crate) fn of(source: &str) -> Stream<'_, Self> {
        Stream::new(source, Self)
    }

    /// Returns whether the reply is a schema in which everything is known.
    pub(crate) fn is_complete(stream: Stream<'_, Self>) -> bool {
        stream.finish().is_some()
    }
}

impl Entries<'_> for Coverage {
    fn restart(&mut self) {}

    fn begin(&mut self, _: Key) {}

    fn part(&mut self, _: Key, _: &Record<'_>) {}

    fn entry(&mut self, _: MetaType, _: &Record<'_>) {}
}

/// The members of an entry or a part of it, by key. Of a repeated key, the last value counts.
#[derive(Default)]
pub(crate) struct Record<'s> {
    values: [&'s str; Key::ALL.len()],
    escaped: Keys,
    found: Keys,
    /// The keys whose values have another JSON type.
    wrong: Keys,
    has_unknown: bool,
    /// The key of the current value; `None` for an unknown one.
    key: Option<Key>,
    /// The features, among those of the [`Stream`].
    features: Range<usize>,
}

/// What parts have in common.
struct Summary {
    /// The keys that all have.
    all: Keys,
    /// The keys that any has.
    any: Keys,
    is_odd: bool,
}

/// Where the values are, by the number of containers around them.
const ROOT: usize = 0;
const RESULT: usize = 1;
const ENTRY: usize = 2;
const VALUE: usize = 3;
const PART: usize = 4;
const VALUE_OF_PART: usize = 5;
const FEATURE_OF_PART: usize = 6;

impl<'s, E: Entries<'s>> Stream<'s, E> {
    /// Reads a reply in a text.
    pub(crate) fn new(source: &'s str, entries: E) -> Self {
        Self {
            source,
            entries,
            features: Vec::new(),
            depth: ROOT,
            in_result: false,
            has_result: false,
            has_error: false,
            is_odd: false,
            entry: Record::default(),
            part: Record::default(),
            members: Summary::default(),
            variants: Summary::default(),
        }
    }

    /// The entries and all features; `None` if the reply is an error, or anything in it is unknown.
    pub(crate) fn finish(self) -> Option<(E, Vec<Cow<'s, str>>)> {
        let is_covered = self.has_result && !self.has_error && !self.is_odd;
        is_covered.then_some((self.entries, self.features))
    }

    #[cold]
    fn key_of_reply(&mut self, key: &str) {
        self.in_result = key == "return";
        self.has_error |= key == "error";
        if self.in_result {
            // Of a repeated key, the last value counts.
            (self.has_result, self.is_odd) = (true, false);
            self.features.clear();
            self.entries.restart();
        }
    }

    /// The parts that the current value of the entry consists of.
    #[inline]
    fn parts(&mut self) -> Option<(Key, &mut Summary)> {
        match self.entry.key {
            Some(Key::Members) => Some((Key::Members, &mut self.members)),
            Some(Key::Variants) => Some((Key::Variants, &mut self.variants)),
            _ => None,
        }
    }

    fn value_of_entry(&mut self, token: Token) {
        self.entry.value(self.source, token, self.features.len());
        if token.event == Event::BeginArray
            && let Some((key, summary)) = self.parts()
        {
            *summary = Summary::default();
            self.entries.begin(key);
        }
    }

    /// Handles an element of an array of an entry.
    fn element(&mut self, token: Token) {
        if let Some((_, summary)) = self.parts() {
            summary.is_odd |= token.event != Event::BeginObject;
            self.part.clear();
        } else if self.entry.key == Some(Key::Features) {
            self.entry.feature(self.source, token, &mut self.features);
        }
    }

    fn end_of_part(&mut self) {
        let Some(key @ (Key::Members | Key::Variants)) = self.entry.key else { return };
        let summary = if key == Key::Members { &mut self.members } else { &mut self.variants };
        summary.add(&self.part);
        self.entries.part(key, &self.part);
    }

    fn end_of_entry(&mut self) {
        let entry = &self.entry;
        let Some(kind) = entry.text(Key::MetaType).and_then(|name| MetaType::from_name(&name))
        else {
            self.is_odd = true;
            return;
        };
        let shape = EntryShape::of(kind);
        let fits = |&(key, shape): &(Key, Shape)| {
            let summary = if key == Key::Members { &self.members } else { &self.variants };
            !entry.found.contains(key) || summary.fits(shape)
        };
        self.is_odd |= !(entry.fits(shape.entry) && shape.parts.iter().all(fits));
        self.entries.entry(kind, entry);
    }
}

impl<'s, E: Entries<'s>> Visitor for Stream<'s, E> {
    #[expect(
        clippy::inline_always,
        reason = "most branches depend on the kind of token, which the reader knows"
    )]
    #[inline(always)]
    fn token(&mut self, token: Token) {
        match token.event {
            Event::Key if self.depth == RESULT => self.key_of_reply(&token.text(self.source)),
            Event::Key if self.depth == VALUE => self.entry.key(self.source, token),
            Event::Key if self.depth == VALUE_OF_PART => self.part.key(self.source, token),
            Event::Key => {}
            Event::EndObject | Event::EndArray => {
                self.depth -= 1;
                if self.in_result && token.event == Event::EndObject {
                    match self.depth {
                        ENTRY => self.end_of_entry(),
                        PART => self.end_of_part(),
                        _ => {}
                    }
                }
            }
            event => {
                match self.depth {
                    _ if !self.in_result => {}
                    RESULT => self.is_odd |= event != Event::BeginArray,
                    ENTRY => {
                        self.is_odd |= event != Event::BeginObject;
                        self.entry.clear();
                    }
                    VALUE => self.value_of_entry(token),
                    PART => self.element(token),
                    VALUE_OF_PART => self.part.value(self.source, token, self.features.len()),
                    FEATURE_OF_PART if self.part.key == Some(Key::Features) => {
                        self.part.feature(self.source, token, &mut self.features);
                    }
                    _ => {}
                }
                let is_begin = matches!(event, Event::BeginObject | Event::BeginArray);
                self.depth += usize::from(is_begin);
            }
        }
    }
}

impl<'s> Record<'s> {
    /// Forgets the members; of keys that are not found, there may be values of an earlier record.
    #[inline]
    fn clear(&mut self) {
        (self.found, self.wrong, self.escaped) = Default::default();
        (self.has_unknown, self.features) = (false, 0..0);
    }

    #[inline]
    fn key(&mut self, source: &str, token: Token) {
        self.key = Key::from_name(&token.text(source));
        self.has_unknown |= self.key.is_none();
    }

    /// Handles the value of the current key; `features` is where its features would start.
    #[inline]
    fn value(&mut self, source: &'s str, token: Token, features: usize) {
        let Some(key) = self.key else { return };
        self.values[key as usize] = &source[token.start..token.end];
        self.found.set(key, true);
        self.escaped.set(key, token.escaped);
        self.wrong.set(key, JsonType::of(token.event) != key.json_type());
        if key == Key::Features {
            self.features = features..features;
        }
    }

    fn feature(&mut self, source: &'s str, token: Token, features: &mut Vec<Cow<'s, str>>) {
        if token.event == Event::String {
            features.push(token.text(source));
            self.features.end = features.len();
        } else {
            self.wrong.set(Key::Features, true);
        }
    }

    fn fits(&self, shape: Shape) -> bool {
        shape.fits(self.found, self.found) && self.wrong == Keys::NONE && !self.has_unknown
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.found.contains(key)
    }

    /// The string that is the value of a key.
    #[inline]
    pub(crate) fn text(&self, key: Key) -> Option<Cow<'s, str>> {
        if !self.found.contains(key) || self.wrong.contains(key) {
            return None;
        }
        let text = self.values[key as usize];
        Some(if self.escaped.contains(key) { decode(text) } else { text.into() })
    }

    /// The place of the features among all.
    pub(crate) fn features(&self) -> Range<usize> {
        self.features.clone()
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self { all: Keys::ALL, any: Keys::NONE, is_odd: false }
    }
}

impl Summary {
    #[inline]
    fn add(&mut self, part: &Record<'_>) {
        self.all = self.all.and(part.found);
        self.any = self.any.or(part.found);
        self.is_odd |= part.wrong != Keys::NONE || part.has_unknown;
    }

    fn fits(&self, shape: Shape) -> bool {
        shape.fits(self.all, self.any) && !self.is_odd
    }
}
