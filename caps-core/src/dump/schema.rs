use std::borrow::Cow;
use std::collections::HashMap;

use super::DumpError;
use crate::qapi::{Entry, Member, MetaType, Schema, check_coverage, check_entry};
use crate::replies::Conversation;

/// The limit for types within types, which bounds the stack. QEMU's schemas need about twenty.
const MAX_DEPTH: usize = 400;
/// The limit for paths from commands and events to types. QEMU's schemas have less than a hundred
/// thousand; twelve mutually recursive types have more than anyone could print.
const MAX_PATHS: usize = 500_000;

pub(super) fn dump(
    conversation: &Conversation,
    emit: &mut dyn FnMut(&str),
) -> Result<bool, DumpError> {
    let mut any = false;
    for exchange in conversation.exchanges() {
        if exchange.command().execute() != "query-qmp-schema" {
            continue;
        }
        any = true;
        let line = exchange.reply_line();
        let reply = exchange.reply()?;
        let schema = match Schema::from_reply(&reply) {
            Ok(schema) => schema,
            Err(source) => {
                if let Ok(answer) = reply.result() {
                    check_coverage(answer)?;
                }
                return Err(DumpError::Schema { line, source });
            }
        };
        // Like libvirt's tool, fail rather than silently omit what is unknown.
        schema.entries().try_for_each(|entry| check_entry(entry.node()))?;
        Walk {
            types: &types(&schema),
            line,
            path: String::new(),
            ancestors: Vec::new(),
            paths: 0,
            emit,
        }
        .all()?;
    }
    Ok(any)
}

/// A schema entry with its parts in line order, prepared once because most types are visited often.
struct Prepared<'s> {
    name: Cow<'s, str>,
    meta_type: Option<MetaType>,
    features: Vec<Cow<'s, str>>,
    /// The types that an entry leads to, with the keys that lead there: `arg-type` and `ret-type`
    /// of a command or event, the element of an array, the branches of an alternate.
    next: Vec<(&'static str, Reference<'s>)>,
    /// The members of an object or enum; those of an enum have no types.
    members: Vec<PreparedMember<'s>>,
    variants: Vec<(Cow<'s, str>, Reference<'s>)>,
}

struct PreparedMember<'s> {
    name: Cow<'s, str>,
    optional: bool,
    features: Vec<Cow<'s, str>>,
    of: Option<Reference<'s>>,
}

/// The position of a type, or the name of a missing one.
type Reference<'s> = Result<usize, Cow<'s, str>>;

fn types<'s>(schema: &'s Schema) -> Vec<Prepared<'s>> {
    let positions: HashMap<Cow<'_, str>, usize> =
        schema.entries().enumerate().map(|(position, entry)| (entry.name(), position)).collect();
    let find = |name: Cow<'s, str>| positions.get(&name).copied().ok_or(name);
    schema.entries().map(|entry| Prepared::new(entry, find)).collect()
}

impl<'s> Prepared<'s> {
    fn new(entry: Entry<'s>, find: impl Fn(Cow<'s, str>) -> Reference<'s>) -> Self {
        let meta_type = entry.meta_type();
        let keys: &[&'static str] = match meta_type {
            Some(MetaType::Command | MetaType::Event) => &["arg-type", "ret-type"],
            Some(MetaType::Array) => &["element-type"],
            _ => &[],
        };
        let mut next: Vec<_> =
            keys.iter().filter_map(|key| Some((*key, find(entry.type_member(key)?)))).collect();
        if meta_type == Some(MetaType::Alternate) {
            next.extend(entry.members().filter_map(|m| Some(("", find(m.type_name()?)))));
        }
        let member = |member: Member<'s>| PreparedMember {
            name: member.name().unwrap_or_default(),
            optional: member.is_optional(),
            features: member.features().collect(),
            of: member.type_name().map(&find),
        };
        let mut members: Vec<_> = match meta_type {
            Some(MetaType::Object | MetaType::Enum) => entry.members().map(member).collect(),
            _ => Vec::new(),
        };
        members.sort_by(|a, b| a.name.cmp(&b.name));
        let mut variants: Vec<_> = match meta_type {
            Some(MetaType::Object) => {
                entry.variants().map(|v| (v.case, find(v.type_name))).collect()
            }
            _ => Vec::new(),
        };
        variants.sort_by(|a, b| a.0.cmp(&b.0));
        let features = entry.features().collect();
        Self { name: entry.name(), meta_type, features, next, members, variants }
    }
}

