//! The outline of a source file: modules with the names in them, and the bodies of all other items.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use proc_macro2::Span;

use super::UNNAMED;
use super::token::{Kind as Tok, Position, Token, tokens};
use crate::listing::{self, Cache};

/// A file's outline.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The positions of tokens, in order.
    tokens: Vec<Position>,
    names: Vec<Name>,
    /// Outer regions precede inner ones.
    braces: Vec<Braces>,
    modules: usize,
}

/// A named item, or a call of `caps_test!`.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) at: Position,
    pub(super) text: String,
    pub(super) kind: Kind,
    module: usize,
    /// Whether it is conditional, so that the same name can occur twice.
    is_conditional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function {
        is_tested: bool,
    },
    Call,
    /// A module, or the kind of another named item.
    Type(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Module(usize),
    Body,
    Impl,
    Trait,
    Other,
}

#[derive(Debug)]
struct Braces {
    place: Place,
    open: Position,
    close: Position,
}

/// A group that is still open.
struct Open {
    /// The kind of the braces, if it is a pair of braces.
    braces: Option<usize>,
    place: Place,
    /// The start of the enclosing item.
    start: usize,
}

/// The start of an item.
struct Head {
    name: Option<Name>,
    /// The kind of its braces.
    place: Place,
}

impl Outline {
    /// The outline of a token's file and the token's position in it; `None` if they can't be
    /// determined.
    pub(super) fn around(token: Span) -> Option<(Arc<Self>, Position)> {
        static OUTLINES: Cache<Option<Arc<Outline>>> = LazyLock::new(Mutex::default);
        // Unit tests run without a compiler.
        if !proc_macro::is_available() {
            return None;
        }
        // The compiler's own span, of which `proc_macro2` has a copy of its own.
        let token = token.unwrap();
        // A doc test can be in another file.
        let file = token.local_file().filter(|file| file.extension().is_some_and(|e| e == "rs"))?;
        let outline = listing::cached(&OUTLINES, &file, || Ok::<_, ()>(Self::read(&file)));
        let (outline, at) = (outline.ok()??, (token.line(), token.column()));
        // A doc test is within a comment.
        outline.tokens.binary_search(&at).is_ok().then_some((outline, at))
    }

    fn read(file: &Path) -> Option<Arc<Self>> {
        Some(Arc::new(Self::new(&caps_core::fs::read_text(file).ok()?)))
    }

    /// The outline of a source text.
    pub(super) fn new(text: &str) -> Self {
        let tokens = tokens(text);
        let places = tokens.iter().map(|token| token.at).collect();
        let mut outline = Self { modules: 1, tokens: places, ..Self::default() };
        let mut open: Vec<Open> = Vec::new();
        // The start of the current item.
        let mut start = 0;
        for (index, token) in tokens.iter().enumerate() {
            let around = open.last().map_or(Place::Module(0), |open| open.place);
            let is_in_group = open.last().is_some_and(|open| open.braces.is_none());
            match token.kind {
                Tok::Open('{') => {
                    let place = match around {
                        Place::Module(module) => outline.begin(&tokens[start..], module),
                        Place::Impl | Place::Trait => Place::Body,
                        place => place,
                    };
                    open.push(Open { braces: Some(outline.braces.len()), place, start });
                    outline.braces.push(Braces { place, open: token.at, close: token.at });
                    start = index + 1;
                }
                Tok::Open(_) => {
                    // A block in the arguments of an item does not belong to the module.
                    let is_module = matches!(around, Place::Module(_));
                    let place = if is_module { Place::Other } else { around };
                    open.push(Open { braces: None, place, start });
                }
                Tok::Close(_) => {
                    let Some(closed) = open.pop() else { continue };
                    let is_item = open.last().is_none_or(|open| open.braces.is_some());
                    if let Some(braces) = closed.braces {
                        outline.braces[braces].close = token.at;
                        start = if is_item { index + 1 } else { closed.start };
                    }
                }
                Tok::Punct(';') if !is_in_group => {
                    if let Place::Module(module) = around {
                        outline.begin(&tokens[start..], module);
                    }
                    start = index + 1;
                }
                _ => {}
            }
        }
        outline
    }

