//! The grammar: tokens into items, each with the span that a message about it points at.

use caps_core::capture::ParsePickError;
use caps_core::nearest::nearest;
use proc_macro2::{Span, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::token::{Bracket, Paren};
use syn::{Error, Ident, Lit, LitInt, LitStr, Path, Result, Token, bracketed, parenthesized};

/// The words that begin an item, for messages.
const WORDS: [&str; 11] = [
    "not_arch",
    "variant",
    "has",
    "lacks",
    "set",
    "clear",
    "fails",
    "golden",
    "skip",
    "dir",
    "allow_empty",
];

/// The items of one use of the macro, in order.
pub(crate) struct Items(pub(crate) Vec<Item>);

/// One item and where it begins.
pub(crate) struct Item {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Word(Ident, Option<LitInt>),
    VersionOrRange(LitStr),
    Arches(Vec<LitStr>),
    NotArches(Vec<LitStr>),
    Variant(LitStr),
    AnyVariant,
    Has(Vec<LitStr>),
    Lacks(Vec<LitStr>),
    Set(Vec<LitStr>),
    Clear(Vec<LitStr>),
    Fails(Option<LitStr>),
    Golden(LitStr),
    Skip(Vec<(LitStr, LitStr)>),
    Dir(LitStr),
    Crate(Path),
    AllowEmpty,
}

impl Kind {
    /// The name that an item may have only once.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Word(..) | Self::VersionOrRange(_) => "selector",
            Self::Arches(_) => "arch",
            Self::NotArches(_) => "not_arch",
            Self::Variant(_) | Self::AnyVariant => "variant",
            Self::Has(_) => "has",
            Self::Lacks(_) => "lacks",
            Self::Set(_) => "set",
            Self::Clear(_) => "clear",
            Self::Fails(_) => "fails",
            Self::Golden(_) => "golden",
            Self::Skip(_) => "skip",
            Self::Dir(_) => "dir",
            Self::Crate(_) => "crate",
            Self::AllowEmpty => "allow_empty",
        }
    }
}

impl Items {
    /// Reads items up to the end or a `=>`.
    pub(crate) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut items = Vec::new();
        while !at_end(input) {
            items.push(Item::parse(input, items.is_empty())?);
            if at_end(input) {
                break;
            }
            if !input.peek(Token![,]) {
                return Err(unexpected(input, "expected `,` before the next item"));
            }
            input.parse::<Token![,]>()?;
        }
        Ok(Self(items))
    }
}

fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![=>])
}

/// An error at the next token, which it names.
pub(crate) fn unexpected(input: ParseStream<'_>, expected: &str) -> Error {
    match input.cursor().token_tree() {
        Some((TokenTree::Group(group), _)) => {
            Error::new(group.span_open(), format!("unexpected group, {expected}"))
        }
        Some((token, _)) => Error::new(token.span(), format!("unexpected `{token}`, {expected}")),
        None => input.error(expected),
    }
}

impl Item {
    fn parse(input: ParseStream<'_>, first: bool) -> Result<Self> {
        let span = input.span();
        let kind = if input.peek(LitStr) {
            Kind::from_string(input.parse()?)
        } else if input.peek(Lit) {
            return Err(number(&input.parse()?));
        } else if input.peek(Bracket) {
            Kind::Arches(strings_in_brackets(input)?)
        } else if input.peek(Token![crate]) {
            parse_crate(input)?
        } else if input.peek(Ident::peek_any) {
            Kind::from_word(input, first)?
        } else {
            return Err(unexpected(input, "expected a selector or an item"));
        };
        Ok(Self { span, kind })
    }
}

impl Kind {
    /// Versions and ranges begin like nothing that is the name of an architecture.
    fn from_string(text: LitStr) -> Self {
        let value = text.value();
        if value.starts_with(|c: char| c.is_ascii_digit() || "<>=^~*, ".contains(c)) {
            Self::VersionOrRange(text)
        } else {
            Self::Arches(vec![text])
        }
    }

    fn from_word(input: ParseStream<'_>, first: bool) -> Result<Self> {
        let word = Ident::parse_any(input)?;
        Ok(match word.to_string().as_str() {
            "latest" | "oldest" | "all" => {
                let count = if input.peek(Paren) { Some(parse_count(&word, input)?) } else { None };
                Self::Word(word, count)
            }
            "not_arch" => Self::NotArches(strings_in_parentheses(&word, input)?),
            "variant" => parse_variant(&word, input)?,
            "has" => Self::Has(strings_in_parentheses(&word, input)?),
            "lacks" => Self::Lacks(strings_in_parentheses(&word, input)?),
            "set" => Self::Set(strings_in_parentheses(&word, input)?),
            "clear" => Self::Clear(strings_in_parentheses(&word, input)?),
            "fails" => Self::Fails(if input.peek(Token![=]) {
                Some(assigned(&word, "\"text\"", input)?)
            } else {
                None
            }),
            "golden" => Self::Golden(assigned(
                &word,
                "\"dir/{test}.{arch}-{version}{variant}.ext\"",
                input,
            )?),
            "skip" => Self::Skip(parse_skip(&word, input)?),
            "dir" => Self::Dir(assigned(&word, "\"path\"", input)?),
            "allow_empty" => Self::AllowEmpty,
            _ if first => {
                let error = ParsePickError::unknown_word(&word.to_string());
                return Err(Error::new(word.span(), error));
            }
            _ => return Err(unknown_item(&word)),
        })
    }
}

