use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::OnceLock;

use super::document::{Document, Node};
use super::outline::Element;
use super::text::Text;
use crate::hash::Seeded;

/// The elements of an array, which are found by the string `name`. Each element is parsed when it is
/// first asked for.
#[derive(Debug, Clone)]
pub(crate) struct Named<T = ()> {
    source: Text,
    elements: Vec<(Element, OnceLock<Box<NamedElement<T>>>)>,
    /// The first element of each name.
    first: Places,
    /// The positions of the further elements of a name that is repeated, by that of the first one.
    again: BTreeMap<u32, Vec<u32>>,
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

/// A hash table of positions, which is at most half full.
#[derive(Debug, Clone)]
struct Places {
    hasher: Seeded,
    /// Other bits of the hash than those that select a slot, and the position plus one; 0 in free slots.
    slots: Vec<(u32, u32)>,
}

impl Places {
    fn for_names(count: usize) -> Self {
        let slots = vec![(0, 0); (2 * count).next_power_of_two().max(2)];
        Self { hasher: Seeded::default(), slots }
    }

    /// The slot with a position that `is_it` accepts, or else the free one for this name, and the bits of the
    /// hash.
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the hash count")]
    fn slot(&self, name: &str, is_it: impl Fn(u32) -> bool) -> (usize, u32) {
        let hash = self.hasher.hash_one(name);
        let (mut slot, bits) = (hash as usize, (hash >> 32) as u32);
        loop {
            slot &= self.slots.len() - 1;
            let (known, next) = self.slots[slot];
            if next == 0 || known == bits && is_it(next - 1) {
                return (slot, bits);
            }
            slot += 1;
        }
    }

    /// The position in the slot for a name.
    fn find(&self, name: &str, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let (slot, _) = self.slot(name, is_it);
        self.slots[slot].1.checked_sub(1)
    }
}

impl<T: Default> Named<T> {
    /// Finds the names of the elements of a list in a text.
    pub(crate) fn new(source: &Text, elements: &[Element]) -> Self {
        let mut first = Places::for_names(elements.len());
        let mut again = BTreeMap::<u32, Vec<u32>>::new();
        let is_named = |place: u32, name: &str| {
            elements[place as usize].name(source).is_some_and(|other| other == name)
        };
        for (place, element) in (0..).zip(elements) {
            let Some(name) = element.name(source) else { continue };
            let (slot, bits) = first.slot(&name, |place| is_named(place, &name));
            match &mut first.slots[slot] {
                free @ (_, 0) => *free = (bits, place + 1),
                (_, known) => again.entry(*known - 1).or_default().push(place),
            }
        }
        let elements = elements.iter().map(|&element| (element, OnceLock::new())).collect();
        Self { source: source.clone(), elements, first, again }
    }

    /// The text.
    pub(crate) fn source(&self) -> &Text {
        &self.source
    }

    /// Where the elements are, in text order.
    pub(crate) fn places(&self) -> impl ExactSizeIterator<Item = Element> {
        self.elements.iter().map(|(element, _)| *element)
    }

    /// The position of the first element whose name another one had before.
    pub(crate) fn first_repeated(&self) -> Option<usize> {
        let second = self.again.values().filter_map(|places| places.first()).min();
        second.map(|place| *place as usize)
    }

    /// The elements with this name, in text order.
    pub(crate) fn of_name(&self, name: &str) -> impl DoubleEndedIterator<Item = &NamedElement<T>> {
        let is_named = |place: u32| {
            let element = self.elements[place as usize].0;
            element.name(&self.source).is_some_and(|other| other == name)
        };
        let first = self.first.find(name, is_named);
        let again = first.and_then(|place| self.again.get(&place)).into_iter().flatten();
        first.into_iter().chain(again.copied()).map(|place| self.element(place as usize))
    }

    /// All elements, in text order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &NamedElement<T>> {
        (0..self.elements.len()).map(|index| self.element(index))
    }

    /// The elements with names of a kind, in text order.
    pub(crate) fn of_names(
        &self,
        is_wanted: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = &NamedElement<T>> {
        let name = |index: usize| self.elements[index].0.name(&self.source);
        let all = 0..self.elements.len();
        let wanted = all.filter(move |index| name(*index).is_some_and(|name| is_wanted(&name)));
        wanted.map(|index| self.element(index))
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

#[cfg(test)]
mod tests {
    use super::{Named, Places};
    use crate::json::{Node, Outline};

    #[test]
    fn elements_are_found_by_name_and_in_text_order() {
        let names = ["b", "a", "blockdev-add", "blockdev-add-2", "\\u0061", "", "b", "c", "b", "a"];
        let mut elements: Vec<String> =
            names.iter().map(|name| format!(r#"{{"name": "{name}"}}"#)).collect();
        elements.insert(3, r#"{"name": 1}"#.to_owned());
        elements.insert(5, "[]".to_owned());
        elements.extend((0..500).map(|number| format!(r#"{{"name": "{}"}}"#, number % 400)));
        let text = format!("[{}]", elements.join(", "));
        let outline = Outline::parse_range(text.as_str().into(), 0..text.len(), None);
        let outline = outline.expect("JSON");
        let list = outline.list().expect("an array");
        let index: Named = Named::new(outline.source(), &list.elements);
        let whole: Vec<Node<'_>> = outline.document().root().elements().collect();
        for name in ["a", "b", "c", "", "blockdev-add", "7", "99", "100", "399", "400", "d", "name"]
        {
            let of_name = |node: &&Node<'_>| node.get_str("name").is_some_and(|one| one == name);
            let expected: Vec<_> = whole.iter().filter(of_name).map(|node| node.range()).collect();
            let found: Vec<_> = index.of_name(name).map(|one| one.node().range()).collect();
            assert_eq!(found, expected, "{name}");
            let back: Vec<_> = index.of_name(name).rev().map(|one| one.node().range()).collect();
            assert!(back.iter().eq(expected.iter().rev()), "{name}");
        }
        let with_b: Vec<_> = index.of_names(|name| name.starts_with('b')).collect();
        assert_eq!(with_b.len(), 5);
        assert!(with_b.iter().all(|one| one.node().text().contains(r#""b"#)));
        assert_eq!(index.first_repeated(), Some(6));
        assert_eq!(Named::<()>::new(outline.source(), &list.elements[..6]).first_repeated(), None);
        assert!(Named::<()>::new(outline.source(), &[]).of_name("a").next().is_none());
    }

    #[test]
    fn other_names_with_the_bits_of_a_name_have_other_places() {
        let mut places = Places::for_names(2);
        let (slot, bits) = places.slot("a", |_| true);
        places.slots[slot] = (bits, 1);
        assert_eq!(places.find("a", |place| place == 0), Some(0));
        assert_eq!(places.find("a", |_| false), None);
    }
}
