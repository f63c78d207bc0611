//! The first stage of the function-like form.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Error, Expr, ExprClosure, Ident, Path, Token};

use crate::argument;
use crate::errors::Errors;
use crate::expand::body;
use crate::model::Model;
use crate::parse::{Items, unexpected};
use crate::place::{self, UNNAMED};

/// `[FACADE] [NAME:] ITEMS [=> BODY]`.
struct Call {
    facade: TokenStream,
    name: Option<Ident>,
    /// The items as written, for the second stage.
    items: TokenStream,
    model: Model,
    body: Option<Body>,
}

enum Body {
    Function(Path),
    Closure(ExprClosure),
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match parse.parse2(input) {
        Ok(call) => success(&call),
        Err(error) => error.to_compile_error(),
    }
}

fn parse(input: ParseStream<'_>) -> syn::Result<Call> {
    let facade = match input.parse::<TokenTree>() {
        Ok(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => group.stream(),
        _ => return Err(Error::new(Span::call_site(), "expected the path of the facade")),
    };
    let whole = if input.is_empty() { Span::call_site() } else { input.span() };
    let first = input.cursor().token_tree().map_or(whole, |(token, _)| token.span());
    let name = if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::])
    {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    let ahead = input.fork();
    let items = Items::parse(input)?;
    let written = tokens_before(&ahead, input);
    let model = Model::new(items, whole)?;
    let body = if input.peek(Token![=>]) {
        let arrow: Token![=>] = input.parse()?;
        if input.is_empty() {
            let message = "`=>` without a function, expected a path or a closure after it";
            return Err(Error::new(arrow.spans[0], message));
        }
        let body = Body::parse(input)?;
        body.check(&model)?;
        if !input.is_empty() {
            return Err(unexpected(input, "expected nothing after the function"));
        }
        Some(body)
    } else {
        check_without_body(&model)?;
        None
    };
    place::check_call(first, name.as_ref())?;
    Ok(Call { facade, name, items: written, model, body })
}

/// The tokens between two positions in the input.
fn tokens_before(from: ParseStream<'_>, to: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut cursor = from.cursor();
    while cursor != to.cursor() {
        let Some((token, next)) = cursor.token_tree() else { break };
        tokens.extend([token]);
        cursor = next;
    }
    tokens
}

/// Rejects items that need a function where there is none.
fn check_without_body(model: &Model) -> syn::Result<()> {
    let message = "has no effect without a function after `=>`: the capture derives its own `.xml`";
    if let Some(golden) = model.goldens.first() {
        return Err(Error::new(golden.span, format!("`golden` {message}")));
    }
    if let Some(files) = &model.files {
        return Err(Error::new(files.span, format!("`files` {message}")));
    }
    if let Some(axis) = model.values.first() {
        return Err(Error::new(axis.name.span(), format!("`values` {message}")));
    }
    for (name, flags) in [("set", &model.set), ("clear", &model.clear)] {
        if !flags.is_empty() {
            return Err(Error::new(model.selector, format!("`{name}` {message}")));
        }
    }
    Ok(())
}

impl Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.cursor();
        match input.parse::<Expr>() {
            Ok(Expr::Path(path)) if path.qself.is_none() => Ok(Self::Function(path.path)),
            Ok(Expr::Closure(closure)) if closure.asyncness.is_some() => {
                let message = "an async closure can't be tested, write an async function under \
                               `#[caps_test]`";
                Err(Error::new(closure.span(), message))
            }
            Ok(Expr::Closure(closure)) if closure.inputs.is_empty() => {
                let message = "a closure without arguments, expected it to take something of a \
                               capture, as `|caps: &Capabilities|`";
                Err(Error::new(closure.span(), message))
            }
            Ok(Expr::Closure(closure)) => Ok(Self::Closure(closure)),
            Ok(other) => {
                Err(Error::new(other.span(), "expected the path of a function or a closure"))
            }
            Err(_) => {
                let span =
                    start.token_tree().map_or_else(Span::call_site, |(token, _)| token.span());
                Err(Error::new(span, "expected the path of a function or a closure"))
            }
        }
    }

    /// Checks that the items and the arguments match. For a path, only the compiler knows the
    /// arguments.
    fn check(&self, model: &Model) -> syn::Result<()> {
        let mut errors = Errors::default();
        match self {
            Self::Closure(closure) => {
                argument::check(&argument::of_closure(closure), model, &mut errors);
            }
            Self::Function(path) => {
                let named = model.goldens.iter().any(|golden| golden.name.is_some());
                if named || !model.values.is_empty() {
                    let message = "a path does not reveal the names of arguments, expected a closure, or \
                                   `#[caps_test]` above the function";
                    errors.push(path.span(), message);
                }
            }
        }
        errors.result(())
    }

    /// Calls the function with its arguments.
    fn call(&self, model: &Model) -> TokenStream {
        match self {
            Self::Function(path) => quote! { case.call(#path) },
            Self::Closure(closure) => {
                let gets = argument::expressions(&argument::of_closure(closure), model);
                quote! { (#closure)(#(#gets),*) }
            }
        }
    }
}

fn success(call: &Call) -> TokenStream {
    let facade = crate::expand::facade(&call.model, Some(&call.facade));
    let name = match &call.name {
        Some(name) => name.clone(),
        None => Ident::new(UNNAMED, Span::call_site()),
    };
    let items = Group::new(Delimiter::Parenthesis, call.items.clone());
    let Some(body) = &call.body else {
        return quote! {
            #[cfg(test)]
            #facade::__private::caps_tests! { [#facade] #items derive #name; }
        };
    };
    // Call the function where its path was written, so that it resolves as intended.
    let adapter = body::adapter(&name);
    let called = body.call(&call.model);
    let result = match &call.model.fails {
        None => quote! { case.finish(#called) },
        Some(fails) => {
            let assertion = body::assert_fails(fails, &called);
            quote! { case.finish(#assertion) }
        }
    };
    quote! {
        #[cfg_attr(not(test), allow(dead_code))]
        fn #adapter(case: &#facade::testing::Case) -> #facade::testing::Outcome {
            #result
        }

        #[cfg(test)]
        #facade::__private::caps_tests! { [#facade] #items call #name; }
    }
}
