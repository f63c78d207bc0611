use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::DumpError;
use crate::json::Node;
use crate::qapi::{Key, Known, MetaType, SchemaError, check_entry, entries};
use crate::qmp::Reply;

/// The types of a schema with their parts in line order, prepared once because most types are
/// visited often.
pub(super) struct Types<'s> {
    names: Vec<Cow<'s, str>>,
    entries: Vec<Type>,
    parts: Vec<Part<'s>>,
    features: Vec<Cow<'s, str>>,
}

/// A schema entry; its parts and features are ranges of those of [`Types`].
pub(super) struct Type {
    pub(super) kind: MetaType,
    features: Range<usize>,
    parts: Range<usize>,
    variants: Range<usize>,
}

/// What leads from an entry to another one: a member, a variant, or a key such as `arg-type`.
pub(super) struct Part<'s> {
    /// Empty for parts that are not in the lines.
    pub(super) name: Cow<'s, str>,
    pub(super) is_optional: bool,
    features: Range<usize>,
    /// The values of an enum have no type.
    pub(super) of: Option<Reference<'s>>,
}

/// The position of a type, or the name of a missing one.
pub(super) type Reference<'s> = Result<usize, Cow<'s, str>>;

impl<'s> Types<'s> {
    /// Reads a schema. Like libvirt's tool, fails rather than silently omit what is unknown.
    pub(super) fn new(reply: &'s Reply, line: usize) -> Result<Self, DumpError> {
        let failed = |source| DumpError::Schema { line, source };
        let answer = reply.result().map_err(|error| failed(error.into()))?;
        let (names, types, parts, features) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut all = Self { names, entries: types, parts, features };
        entries(answer)?.try_for_each(|entry| all.push(entry))?;
        let mut positions = HashMap::with_capacity(all.names.len());
        for (position, name) in all.names.iter().enumerate() {
            if positions.insert(&**name, position).is_some() {
                let line = answer.elements().nth(position).map_or(line, Node::line);
                return Err(failed(SchemaError::Twice { line, name: name.to_string() }));
            }
        }
        for part in &mut all.parts {
            if let Some(Err(name)) = &part.of
                && let Some(&position) = positions.get(&**name)
            {
                part.of = Some(Ok(position));
            }
        }
        Ok(all)
    }

    fn push(&mut self, entry: Node<'s>) -> Result<(), DumpError> {
        let start = self.parts.len();
        let mut variants = Vec::new();
        let (kind, known) = check_entry(entry, |key, part| {
            if key == Key::Variants {
                variants.push(self.part(part, Key::Case));
            } else {
                let part = self.part(part, Key::Name);
                self.parts.push(part);
            }
        })?;
        for key in [Key::ArgType, Key::RetType, Key::ElementType] {
            if let Some(name) = text(&known, key) {
                let (name, of) = (Cow::Borrowed(key.name()), Some(Err(name)));
                self.parts.push(Part { name, is_optional: false, features: 0..0, of });
            }
        }
        let parts = start..self.parts.len();
        self.parts.append(&mut variants);
        let variants = parts.end..self.parts.len();
        if matches!(kind, MetaType::Object | MetaType::Enum) {
            self.parts[parts.clone()].sort_by(|a, b| a.name.cmp(&b.name));
            self.parts[variants.clone()].sort_by(|a, b| a.name.cmp(&b.name));
        }
        let features = self.push_features(&known);
        self.names.push(text(&known, Key::Name).unwrap_or_default());
        self.entries.push(Type { kind, features, parts, variants });
        Ok(())
    }

    fn part(&mut self, known: &Known<'s>, name: Key) -> Part<'s> {
        Part {
            name: text(known, name).unwrap_or_default(),
            is_optional: known.get(Key::Default).is_some(),
            features: self.push_features(known),
            of: text(known, Key::Type).map(Err),
        }
    }

    fn push_features(&mut self, known: &Known<'s>) -> Range<usize> {
        let start = self.features.len();
        self.features.extend(known.elements(Key::Features).filter_map(Node::as_str));
        start..self.features.len()
    }

    /// The positions of the commands and events, sorted by name.
    pub(super) fn roots(&self) -> Vec<usize> {
        let is_root = |&position: &usize| {
            matches!(self.entries[position].kind, MetaType::Command | MetaType::Event)
        };
        let mut roots: Vec<usize> = (0..self.entries.len()).filter(is_root).collect();
        roots.sort_unstable_by_key(|&position| &self.names[position]);
        roots
    }

    pub(super) fn get(&self, position: usize) -> (&str, &Type) {
        (&self.names[position], &self.entries[position])
    }

    /// The members of an object, values of an enum, or types that another entry leads to.
    pub(super) fn parts(&self, of: &Type) -> &[Part<'s>] {
        &self.parts[of.parts.clone()]
    }

    pub(super) fn variants(&self, of: &Type) -> &[Part<'s>] {
        &self.parts[of.variants.clone()]
    }

    pub(super) fn features(&self, of: &Type) -> &[Cow<'s, str>] {
        &self.features[of.features.clone()]
    }

    pub(super) fn features_of_part(&self, of: &Part<'_>) -> &[Cow<'s, str>] {
        &self.features[of.features.clone()]
    }
}

fn text<'s>(known: &Known<'s>, key: Key) -> Option<Cow<'s, str>> {
    known.get(key).and_then(Node::as_str)
}
