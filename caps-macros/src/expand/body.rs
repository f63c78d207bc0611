//! What a test does: it calls the function with what it takes, and looks at how it ends.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Signature};

use crate::function;
use crate::model::{Fails, Model};

/// The function that stands beside the user's and calls it.
pub(crate) fn adapter(name: &Ident) -> Ident {
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    format_ident!("__caps_test_{text}", span = name.span())
}

/// A call of a function, from the module of its tests or from beside it. What the compiler has to say of the
/// result belongs to the type that the function returns, or to the word `fails`.
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
    // Spans of different origins would be combined into that of the whole attribute.
    name.set_span(span);
    let path = from_module.then(|| quote_spanned! { span=> super:: });
    let awaited = signature.asyncness.map(|_| quote_spanned! { span=> .await });
    quote_spanned! { span=> #path #name(#(#expressions),*)#awaited }
}

/// What a function that makes this call returns, and its body. There is a `case` in it.
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

/// Asserts that what is called returns the error.
pub(crate) fn assert_fails(fails: &Fails, called: &TokenStream) -> TokenStream {
    // What the compiler has to say of the function's type belongs to the word `fails`; names are those of
    // the expansion.
    let span = fails.span.resolved_at(Span::call_site());
    if let Some(text) = &fails.text {
        quote_spanned! { span=> case.assert_fails_with(#text, #called) }
    } else {
        quote_spanned! { span=> case.assert_fails(#called) }
    }
}
