//! The second stage: selects captures and writes the tests.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, Ident, Signature, Token, Type};

use crate::expand;
use crate::function;
use crate::model::Model;
use crate::parse::Items;
use crate::select::{Needs, select};

/// What the first stage passed on.
pub(crate) struct Suite {
    pub(crate) facade: TokenStream,
    pub(crate) model: Model,
    pub(crate) tested: Tested,
}

/// What the tests do with a capture.
pub(crate) enum Tested {
    /// They call a function under the attribute.
    Function(Vec<Attribute>, Box<Signature>),
    /// They call the adapter of a call with this name.
    Call(Ident),
    /// They derive the capability description. The name is that of the call.
    Derive(Ident),
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let expansion = parse.parse2(input).and_then(|suite| {
        let tests = select(&suite.model, suite.tested.needs())?;
        Ok(expand::suite(&suite, &tests))
    });
    expansion.unwrap_or_else(|error| error.to_compile_error())
}

/// `[FACADE] (ITEMS) ATTRIBUTES SIGNATURE;`, or `call NAME;` or `derive NAME;` in their place.
fn parse(input: ParseStream<'_>) -> syn::Result<Suite> {
    let facade = group(input, Delimiter::Bracket)?;
    let items = group(input, Delimiter::Parenthesis)?;
    let whole = if items.is_empty() { Span::call_site() } else { items.span() };
    let model = Model::new(Items::parse.parse2(items)?, whole)?;
    let tested = if input.peek(Ident) && input.peek2(Ident) && !input.peek(Token![async]) {
        let kind: Ident = input.parse()?;
        let name = input.parse()?;
        if kind == "derive" { Tested::Derive(name) } else { Tested::Call(name) }
    } else {
        let attributes = input.call(Attribute::parse_outer)?;
        Tested::Function(attributes, Box::new(input.parse()?))
    };
    input.parse::<Token![;]>()?;
    Ok(Suite { facade, model, tested })
}

fn group(input: ParseStream<'_>, delimiter: Delimiter) -> syn::Result<TokenStream> {
    match input.parse()? {
        TokenTree::Group(group) if group.delimiter() == delimiter => Ok(group.stream()),
        other => Err(Error::new(other.span(), "expected what `caps_test` passes on")),
    }
}

impl Tested {
    /// The types of arguments tell, by their last name, which files the tests read.
    fn needs(&self) -> Needs {
        match self {
            Self::Function(_, signature) => {
                let mut needs = Needs::default();
                for ty in function::argument_types(signature) {
                    match last_name(ty).as_deref() {
                        Some("Capabilities") => needs.xml = true,
                        Some("Schema" | "Validator" | "Conversation") => needs.replies = true,
                        _ => {}
                    }
                }
                needs
            }
            Self::Call(_) => Needs::default(),
            Self::Derive(_) => Needs { xml: true, replies: true },
        }
    }
}

fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => last_name(&reference.elem),
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Type::Paren(inner) => last_name(&inner.elem),
        Type::Group(inner) => last_name(&inner.elem),
        _ => None,
    }
}
