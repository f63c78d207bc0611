//! Parsing what follows the first word of an item.

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::token::{Bracket, Paren};
use syn::{Error, Expr, Ident, LitInt, LitStr, Path, Result, Token, bracketed, parenthesized};

use super::token::{assign, assigned, list, strings_in_brackets, unexpected};

/// `files("pattern", ..., only("pattern" = "arch", ...))`
pub(crate) struct FilesItem {
    pub(crate) patterns: Vec<LitStr>,
    pub(crate) only: Vec<(LitStr, Vec<LitStr>)>,
}

/// The argument of each golden file, and its pattern.
pub(crate) type GoldenNames = Vec<(Option<Ident>, LitStr)>;

/// A data directory.
pub(crate) enum DirItem {
    Path(LitStr),
    BuiltIn,
}

pub(super) fn parse_count(word: &Ident, input: ParseStream<'_>) -> Result<LitInt> {
    let content;
    let parentheses = parenthesized!(content in input);
    if word != "latest" {
        let message = format!("`{word}` takes no number, only `latest(N)` does");
        return Err(Error::new(parentheses.span.join(), message));
    }
    if !content.peek(LitInt) {
        return Err(unexpected(&content, "expected a number of captures as in `latest(3)`"));
    }
    let count = content.parse()?;
    if !content.is_empty() {
        return Err(unexpected(&content, "expected one number as in `latest(3)`"));
    }
    Ok(count)
}

pub(super) fn parse_max_tests(word: &Ident, input: ParseStream<'_>) -> Result<LitInt> {
    const EXPECTED: &str = "expected a number as in `max_tests = 20000`";
    assign(word, EXPECTED, input)?;
    if input.peek(LitInt) { input.parse() } else { Err(unexpected(input, EXPECTED)) }
}

/// `None` stands for any variant.
pub(super) fn parse_variant(word: &Ident, input: ParseStream<'_>) -> Result<Option<LitStr>> {
    const EXPECTED: &str = "expected `variant = \"+name\"` or `variant = any`";
    assign(word, EXPECTED, input)?;
    if input.peek(LitStr) {
        return Ok(Some(input.parse()?));
    }
    if input.peek(Ident::peek_any) && Ident::parse_any(&input.fork())? == "any" {
        Ident::parse_any(input)?;
        return Ok(None);
    }
    Err(unexpected(input, EXPECTED))
}

pub(super) fn parse_crate(input: ParseStream<'_>) -> Result<Path> {
    const EXPECTED: &str = "expected the path of qemu-caps as in `crate = ::qemu_caps`";
    let word: Token![crate] = input.parse()?;
    if !input.peek(Token![=]) {
        return Err(Error::new(word.span, format!("`crate` without a value, {EXPECTED}")));
    }
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let message = format!("a path is not a string, write `crate = {}`", text.value());
        return Err(Error::new(text.span(), message));
    }
    if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
        return Err(unexpected(input, EXPECTED));
    }
    Path::parse_mod_style(input)
}

pub(super) fn parse_skip(word: &Ident, input: ParseStream<'_>) -> Result<Vec<(LitStr, LitStr)>> {
    const EXPECTED: &str =
        "expected `skip(\"caps_VERSION_ARCH\" = \"reason\")`, or a file in its place";
    let nothing = || Error::new(word.span(), format!("`skip` without captures, {EXPECTED}"));
    if !input.peek(Paren) {
        return Err(nothing());
    }
    let content;
    parenthesized!(content in input);
    let skips = list(&content, EXPECTED, |content| {
        if !content.peek(LitStr) {
            return Err(unexpected(content, EXPECTED));
        }
        let skipped: LitStr = content.parse()?;
        if !content.peek(Token![=]) {
            let message = format!("nothing is skipped without a reason, {EXPECTED}");
            return Err(Error::new(skipped.span(), message));
        }
        content.parse::<Token![=]>()?;
        if !content.peek(LitStr) {
            return Err(unexpected(content, EXPECTED));
        }
        Ok((skipped, content.parse()?))
    })?;
    if skips.is_empty() { Err(nothing()) } else { Ok(skips) }
}

pub(super) fn parse_files(word: &Ident, input: ParseStream<'_>) -> Result<FilesItem> {
    const EXPECTED: &str =
        "expected `files(\"vms/*.json\", ...)`, with `only(...)` as the last if need be";
    let nothing = || Error::new(word.span(), format!("`files` without patterns, {EXPECTED}"));
    if !input.peek(Paren) {
        return Err(nothing());
    }
    let content;
    parenthesized!(content in input);
    let mut item = FilesItem { patterns: Vec::new(), only: Vec::new() };
    let parts = list(&content, EXPECTED, |content| {
        if content.peek(LitStr) {
            return Ok((Some(content.parse()?), Vec::new()));
        }
        if content.peek(Ident) && content.fork().parse::<Ident>()? == "only" {
            let word: Ident = content.parse()?;
            return Ok((None, parse_only(&word, content)?));
        }
        Err(unexpected(content, EXPECTED))
    })?;
    for (pattern, only) in parts {
        item.patterns.extend(pattern);
        item.only.extend(only);
    }
    if item.patterns.is_empty() { Err(nothing()) } else { Ok(item) }
}

