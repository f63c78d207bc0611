//! The first stage of the attribute, which keeps the function and passes its description to the
//! second stage.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Error;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;

use crate::argument;
use crate::expand::body;
use crate::function::{self, Function};
use crate::manifest;
use crate::model::Model;
use crate::parse::{Items, unexpected};
use crate::place::{self, Misplaced};

pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let function = match function::parse(item) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote! { #error #item };
        }
    };
    let model = match check(arguments.clone(), &function) {
        Ok(model) => model,
        Err(error) => return fallback(function, &error),
    };
    match place::check_function(&function.sig.ident) {
        Ok(()) => success(arguments, &function, &model),
        Err(Misplaced { error, is_taken: true }) => error.to_compile_error(),
        Err(Misplaced { error, is_taken: false }) => fallback(function, &error),
    }
}

fn check(arguments: TokenStream, function: &Function) -> Result<Model, Error> {
    let whole = if arguments.is_empty() { Span::call_site() } else { arguments.span() };
    let items = parse_items.parse2(arguments)?;
    let model = Model::new(items, whole)?;
    function::check(function, &model)?;
    if let (None, Some(hint)) = (&model.facade, manifest::hint_without_facade()) {
        return Err(Error::new(Span::call_site(), hint));
    }
    Ok(model)
}

fn parse_items(input: ParseStream<'_>) -> syn::Result<Items> {
    let items = Items::parse(input)?;
    if !input.is_empty() {
        return Err(unexpected(input, "the attribute's function has its body already"));
    }
    Ok(items)
}

/// Keeps the function after a mistake, so that uses of it don't cause further errors.
fn fallback(mut function: Function, error: &Error) -> TokenStream {
    let error = error.to_compile_error();
    function.attrs.retain(function::is_kept);
    quote! { #error #[allow(dead_code, unused)] #function }
}

fn success(arguments: &TokenStream, function: &Function, model: &Model) -> TokenStream {
    let facade = crate::expand::facade(model, None);
    let (attributes, signature) = (&function.attrs, &function.sig);
    let conditions: Vec<_> = attributes.iter().filter(|a| a.path().is_ident("cfg")).collect();
    let mut kept = function.clone();
    kept.attrs.retain(function::is_kept);
    let name = &signature.ident;
    let arguments_of = argument::of_signature(signature);
    let expressions = argument::expressions(&arguments_of, model);
    // Values can use names from here that are not in scope in the module of the tests.
    let adapter = (!model.values.is_empty()).then(|| {
        let adapter = body::adapter(name);
        let called = body::call(false, &expressions, model, signature);
        let (returns, body) = body::body(&called, model, signature, &facade);
        let asyncness = &signature.asyncness;
        quote! {
            #(#conditions)*
            #[cfg(test)]
            #asyncness fn #adapter(case: &#facade::testing::Case) #returns { #body }
        }
    });
    quote! {
        #kept

        // Check types in builds without tests as well.
        #(#conditions)*
        #[cfg(not(test))]
        const _: fn(&#facade::testing::Case) = |case| {
            let _ = #name(#(#expressions),*);
        };

        #adapter

        #(#conditions)*
        #[cfg(test)]
        #facade::__private::caps_tests! { [#facade] (#arguments) #(#attributes)* #signature; }
    }
}
