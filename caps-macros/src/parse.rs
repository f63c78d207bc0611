//! The grammar: parses tokens into items, each with a span for messages.

use caps_core::capture::{ParsePickError, Versions};
use caps_core::nearest::nearest;
use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::token::{Bracket, Paren};
use syn::{Error, Expr, Ident, Lit, LitInt, LitStr, Path, Result, Token};

mod item;
mod token;

pub(crate) use item::{DirItem, FilesItem, GoldenNames};
pub(crate) use token::unexpected;

/// The words that start an item, for messages.
const WORDS: [&str; 16] = [
    "not_arch",
    "variant",
    "has",
    "lacks",
    "set",
    "clear",
    "fails",
    "files",
    "values",
    "golden",
    "machine",
    "virttype",
    "skip",
    "dir",
    "allow_empty",
    "max_tests",
];

/// The items of a use of the macro, in order.
pub(crate) struct Items(pub(crate) Vec<Item>);

/// An item and the span of its start.
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
    Files(FilesItem),
    Values(Vec<(Ident, Vec<Expr>)>),
    Golden(GoldenNames),
    Skip(Vec<(LitStr, LitStr)>),
    Dir(Vec<DirItem>),
    Crate(Path),
    AllowEmpty,
    Machine(LitStr),
    Virttype(Ident),
    MaxTests(LitInt),
}

impl Kind {
    /// The name of an item that can appear only once.
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
            Self::Files(_) => "files",
            Self::Values(_) => "values",
            Self::Golden(_) => "golden",
            Self::Skip(_) => "skip",
            Self::Dir(_) => "dir",
            Self::Crate(_) => "crate",
            Self::AllowEmpty => "allow_empty",
            Self::Machine(_) => "machine",
            Self::Virttype(_) => "virttype",
            Self::MaxTests(_) => "max_tests",
        }
    }

    /// Returns whether the item concerns captures, and so requires a selector.
    pub(crate) fn is_of_captures(&self) -> bool {
        matches!(
            self.name(),
            "arch"
                | "not_arch"
                | "variant"
                | "has"
                | "lacks"
                | "set"
                | "clear"
                | "dir"
                | "machine"
                | "virttype"
        )
    }
}

impl Items {
    /// Parses items up to the end or a `=>`.
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

impl Item {
    fn parse(input: ParseStream<'_>, first: bool) -> Result<Self> {
        let span = input.span();
        let kind = if input.peek(LitStr) {
            Kind::from_string(input.parse()?)
        } else if input.peek(Lit) {
            // A version without quotes is a number to Rust.
            return Err(token::number(&input.parse()?));
        } else if input.peek(Bracket) {
            Kind::Arches(token::strings_in_brackets(
                input,
                "expected architectures as in `[\"x86_64\", \"s390x\"]`",
            )?)
        } else if input.peek(Token![crate]) {
            Kind::Crate(item::parse_crate(input)?)
        } else if input.peek(Ident::peek_any) {
            Kind::from_word(input, first)?
        } else {
            return Err(unexpected(input, "expected a selector or an item"));
        };
        Ok(Self { span, kind })
    }
}

impl Kind {
    fn from_string(text: LitStr) -> Self {
        if Versions::is_meant(&text.value()) {
            Self::VersionOrRange(text)
        } else {
            Self::Arches(vec![text])
        }
    }

    fn from_word(input: ParseStream<'_>, first: bool) -> Result<Self> {
        let word = Ident::parse_any(input)?;
        Ok(match word.to_string().as_str() {
            "latest" | "oldest" | "all" => {
                let has_count = input.peek(Paren);
                let count = if has_count { Some(item::parse_count(&word, input)?) } else { None };
                Self::Word(word, count)
            }
            "not_arch" => Self::NotArches(token::strings_in_parentheses(&word, "sparc", input)?),
            "variant" => match item::parse_variant(&word, input)? {
                Some(variant) => Self::Variant(variant),
                None => Self::AnyVariant,
            },
            "has" => Self::Has(token::strings_in_parentheses(&word, "flag", input)?),
            "lacks" => Self::Lacks(token::strings_in_parentheses(&word, "flag", input)?),
            "set" => Self::Set(token::strings_in_parentheses(&word, "flag", input)?),
            "clear" => Self::Clear(token::strings_in_parentheses(&word, "flag", input)?),
            "fails" => Self::Fails(if input.peek(Token![=]) {
                Some(token::assigned(&word, "\"text\"", input)?)
            } else {
                None
            }),
            "files" => Self::Files(item::parse_files(&word, input)?),
            "values" => Self::Values(item::parse_values(&word, input)?),
            "golden" => Self::Golden(item::parse_golden(&word, input)?),
            "skip" => Self::Skip(item::parse_skip(&word, input)?),
            "dir" => Self::Dir(item::parse_dir(&word, input)?),
            "allow_empty" => Self::AllowEmpty,
            "machine" => Self::Machine(token::assigned(&word, "\"q35\"", input)?),
            "virttype" => Self::Virttype(item::parse_virttype(&word, input)?),
            "max_tests" => Self::MaxTests(item::parse_max_tests(&word, input)?),
            _ => return Err(unknown_word(&word, first, input)),
        })
    }
}

fn unknown_word(word: &Ident, first: bool, input: ParseStream<'_>) -> Error {
    let text = word.to_string();
    let is_assigned = input.peek(Token![=]);
    if matches!(text.as_str(), "arch" | "arches" | "version" | "versions") && is_assigned {
        // Skips the sign to quote the value behind it.
        let _: Result<Token![=]> = input.parse();
        let example = if text.starts_with('a') { "\"x86_64\"" } else { "\"9.2.0\"" };
        let written = input.cursor().literal().map(|(literal, _)| literal.to_string());
        let written = written.filter(|text| text.starts_with('"')).unwrap_or(example.to_owned());
        let what = if text.starts_with('a') { "architectures" } else { "versions" };
        let message = format!("{what} have no word before them, write just `{written}`");
        return Error::new(word.span(), message);
    }
    let is_constant = text.starts_with(|c: char| c.is_ascii_uppercase()) || input.peek(Token![::]);
    if is_constant {
        let message = format!(
            "`{text}` is a name, expected a literal: what is selected is known before constants \
             have values"
        );
        return Error::new(word.span(), message);
    }
    // The first word is most likely a mistyped selector.
    if first && !is_assigned && !input.peek(Paren) {
        return Error::new(word.span(), ParsePickError::unknown_word(&text));
    }
    let hint = nearest(&text, WORDS.into_iter().chain(["latest", "oldest", "all", "crate"]))
        .map(|near| format!(", did you mean `{near}`?"))
        .unwrap_or_default();
    let words = WORDS.join("`, `");
    let message = format!("unknown item `{text}`, expected an arch, `{words}` or `crate`{hint}");
    Error::new(word.span(), message)
}
