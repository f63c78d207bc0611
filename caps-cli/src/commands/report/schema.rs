//! The QAPI schemas of all captures, merged.
//!
//! The numbers of types differ between QEMUs, so types are found from the commands and events:
//! types at the same place in several captures are one type. A type used in several places remains
//! one type, named by the first, shortest path to it. If captures disagree on whether two places
//! have the same type, a capture's type corresponds to several merged types.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use caps_core::qapi::explore::plain;
use caps_core::qapi::{Entry, Member, MetaType, Schema};
use serde::Serialize;
use serde_json::Value;

use super::kind::Kind;
use super::table::{Id, PRESENT, Record, Row, Store, Table};

/// A type, command or event in the document.
#[derive(Serialize)]
pub(crate) struct Type {
    path: String,
    meta: &'static str,
    /// The captures that have it.
    values: Id,
    rows: Vec<Row>,
}

pub(super) struct Schemas {
    captures: usize,
    schemas: Vec<(usize, Schema)>,
}

/// The most merged types for one type of a capture; no schema needs half of it.
const MOST_PLACES: usize = 8;

/// A merged type under construction.
struct Node {
    path: String,
    meta: MetaType,
    /// Its name in each capture.
    names: BTreeMap<usize, String>,
    /// The captures whose parts are not merged yet.
    open: Vec<usize>,
    /// Its parts, named as in queries.
    parts: BTreeMap<String, BTreeMap<usize, Part>>,
}

/// A member, variant, value or feature in one capture.
#[derive(Default)]
struct Part {
    record: Record,
    target: Option<Target>,
}

/// A type after unpacking arrays.
enum Target {
    Builtin { name: String, depth: usize },
    Node { index: usize, depth: usize },
    Unknown(String),
}

struct Merge<'s> {
    schemas: &'s [(usize, Schema)],
    nodes: Vec<Node>,
    /// By capture (its position in `schemas`) and the name of the type in it.
    known: HashMap<(usize, String), Vec<usize>>,
    open: VecDeque<usize>,
}

impl Schemas {
    pub(super) fn new(captures: usize) -> Self {
        Self { captures, schemas: Vec::new() }
    }

    pub(super) fn add(&mut self, capture: usize, schema: Schema) {
        self.schemas.push((capture, schema));
    }

    /// Returns the tables of commands and of events, whose rows refer to types, and all types.
    pub(super) fn finish(self, store: &mut Store) -> ([Kind; 2], Vec<Type>) {
        let merge = Merge::of(&self.schemas);
        let mut roots = [MetaType::Command, MetaType::Event].map(|meta| {
            let mut table = Table::new(self.captures);
            self.schemas.iter().for_each(|(capture, _)| table.asked(*capture));
            (meta, table, HashMap::new())
        });
        let mut types = Vec::with_capacity(merge.nodes.len());
        for (index, node) in merge.nodes.into_iter().enumerate() {
            let root = roots.iter_mut().find(|(meta, ..)| *meta == node.meta);
            if let Some((_, table, groups)) = root {
                for (place, name) in &node.names {
                    let (capture, schema) = &self.schemas[*place];
                    let record = schema.entry(name).map(|entry| root_record(entry).id(store));
                    table.set(&node.path, *capture, record.unwrap_or(PRESENT));
                }
                groups.insert(node.path.clone(), Id::try_from(index).unwrap_or(Id::MAX));
            }
            types.push(self.finish_node(node, store));
        }
        let kinds = roots.map(|(meta, table, groups)| {
            let rows = table.finish_with(store, |_, name| groups.get(name).copied());
            Kind::new(meta.name(), rows)
        });
        (kinds, types)
    }

    fn finish_node(&self, node: Node, store: &mut Store) -> Type {
        let mut table = Table::new(self.captures);
        for place in node.names.keys() {
            table.asked(self.schemas[*place].0);
        }
        for (name, parts) in node.parts {
            for (place, part) in parts {
                let record = match part.target {
                    None => part.record,
                    Some(Target::Builtin { name, depth }) => {
                        part.record.with("type", name).with("array", nonzero(depth))
                    }
                    Some(Target::Node { index, depth }) => {
                        part.record.with("type", index).with("array", nonzero(depth))
                    }
                    Some(Target::Unknown(name)) => part.record.with("unknown_type", name),
                };
                table.set(&name, self.schemas[place].0, record.id(store));
            }
        }
        let captures = node.names.keys().map(|place| self.schemas[*place].0);
        Type {
            path: node.path,
            meta: node.meta.name(),
            values: store.presence(captures),
            rows: table.finish(store),
        }
    }
}

