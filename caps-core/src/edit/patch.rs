//! Editing JSON text at a pointer by splicing; the rest keeps its formatting.

use std::ops::Range;

use super::pointer::Pointer;
use crate::json::{Document, JsonType, Node, quote};

/// A range of the text with its replacement.
type Patch = (Range<usize>, String);

/// Sets the value at a pointer; returns the text and the number of changes.
pub(super) fn set(
    text: &str,
    document: &Document,
    pointer: &Pointer,
    value: &str,
) -> (String, usize) {
    let (containers, last) = containers(document, pointer);
    let mut patches = Vec::new();
    for container in containers {
        match container.kind() {
            JsonType::Object => patches.push(match container.get(last) {
                Some(old) => (old.range(), value.to_owned()),
                // A reply never has both a result and an error.
                None if pointer.is_whole() => continue,
                None => append(container, &format!("{}:{value}", quote(last))),
            }),
            JsonType::Array if is_end(container, last) => patches.push(append(container, value)),
            JsonType::Array => {
                patches.extend(
                    chosen(container, last).map(|element| (element.range(), value.to_owned())),
                );
            }
            _ => {}
        }
    }
    let count = patches.len();
    (apply(text, patches), count)
}

/// Removes the value at a pointer; returns the text and the number of changes.
pub(super) fn remove(text: &str, document: &Document, pointer: &Pointer) -> (String, usize) {
    let (containers, last) = containers(document, pointer);
    let mut patches = Vec::new();
    let mut count = 0;
    for container in containers {
        let values: Vec<(bool, Node<'_>)> = match container.kind() {
            JsonType::Object => {
                container.members().map(|(key, value)| (key == last, value)).collect()
            }
            JsonType::Array => {
                let segment = Segment::new(last);
                let elements = container.elements().enumerate();
                elements.map(|(at, element)| (segment.selects(at, element), element)).collect()
            }
            _ => continue,
        };
        // Reassemble the rest with its keys as they are written; each value ends the text of its member.
        let inside = container.range().start + 1..container.range().end - 1;
        let (mut kept, mut start) = (Vec::new(), inside.start);
        for &(is_removed, value) in &values {
            let end = value.range().end;
            if !is_removed {
                kept.push(text[start..end].trim_start().trim_start_matches(','));
            }
            start = end;
        }
        count += values.len() - kept.len();
        patches.push((inside, kept.join(",")));
    }
    (apply(text, patches), count)
}

/// The values that the pointer leads to without its last segment, and that segment.
fn containers<'d, 'p>(document: &'d Document, pointer: &'p Pointer) -> (Vec<Node<'d>>, &'p str) {
    let Some((last, path)) = pointer.segments().split_last() else { return (Vec::new(), "") };
    let mut nodes = vec![document.root()];
    for segment in path {
        nodes = nodes
            .into_iter()
            .flat_map(|node| match node.kind() {
                JsonType::Object => node.get(segment).into_iter().collect(),
                _ => chosen(node, segment).collect::<Vec<_>>(),
            })
            .collect();
    }
    (nodes, last)
}

/// The elements of an array that a segment selects.
fn chosen<'d>(array: Node<'d>, segment: &str) -> impl Iterator<Item = Node<'d>> {
    let segment = Segment::new(segment);
    let elements = array.elements().enumerate();
    elements.filter(move |(at, element)| segment.selects(*at, *element)).map(|(_, element)| element)
}

/// A segment of a pointer as it applies to an array.
enum Segment<'p> {
    Every,
    Index(usize),
    Member { key: &'p str, value: &'p str },
    Nothing,
}

impl<'p> Segment<'p> {
    fn new(text: &'p str) -> Self {
        let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (text, inside.and_then(|inside| inside.split_once('='))) {
            ("*", _) => Self::Every,
            (_, Some((key, value))) => Self::Member { key, value },
            _ => text.parse().map_or(Self::Nothing, Self::Index),
        }
    }

    fn selects(&self, at: usize, element: Node<'_>) -> bool {
        match *self {
            Self::Every => true,
            Self::Index(index) => index == at,
            Self::Member { key, value } => element.get(key).is_some_and(|found| {
                found.is_str(value) || found.kind() != JsonType::String && found.compact() == value
            }),
            Self::Nothing => false,
        }
    }
}

/// Returns whether a segment denotes the position after an array's last element.
fn is_end(array: Node<'_>, segment: &str) -> bool {
    segment == "-" || segment.parse() == Ok(array.elements().count())
}

fn append(container: Node<'_>, piece: &str) -> Patch {
    let end = container.range().end - 1;
    let empty = container.members().next().is_none() && container.elements().next().is_none();
    (end..end, if empty { piece.to_owned() } else { format!(",{piece}") })
}

/// The text with the patches, of which none is inside another.
fn apply(text: &str, mut patches: Vec<Patch>) -> String {
    // Replacing in place would move the rest of the text once for each patch.
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    patches.sort_by_key(|(range, _)| range.start);
    for (range, piece) in patches {
        new.push_str(&text[done..range.start]);
        new.push_str(&piece);
        done = range.end;
    }
    new.push_str(&text[done..]);
    new
}
