//! The macros of `qemu-caps`, an implementation detail of that crate.
//!
//! Each use expands in two stages. The first one parses and checks; its output contains the second
//! one, under `#[cfg(test)]`, which reads the data directory and generates the tests. A build
//! without tests therefore reads no directory. Each stage parses, checks and expands; expanding
//! cannot fail.

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

extern crate proc_macro;

use proc_macro::TokenStream;

// Documented in the facade's prelude, where users find it.
#[allow(missing_docs, reason = "documentation of a re-export comes after the facade's own")]
#[cfg_attr(proc_macro, proc_macro_attribute)]
pub fn caps_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(&arguments.into(), &item.into()).into()
}

/// The function-like form, behind `qemu_caps::caps_test!`.
#[doc(hidden)]
#[cfg_attr(proc_macro, proc_macro)]
pub fn caps_test_call(input: TokenStream) -> TokenStream {
    call::expand(input.into()).into()
}

/// The second stage.
#[doc(hidden)]
#[cfg_attr(proc_macro, proc_macro)]
pub fn caps_tests(input: TokenStream) -> TokenStream {
    second_stage::expand(input.into()).into()
}

/// The stages, for tests and for fuzz targets, which link these sources as a library of another package.
#[cfg(any(test, not(proc_macro)))]
pub mod stages {
    use proc_macro2::TokenStream;

    /// The attribute.
    pub fn attribute(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
        crate::attribute::expand(arguments, item)
    }

    /// The function-like form, after the path of the facade in brackets.
    pub fn call(input: TokenStream) -> TokenStream {
        crate::call::expand(input)
    }

    /// The second stage of both.
    pub fn second_stage(input: TokenStream) -> TokenStream {
        crate::second_stage::expand(input)
    }
}
