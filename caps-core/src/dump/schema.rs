use std::borrow::Cow;

use super::DumpError;
use super::types::{Part, Reference, Type, Types};
use crate::qapi::MetaType;
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
        let (reply, line) = (exchange.whole_reply()?, exchange.reply_line());
        let types = Types::new(&reply, line)?;
        let (path, ancestors) = (String::new(), Vec::new());
        Walk { types: &types, line, path, ancestors, paths: 0, emit }.all()?;
    }
    Ok(any)
}

struct Walk<'a> {
    types: &'a Types<'a>,
    line: usize,
    /// The current line.
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
        let types = self.types;
        for root in types.roots() {
            let (name, of) = types.get(root);
            self.path.clear();
            self.path.push_str(PREFIX);
            self.path.push_str(name);
            (self.emit)(&self.path);
            self.features(types.features(of));
            for part in types.parts(of) {
                let length = self.descend("/", &part.name);
                self.follow(part)?;
                self.path.truncate(length);
            }
        }
        Ok(())
    }

    /// Visits the type that a part has, if any.
    fn follow(&mut self, part: &'a Part<'a>) -> Result<(), DumpError> {
        part.of.as_ref().map_or(Ok(()), |next| self.walk(next))
    }

    fn walk(&mut self, reference: &'a Reference<'a>) -> Result<(), DumpError> {
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
        let (name, of) = self.types.get(position);
        self.ancestors.push(position);
        let result = match of.kind {
            MetaType::Object => self.object(of),
            MetaType::Enum => {
                self.values(of);
                Ok(())
            }
            MetaType::Array | MetaType::Alternate => {
                self.types.parts(of).iter().try_for_each(|part| self.follow(part))
            }
            MetaType::Builtin => {
                self.line("/!", name);
                Ok(())
            }
            MetaType::Command | MetaType::Event => Ok(()),
        };
        self.ancestors.pop();
        result
    }

    fn object(&mut self, of: &'a Type) -> Result<(), DumpError> {
        let types = self.types;
        self.features(types.features(of));
        for member in types.parts(of) {
            if member.is_optional {
                self.line("/", &member.name);
                self.line("/*", &member.name);
            }
            let length = self.descend("/", &member.name);
            if !member.is_optional {
                (self.emit)(&self.path);
            }
            self.features(types.features_of_part(member));
            self.follow(member)?;
            self.path.truncate(length);
        }
        for variant in types.variants(of) {
            let length = self.descend("/+", &variant.name);
            (self.emit)(&self.path);
            self.follow(variant)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    /// An enum with only the older list `values` has no lines.
    fn values(&mut self, of: &'a Type) {
        let types = self.types;
        for value in types.parts(of) {
            let length = self.descend("/^", &value.name);
            (self.emit)(&self.path);
            self.features(types.features_of_part(value));
            self.path.truncate(length);
        }
    }

    fn features(&mut self, features: &[Cow<'_, str>]) {
        for feature in features {
            self.line("/$", feature);
        }
    }

    /// Emits the current path with a suffix.
    #[inline]
    fn line(&mut self, sign: &str, name: &str) {
        let length = self.descend(sign, name);
        (self.emit)(&self.path);
        self.path.truncate(length);
    }

    /// Appends a suffix to the path; returns the length to return to.
    #[inline]
    fn descend(&mut self, sign: &str, name: &str) -> usize {
        let length = self.path.len();
        self.path.push_str(sign);
        self.path.push_str(name);
        length
    }
}
