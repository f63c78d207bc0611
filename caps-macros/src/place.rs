//! Checks the place of a use: the macro generates a module, so it must be in a module where that
//! name is free.
//!
//! For an expansion in the wrong place, the compiler would report code that the user did not write,
//! so the source file is examined first. If the file can't be read or does not contain the use (an
//! expansion of another macro, a doc test), the error is left to the compiler.

use proc_macro2::Span;
use syn::{Error, Ident};

mod outline;
mod token;

use outline::{Kind, Name, Outline, Place};
use token::Position;

/// The module of an unnamed call.
pub(crate) const UNNAMED: &str = "unnamed_caps_test";

/// A use in the wrong place.
pub(crate) struct Misplaced {
    pub(crate) error: Error,
    /// Whether another item has the function's name, so that the function must be dropped.
    pub(crate) is_taken: bool,
}

/// Checks the place of a function under the attribute.
pub(crate) fn check_function(name: &Ident) -> Result<(), Misplaced> {
    check(name.span(), name)
}

/// Checks the place of a call that starts with the token `first`.
pub(crate) fn check_call(first: Span, name: Option<&Ident>) -> Result<(), Error> {
    let unnamed = Ident::new(UNNAMED, first);
    check(first, name.unwrap_or(&unnamed)).map_err(|misplaced| misplaced.error)
}

fn check(at: Span, name: &Ident) -> Result<(), Misplaced> {
    let Some((outline, position)) = Outline::around(at) else { return Ok(()) };
    let expected = "expected it in a module, where the tests can stand beside it";
    let what = match outline.place(position) {
        Place::Body => "in the body of a function",
        Place::Impl => "in an `impl`",
        Place::Trait => "in a trait",
        Place::Module(_) => return check_name(&outline, position, name),
        Place::Other => return Ok(()),
    };
    let error = Error::new(at, format!("`caps_test` {what}, {expected}"));
    Err(Misplaced { error, is_taken: false })
}

fn check_name(outline: &Outline, position: Position, name: &Ident) -> Result<(), Misplaced> {
    let Some(own) = outline.name_at(position) else { return Ok(()) };
    let Some(other) = outline.others(own).find(|other| is_told_here(own, other)) else {
        return Ok(());
    };
    let text = &own.text;
    let message = match (own.kind, other.kind) {
        (Kind::Function { .. }, Kind::Function { .. }) => {
            format!("the function `{text}` is there twice in this module, rename one")
        }
        (Kind::Call, Kind::Call) if text == UNNAMED => {
            "a second `caps_test!` without a name in this module, expected one, as in \
             `caps_test!(name: latest)`"
                .to_owned()
        }
        (_, Kind::Type(what)) => format!(
            "`caps_test` makes a module `{text}` of the tests, and this module has a {what} `{text}`, \
             rename one"
        ),
        _ => format!("two uses of `caps_test` in this module make a module `{text}`, rename one"),
    };
    let is_taken = matches!(other.kind, Kind::Function { .. } | Kind::Type("struct"));
    Err(Misplaced { error: Error::new(name.span(), message), is_taken })
}

/// Returns whether two uses generate the same name and this is the one to report, which is the
/// later one.
fn is_told_here(own: &Name, other: &Name) -> bool {
    let is_later = other.at < own.at;
    match (own.kind, other.kind) {
        (_, Kind::Type(_)) => true,
        (Kind::Function { .. }, Kind::Function { is_tested }) => is_later || !is_tested,
        (_, Kind::Function { is_tested }) => is_later && is_tested,
        (_, Kind::Call) => is_later,
    }
}

#[cfg(test)]
mod tests;