fn nonzero(depth: usize) -> Option<usize> {
    (depth > 0).then_some(depth)
}

/// The record of a command or event.
fn root_record(entry: Entry<'_>) -> Record {
    let oob = entry.node().get("allow-oob").and_then(caps_core::json::Node::as_bool);
    features(entry.features()).with("oob", oob.unwrap_or(false))
}

fn features<'f>(features: impl Iterator<Item = std::borrow::Cow<'f, str>>) -> Record {
    let features: Vec<Value> = features.map(|name| name.into_owned().into()).collect();
    Record::default().with("features", features)
}

impl<'s> Merge<'s> {
    fn of(schemas: &'s [(usize, Schema)]) -> Self {
        let mut merge =
            Self { schemas, nodes: Vec::new(), known: HashMap::new(), open: VecDeque::new() };
        let mut roots: BTreeMap<(String, MetaType), Vec<usize>> = BTreeMap::new();
        for (place, (_, schema)) in schemas.iter().enumerate() {
            for entry in schema.entries() {
                if let Some(meta @ (MetaType::Command | MetaType::Event)) = entry.meta_type() {
                    roots.entry((entry.name().into_owned(), meta)).or_default().push(place);
                }
            }
        }
        for ((name, meta), places) in roots {
            let node = merge.new_node(name.clone(), meta);
            for place in places {
                merge.assign(node, place, name.clone());
            }
            merge.open.push_back(node);
        }
        while let Some(node) = merge.open.pop_front() {
            merge.expand(node);
        }
        merge
    }

    fn new_node(&mut self, path: String, meta: MetaType) -> usize {
        let (names, parts) = (BTreeMap::new(), BTreeMap::new());
        self.nodes.push(Node { path, meta, names, open: Vec::new(), parts });
        self.nodes.len() - 1
    }

    /// Makes a capture's type correspond to this one.
    fn assign(&mut self, node: usize, place: usize, name: String) {
        // Types without parts, such as that of empty arguments, are everywhere and lead nowhere.
        let entry = self.schemas[place].1.entry(&name);
        if entry.is_some_and(|entry| entry.members().next().is_some() || !entry.values().is_empty())
        {
            self.known.entry((place, name.clone())).or_default().push(node);
        }
        self.nodes[node].names.insert(place, name);
        self.nodes[node].open.push(place);
    }

    /// The query that leads to a part, looking through alternates.
    fn path_of(&self, node: usize, part: &str) -> String {
        let Node { path, meta, .. } = &self.nodes[node];
        if *meta == MetaType::Alternate { path.clone() } else { format!("{path}/{part}") }
    }

    /// Merges the parts of a type.
    fn expand(&mut self, node: usize) {
        let places = std::mem::take(&mut self.nodes[node].open);
        for place in places {
            let Some(name) = self.nodes[node].names.get(&place) else { continue };
            let schemas: &'s [(usize, Schema)] = self.schemas;
            let schema = &schemas[place].1;
            let Some(entry) = schema.entry(name) else { continue };
            for (name, record, type_name) in parts(schema, entry) {
                let target = type_name.map(|target| self.target(node, &name, place, &target));
                let parts = self.nodes[node].parts.entry(name).or_default();
                parts.insert(place, Part { record, target });
            }
        }
    }

    /// The type of a part.
    fn target(&mut self, node: usize, part: &str, place: usize, name: &str) -> Target {
        let schema = &self.schemas[place].1;
        let mut seen = HashSet::new();
        let mut name = name.to_owned();
        while let Some(entry) = schema.entry(&name) {
            let depth = seen.len();
            match entry.meta_type() {
                Some(MetaType::Array) => match entry.type_member("element-type") {
                    Some(element) if seen.insert(name.clone()) => name = element.into_owned(),
                    _ => return Target::Unknown(name),
                },
                Some(MetaType::Builtin) => return Target::Builtin { name, depth },
                Some(meta) => {
                    let index = self.node_of(node, part, place, name, meta);
                    return Target::Node { index, depth };
                }
                None => return Target::Unknown(name),
            }
        }
        Target::Unknown(name)
    }

