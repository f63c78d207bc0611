use std::borrow::Cow;

use crate::hash::{NameMap, Seeded};

/// Gives names numbers, in the order in which they are first seen.
#[derive(Default)]
pub(super) struct Names<'s> {
    by_id: Vec<Cow<'s, str>>,
    ids: NameMap<Cow<'s, str>, Id>,
}

/// The number of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u32);

impl Id {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl<'s> Names<'s> {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let ids = NameMap::with_capacity_and_hasher(capacity, Seeded::default());
        Self { by_id: Vec::with_capacity(capacity), ids }
    }

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
        if let Some(&id) = self.ids.get(&*name) {
            return id;
        }
        let id = Id(self.by_id.len() as u32);
        self.by_id.push(name.clone());
        self.ids.insert(name, id);
        id
    }
}
