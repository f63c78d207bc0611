//! The tests as a person would write them.

use caps_core::Flag;
use caps_core::capture::Arches;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::Ident;

use crate::function;
use crate::model::{Fails, Model};
use crate::select::Test;
use crate::suite::{Suite, Tested};

/// The path of the facade: the one that is given, the one that a call came by, or its usual name.
pub(crate) fn facade(model: &Model, called_by: Option<&TokenStream>) -> TokenStream {
    match (&model.facade, called_by) {
        (Some(path), _) => path.to_token_stream(),
        (None, Some(path)) => path.clone(),
        (None, None) => quote! { ::qemu_caps },
    }
}

/// The function that a call with this name writes.
pub(crate) fn adapter(name: &Ident) -> Ident {
    format_ident!("__caps_test_{name}", span = name.span())
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

/// A module with the tests, named as what they test.
pub(crate) fn suite(suite: &Suite, tests: &[Test]) -> TokenStream {
    let conditions = suite.tested.attributes().iter().filter(|a| a.path().is_ident("cfg"));
    let facade = &suite.facade;
    let name = suite.tested.name();
    let definition = definition(suite, tests);
    let run = run(suite);
    let groups = groups(suite, tests);
    let guard = Ident::new("listing", name.span());
    // The compiler notes that the variable is read, and cargo compiles again when it changes.
    let variable = suite.model.dir.is_none().then(|| {
        let name = caps_core::capture::SearchDir::VARIABLE;
        quote! { const _: ::core::option::Option<&str> = ::core::option_env!(#name); }
    });
    // Nothing is run where nothing was selected.
    let unused = tests.is_empty().then(|| quote! { #[allow(dead_code)] });
    quote! {
        #(#conditions)*
        mod #name {
            use #facade::testing::Suite;

            static SUITE: Suite = #definition;
            #variable

            #unused
            #run

            #[test]
            fn #guard() {
                SUITE.assert_current();
            }

            #(#groups)*
        }
    }
}

/// The constant that says what was selected, and how.
fn definition(suite: &Suite, tests: &[Test]) -> TokenStream {
    let Suite { facade, model, tested } = suite;
    let test = tested.name().to_string();
    let test = test.strip_prefix("r#").unwrap_or(&test);
    let pick = model.selection.pick.to_string();
    let captures = tests.iter().map(|test| test.id.to_string());
    let mut chain = quote! {
        Suite::new(
            #test,
            ::core::env!("CARGO_MANIFEST_DIR"),
            #facade::data::DIR,
            #pick,
            &[#(#captures),*],
        )
    };
    let flags = |flags: &[Flag]| {
        let flags = flags.iter().map(|flag| format_ident!("{}", format!("{flag:?}")));
        quote! { &[#(#facade::Flag::#flags),*] }
    };
    let mut link = |name: &str, value: TokenStream| {
        let name = Ident::new(name, Span::call_site());
        chain.extend(quote! { .#name(#value) });
    };
    if let Some(dir) = &model.dir {
        link("dir", dir.to_token_stream());
    }
    if let Arches::Only(arches) | Arches::Except(arches) = &model.selection.arches {
        let names = arches.iter().map(|arch| format_ident!("{}", format!("{arch:?}")));
        let only = matches!(model.selection.arches, Arches::Only(_));
        let value = quote! { &[#(#facade::Arch::#names),*] };
        link(if only { "arches" } else { "not_arches" }, value);
    }
    match &model.selection.variant {
        None => link("any_variant", TokenStream::new()),
        Some(variant) if variant.is_plain() => {}
        Some(variant) => link("variant", variant.as_str().to_token_stream()),
    }
    let lists = [
        ("has", &model.selection.has),
        ("lacks", &model.selection.lacks),
        ("set", &model.set),
        ("clear", &model.clear),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            link(name, flags(list));
        }
    }
    if let Some(golden) = &model.golden {
        link("golden", golden.to_token_stream());
    }
    chain
}

/// The function that all tests of the suite call with the names of their captures.
fn run(suite: &Suite) -> TokenStream {
    let Suite { facade, model, tested } = suite;
    let outcome = quote! { #facade::testing::Outcome };
    match tested {
        Tested::Function(_, signature) => {
            let name = &signature.ident;
            let gets = function::argument_types(signature).map(|ty| {
                let span = syn::spanned::Spanned::span(ty);
                quote::quote_spanned!(span=> case.get())
            });
            let awaited = signature.asyncness.map(|_| quote! { .await });
            let called = quote! { super::#name(#(#gets),*)#awaited };
            let (returns, result) = match &model.fails {
                Some(fails) => (None, assert_fails(fails, &called)),
                None if function::returns_nothing(signature) => (None, called),
                None => (
                    Some(quote! { -> #outcome }),
                    quote! { #facade::testing::IntoOutcome::into_outcome(#called) },
                ),
            };
            let asyncness = &signature.asyncness;
            quote! {
                #asyncness fn run(capture: &str) #returns {
                    let case = SUITE.case(capture);
                    #result
                }
            }
        }
        Tested::Call(name) => {
            let adapter = adapter(name);
            quote! {
                fn run(capture: &str) -> #outcome {
                    super::#adapter(&SUITE.case(capture))
                }
            }
        }
        Tested::Derive(_) => match &model.fails {
            None => quote! {
                fn run(capture: &str) -> #outcome {
                    #facade::testing::IntoOutcome::into_outcome(SUITE.case(capture).check_derives_xml())
                }
            },
            Some(fails) => {
                let assertion = assert_fails(fails, &quote! { case.check_derives_xml() });
                quote! {
                    fn run(capture: &str) -> #outcome {
                        let case = SUITE.case(capture);
                        #assertion;
                        ::core::result::Result::Ok(())
                    }
                }
            }
        },
    }
}

/// A module for each architecture and variant; tests are sorted by them.
fn groups(suite: &Suite, tests: &[Test]) -> Vec<TokenStream> {
    let returns = (!suite.returns_nothing()).then(|| {
        let facade = &suite.facade;
        quote! { -> #facade::testing::Outcome }
    });
    let (asyncness, awaited) = match &suite.tested {
        Tested::Function(_, signature) if signature.asyncness.is_some() => {
            (Some(quote! { async }), Some(quote! { .await }))
        }
        _ => (None, None),
    };
    let usual = suite.tested.test_attributes(None);
    tests
        .chunk_by(|a, b| a.group == b.group)
        .filter_map(|group| Some((group.first()?, group)))
        .map(|(first, group)| {
            let module = Ident::new(&first.group, Span::call_site());
            let functions = group.iter().map(|test| {
                let own = test.skip.as_ref().map(|skip| suite.tested.test_attributes(Some(skip)));
                let attributes = own.as_ref().unwrap_or(&usual);
                // The place of the function that is tested is what a failure and an editor show.
                let name = Ident::new(&test.name, suite.tested.name().span());
                let capture = test.id.to_string();
                quote! {
                    #attributes
                    #asyncness fn #name() #returns {
                        super::run(#capture)#awaited
                    }
                }
            });
            quote! { mod #module { #(#functions)* } }
        })
        .collect()
}
