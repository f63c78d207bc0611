use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet, VecDeque};

use super::{DiffError, DiffErrorKind, DifferenceKind, Differences};
use crate::json::Node;
use crate::qapi::explore::plain;
use crate::qapi::{Entry, Member, MetaType, Schema, SchemaError};
use crate::replies::{Conversation, Exchange};

pub(super) fn diff(
    first: &Conversation,
    second: &Conversation,
    differences: &mut Differences,
) -> Result<(), DiffError> {
    let exchanges = [first, second].map(|conversation| conversation.find("query-qmp-schema"));
    let (Some(a), Some(b)) = (exchanges[0], exchanges[1]) else {
        if let Some(exchange) = exchanges[0].or(exchanges[1]) {
            let name = exchange.command().execute();
            differences.one_sided(DifferenceKind::Answer, name, exchanges[1].is_some(), "");
        }
        return Ok(());
    };
    let schemas = [read(a, false)?, read(b, true)?];
    let lines = [a.reply_line(), b.reply_line()];
    let mut walk = Walk { schemas: &schemas, lines, open: VecDeque::new(), differences };
    walk.roots();
    walk.all()
}

fn read(exchange: &Exchange, second: bool) -> Result<Schema, DiffError> {
    let line = exchange.reply_line();
    let failed = |line, kind| DiffError { second, line, kind };
    let reply =
        exchange.reply().map_err(|error| failed(error.line, DiffErrorKind::Replies(error)))?;
    Schema::from_reply(&reply)
        .map_err(|error: SchemaError| failed(line, DiffErrorKind::Schema(error)))
}

struct Walk<'a> {
    schemas: &'a [Schema; 2],
    lines: [usize; 2],
    /// Types still to compare, shortest path first.
    open: VecDeque<(String, [String; 2])>,
    differences: &'a mut Differences,
}

impl<'a> Walk<'a> {
    fn roots(&mut self) {
        let schemas = self.schemas;
        let [a, b] = [&schemas[0], &schemas[1]].map(|schema| -> BTreeMap<_, _> {
            schema.entries().filter(|entry| root(*entry)).map(|e| (e.name(), e)).collect()
        });
        for (name, entry, added) in one_sided(&a, &b) {
            let event = entry.meta_type() == Some(MetaType::Event);
            let kind = if event { DifferenceKind::Event } else { DifferenceKind::Command };
            self.differences.one_sided(kind, name, added, &features(entry.features()));
        }
        for (name, a, b) in in_both(&a, &b) {
            self.features(name, a.features(), b.features());
            if let (Some(a), Some(b)) = (a.type_member("meta-type"), b.type_member("meta-type"))
                && a != b
            {
                self.differences.changed(DifferenceKind::Command, name, "meta-type", &a, &b);
            }
            let oob = |entry: Entry<'_>| entry.node().get("allow-oob").and_then(Node::as_bool);
            let [from, to] = [*a, *b].map(|entry| oob(entry).unwrap_or(false).to_string());
            if from != to {
                self.differences.changed(DifferenceKind::Command, name, "allow-oob", &from, &to);
            }
            for key in ["arg-type", "ret-type"] {
                if let (Some(a), Some(b)) = (a.type_member(key), b.type_member(key)) {
                    self.later(format!("{name}/{key}"), a, b);
                }
            }
        }
    }

