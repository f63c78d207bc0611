//! Reading documents that consist of elements, attributes and text alone, as nearly all do: without
//! references, comments, declarations and characters that XML may not allow.
//!
//! The whole reader reads all others, and finds the errors.

use super::attributes::Attributes;
use super::node::{MAX_ATTRIBUTES, MAX_DEPTH, Node, narrow};
use super::scan::{BLANK, NAME, NAME_START, TEXT, VALUE, is, is_byte, skip};

/// About how many bytes of text there are for each element.
const BYTES_PER_ELEMENT: usize = 32;

/// The elements of a document; `None` if it is not plain, and perhaps not well-formed.
pub(super) fn read(xml: &str) -> Option<Vec<Node>> {
    u32::try_from(xml.len()).ok()?;
    let bytes = xml.as_bytes();
    let mut nodes: Vec<Node> = Vec::with_capacity(bytes.len() / BYTES_PER_ELEMENT + 1);
    let mut open: Vec<usize> = Vec::new();
    let mut at = skip(bytes, 0, BLANK);
    while at < bytes.len() {
        if !is_byte(bytes, at, b'<') {
            return None;
        }
        if is_byte(bytes, at + 1, b'/') {
            let index = open.pop()?;
            at = end_tag(bytes, at, nodes[index])?;
            nodes[index].next = narrow(nodes.len());
        } else {
            let name_end = name_end(bytes, at)?;
            let (end, is_empty) = attributes(xml, name_end)?;
            // A second root, or too deep.
            if open.is_empty() != nodes.is_empty() || open.len() == MAX_DEPTH {
                return None;
            }
            if !is_empty {
                open.push(nodes.len());
            }
            let next = narrow(nodes.len() + 1);
            nodes.push(Node { start: narrow(at), name_end: narrow(name_end), next });
            at = end;
        }
        at = skip(bytes, at, if open.is_empty() { BLANK } else { TEXT });
    }
    (open.is_empty() && !nodes.is_empty()).then_some(nodes)
}

/// The end of the end tag at an offset, if it closes the element.
fn end_tag(bytes: &[u8], at: usize, opened: Node) -> Option<usize> {
    let name = &bytes[opened.start as usize + 1..opened.name_end as usize];
    if !bytes[at + 2..].starts_with(name) {
        return None;
    }
    // A longer name does not end here.
    let end = skip(bytes, at + 2 + name.len(), BLANK);
    is_byte(bytes, end, b'>').then_some(end + 1)
}

/// The end of the name in the start tag at an offset.
fn name_end(bytes: &[u8], start: usize) -> Option<usize> {
    is(bytes, start + 1, NAME_START).then(|| skip(bytes, start + 2, NAME))
}

/// The end of the start tag whose name ends at an offset, and whether it closes itself.
fn attributes(xml: &str, name_end: usize) -> Option<(usize, bool)> {
    let bytes = xml.as_bytes();
    let mut at = name_end;
    // The lengths and first letters of the names so far, as bits.
    let mut known = 0_u64;
    for count in 0.. {
        let name = skip(bytes, at, BLANK);
        if is_byte(bytes, name, b'>') {
            return Some((name + 1, false));
        }
        if is_byte(bytes, name, b'/') {
            return is_byte(bytes, name + 1, b'>').then_some((name + 2, true));
        }
        if name == at || count == MAX_ATTRIBUTES || !is(bytes, name, NAME_START) {
            return None;
        }
        let end = skip(bytes, name, NAME);
        let bit = 1 << ((bytes[name] as usize + (end - name) * 8) % 64);
        if known & bit != 0 {
            let mut before = Attributes::new(&xml[..at], name_end);
            if before.any(|attribute| attribute.name() == &xml[name..end]) {
                return None;
            }
        }
        known |= bit;
        let quote = end + 1;
        if !is_byte(bytes, end, b'=')
            || !is_byte(bytes, quote, b'\'') && !is_byte(bytes, quote, b'"')
        {
            return None;
        }
        at = skip(bytes, quote + 1, VALUE);
        if !is_byte(bytes, at, bytes[quote]) {
            return None;
        }
        at += 1;
    }
    None
}