struct Walk<'a> {
    types: &'a [Prepared<'a>],
    line: usize,
    path: String,
    /// The types on the way from the command or event to the current one.
    ancestors: Vec<usize>,
    /// The number of paths so far.
    paths: usize,
    emit: &'a mut dyn FnMut(&str),
}

const PREFIX: &str = "(qmp) ";

impl<'a> Walk<'a> {
    fn all(&mut self) -> Result<(), DumpError> {
        let root =
            |of: &&Prepared<'_>| matches!(of.meta_type, Some(MetaType::Command | MetaType::Event));
        let mut roots: Vec<&'a Prepared<'a>> = self.types.iter().filter(root).collect();
        roots.sort_by(|a, b| a.name.cmp(&b.name));
        for of in roots {
            self.path.clear();
            self.path.push_str(PREFIX);
            self.path.push_str(&of.name);
            (self.emit)(&self.path);
            self.features(&of.features);
            for (key, next) in &of.next {
                self.below(&["/", key], |walk| walk.walk(next))?;
            }
        }
        Ok(())
    }

    fn walk(&mut self, reference: &Reference<'a>) -> Result<(), DumpError> {
        let path = || self.path[PREFIX.len()..].to_owned();
        let position = match reference {
            Ok(position) => *position,
            Err(name) => {
                let name = name.clone().into_owned();
                return Err(DumpError::NoType { line: self.line, name, path: path() });
            }
        };
        if self.ancestors.contains(&position) {
            return Ok(());
        }
        if self.ancestors.len() == MAX_DEPTH {
            return Err(DumpError::TooDeep { line: self.line, depth: MAX_DEPTH, path: path() });
        }
        self.paths += 1;
        if self.paths > MAX_PATHS {
            let (line, limit) = (self.line, MAX_PATHS);
            return Err(DumpError::TooMany { line, limit, path: path() });
        }
        let Some(of) = self.types.get(position) else { return Ok(()) };
        self.ancestors.push(position);
        let result = match of.meta_type {
            Some(MetaType::Object) => self.object(of),
            Some(MetaType::Enum) => {
                self.values(of);
                Ok(())
            }
            Some(MetaType::Array | MetaType::Alternate) => {
                of.next.iter().try_for_each(|(_, next)| self.walk(next))
            }
            Some(MetaType::Builtin) => {
                self.line(&["/!", &of.name]);
                Ok(())
            }
            _ => Ok(()),
        };
        self.ancestors.pop();
        result
    }

    fn object(&mut self, of: &'a Prepared<'a>) -> Result<(), DumpError> {
        self.features(&of.features);
        for member in &of.members {
            self.line(&["/", &member.name]);
            if member.optional {
                self.line(&["/*", &member.name]);
            }
            self.below(&["/", &member.name], |walk| {
                walk.features(&member.features);
                member.of.as_ref().map_or(Ok(()), |next| walk.walk(next))
            })?;
        }
        for (case, next) in &of.variants {
            self.line(&["/+", case]);
            self.below(&["/+", case], |walk| walk.walk(next))?;
        }
        Ok(())
    }

    /// An enum with only the older list `values` has no lines.
    fn values(&mut self, of: &Prepared<'_>) {
        for member in &of.members {
            self.line(&["/^", &member.name]);
            for feature in &member.features {
                self.line(&["/^", &member.name, "/$", feature]);
            }
        }
    }

    fn features(&mut self, features: &[Cow<'_, str>]) {
        for feature in features {
            self.line(&["/$", feature]);
        }
    }

    /// Emits the current path with a suffix.
    fn line(&mut self, more: &[&str]) {
        let length = self.path.len();
        self.path.extend(more.iter().copied());
        (self.emit)(&self.path);
        self.path.truncate(length);
    }

    /// Descends with a suffix appended to the path.
    fn below(
        &mut self,
        more: &[&str],
        go: impl FnOnce(&mut Self) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        let length = self.path.len();
        self.path.extend(more.iter().copied());
        let result = go(self);
        self.path.truncate(length);
        result
    }
}
