use std::borrow::Cow;
use std::ops::Range;

use super::DumpError;
pub(super) use super::names::Id;
use super::names::Names;
use crate::json::Node;
use crate::qapi::{Entries, Key, MetaType, Record, SchemaError, Stream, check_coverage};
use crate::replies::Exchange;

/// The types of a schema with their parts in line order, prepared once because most types are
/// visited often.
#[derive(Default)]
pub(super) struct Types<'s> {
    /// The length of the reply.
    length: usize,
    names: Names<'s>,
    /// By the number of the name; `None` if the name is only referred to.
    by_id: Vec<Option<Type>>,
    parts: Vec<Part<'s>>,
    features: Vec<Cow<'s, str>>,
    /// The number of entries.
    entries: usize,
    /// The first entry whose name another one had before, and the name.
    repeated: Option<(usize, Id)>,
    /// The members or values of the current entry begin here.
    start: usize,
    /// The variants of the current entry.
    variants: Vec<Part<'s>>,
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
    pub(super) fn read(exchange: &'s Exchange) -> Result<Self, DumpError> {
        let types = Self::of_length(exchange.reply_text().len());
        let mut stream = Stream::new(exchange.source(), types);
        exchange.visit_reply(&mut stream)?;
        let Some((mut types, features)) = stream.finish() else { return Err(unknown(exchange)) };
        types.features = features;
        types.by_id.resize_with(types.names.len(), || None);
        match types.repeated {
            Some((entry, id)) => Err(twice(exchange, entry, types.name(id))),
            None => Ok(types),
        }
    }

    /// With room for the names and parts that QEMU's schemas have in a text of this length.
    fn of_length(length: usize) -> Self {
        let (names, parts) = (length / 300, length / 90);
        Self {
            length,
            names: Names::with_capacity(names),
            by_id: Vec::with_capacity(names),
            parts: Vec::with_capacity(parts),
            ..Self::default()
        }
    }

    /// The commands and events with their names, sorted by these.
    pub(super) fn roots(&self) -> Vec<(&str, &Type)> {
        let is_root = |of: &Type| matches!(of.kind, MetaType::Command | MetaType::Event);
        let mut roots: Vec<_> = self
            .names
            .all()
            .zip(&self.by_id)
            .filter_map(|(name, of)| Some((name, of.as_ref().filter(|of| is_root(of))?)))
            .collect();
        roots.sort_unstable_by_key(|(name, _)| *name);
        roots
    }

    /// The number of names.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn name(&self, id: Id) -> &str {
        self.names.get(id)
    }

    /// The type with a name, if there is one.
    pub(super) fn get(&self, id: Id) -> Option<&Type> {
        self.by_id[id.index()].as_ref()
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

impl<'s> Entries<'s> for Types<'s> {
    fn restart(&mut self) {
        *self = Self::of_length(self.length);
    }

    fn begin(&mut self, parts: Key) {
        if parts == Key::Variants {
            self.variants.clear();
        } else {
            self.parts.truncate(self.start);
        }
    }

    fn part(&mut self, parts: Key, part: &Record<'s>) {
        let is_variant = parts == Key::Variants;
        let part = Part {
            name: part.text(if is_variant { Key::Case } else { Key::Name }).unwrap_or_default(),
            is_optional: part.has(Key::Default),
            features: span(part.features()),
            of: part.text(Key::Type).map(|name| self.names.id(name)),
        };
        if is_variant { self.variants.push(part) } else { self.parts.push(part) }
    }

    fn entry(&mut self, kind: MetaType, entry: &Record<'s>) {
        for key in [Key::ArgType, Key::RetType, Key::ElementType] {
            if let Some(name) = entry.text(key) {
                let of = Some(self.names.id(name));
                let name = Cow::Borrowed(key.name());
                self.parts.push(Part { name, is_optional: false, features: 0..0, of });
            }
        }
        let (start, middle) = (self.start, self.parts.len());
        self.parts.append(&mut self.variants);
        if matches!(kind, MetaType::Object | MetaType::Enum) {
            self.parts[start..middle].sort_by(|a, b| a.name.cmp(&b.name));
            self.parts[middle..].sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.start = self.parts.len();
        let (parts, variants) = (span(start..middle), span(middle..self.start));
        let of = Type { kind, features: span(entry.features()), parts, variants };
        let id = self.names.id(entry.text(Key::Name).unwrap_or_default());
        self.by_id.resize_with(self.names.len(), || None);
        if self.by_id[id.index()].replace(of).is_some() {
            self.repeated.get_or_insert((self.entries, id));
        }
        self.entries += 1;
    }
}

/// The error for a reply that is not a schema, or has something unknown.
#[cold]
fn unknown(exchange: &Exchange) -> DumpError {
    let line = exchange.reply_line();
    let checked = exchange.whole_reply().map_err(DumpError::from).and_then(|reply| {
        let failed = |source| DumpError::Schema { line, source };
        let schema = reply.result().map_err(|error| failed(error.into()))?;
        Ok(check_coverage(schema)?)
    });
    checked.err().unwrap_or_else(|| DumpError::Shape {
        line,
        expected: "a schema",
        command: exchange.command().execute().to_owned(),
    })
}

/// The error for an entry with the name of an earlier one.
#[cold]
fn twice(exchange: &Exchange, entry: usize, name: &str) -> DumpError {
    let reply = exchange.whole_reply();
    let schema = reply.as_ref().ok().and_then(|reply| reply.result().ok());
    let entry = schema.and_then(|schema| schema.elements().nth(entry));
    let (reply_line, name) = (exchange.reply_line(), name.to_owned());
    let line = entry.map_or(reply_line, Node::line);
    DumpError::Schema { line: reply_line, source: SchemaError::Twice { line, name } }
}

#[expect(clippy::cast_possible_truncation, reason = "no document is larger than 4 GiB")]
fn span(range: Range<usize>) -> Span {
    range.start as u32..range.end as u32
}

fn slice<'l, T>(list: &'l [T], span: &Span) -> &'l [T] {
    &list[span.start as usize..span.end as usize]
}

#[cfg(test)]
mod tests {
    use super::Types;

    /// Much less than the text itself takes, however long it is.
    #[test]
    fn there_is_room_for_a_schema_of_this_length() {
        let types = Types::of_length(90_000);
        assert!((1_000..2_000).contains(&types.parts.capacity()), "{}", types.parts.capacity());
        assert!((300..600).contains(&types.by_id.capacity()), "{}", types.by_id.capacity());
    }
}
