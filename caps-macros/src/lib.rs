//! The macros of `qemu-caps`, an implementation detail of that crate.
//!
//! Each use is expanded in two stages. The first one parses and checks; what it writes has a second
//! one in it, under `#[cfg(test)]`, which looks into the directory of captures and writes the tests.
//! So a build without tests reads no directory. Stages are parse, check and expand; expanding cannot
//! fail.

mod argument;
mod attribute;
mod call;
mod errors;
mod expand;
mod files;
mod function;
mod listing;
mod manifest;
mod model;
mod names;
mod parse;
mod place;
mod product;
mod second_stage;
mod select;
mod suite;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

// Documented where users find it: in the facade's prelude.
#[allow(missing_docs, reason = "documentation of a re-export comes after the facade's own")]
#[proc_macro_attribute]
pub fn caps_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(&arguments.into(), &item.into()).into()
}

/// The form without a function of its own, behind `qemu_caps::caps_test!`.
#[doc(hidden)]
#[proc_macro]
pub fn caps_test_call(input: TokenStream) -> TokenStream {
    call::expand(input.into()).into()
}

/// The second stage.
#[doc(hidden)]
#[proc_macro]
pub fn caps_tests(input: TokenStream) -> TokenStream {
    second_stage::expand(input.into()).into()
}
