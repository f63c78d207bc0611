use std::borrow::Cow;
use std::ops::Range;

use super::DumpError;
pub(super) use super::names::Id;
use super::names::Names;
use crate::json::Node;
use crate::qapi::{Key, Known, MetaType, SchemaError, check_entry, entries};
use crate::qmp::Reply;

/// The types of a schema with their parts in line order, prepared once because most types are
/// visited often.
pub(super) struct Types<'s> {
    names: Names<'s>,
    /// By the number of the name; `None` if the name is only referred to.
    types: Vec<Option<Type>>,
    parts: Vec<Part<'s>>,
    features: Vec<Cow<'s, str>>,
}

/// A schema entry; its parts and features are ranges of those of [`Types`].
pub(super) struct Type {
    pub(super) kind: MetaType,
    pub(super) features: Span,
    parts: Span,
    variants: Span,
}

/// What leads from an entry to another one: a member, a variant, or a key such as `arg-type`.
pub(super) struct Part<'s> {
    /// Empty for parts that are not in the lines.
    pub(super) name: Cow<'s, str>,
    pub(super) is_optional: bool,
    pub(super) features: Span,
    /// The values of an enum have no type.
    pub(super) of: Option<Id>,
}

/// A range of a list, of which there are fewer elements than bytes in a document.
pub(super) type Span = Range<u32>;

impl<'s> Types<'s> {
    /// Reads a schema. Like libvirt's tool, fails rather than silently omit what is unknown.
    pub(super) fn new(reply: &'s Reply, line: usize) -> Result<Self, DumpError> {
        let failed = |source| DumpError::Schema { line, source };
        let answer = reply.result().map_err(|error| failed(error.into()))?;
        let (names, types, parts, features) = (Names::new(), Vec::new(), Vec::new(), Vec::new());
        let mut all = Self { names, types, parts, features };
        let mut repeated = None;
        for entry in entries(answer)? {
            let (id, of) = all.read(entry)?;
            all.types.resize_with(all.names.len(), || None);
            if all.types[id.index()].replace(of).is_some() {
                repeated.get_or_insert((entry, id));
            }
        }
        all.types.resize_with(all.names.len(), || None);
        match repeated {
            Some((entry, id)) => {
                let (line, name) = (entry.line(), all.name(id).to_owned());
                Err(failed(SchemaError::Twice { line, name }))
            }
            None => Ok(all),
        }
    }

    fn read(&mut self, entry: Node<'s>) -> Result<(Id, Type), DumpError> {
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
                let of = Some(self.names.id(name));
                let name = Cow::Borrowed(key.name());
                self.parts.push(Part { name, is_optional: false, features: 0..0, of });
            }
        }
        let middle = self.parts.len();
        self.parts.append(&mut variants);
        if matches!(kind, MetaType::Object | MetaType::Enum) {
            self.parts[start..middle].sort_by(|a, b| a.name.cmp(&b.name));
            self.parts[middle..].sort_by(|a, b| a.name.cmp(&b.name));
        }
        let (parts, variants) = (span(start, middle), span(middle, self.parts.len()));
        let features = self.push_features(&known);
        let id = self.names.id(text(&known, Key::Name).unwrap_or_default());
        Ok((id, Type { kind, features, parts, variants }))
    }

    fn part(&mut self, known: &Known<'s>, name: Key) -> Part<'s> {
        Part {
            name: text(known, name).unwrap_or_default(),
            is_optional: known.get(Key::Default).is_some(),
            features: self.push_features(known),
            of: text(known, Key::Type).map(|name| self.names.id(name)),
        }
    }

    fn push_features(&mut self, known: &Known<'s>) -> Span {
        let start = self.features.len();
        if let Some(features) = known.get(Key::Features) {
            self.features.extend(features.elements().filter_map(Node::as_str));
        }
        span(start, self.features.len())
    }

    /// The commands and events with their names, sorted by these.
    pub(super) fn roots(&self) -> Vec<(&str, &Type)> {
        let is_root = |of: &Type| matches!(of.kind, MetaType::Command | MetaType::Event);
        let mut roots: Vec<_> = self
            .names
            .all()
            .zip(&self.types)
            .filter_map(|(name, of)| Some((name, of.as_ref().filter(|of| is_root(of))?)))
            .collect();
        roots.sort_unstable_by_key(|(name, _)| *name);
        roots
    }

    /// The number of names.
    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    pub(super) fn name(&self, id: Id) -> &str {
        self.names.get(id)
    }

    /// The type with a name, if there is one.
    pub(super) fn get(&self, id: Id) -> Option<&Type> {
        self.types[id.index()].as_ref()
    }

    /// The members of an object, values of an enum, or types that another entry leads to.
    pub(super) fn parts(&self, of: &Type) -> &[Part<'s>] {
        slice(&self.parts, &of.parts)
    }

    pub(super) fn variants(&self, of: &Type) -> &[Part<'s>] {
        slice(&self.parts, &of.variants)
    }

    pub(super) fn features(&self, span: &Span) -> &[Cow<'s, str>] {
        slice(&self.features, span)
    }
}

fn text<'s>(known: &Known<'s>, key: Key) -> Option<Cow<'s, str>> {
    known.get(key).and_then(Node::as_str)
}

#[expect(clippy::cast_possible_truncation, reason = "no document is larger than 4 GiB")]
fn span(start: usize, end: usize) -> Span {
    start as u32..end as u32
}

fn slice<'l, T>(list: &'l [T], span: &Span) -> &'l [T] {
    &list[span.start as usize..span.end as usize]
}
