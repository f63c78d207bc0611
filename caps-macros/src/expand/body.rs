//! The body of a test: it calls the function and evaluates the result.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Signature};

use crate::function;
use crate::model::{Fails, Model};

/// The function next to the user's that calls it.
pub(crate) fn adapter(name: &Ident) -> Ident {
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    format_ident!("__caps_test_{text}", span = name.span())
}

/// Calls a function, from the module of its tests or from next to it. Errors about the result
/// should point at the return type of the function or the word `fails`.
pub(crate) fn call(
    from_module: bool,
    expressions: &[TokenStream],
    model: &Model,
    signature: &Signature,
) -> TokenStream {
    let span = match &model.fails {
        Some(fails) => fails.span,
        None => function::return_span(signature),
    };
    let span = span.resolved_at(Span::call_site());
    let mut name = signature.ident.clone();
    // The compiler would join spans of different origins into the span of the whole attribute.
    name.set_span(span);
    let path = from_module.then(|| quote_spanned! { span=> super:: });
    let awaited = signature.asyncness.map(|_| quote_spanned! { span=> .await });
    quote_spanned! { span=> #path #name(#(#expressions),*)#awaited }
}

/// The return type and body of a function that makes this call, using a variable `case`.
pub(crate) fn body(
    called: &TokenStream,
    model: &Model,
    signature: &Signature,
    facade: &TokenStream,
) -> (Option<TokenStream>, TokenStream) {
    let has_goldens = !model.goldens.is_empty();
    let compared = has_goldens.then(|| quote! { case.assert_golden_files_compared(); });
    if let Some(fails) = &model.fails {
        let assertion = assert_fails(fails, called);
        return (None, quote! { #assertion; #compared });
    }
    if function::returns_nothing(signature) {
        let end = has_goldens.then(|| quote! { ; });
        return (None, quote! { #called #end #compared });
    }
    let span = function::return_span(signature).resolved_at(Span::call_site());
    let outcome = quote_spanned! { span=> case.finish(#called) };
    (Some(quote! { -> #facade::testing::Outcome }), outcome)
}

/// Asserts that the call returns the error.
pub(crate) fn assert_fails(fails: &Fails, called: &TokenStream) -> TokenStream {
    // Errors about the function's type should point at the word `fails`; names belong to the
    // expansion.
    let span = fails.span.resolved_at(Span::call_site());
    if let Some(text) = &fails.text {
        quote_spanned! { span=> case.assert_fails_with(#text, #called) }
    } else {
        quote_spanned! { span=> case.assert_fails(#called) }
    }
}
