//! The second stage: selects captures and generates the tests.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, Ident, Token};

use crate::model::Model;
use crate::parse::Items;
use crate::product::Product;
use crate::suite::{Suite, Tested};
use crate::{errors, expand, files, select};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let expansion = parse.parse2(input).and_then(|suite| {
        let model = &suite.model;
        let captures = select::captures(model, suite.tested.needs());
        let (captures, files) = errors::both(captures, files::select(model))?;
        let product = Product::new(model, captures, files)?;
        Ok(expand::suite(&suite, &product))
    });
    expansion.unwrap_or_else(|error| error.to_compile_error())
}

/// `[FACADE] (ITEMS) ATTRIBUTES SIGNATURE;`, or `call NAME;` or `derive NAME;` in place of the
/// signature.
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