    /// The merged type for a capture's type at this place: one that corresponds to it already, or
    /// that another capture has here, preferably both; otherwise a new one.
    fn node_of(
        &mut self,
        node: usize,
        part: &str,
        place: usize,
        name: String,
        meta: MetaType,
    ) -> usize {
        let own = self.known.get(&(place, name.clone())).cloned().unwrap_or_default();
        let here: Vec<usize> =
            self.at(node, part, meta).into_iter().map(|(_, index)| index).collect();
        let common = own.iter().find(|index| here.contains(index)).copied();
        let enough = own.len() >= MOST_PLACES;
        if let Some(index) =
            common.or_else(|| own.first().copied().filter(|_| here.is_empty() || enough))
        {
            return index;
        }
        let is_free = |index: &usize| !self.nodes[*index].names.contains_key(&place);
        if let Some(index) = here.iter().copied().find(is_free) {
            self.join(node, index, place, name);
            return index;
        }
        let index = self.new_node(self.path_of(node, part), meta);
        self.join(node, index, place, name);
        // The type that other captures have here is also used elsewhere, where this capture has
        // another one.
        for (other, from) in self.at(node, part, meta) {
            let Some(name) = self.nodes[from].names.get(&other).cloned() else { continue };
            let places = self.known.get(&(other, name.clone())).map_or(0, Vec::len);
            if places < MOST_PLACES {
                self.join(node, index, other, name);
                let parts = self.nodes[node].parts.get_mut(part);
                if let Some(Part { target: Some(Target::Node { index: to, .. }), .. }) =
                    parts.and_then(|parts| parts.get_mut(&other))
                {
                    *to = index;
                }
            }
        }
        index
    }

    /// The captures that have a type of this kind at a place, with the merged types.
    fn at(&self, node: usize, part: &str, meta: MetaType) -> Vec<(usize, usize)> {
        let parts = self.nodes[node].parts.get(part).into_iter().flatten();
        let found = parts.filter_map(|(place, part)| match part.target {
            Some(Target::Node { index, .. }) if self.nodes[index].meta == meta => {
                Some((*place, index))
            }
            _ => None,
        });
        found.collect()
    }

    /// Records that a capture has the type; its parts are merged later.
    fn join(&mut self, owner: usize, index: usize, place: usize, name: String) {
        self.assign(index, place, name);
        if self.nodes[owner].meta == MetaType::Alternate {
            // The path is the same, so it comes before longer ones.
            self.open.push_front(index);
        } else {
            self.open.push_back(index);
        }
    }
}

/// The parts of an entry: each with its name in queries, its record, and its type.
fn parts(schema: &Schema, entry: Entry<'_>) -> Vec<(String, Record, Option<String>)> {
    let mut parts: Vec<(String, Record, Option<String>)> = Vec::new();
    let owned = |name: std::borrow::Cow<'_, str>| name.into_owned();
    match entry.meta_type() {
        Some(MetaType::Command | MetaType::Event) => {
            for key in ["arg-type", "ret-type"] {
                if let Some(name) = entry.type_member(key) {
                    parts.push((key.to_owned(), Record::default(), Some(owned(name))));
                }
            }
        }
        Some(MetaType::Object) => {
            let tag = entry.tag();
            for member in entry.members() {
                let Some(name) = member.name() else { continue };
                let record = features(member.features())
                    .with("optional", member.is_optional())
                    .with("tag", tag.as_ref() == Some(&name));
                parts.push((plain(&name), record, member.type_name().map(owned)));
            }
            for variant in entry.variants() {
                let type_name = Some(owned(variant.type_name));
                parts.push((format!("+{}", variant.case), Record::default(), type_name));
            }
        }
        Some(MetaType::Enum) => {
            let members = entry.members().filter_map(|member| Some((member.name()?, member)));
            let members: HashMap<_, _> = members.collect();
            for value in entry.values() {
                let member = members.get(&value);
                let record = member.map(|m| features(m.features())).unwrap_or_default();
                parts.push((format!("^{value}"), record, None));
            }
        }
        Some(MetaType::Alternate) => {
            for name in entry.members().filter_map(Member::type_name) {
                let json_type = json_type(schema, &name);
                parts.push((format!("!{json_type}"), Record::default(), Some(owned(name))));
            }
        }
        _ => {}
    }
    // In the order of `diff`: members before variants, each by name.
    parts.sort_by(|(a, ..), (b, ..)| (a.starts_with('+'), a).cmp(&(b.starts_with('+'), b)));
    parts.extend(entry.features().map(|name| (format!("${name}"), Record::default(), None)));
    parts
}

/// The JSON type of an alternate's branch, which distinguishes it from the others.
fn json_type(schema: &Schema, name: &str) -> String {
    let entry = schema.entry(name);
    let found = entry.and_then(|entry| match entry.meta_type()? {
        MetaType::Enum => Some("string".to_owned()),
        MetaType::Builtin => entry.json_type().map(std::borrow::Cow::into_owned),
        other => Some(other.name().to_owned()),
    });
    found.unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests;