fn unknown_item(word: &Ident) -> Error {
    let text = word.to_string();
    let hint = nearest(&text, WORDS.into_iter().chain(["latest", "oldest", "all", "crate"]))
        .map(|near| format!(", did you mean `{near}`?"))
        .unwrap_or_default();
    let words = WORDS.join("`, `");
    let message = format!("unknown item `{text}`, expected an arch, `{words}` or `crate`{hint}");
    Error::new(word.span(), message)
}

/// Any literal but a string.
fn number(literal: &Lit) -> Error {
    let text = literal.to_string_lossy();
    let message = match text.matches('.').count() {
        _ if !text.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("expected a selector or an item, found the literal `{text}`")
        }
        0 => format!("versions are strings, write \"{text}.0.0\" instead of `{text}`"),
        _ => format!("versions are strings, write \"{text}.0\" instead of `{text}`"),
    };
    Error::new(literal.span(), message)
}

trait LitText {
    fn to_string_lossy(&self) -> String;
}

impl LitText for Lit {
    fn to_string_lossy(&self) -> String {
        match self {
            Lit::Float(float) => float.to_string(),
            Lit::Int(int) => int.to_string(),
            Lit::Bool(boolean) => boolean.value.to_string(),
            other => quote::ToTokens::to_token_stream(other).to_string(),
        }
    }
}

fn parse_count(word: &Ident, input: ParseStream<'_>) -> Result<LitInt> {
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

fn parse_variant(word: &Ident, input: ParseStream<'_>) -> Result<Kind> {
    const EXPECTED: &str = "expected `variant = \"+name\"` or `variant = any`";
    if !input.peek(Token![=]) {
        return Err(Error::new(word.span(), format!("`variant` without a value, {EXPECTED}")));
    }
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return Ok(Kind::Variant(input.parse()?));
    }
    if input.peek(Ident::peek_any) {
        let value = Ident::parse_any(&input.fork())?;
        if value == "any" {
            Ident::parse_any(input)?;
            return Ok(Kind::AnyVariant);
        }
    }
    Err(unexpected(input, EXPECTED))
}

fn parse_crate(input: ParseStream<'_>) -> Result<Kind> {
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
    Ok(Kind::Crate(Path::parse_mod_style(input)?))
}

fn parse_skip(word: &Ident, input: ParseStream<'_>) -> Result<Vec<(LitStr, LitStr)>> {
    const EXPECTED: &str = "expected `skip(\"caps_VERSION_ARCH\" = \"reason\")`";
    if !input.peek(Paren) {
        return Err(Error::new(word.span(), format!("`skip` without captures, {EXPECTED}")));
    }
    let content;
    parenthesized!(content in input);
    let mut skips = Vec::new();
    while !content.is_empty() {
        if !content.peek(LitStr) {
            return Err(unexpected(&content, EXPECTED));
        }
        let capture: LitStr = content.parse()?;
        if !content.peek(Token![=]) {
            return Err(Error::new(
                capture.span(),
                format!("a capture without a reason, {EXPECTED}"),
            ));
        }
        content.parse::<Token![=]>()?;
        if !content.peek(LitStr) {
            return Err(unexpected(&content, EXPECTED));
        }
        skips.push((capture, content.parse()?));
        if !content.is_empty() && !content.peek(Token![,]) {
            return Err(unexpected(&content, "expected `,`"));
        }
        content.parse::<Option<Token![,]>>()?;
    }
    if skips.is_empty() {
        return Err(Error::new(word.span(), format!("`skip` without captures, {EXPECTED}")));
    }
    Ok(skips)
}

/// `= "text"` after a word.
fn assigned(word: &Ident, example: &str, input: ParseStream<'_>) -> Result<LitStr> {
    let expected = format!("expected `{word} = {example}`");
    if !input.peek(Token![=]) {
        return Err(Error::new(word.span(), format!("`{word}` without a value, {expected}")));
    }
    input.parse::<Token![=]>()?;
    if !input.peek(LitStr) {
        return Err(unexpected(input, &expected));
    }
    input.parse()
}

fn strings_in_parentheses(word: &Ident, input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    let example = if word == "not_arch" { "sparc" } else { "flag" };
    let expected = format!("expected `{word}(\"{example}\", ...)`");
    if !input.peek(Paren) {
        return Err(Error::new(word.span(), format!("`{word}` without names, {expected}")));
    }
    let content;
    let parentheses = parenthesized!(content in input);
    strings(&content, parentheses.span.join(), &expected)
}

fn strings_in_brackets(input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    let content;
    let brackets = bracketed!(content in input);
    strings(
        &content,
        brackets.span.join(),
        "expected architectures as in `[\"x86_64\", \"s390x\"]`",
    )
}

fn strings(content: ParseStream<'_>, all: Span, expected: &str) -> Result<Vec<LitStr>> {
    let mut list = Punctuated::<LitStr, Token![,]>::new();
    while !content.is_empty() {
        if !content.peek(LitStr) {
            return Err(unexpected(content, expected));
        }
        list.push_value(content.parse::<LitStr>()?);
        if content.is_empty() {
            break;
        }
        if !content.peek(Token![,]) {
            return Err(unexpected(content, expected));
        }
        list.push_punct(content.parse()?);
    }
    if list.is_empty() {
        return Err(Error::new(all, format!("an empty list, {expected}")));
    }
    Ok(list.into_iter().collect())
}