    fn all(&mut self) -> Result<(), DiffError> {
        let mut seen = HashSet::new();
        while let Some((path, names)) = self.open.pop_front() {
            // The queue is sorted by path length, so the first visit had the shortest path.
            if !seen.insert(names.clone()) {
                continue;
            }
            let a = self.entry(0, &names[0], &path)?;
            let b = self.entry(1, &names[1], &path)?;
            // Only builtins have names with a meaning; all other names are arbitrary numbers.
            let same = a.meta_type() == b.meta_type()
                && (a.meta_type() != Some(MetaType::Builtin) || a.name() == b.name());
            if !same {
                let [from, to] = [self.describe(0, a), self.describe(1, b)];
                self.differences.changed(DifferenceKind::Type, &path, "", &from, &to);
                continue;
            }
            match a.meta_type() {
                Some(MetaType::Object) => self.objects(&path, a, b),
                Some(MetaType::Enum) => self.enums(&path, a, b),
                Some(MetaType::Array) => {
                    if let (Some(a), Some(b)) =
                        (a.type_member("element-type"), b.type_member("element-type"))
                    {
                        self.next(path, a, b);
                    }
                }
                Some(MetaType::Alternate) => self.alternates(&path, a, b)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn objects(&mut self, path: &str, a: Entry<'a>, b: Entry<'a>) {
        self.features(path, a.features(), b.features());
        let [old, new] = [a, b].map(members);
        for (name, member, added) in one_sided(&old, &new) {
            let side = usize::from(added);
            let mut detail = if member.is_optional() { "optional" } else { "mandatory" }.to_owned();
            if let Some(entry) = member.type_name().and_then(|t| self.schemas[side].entry(&t)) {
                detail.extend([", ", &self.describe(side, entry)]);
            }
            let own = features(member.features());
            if !own.is_empty() {
                detail.extend([", ", &own]);
            }
            let name = format!("{path}/{}", plain(name));
            self.differences.one_sided(DifferenceKind::Member, &name, added, &detail);
        }
        for (name, a, b) in in_both(&old, &new) {
            let path = format!("{path}/{}", plain(name));
            if a.is_optional() != b.is_optional() {
                let [from, to] =
                    [a, b].map(|m| if m.is_optional() { "optional" } else { "mandatory" });
                self.differences.changed(DifferenceKind::Member, &path, "", from, to);
            }
            self.features(&path, a.features(), b.features());
            if let (Some(a), Some(b)) = (a.type_name(), b.type_name()) {
                self.later(path, a, b);
            }
        }
        let [old, new] = [a, b].map(|entry| -> BTreeMap<_, _> {
            entry.variants().map(|v| (v.case, v.type_name)).collect()
        });
        for (case, _, added) in one_sided(&old, &new) {
            self.differences.one_sided(
                DifferenceKind::Variant,
                &format!("{path}/+{case}"),
                added,
                "",
            );
        }
        for (case, a, b) in in_both(&old, &new) {
            self.later(format!("{path}/+{case}"), a.clone(), b.clone());
        }
    }

    fn enums(&mut self, path: &str, a: Entry<'a>, b: Entry<'a>) {
        let [mut old, mut new] = [a, b].map(|entry| -> Vec<String> {
            entry.values().into_iter().map(Cow::into_owned).collect()
        });
        old.sort();
        new.sort();
        self.differences
            .sets(DifferenceKind::EnumValue, &old, &new, |value| format!("{path}/^{value}"));
        let [old, new] = [a, b].map(members);
        for (value, a, b) in in_both(&old, &new) {
            self.features(&format!("{path}/^{value}"), a.features(), b.features());
        }
    }

    /// The branches of an alternate have no names, but distinct JSON types.
    fn alternates(&mut self, path: &str, a: Entry<'a>, b: Entry<'a>) -> Result<(), DiffError> {
        let [old, new] = [self.branches(0, a, path)?, self.branches(1, b, path)?];
        for (json_type, _, added) in one_sided(&old, &new) {
            let detail = format!("accepts a JSON {json_type}");
            self.differences.one_sided(DifferenceKind::Type, path, added, &detail);
        }
        for (_, a, b) in in_both(&old, &new) {
            self.next(path.to_owned(), Cow::Borrowed(a), Cow::Borrowed(b));
        }
        Ok(())
    }

    fn branches(
        &self,
        side: usize,
        entry: Entry<'a>,
        path: &str,
    ) -> Result<BTreeMap<String, String>, DiffError> {
        let mut branches = BTreeMap::new();
        for name in entry.members().filter_map(Member::type_name) {
            let branch = self.entry(side, &name, path)?;
            let json_type = match branch.meta_type() {
                Some(MetaType::Enum) => "string".to_owned(),
                Some(MetaType::Builtin) => branch.json_type().unwrap_or_default().into_owned(),
                _ => branch.type_member("meta-type").unwrap_or_default().into_owned(),
            };
            branches.insert(json_type, name.into_owned());
        }
        Ok(branches)
    }

    fn features<'f>(
        &mut self,
        path: &str,
        a: impl Iterator<Item = Cow<'f, str>>,
        b: impl Iterator<Item = Cow<'f, str>>,
    ) {
        let mut a: Vec<String> = a.map(Cow::into_owned).collect();
        let mut b: Vec<String> = b.map(Cow::into_owned).collect();
        a.sort();
        b.sort();
        self.differences
            .sets(DifferenceKind::Feature, &a, &b, |feature| format!("{path}/${feature}"));
    }

    fn entry(&self, side: usize, name: &str, path: &str) -> Result<Entry<'a>, DiffError> {
        self.schemas[side].entry(name).ok_or_else(|| DiffError {
            second: side == 1,
            line: self.lines[side],
            kind: DiffErrorKind::NoType { name: name.to_owned(), path: path.to_owned() },
        })
    }

    fn later(&mut self, path: String, a: impl Into<String>, b: impl Into<String>) {
        self.open.push_back((path, [a.into(), b.into()]));
    }

    /// Queues a type at the same path, ahead of longer ones.
    fn next(&mut self, path: String, a: Cow<'_, str>, b: Cow<'_, str>) {
        self.open.push_front((path, [a.into_owned(), b.into_owned()]));
    }

    /// Describes a type without mentioning its number.
    fn describe(&self, side: usize, entry: Entry<'a>) -> String {
        let mut words = String::new();
        let mut entry = entry;
        let mut seen = HashSet::new();
        // A malformed schema could contain an array of itself.
        while entry.meta_type() == Some(MetaType::Array) && seen.insert(entry.node().range().start)
        {
            words.push_str("array of ");
            let element = entry.type_member("element-type");
            match element.and_then(|name| self.schemas[side].entry(&name)) {
                Some(element) => entry = element,
                None => return words + "nothing",
            }
        }
        match entry.meta_type() {
            Some(MetaType::Builtin) => words + &entry.name(),
            _ => words + &entry.type_member("meta-type").unwrap_or_default(),
        }
    }
}

fn root(entry: Entry<'_>) -> bool {
    matches!(entry.meta_type(), Some(MetaType::Command | MetaType::Event))
}

fn members(entry: Entry<'_>) -> BTreeMap<Cow<'_, str>, Member<'_>> {
    entry.members().filter_map(|member| Some((member.name()?, member))).collect()
}

fn features<'f>(features: impl Iterator<Item = Cow<'f, str>>) -> String {
    features.collect::<Vec<_>>().join(", ")
}

/// The entries of only one of two maps: key, value, and whether the second map has it.
pub(super) fn one_sided<'m, K: Ord, V>(
    a: &'m BTreeMap<K, V>,
    b: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, &'m V, bool)> {
    let gone = a.iter().filter(|(key, _)| !b.contains_key(key)).map(|(k, v)| (k, v, false));
    let new = b.iter().filter(|(key, _)| !a.contains_key(key)).map(|(k, v)| (k, v, true));
    gone.chain(new)
}

/// The entries of both maps: key and values.
pub(super) fn in_both<'m, K: Ord, V>(
    a: &'m BTreeMap<K, V>,
    b: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, &'m V, &'m V)> {
    a.iter().filter_map(|(key, old)| b.get(key).map(|new| (key, old, new)))
}
