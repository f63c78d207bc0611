use std::borrow::Cow;

use super::DumpError;
use super::sink::{Buffer, Sink};
use super::types::{Id, Part, Type, Types};
use crate::qapi::MetaType;
use crate::replies::Conversation;

/// The limit for types within types, which bounds the stack. QEMU's schemas need about twenty.
const MAX_DEPTH: usize = 400;
/// The limit for paths from commands and events to types. QEMU's schemas have less than a hundred
/// thousand; twelve mutually recursive types have more than anyone could print.
const MAX_PATHS: usize = 500_000;

pub(super) fn dump(conversation: &Conversation, sink: &mut impl Sink) -> Result<bool, DumpError> {
    let mut any = false;
    for exchange in conversation.exchanges() {
        if exchange.command().execute() != "query-qmp-schema" {
            continue;
        }
        any = true;
        let (types, line) = (Types::read(exchange)?, exchange.reply_line());
        let mut path = Buffer::new(256);
        path.push(sink.prefix(), *PREFIX, b"", []);
        let (start, is_open) = (path.len(), vec![false; types.len()]);
        let mut walk = Walk {
            types: &types,
            line,
            path,
            start,
            is_open,
            depth: 0,
            paths: 0,
            sink: &mut *sink,
        };
        walk.all().map_err(|error| *error)?;
    }
    Ok(any)
}

struct Walk<'a, S> {
    types: &'a Types<'a>,
    line: usize,
    /// The current line.
    path: Buffer,
    /// Where the path starts in the line.
    start: usize,
    /// Which types are on the way from the command or event to the current one.
    is_open: Vec<bool>,
    /// The number of these types.
    depth: usize,
    /// The number of paths so far.
    paths: usize,
    sink: &'a mut S,
}

const PREFIX: &[u8; 6] = b"(qmp) ";

/// Errors are boxed, because the results of the walk are many.
type Walked = Result<(), Box<DumpError>>;

impl<S: Sink> Walk<'_, S> {
    fn all(&mut self) -> Walked {
        let types = self.types;
        for (name, of) in types.roots() {
            self.path.truncate(self.start);
            self.path.push(b"", [], name.as_bytes(), []);
            self.sink.line(self.path.bytes(), [], "");
            self.features(types.features(&of.features));
            for part in types.parts(of) {
                let length = self.descend(*b"/", &part.name);
                self.follow(part)?;
                self.path.truncate(length);
            }
        }
        Ok(())
    }

    /// Visits the type that a part has, if any.
    #[inline]
    fn follow(&mut self, part: &Part<'_>) -> Walked {
        part.of.map_or(Ok(()), |of| self.walk(of))
    }

    fn walk(&mut self, id: Id) -> Walked {
        let Some(of) = self.types.get(id) else { return self.no_type(id) };
        if self.is_open[id.index()] {
            return Ok(());
        }
        if self.depth == MAX_DEPTH || self.paths == MAX_PATHS {
            return self.too_much();
        }
        self.paths += 1;
        if of.kind == MetaType::Builtin {
            self.line(*b"/!", self.types.name(id));
            return Ok(());
        }
        self.is_open[id.index()] = true;
        self.depth += 1;
        match of.kind {
            MetaType::Object => self.object(of)?,
            MetaType::Enum => self.values(of),
            MetaType::Array | MetaType::Alternate => {
                self.types.parts(of).iter().try_for_each(|part| self.follow(part))?;
            }
            MetaType::Builtin | MetaType::Command | MetaType::Event => {}
        }
        self.depth -= 1;
        self.is_open[id.index()] = false;
        Ok(())
    }

    fn object(&mut self, of: &Type) -> Walked {
        let types = self.types;
        self.features(types.features(&of.features));
        for member in types.parts(of) {
            if member.is_optional {
                self.line(*b"/", &member.name);
                self.line(*b"/*", &member.name);
            }
            let length = self.descend(*b"/", &member.name);
            if !member.is_optional {
                self.sink.line(self.path.bytes(), [], "");
            }
            self.features(types.features(&member.features));
            self.follow(member)?;
            self.path.truncate(length);
        }
        for variant in types.variants(of) {
            let length = self.descend(*b"/+", &variant.name);
            self.sink.line(self.path.bytes(), [], "");
            self.follow(variant)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    /// An enum with only the older list `values` has no lines.
    fn values(&mut self, of: &Type) {
        let types = self.types;
        for value in types.parts(of) {
            self.line(*b"/^", &value.name);
            let features = types.features(&value.features);
            if !features.is_empty() {
                let length = self.descend(*b"/^", &value.name);
                self.features(features);
                self.path.truncate(length);
            }
        }
    }

    fn features(&mut self, features: &[Cow<'_, str>]) {
        for feature in features {
            self.line(*b"/$", feature);
        }
    }

    /// Emits the current path with a suffix.
    #[inline]
    fn line<const SIGN: usize>(&mut self, sign: [u8; SIGN], name: &str) {
        self.sink.line(self.path.bytes(), sign, name);
    }

    /// Appends a suffix to the path; returns the length to return to.
    #[inline]
    fn descend<const SIGN: usize>(&mut self, sign: [u8; SIGN], name: &str) -> usize {
        let length = self.path.len();
        self.path.push(b"", sign, name.as_bytes(), []);
        length
    }

    fn path(&self) -> String {
        String::from_utf8_lossy(&self.path.bytes()[self.start..]).into_owned()
    }

    #[cold]
    fn no_type(&self, id: Id) -> Walked {
        let name = self.types.name(id).to_owned();
        Err(Box::new(DumpError::NoType { line: self.line, name, path: self.path() }))
    }

    #[cold]
    fn too_much(&self) -> Walked {
        let (line, path) = (self.line, self.path());
        Err(Box::new(if self.depth == MAX_DEPTH {
            DumpError::TooDeep { line, depth: MAX_DEPTH, path }
        } else {
            DumpError::TooMany { line, limit: MAX_PATHS, path }
        }))
    }
}