    /// Records the item that starts with these tokens, and returns the kind of its braces.
    fn begin(&mut self, tokens: &[Token<'_>], module: usize) -> Place {
        let mut head = head(tokens, module);
        if let Place::Module(inner) = &mut head.place {
            *inner = self.modules;
            self.modules += 1;
        }
        self.names.extend(head.name);
        head.place
    }

    /// The regions around a position.
    pub(super) fn place(&self, at: Position) -> Place {
        let around = self.braces.iter().rev().find(|b| b.open < at && at < b.close);
        around.map_or(Place::Module(0), |braces| braces.place)
    }

    pub(super) fn name_at(&self, at: Position) -> Option<&Name> {
        self.names.iter().find(|name| name.at == at)
    }

    /// Items with the same name in the same module, if both certainly exist.
    pub(super) fn others<'o>(&'o self, own: &'o Name) -> impl Iterator<Item = &'o Name> {
        self.names.iter().filter(move |other| {
            (other.module, &other.text) == (own.module, &own.text)
                && other.at != own.at
                && !own.is_conditional
                && !other.is_conditional
        })
    }
}

/// Parses an item from its attributes to its name.
fn head(tokens: &[Token<'_>], module: usize) -> Head {
    let (mut is_tested, mut is_conditional) = (false, false);
    let mut rest = tokens;
    let named = |name: &Token<'_>, kind, is_conditional| {
        let Tok::Word(text) = name.kind else { return None };
        let text = text.strip_prefix("r#").unwrap_or(text).to_owned();
        Some(Name { at: name.at, text, kind, module, is_conditional })
    };
    while let [token, after @ ..] = rest {
        rest = after;
        let (kind, place) = match token.kind {
            Tok::Punct('#') => {
                let (path, behind) = attribute(after);
                is_tested |= path.last() == Some(&"caps_test");
                is_conditional |= matches!(path.first(), Some(&"cfg" | &"cfg_attr"));
                rest = behind;
                continue;
            }
            Tok::Open('{') | Tok::Punct(';') | Tok::Word("macro_rules" | "use") => break,
            Tok::Open(_) => {
                rest = behind_group(after);
                continue;
            }
            Tok::Word("caps_test") => {
                let [Token { kind: Tok::Punct('!'), .. }, _, arguments @ ..] = after else { break };
                let name = call(arguments).map(|(at, text)| Name {
                    at,
                    text,
                    kind: Kind::Call,
                    module,
                    is_conditional,
                });
                return Head { name, place: Place::Other };
            }
            Tok::Word("fn") => (Kind::Function { is_tested }, Place::Body),
            Tok::Word("mod") => (Kind::Type("module"), Place::Module(0)),
            Tok::Word("trait") => (Kind::Type("trait"), Place::Trait),
            Tok::Word("struct") => (Kind::Type("struct"), Place::Other),
            Tok::Word("enum") => (Kind::Type("enum"), Place::Other),
            Tok::Word("type") => (Kind::Type("type"), Place::Other),
            Tok::Word("impl") => return Head { name: None, place: Place::Impl },
            _ => continue,
        };
        // A type such as `fn()` has no name.
        let Some(name) = after.first().and_then(|name| named(name, kind, is_conditional)) else {
            continue;
        };
        return Head { name: Some(name), place };
    }
    Head { name: None, place: Place::Other }
}

/// Splits off the path of an attribute.
fn attribute<'t, 's>(mut tokens: &'t [Token<'s>]) -> (Vec<&'s str>, &'t [Token<'s>]) {
    if let [Token { kind: Tok::Punct('!'), .. }, inner @ ..] = tokens {
        tokens = inner;
    }
    let [Token { kind: Tok::Open('['), .. }, inner @ ..] = tokens else {
        return (Vec::new(), tokens);
    };
    let path = inner.iter().map_while(|token| match token.kind {
        Tok::Word(word) => Some(Some(word)),
        Tok::Punct(':') => Some(None),
        _ => None,
    });
    (path.flatten().collect(), behind_group(inner))
}

/// Skips the rest of a group that was just opened.
fn behind_group<'t, 's>(tokens: &'t [Token<'s>]) -> &'t [Token<'s>] {
    let mut depth = 1;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &tokens[index + 1..];
        }
    }
    &[]
}

/// The start of a call's arguments, and the name of its module.
fn call(arguments: &[Token<'_>]) -> Option<(Position, String)> {
    let first = arguments.first()?;
    let is = |index: usize, c: char| {
        arguments.get(index).is_some_and(|token| token.kind == Tok::Punct(c))
    };
    let text = match first.kind {
        Tok::Word(name) if is(1, ':') && !is(2, ':') => name.strip_prefix("r#").unwrap_or(name),
        _ => UNNAMED,
    };
    Some((first.at, text.to_owned()))
}

#[cfg(test)]
mod tests;
