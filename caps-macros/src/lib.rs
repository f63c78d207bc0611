//! The macros of `qemu-caps`, an implementation detail of that crate.
//!
//! Each use is expanded in two stages. The first one parses and checks; what it writes has a second
//! one in it, under `#[cfg(test)]`, which looks into the directory of captures and writes the tests.
//! So a build without tests reads no directory. Stages are parse, check and expand; expanding cannot
//! fail.

mod attribute;
mod call;
mod errors;
mod expand;
mod function;
mod listing;
mod model;
mod parse;
mod select;
mod tests_of;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a test of a function for each selected capture of a QEMU.
///
/// ```ignore (the macro is used through the facade, whose documentation has compiled examples)
/// use qemu_caps::prelude::*;
///
/// #[caps_test(latest, "x86_64")]
/// fn has_vnc(caps: &Capabilities) {
///     assert!(caps.has(Flag::Vnc));
/// }
/// ```
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
    tests_of::expand(input.into()).into()
}
