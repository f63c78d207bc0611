use std::borrow::Cow;

use super::DumpError;
use crate::qapi::{Entry, MetaType, Schema};
use crate::replies::Conversation;

/// Types within types. QEMU's schemas have about twenty; the limit keeps the stack small.
const MAX_DEPTH: usize = 400;

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
        let schema = Schema::from_reply(&exchange.reply()?)
            .map_err(|source| DumpError::Schema { line, source })?;
        Walk { schema: &schema, line, path: String::new(), ancestors: Vec::new(), emit }.all()?;
    }
    Ok(any)
}

struct Walk<'a> {
    schema: &'a Schema,
    line: usize,
    path: String,
    /// The types on the way from the command or event to the present one.
    ancestors: Vec<String>,
    emit: &'a mut dyn FnMut(&str),
}

const PREFIX: &str = "(qmp) ";

impl<'a> Walk<'a> {
    fn all(&mut self) -> Result<(), DumpError> {
        let mut roots: Vec<(Cow<'a, str>, Entry<'a>)> = self
            .schema
            .entries()
            .filter(|entry| matches!(entry.meta_type(), Some(MetaType::Command | MetaType::Event)))
            .map(|entry| (entry.name(), entry))
            .collect();
        roots.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, entry) in roots {
            self.path.clear();
            self.path.push_str(PREFIX);
            self.path.push_str(&name);
            (self.emit)(&self.path);
            self.features(entry.features());
            for key in ["arg-type", "ret-type"] {
                if let Some(next) = entry.type_member(key) {
                    self.below(&["/", key], |walk| walk.walk(&next))?;
                }
            }
        }
        Ok(())
    }

    fn walk(&mut self, name: &str) -> Result<(), DumpError> {
        if self.ancestors.iter().any(|ancestor| ancestor == name) {
            return Ok(());
        }
        let path = || self.path[PREFIX.len()..].to_owned();
        if self.ancestors.len() == MAX_DEPTH {
            return Err(DumpError::TooDeep { line: self.line, depth: MAX_DEPTH, path: path() });
        }
        let entry = self.schema.entry(name).ok_or_else(|| DumpError::NoType {
            line: self.line,
            name: name.to_owned(),
            path: path(),
        })?;
        self.ancestors.push(name.to_owned());
        let result = match entry.meta_type() {
            Some(MetaType::Object) => self.object(entry),
            Some(MetaType::Enum) => {
                self.values(entry);
                Ok(())
            }
            Some(MetaType::Array) => match entry.type_member("element-type") {
                Some(element) => self.walk(&element),
                None => Ok(()),
            },
            Some(MetaType::Alternate) => entry
                .members()
                .filter_map(crate::qapi::Member::type_name)
                .try_for_each(|branch| self.walk(&branch)),
            Some(MetaType::Builtin) => {
                self.line(&["/!", name]);
                Ok(())
            }
            Some(MetaType::Command | MetaType::Event) | None => Ok(()),
        };
        self.ancestors.pop();
        result
    }

    fn object(&mut self, entry: Entry<'a>) -> Result<(), DumpError> {
        self.features(entry.features());
        let mut members: Vec<_> =
            entry.members().map(|member| (member.name().unwrap_or_default(), member)).collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, member) in members {
            self.line(&["/", &name]);
            if member.is_optional() {
                self.line(&["/*", &name]);
            }
            self.below(&["/", &name], |walk| {
                walk.features(member.features());
                match member.type_name() {
                    Some(next) => walk.walk(&next),
                    None => Ok(()),
                }
            })?;
        }
        let mut variants: Vec<_> = entry.variants().collect();
        variants.sort_by(|a, b| a.case.cmp(&b.case));
        for variant in variants {
            self.line(&["/+", &variant.case]);
            self.below(&["/+", &variant.case], |walk| walk.walk(&variant.type_name))?;
        }
        Ok(())
    }

    /// An enum that has only the old list `values` gives no lines.
    fn values(&mut self, entry: Entry<'a>) {
        let mut members: Vec<_> =
            entry.members().map(|member| (member.name().unwrap_or_default(), member)).collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, member) in members {
            self.line(&["/^", &name]);
            for feature in member.features() {
                self.line(&["/^", &name, "/$", &feature]);
            }
        }
    }

    fn features<'f>(&mut self, features: impl Iterator<Item = Cow<'f, str>>) {
        for feature in features {
            self.line(&["/$", &feature]);
        }
    }

    /// Emits the path with something appended.
    fn line(&mut self, more: &[&str]) {
        let length = self.path.len();
        self.path.extend(more.iter().copied());
        (self.emit)(&self.path);
        self.path.truncate(length);
    }

    /// Goes on with something appended to the path.
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
