use std::borrow::Cow;
use std::sync::OnceLock;

use super::document::{Document, Node};
use super::outline::Element;
use super::text::Text;

/// The elements of an array, and their order by the string `name`. Each element is parsed when it is
/// first asked for.
#[derive(Debug, Clone)]
pub(crate) struct Named<T = ()> {
    source: Text,
    elements: Vec<(Element, OnceLock<Box<NamedElement<T>>>)>,
    /// The positions of the elements that have names, sorted by name, then by position.
    by_name: Vec<(Prefix, u32)>,
}

/// An element, and what users know about it.
#[derive(Debug, Clone)]
pub(crate) struct NamedElement<T> {
    document: Document,
    pub(crate) about: T,
}

impl<T> NamedElement<T> {
    /// The element.
    pub(crate) fn node(&self) -> Node<'_> {
        self.document.root()
    }
}

/// The first bytes of a name, which decide most comparisons.
type Prefix = u64;

fn prefix(name: &str) -> Prefix {
    let mut bytes = [0; 8];
    let length = name.len().min(bytes.len());
    bytes[..length].copy_from_slice(&name.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

impl<T: Default> Named<T> {
    /// Sorts the elements of a list in a text.
    pub(crate) fn new(source: &Text, elements: &[Element]) -> Self {
        let names: Vec<Option<Cow<'_, str>>> =
            elements.iter().map(|element| element.name(source)).collect();
        let mut by_name: Vec<(Prefix, u32)> = (0..)
            .zip(&names)
            .filter_map(|(index, name)| Some((prefix(name.as_deref()?), index)))
            .collect();
        // As one number, which is compared without branches.
        by_name
            .sort_unstable_by_key(|&(prefix, index)| u128::from(prefix) << 32 | u128::from(index));
        for same in by_name.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            same.sort_by(|a, b| names[a.1 as usize].cmp(&names[b.1 as usize]));
        }
        let elements = elements.iter().map(|&element| (element, OnceLock::new())).collect();
        Self { source: source.clone(), elements, by_name }
    }

    /// The text.
    pub(crate) fn source(&self) -> &Text {
        &self.source
    }

    /// Where the elements are, in text order.
    pub(crate) fn places(&self) -> impl ExactSizeIterator<Item = Element> {
        self.elements.iter().map(|(element, _)| *element)
    }

    fn name(&self, index: u32) -> Cow<'_, str> {
        self.elements[index as usize].0.name(&self.source).unwrap_or_default()
    }

    /// The position of the first element whose name another one had before.
    pub(crate) fn first_repeated(&self) -> Option<usize> {
        let is_repeated = |pair: &&[(Prefix, u32)]| {
            pair[0].0 == pair[1].0 && self.name(pair[0].1) == self.name(pair[1].1)
        };
        self.by_name.windows(2).filter(is_repeated).map(|pair| pair[1].1 as usize).min()
    }

    /// The elements with this name, in text order.
    pub(crate) fn of_name(&self, name: &str) -> impl DoubleEndedIterator<Item = &NamedElement<T>> {
        let wanted = prefix(name);
        let start = self.by_name.partition_point(|place| place.0 < wanted);
        let alike = &self.by_name[start..];
        // Names of which the first bytes are the same are rare, and then mostly few.
        let alike = match alike.iter().take(2).filter(|place| place.0 == wanted).count() {
            2 => &alike[..alike.partition_point(|place| place.0 == wanted)],
            count => &alike[..count],
        };
        let start = alike.partition_point(|place| self.name(place.1).as_ref() < name);
        let found = alike[start..].iter();
        let count = found.clone().take_while(|place| self.name(place.1) == name).count();
        found.as_slice()[..count].iter().map(|place| self.element(place.1 as usize))
    }

    /// All elements, in text order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &NamedElement<T>> {
        (0..self.elements.len()).map(|index| self.element(index))
    }

    fn element(&self, index: usize) -> &NamedElement<T> {
        let (element, parsed) = &self.elements[index];
        parsed.get_or_init(|| {
            let document = Document::parse_range(self.source.clone(), element.range());
            let document = document.expect("the list was read before");
            Box::new(NamedElement { document, about: T::default() })
        })
    }
}
