use std::borrow::Cow;
use std::collections::HashMap;

/// Gives names numbers, in the order in which they are first seen.
pub(super) struct Names<'s> {
    by_id: Vec<Cow<'s, str>>,
    ids: HashMap<Cow<'s, str>, Id>,
    /// The last name with each [`place`], which saves most look-ups.
    recent: Vec<Id>,
}

/// The number of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u32);

impl Id {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Default for Names<'_> {
    fn default() -> Self {
        let ids = HashMap::with_capacity(PLACES);
        Self { by_id: Vec::new(), ids, recent: vec![Id(0); PLACES] }
    }
}

const PLACES: usize = 2048;

/// A place for a name, from its last letters: those of types are short numbers, or in brackets.
fn place(name: &str) -> usize {
    let mut last = [0; 4];
    let length = name.len().min(last.len());
    last[..length].copy_from_slice(&name.as_bytes()[name.len() - length..]);
    (u32::from_le_bytes(last).wrapping_mul(0x9e37_79b1) >> (32 - PLACES.ilog2())) as usize
}

impl<'s> Names<'s> {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The names by their numbers.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.by_id.iter().map(|name| &**name)
    }

    pub(super) fn get(&self, id: Id) -> &str {
        &self.by_id[id.index()]
    }

    /// The number of a name; the next one for a new name. A text has fewer names than bytes, and a
    /// document less than 2^32 of these.
    #[expect(clippy::cast_possible_truncation, reason = "no document is larger than 4 GiB")]
    pub(super) fn id(&mut self, name: Cow<'s, str>) -> Id {
        let recent = &mut self.recent[place(&name)];
        if self.by_id.get(recent.index()).is_some_and(|known| *known == name) {
            return *recent;
        }
        *recent = *self.ids.entry(name).or_insert_with_key(|name| {
            self.by_id.push(name.clone());
            Id(self.by_id.len() as u32 - 1)
        });
        *recent
    }
}
