//! Syntax shared by several items.

use proc_macro2::{Span, TokenTree};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Error, Ident, Lit, LitStr, Result, Token, bracketed, parenthesized};

/// An error at the next token, which the message names.
pub(crate) fn unexpected(input: ParseStream<'_>, expected: &str) -> Error {
    match input.cursor().token_tree() {
        Some((TokenTree::Group(group), _)) => {
            Error::new(group.span_open(), format!("unexpected group, {expected}"))
        }
        Some((token, _)) => Error::new(token.span(), format!("unexpected `{token}`, {expected}")),
        None => input.error(expected),
    }
}

/// A literal other than a string.
pub(super) fn number(literal: &Lit) -> Error {
    let text = match literal {
        Lit::Float(float) => float.to_string(),
        Lit::Int(int) => int.to_string(),
        Lit::Bool(boolean) => boolean.value.to_string(),
        other => quote::ToTokens::to_token_stream(other).to_string(),
    };
    let message = match text.matches('.').count() {
        _ if !text.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("expected a selector or an item, found the literal `{text}`")
        }
        0 => format!("versions are strings, write \"{text}.0.0\" instead of `{text}`"),
        _ => format!("versions are strings, write \"{text}.0\" instead of `{text}`"),
    };
    Error::new(literal.span(), message)
}

/// `= "text"` after a word.
pub(super) fn assigned(word: &Ident, example: &str, input: ParseStream<'_>) -> Result<LitStr> {
    let expected = format!("expected `{word} = {example}`");
    assign(word, &expected, input)?;
    if !input.peek(LitStr) {
        return Err(unexpected(input, &expected));
    }
    input.parse()
}

/// `=` after a word.
pub(super) fn assign(word: &Ident, expected: &str, input: ParseStream<'_>) -> Result<()> {
    if !input.peek(Token![=]) {
        return Err(Error::new(word.span(), format!("`{word}` without a value, {expected}")));
    }
    input.parse::<Token![=]>()?;
    Ok(())
}

pub(super) fn strings_in_parentheses(
    word: &Ident,
    example: &str,
    input: ParseStream<'_>,
) -> Result<Vec<LitStr>> {
    let expected = format!("expected `{word}(\"{example}\", ...)`");
    if !input.peek(Paren) {
        return Err(Error::new(word.span(), format!("`{word}` without names, {expected}")));
    }
    let content;
    let parentheses = parenthesized!(content in input);
    strings(&content, parentheses.span.join(), &expected)
}

pub(super) fn strings_in_brackets(input: ParseStream<'_>, expected: &str) -> Result<Vec<LitStr>> {
    let content;
    let brackets = bracketed!(content in input);
    strings(&content, brackets.span.join(), expected)
}

fn strings(content: ParseStream<'_>, all: Span, expected: &str) -> Result<Vec<LitStr>> {
    let list = list(content, expected, |content| {
        if content.peek(LitStr) { content.parse() } else { Err(unexpected(content, expected)) }
    })?;
    if list.is_empty() {
        return Err(Error::new(all, format!("an empty list, {expected}")));
    }
    Ok(list)
}

/// Parses a comma-separated list up to the end.
pub(super) fn list<T>(
    content: ParseStream<'_>,
    expected: &str,
    parse: impl Fn(ParseStream<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut list = Punctuated::<T, Token![,]>::new();
    while !content.is_empty() {
        list.push_value(parse(content)?);
        if content.is_empty() {
            break;
        }
        if !content.peek(Token![,]) {
            return Err(unexpected(content, expected));
        }
        list.push_punct(content.parse()?);
    }
    Ok(list.into_iter().collect())
}
