//! Where the elements of a document are, and how many there may be.

/// The deepest nesting allowed; capability XML has four levels.
pub(super) const MAX_DEPTH: usize = 64;
/// The most attributes of an element; capability XML has at most eleven.
pub(super) const MAX_ATTRIBUTES: usize = 64;

/// Where an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// The byte offset of its tag.
    pub(super) start: u32,
    /// The byte offset of the end of its name.
    pub(super) name_end: u32,
    /// The index of the first element after this one and its descendants.
    pub(super) next: u32,
}

/// Narrows an offset or a count, which is at most the length of the text, and that has been checked.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