fn parse_only(word: &Ident, input: ParseStream<'_>) -> Result<Vec<(LitStr, Vec<LitStr>)>> {
    const EXPECTED: &str = "expected `only(\"*.s390x.json\" = \"s390x\")`, or several as in \
                            `[\"s390x\", \">=9\"]`";
    let nothing = || Error::new(word.span(), format!("`only` without files, {EXPECTED}"));
    if !input.peek(Paren) {
        return Err(nothing());
    }
    let content;
    parenthesized!(content in input);
    let only = list(&content, EXPECTED, |content| {
        if !content.peek(LitStr) {
            return Err(unexpected(content, EXPECTED));
        }
        let files: LitStr = content.parse()?;
        if !content.peek(Token![=]) {
            return Err(unexpected(content, EXPECTED));
        }
        content.parse::<Token![=]>()?;
        if content.peek(LitStr) {
            return Ok((files, vec![content.parse()?]));
        }
        if content.peek(Bracket) {
            return Ok((files, strings_in_brackets(content, EXPECTED)?));
        }
        Err(unexpected(content, EXPECTED))
    })?;
    if only.is_empty() { Err(nothing()) } else { Ok(only) }
}

pub(super) fn parse_values(
    word: &Ident,
    input: ParseStream<'_>,
) -> Result<Vec<(Ident, Vec<Expr>)>> {
    const EXPECTED: &str = "expected `values(machine = [\"pc\", \"q35\"])`";
    let nothing = || Error::new(word.span(), format!("`values` without any, {EXPECTED}"));
    if !input.peek(Paren) {
        return Err(nothing());
    }
    let content;
    parenthesized!(content in input);
    let values = list(&content, EXPECTED, |content| {
        if !content.peek(Ident) {
            return Err(unexpected(content, EXPECTED));
        }
        let name: Ident = content.parse()?;
        assign(&name, EXPECTED, content)?;
        if !content.peek(Bracket) {
            return Err(unexpected(content, EXPECTED));
        }
        let inner;
        let brackets = bracketed!(inner in content);
        let values = list(&inner, EXPECTED, Expr::parse)?;
        if values.is_empty() {
            let message = format!("an empty list, {EXPECTED}");
            return Err(Error::new(brackets.span.join(), message));
        }
        Ok((name, values))
    })?;
    if values.is_empty() { Err(nothing()) } else { Ok(values) }
}

pub(super) fn parse_golden(word: &Ident, input: ParseStream<'_>) -> Result<GoldenNames> {
    const EXAMPLE: &str = "\"dir/{test}.{arch}-{version}{variant}.ext\"";
    if !input.peek(Paren) {
        return Ok(vec![(None, assigned(word, EXAMPLE, input)?)]);
    }
    let expected = format!("expected `golden(argument = {EXAMPLE}, ...)`");
    let content;
    let parentheses = parenthesized!(content in input);
    let names = list(&content, &expected, |content| {
        if !content.peek(Ident) {
            return Err(unexpected(content, &expected));
        }
        let name: Ident = content.parse()?;
        let pattern = assigned(&name, EXAMPLE, content)?;
        Ok((Some(name), pattern))
    })?;
    if names.is_empty() {
        return Err(Error::new(parentheses.span.join(), format!("no golden file, {expected}")));
    }
    Ok(names)
}

pub(super) fn parse_dir(word: &Ident, input: ParseStream<'_>) -> Result<Vec<DirItem>> {
    const EXPECTED: &str = "expected `dir = \"path\"`, `dir = built_in` or `dir = [\"path\", built_in]`; \
                            paths start at the package's directory";
    assign(word, EXPECTED, input)?;
    let one = |input: ParseStream<'_>| {
        if input.peek(LitStr) {
            return Ok(DirItem::Path(input.parse()?));
        }
        let is_macro = input.peek2(Token![!]);
        if input.peek(Ident) && !is_macro && input.fork().parse::<Ident>()? == "built_in" {
            input.parse::<Ident>()?;
            return Ok(DirItem::BuiltIn);
        }
        Err(unexpected(input, EXPECTED))
    };
    if !input.peek(Bracket) {
        return Ok(vec![one(input)?]);
    }
    let content;
    let brackets = bracketed!(content in input);
    let dirs = list(&content, EXPECTED, one)?;
    if dirs.is_empty() {
        return Err(Error::new(brackets.span.join(), format!("an empty list, {EXPECTED}")));
    }
    Ok(dirs)
}

/// `virttype = kvm`.
pub(super) fn parse_virttype(word: &Ident, input: ParseStream<'_>) -> Result<Ident> {
    let expected = "expected `virttype = kvm`, `qemu` or `hvf`";
    assign(word, expected, input)?;
    if !input.peek(Ident::peek_any) {
        return Err(unexpected(input, expected));
    }
    Ident::parse_any(input)
}
