//! Generates the tests in the form in which a person would write them.

use caps_core::Flag;
use caps_core::capture::Arches;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Ident;

use crate::argument::{self, Argument};
use crate::model::Model;
use crate::parse::DirItem;
use crate::product::{Product, Test};
use crate::suite::{Suite, Tested};

pub(crate) mod body;

/// The path of the facade: the one given, the one used by the call, or the default.
pub(crate) fn facade(model: &Model, called_by: Option<&TokenStream>) -> TokenStream {
    match (&model.facade, called_by) {
        (Some(path), _) => path.to_token_stream(),
        (None, Some(path)) => path.clone(),
        (None, None) => quote! { ::qemu_caps },
    }
}

/// The module of the tests, named after what they test.
pub(crate) fn suite(suite: &Suite, product: &Product) -> TokenStream {
    let attributes = suite.tested.attributes().iter();
    let conditions: Vec<_> = attributes.filter(|a| a.path().is_ident("cfg")).collect();
    let facade = &suite.facade;
    let name = suite.tested.name();
    let definition = definition(suite, product);
    let run = run(suite);
    let tests = tests(suite, product, &product.tests, 0);
    let guard = Ident::new("listing", name.span());
    // The compiler records that the variable was read, so cargo recompiles when it changes.
    let reads_variable = suite.model.selection.is_some() && suite.model.dirs.is_empty();
    let variable = reads_variable.then(|| {
        let name = caps_core::capture::SearchDir::VARIABLE;
        quote! { const _: ::core::option::Option<&str> = ::core::option_env!(#name); }
    });
    // Without a selection there is nothing to run.
    let unused = product.tests.is_empty().then(|| quote! { #[allow(dead_code)] });
    quote! {
        #(#conditions)*
        mod #name {
            static SUITE: #facade::testing::Suite = #definition;
            #variable

            #unused
            #run

            #[test]
            fn #guard() {
                SUITE.assert_current();
            }

            #tests
        }
    }
}

/// The constant that describes the suite.
fn definition(suite: &Suite, product: &Product) -> TokenStream {
    let Suite { facade, model, tested } = suite;
    let test = tested.name().to_string();
    // Users and golden files know the function without the prefix of raw identifiers.
    let test = test.strip_prefix("r#").unwrap_or(&test);
    let mut chain = quote! {
        #facade::testing::Suite::new(#test, ::core::module_path!(), ::core::env!("CARGO_MANIFEST_DIR"))
    };
    let mut link = |name: &str, value: TokenStream| {
        let name = Ident::new(name, Span::call_site());
        chain.extend(quote! { .#name(#value) });
    };
    if let Some(selection) = &model.selection {
        let pick = selection.pick.to_string();
        let captures = product.captures.iter().map(|(id, _)| id.to_string());
        link("captures", quote! { #facade::data::DIR, #pick, &[#(#captures),*] });
        if product.surveys {
            link("surveys", TokenStream::new());
        }
        if let Arches::Only(arches) | Arches::Except(arches) = &selection.arches {
            let names = arches.iter().map(|arch| format_ident!("{}", format!("{arch:?}")));
            let only = matches!(selection.arches, Arches::Only(_));
            let value = quote! { &[#(#facade::Arch::#names),*] };
            link(if only { "arches" } else { "not_arches" }, value);
        }
        match &selection.variant {
            None => link("any_variant", TokenStream::new()),
            Some(variant) if variant.is_plain() => {}
            Some(variant) => link("variant", variant.as_str().to_token_stream()),
        }
        let lists = [("has", &selection.has), ("lacks", &selection.lacks)];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            link(name, flags(list, facade));
        }
    }
    if let Some(machine) = &model.machine {
        link("machine", machine.to_token_stream());
    }
    if let Some(virttype) = model.virttype {
        let name = format_ident!("{}", format!("{virttype:?}"));
        link("virttype", quote! { #facade::accel::DomainType::#name });
    }
    let lists = [("set", &model.set), ("clear", &model.clear)];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        link(name, flags(list, facade));
    }
    if !model.dirs.is_empty() {
        let dirs = model.dirs.iter().map(|dir| match dir {
            DirItem::Path(path) => quote! { #facade::capture::DataDir::Path(#path) },
            DirItem::BuiltIn => quote! { #facade::capture::DataDir::BuiltIn },
        });
        link("dirs", quote! { &[#(#dirs),*] });
    }
    if let Some(files) = &model.files {
        let patterns = files.patterns.iter().map(|(_, pattern)| pattern.as_str());
        let names = product.files.iter().map(|file| &file.name);
        let paths = product.files.iter().map(|file| &file.path);
        link("files", quote! { &[#(#patterns),*], &[#((#names, #paths)),*] });
        if !files.only.is_empty() {
            let only = files.only.iter().map(|item| {
                let (files, captures) = &item.texts;
                quote! { (#files, &[#(#captures),*]) }
            });
            link("only", quote! { &[#(#only),*] });
        }
    }
    if !model.values.is_empty() {
        let values = model.values.iter().map(|axis| {
            let name = axis.name.to_string();
            let texts = axis.values.iter().map(|value| &value.text);
            quote! { (#name, &[#(#texts),*]) }
        });
        link("values", quote! { &[#(#values),*] });
    }
    if !model.goldens.is_empty() {
        let goldens = model.goldens.iter().map(|golden| {
            let name = golden.name.as_ref().map(ToString::to_string).unwrap_or_default();
            let pattern = &golden.pattern;
            quote! { (#name, #pattern) }
        });
        link("goldens", quote! { &[#(#goldens),*] });
    }
    chain
}

fn flags(flags: &[Flag], facade: &TokenStream) -> TokenStream {
    let flags = flags.iter().map(|flag| format_ident!("{}", format!("{flag:?}")));
    quote! { &[#(#facade::Flag::#flags),*] }
}

/// The function that all tests of the suite call with the names of their capture, file and values.
fn run(suite: &Suite) -> TokenStream {
    let Suite { facade, model, tested } = suite;
    let outcome = quote! { #facade::testing::Outcome };
    let (mut takes, mut case) = (Vec::new(), quote! { SUITE.case() });
    if model.files.is_some() {
        takes.push(quote! { file: &str });
        case.extend(quote! { .over_file(file) });
    }
    if !model.values.is_empty() {
        takes.push(quote! { values: &[usize] });
        case.extend(quote! { .over_values(values) });
    }
    if model.selection.is_some() {
        takes.push(quote! { capture: &str });
        case.extend(quote! { .over_capture(capture) });
    }
    match tested {
        Tested::Function(_, signature) if !model.values.is_empty() => {
            let adapter = body::adapter(&signature.ident);
            let returns = (!suite.returns_nothing()).then(|| quote! { -> #outcome });
            let asyncness = &signature.asyncness;
            let awaited = asyncness.map(|_| quote! { .await });
            let called = quote! { super::#adapter(&case)#awaited };
            let body = each_document(suite, &case, &called, returns.is_some())
                .unwrap_or_else(|| quote! { super::#adapter(&#case)#awaited });
            quote! {
                #asyncness fn run(#(#takes),*) #returns { #body }
            }
        }
        Tested::Function(_, signature) => {
            let arguments = argument::of_signature(signature);
            let expressions = argument::expressions(&arguments, model);
            let called = body::call(true, &expressions, model, signature);
            let (returns, body) = body::body(&called, model, signature, facade);
            let asyncness = &signature.asyncness;
            let body = each_document(suite, &case, &body, returns.is_some())
                .unwrap_or_else(|| quote! { let case = #case; #body });
            quote! {
                #asyncness fn run(#(#takes),*) #returns { #body }
            }
        }
        Tested::Call(name) => {
            let adapter = body::adapter(name);
            let called = quote! { super::#adapter(&case) };
            let body = each_document(suite, &case, &called, true)
                .unwrap_or_else(|| quote! { super::#adapter(&#case) });
            quote! {
                fn run(#(#takes),*) -> #outcome { #body }
            }
        }
        Tested::Derive(_) => match &model.fails {
            None => quote! {
                fn run(#(#takes),*) -> #outcome {
                    let case = #case;
                    case.finish(case.check_derives_xml())
                }
            },
            Some(fails) => {
                let assertion = body::assert_fails(fails, &quote! { case.check_derives_xml() });
                quote! {
                    fn run(#(#takes),*) -> #outcome {
                        let case = #case;
                        #assertion;
                        ::core::result::Result::Ok(())
                    }
                }
            }
        },
    }
}

/// The body of `run` if the function may take each document of domain capabilities in turn. The
/// arguments of a called path are unknown here.
fn each_document(
    suite: &Suite,
    case: &TokenStream,
    body: &TokenStream,
    returns: bool,
) -> Option<TokenStream> {
    let takes_documents = match &suite.tested {
        Tested::Function(_, signature) => {
            argument::of_signature(signature).iter().any(Argument::is_domain_capabilities)
        }
        Tested::Call(_) => suite.model.selection.is_some(),
        Tested::Derive(_) => false,
    };
    if !takes_documents || suite.model.names_a_document() {
        return None;
    }
    let (question, end) = if returns {
        (Some(quote! { ?; }), Some(quote! { ::core::result::Result::Ok(()) }))
    } else {
        (None, None)
    };
    Some(quote! {
        let mut case = #case;
        while case.next_document() { #body #question }
        #end
    })
}

/// A module for each file, value, and architecture with its variant, with the tests sorted by them.
fn tests(suite: &Suite, product: &Product, tests: &[Test], depth: usize) -> TokenStream {
    let mut tokens = TokenStream::new();
    for group in tests.chunk_by(|a, b| a.modules.get(depth) == b.modules.get(depth)) {
        let Some(module) = group.first().and_then(|first| first.modules.get(depth)) else {
            tokens.extend(functions(suite, product, group, depth));
            continue;
        };
        let module = Ident::new(module, Span::call_site());
        let inner = self::tests(suite, product, group, depth + 1);
        tokens.extend(quote! { mod #module { #inner } });
    }
    tokens
}

/// The function that all tests of a suite call.
const RUN: &str = "run";

fn functions(suite: &Suite, product: &Product, tests: &[Test], depth: usize) -> TokenStream {
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
    let path: TokenStream = (0..depth).map(|_| quote! { super:: }).collect();
    // Imported once, because the compiler takes each token of each test.
    let is_free = |test: &Test| test.name != RUN && test.modules.iter().all(|module| module != RUN);
    let is_imported = depth > 0 && tests.len() > 1 && tests.iter().all(is_free);
    let import = is_imported.then(|| quote! { use #path run; });
    let path = (!is_imported).then_some(path);
    let span = suite.tested.name().span();
    let functions = tests.iter().map(|test| {
        let own = test.skip.as_ref().map(|skip| suite.tested.test_attributes(Some(skip)));
        let attributes = own.as_ref().unwrap_or(&usual);
        // Failures and editors then point at the tested function.
        let name = Ident::new(&test.name, span);
        let is_snake = !test.name.contains(|c: char| c.is_ascii_uppercase());
        let lint = (!is_snake).then(|| quote! { #[allow(non_snake_case)] });
        let file = test.file.map(|file| &product.files[file].path).into_iter();
        let values = (!test.values.is_empty()).then(|| {
            let places =
                test.values.iter().map(|&place| proc_macro2::Literal::usize_unsuffixed(place));
            quote! { &[#(#places),*] }
        });
        let capture = test.capture.map(|capture| product.captures[capture].0.to_string());
        let over = file.map(ToTokens::to_token_stream).chain(values);
        let over = over.chain(capture.map(|capture| capture.to_token_stream()));
        quote! {
            #lint
            #attributes
            #asyncness fn #name() #returns {
                #path run(#(#over),*)#awaited
            }
        }
    });
    import.into_iter().chain(functions).collect()
}
