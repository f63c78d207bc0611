//! What the macros say to mistakes, as a golden file.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use caps_core::testing::Golden;
use proc_macro2::{TokenStream, TokenTree};

use super::{second_stage, tokens};
use crate::{attribute, call, second_stage as second};

/// `ARGUMENTS`, or `ARGUMENTS ## FUNCTION` for the attribute. A line that is no mistake shows where
/// the border is.
const CASES: &str = include_str!("mistakes.txt");

/// The messages of the errors in an expansion.
fn messages(expansion: TokenStream, found: &mut Vec<String>) {
    let mut is_error = false;
    for token in expansion {
        match token {
            TokenTree::Ident(name) if name == "compile_error" => is_error = true,
            TokenTree::Punct(_) => {}
            TokenTree::Group(group) if is_error => {
                let message = syn::parse2::<syn::LitStr>(group.stream()).expect("a message");
                found.push(message.value());
                is_error = false;
            }
            _ => is_error = false,
        }
    }
}

fn said(first: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let passed_on = second_stage(&first);
    messages(first, &mut found);
    if let Some(passed_on) = passed_on {
        messages(second::expand(passed_on), &mut found);
    }
    found
}

#[test]
fn mistakes_are_named() {
    let mut text = String::new();
    for case in CASES.lines() {
        let first = if let Some((arguments, function)) = case.split_once(" ## ") {
            attribute::expand(&tokens(arguments), &tokens(function))
        } else {
            let arguments = tokens(case);
            call::expand(quote::quote! { [::qemu_caps] #arguments })
        };
        writeln!(text, "{case}").expect("memory");
        let said = said(first);
        if said.is_empty() {
            writeln!(text, "  -").expect("memory");
        }
        for message in said {
            writeln!(text, "  {message}").expect("memory");
        }
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = text.replace(&format!("{}/", package.display()), "");
    Golden::at(package.join("tests/expansions/mistakes.txt")).assert(&text);
}

/// The first stage writes the second, so the user never sees these.
#[test]
fn what_no_stage_passes_on_is_refused() {
    let expected = ["expected what `caps_test` passes on"];
    for passed in ["(::qemu_caps) (all) derive x;", "[::qemu_caps] [all] derive x;", "x (all)"] {
        let mut found = Vec::new();
        messages(second::expand(tokens(passed)), &mut found);
        assert_eq!(found, expected, "{passed}");
    }
    for called in ["(::qemu_caps) all", "qemu_caps all", ""] {
        assert_eq!(said(call::expand(tokens(called))), ["expected the path of the facade"]);
    }
}

#[test]
fn a_test_needs_the_files_that_its_arguments_come_from() {
    let no_xml = "has no `.xml`; `qemu-caps derive ";
    let no_replies = "has no `.replies`; `qemu-caps probe` records it";
    let no_survey = "has no `.survey`; `qemu-caps survey` records it";
    for (files, argument, expected, from_survey) in [
        (&["replies"][..], "Capabilities", no_xml, false),
        (&["xml"], "Conversation", no_replies, false),
        (&["replies", "xml"], "Survey", no_survey, false),
        (&["replies", "xml"], "Capabilities", "", false),
        (&["replies", "xml", "survey"], "Survey", "", false),
        (&["xml", "survey"], "Conversation", "", true),
        (&["survey"], "Capabilities", "", true),
        (&["survey"], "Conversation", "", true),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        for ending in files {
            fs::write(dir.path().join(format!("caps_10.0.0_x86_64.{ending}")), "").expect("a file");
        }
        let arguments = format!("latest, dir = {:?}", dir.path());
        let function = format!("fn test(argument: &{argument}) {{}}");
        let first = attribute::expand(&tokens(&arguments), &tokens(&function));
        let second = second::expand(second_stage(&first).expect("a second stage"));
        let reads_surveys = second.to_string().contains(". surveys ()");
        assert_eq!(reads_surveys, from_survey, "{files:?} for {argument}");
        let said = said(first);
        let is_expected = match said.as_slice() {
            [] => expected.is_empty(),
            [message] => !expected.is_empty() && message.contains(expected),
            _ => false,
        };
        assert!(is_expected, "{files:?} for {argument}: {said:?}");
    }
}
