//! The macros: whatever tokens they get, they expand into items or name a mistake.

use caps_macros_library::stages::{attribute, call, second_stage};
use proc_macro2::extra::invalidate_current_thread_spans;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// `#[caps_test(ARGUMENTS)] ITEM`, `caps_test!(ARGUMENTS);`, or else what one stage passes to the other.
pub(crate) fn macros(data: &[u8]) -> bool {
    // Places are kept of all text that was ever parsed.
    invalidate_current_thread_spans();
    let Some(tokens) = std::str::from_utf8(data).ok().and_then(|text| text.parse().ok()) else {
        return false;
    };
    let tokens: TokenStream = tokens;
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let Some(text) = trees.first().map(|token| token.span().file()) else { return false };
    let first = match trees.as_slice() {
        [TokenTree::Punct(sign), TokenTree::Group(attributes), item @ ..]
            if sign.as_char() == '#' && attributes.delimiter() == Delimiter::Bracket =>
        {
            let arguments = group_in(attributes.stream());
            let item: TokenStream = item.iter().cloned().collect();
            let expansion = attribute(&arguments, &item);
            if syn::parse2::<syn::ItemFn>(item).is_ok() {
                assert_items(&expansion);
            }
            expansion
        }
        [TokenTree::Ident(_), TokenTree::Punct(_), TokenTree::Group(arguments), ..] => {
            let expansion = call(with_facade(arguments.stream()));
            assert_items(&expansion);
            expansion
        }
        // Nobody writes these tokens, so they need not make sense afterwards.
        _ => return !is_error(&second_stage(tokens)),
    };
    if let Some(passed_on) = passed_on(&first) {
        let expansion = second_stage(passed_on);
        assert_items(&expansion);
        assert_errors(expansion, &text);
    }
    let is_accepted = !is_error(&first);
    assert_errors(first, &text);
    is_accepted
}

/// The contents of the first group.
fn group_in(tokens: TokenStream) -> TokenStream {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    groups.take(1).collect()
}

/// `[::qemu_caps]` and the arguments, as `qemu_caps::caps_test!` passes them on.
fn with_facade(arguments: TokenStream) -> TokenStream {
    let colons = [Spacing::Joint, Spacing::Alone].map(|spacing| Punct::new(':', spacing).into());
    let name: TokenTree = Ident::new("qemu_caps", Span::call_site()).into();
    let path = colons.into_iter().chain([name]).collect();
    let facade: TokenTree = Group::new(Delimiter::Bracket, path).into();
    std::iter::once(facade).chain(arguments).collect()
}

/// What the first stage passes to the second.
fn passed_on(tokens: &TokenStream) -> Option<TokenStream> {
    let mut is_after_name = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(name) if name == "caps_tests" => is_after_name = true,
            TokenTree::Group(group) if is_after_name => return Some(group.stream()),
            _ => {}
        }
    }
    None
}

fn assert_items(expansion: &TokenStream) {
    let items = syn::parse2::<syn::File>(expansion.clone());
    assert!(items.is_ok(), "no items: {expansion}");
}

fn is_error(tokens: &TokenStream) -> bool {
    let is_name = |token| matches!(token, TokenTree::Ident(name) if name == "compile_error");
    tokens.clone().into_iter().any(is_name)
}

/// Each error has a message, and points into the text or at the whole call.
fn assert_errors(tokens: TokenStream, text: &str) {
    let call = Span::call_site().file();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(name) if name == "compile_error") {
            let message = tokens.nth(1).expect("what follows the `!`");
            for span in [token.span(), message.span()] {
                let file = span.file();
                assert!(file == text || file == call, "points into {file}, not {text}: {message}");
            }
            let message = message.to_string();
            assert!(message.trim_matches(['{', '}', ' ', '"']).len() > 5, "no message: {message}");
        }
    }
}
