//! The attributes of a tag in a well-formed document.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute as RawAttribute;
use quick_xml::name::QName;

use super::scan::{BLANK, EQUALS, VALUE, WORD, is, is_byte, skip};

/// The attributes of a tag, in order.
#[derive(Debug)]
pub(super) struct Attributes<'x> {
    xml: &'x str,
    /// After the name of the tag, or after the last attribute.
    at: usize,
}

/// An attribute as it is in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'x> {
    xml: &'x str,
    place: Place,
}

/// How many attributes a tag is expected to have at most.
const FEW: usize = 12;

/// The attributes of a tag that most of them are asked of.
#[derive(Debug)]
pub(super) struct Index<'x> {
    /// The attributes of the tag, at the first one that `places` has no room for.
    rest: Attributes<'x>,
    places: [Place; FEW],
    count: usize,
}

/// The byte offsets of an attribute.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    name: usize,
    name_end: usize,
    value: usize,
    value_end: usize,
    /// Whether the value is what the text says, without references and line breaks.
    is_plain: bool,
}

impl<'x> Attributes<'x> {
    /// The attributes of the tag whose name ends at this byte offset.
    pub(super) fn new(xml: &'x str, name_end: usize) -> Self {
        Self { xml, at: name_end }
    }

    /// The value of the attribute with this name.
    #[inline]
    pub(super) fn value_of(&self, name: &str) -> Option<Cow<'x, str>> {
        self.of_first(name).map(Cow::Borrowed).or_else(|| self.of_any(name))
    }

    fn of_any(&self, name: &str) -> Option<Cow<'x, str>> {
        let (bytes, mut others) = (self.xml.as_bytes(), Self { ..*self });
        while let Some(place) = others.advance() {
            if place.is_of(name, bytes) {
                return Some(self.attribute(place).value());
            }
        }
        None
    }

    /// Looks for all of them at once.
    pub(super) fn index(mut self) -> Index<'x> {
        let (mut places, mut count) = ([Place::default(); FEW], 0);
        while count < FEW {
            let Some(place) = self.advance() else { break };
            places[count] = place;
            count += 1;
        }
        Index { rest: self, places, count }
    }

    /// The byte offset of the element's content; `None` if the tag closes itself.
    pub(super) fn content(mut self) -> Option<usize> {
        while self.advance().is_some() {}
        let end = skip(self.xml.as_bytes(), self.at, BLANK);
        is_byte(self.xml.as_bytes(), end, b'>').then_some(end + 1)
    }

    fn advance(&mut self) -> Option<Place> {
        let bytes = self.xml.as_bytes();
        let name = skip(bytes, self.at, BLANK);
        let name_end = skip(bytes, name, WORD);
        if name == name_end {
            return None;
        }
        let opening = skip(bytes, name_end, BLANK | EQUALS);
        let quote = *bytes.get(opening)?;
        let value = opening + 1;
        let mut value_end = skip(bytes, value, VALUE);
        let is_plain = is_byte(bytes, value_end, quote);
        if !is_plain {
            value_end = value + memchr::memchr(quote, &bytes[value..])?;
        }
        self.at = value_end + 1;
        Some(Place { name, name_end, value, value_end, is_plain })
    }

    /// The value of the first attribute, if it has this name, a single blank before it and nothing that stands for
    /// something else, as in most tags.
    #[inline]
    fn of_first(&self, name: &str) -> Option<&'x str> {
        let (bytes, start) = (self.xml.as_bytes(), self.at + 1);
        let name_end = start + name.len();
        let is_first = is(bytes, self.at, BLANK)
            && is_byte(bytes, name_end, b'=')
            && bytes[start..name_end] == *name.as_bytes();
        let quote =
            *bytes.get(name_end + 1).filter(|quote| is_first && matches!(quote, b'\'' | b'"'))?;
        let value_end = skip(bytes, name_end + 2, VALUE);
        is_byte(bytes, value_end, quote).then(|| &self.xml[name_end + 2..value_end])
    }

    fn attribute(&self, place: Place) -> Attribute<'x> {
        Attribute { xml: self.xml, place }
    }
}

impl<'x> Index<'x> {
    /// The value of the attribute with this name.
    pub(super) fn value_of(&self, name: &str) -> Option<Cow<'x, str>> {
        let bytes = self.rest.xml.as_bytes();
        for place in &self.places[..self.count] {
            if place.is_of(name, bytes) {
                return Some(self.rest.attribute(*place).value());
            }
        }
        self.rest.value_of(name)
    }
}

impl Place {
    fn is_of(&self, name: &str, bytes: &[u8]) -> bool {
        let Self { name: start, name_end: end, .. } = *self;
        // Most differ in length.
        end - start == name.len() && bytes[start..end] == *name.as_bytes()
    }
}

impl<'x> Iterator for Attributes<'x> {
    type Item = Attribute<'x>;

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.advance()?;
        Some(self.attribute(place))
    }
}

impl<'x> Attribute<'x> {
    /// The name.
    pub(super) fn name(self) -> &'x str {
        &self.xml[self.place.name..self.place.name_end]
    }

    /// The value.
    pub(super) fn value(self) -> Cow<'x, str> {
        let raw = &self.xml[self.place.value..self.place.value_end];
        if self.place.is_plain {
            return Cow::Borrowed(raw);
        }
        let attribute = RawAttribute { key: QName(self.name()), value: Cow::Borrowed(raw) };
        // The references have been checked.
        attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default()
    }
}
