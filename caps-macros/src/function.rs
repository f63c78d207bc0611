//! Requirements on the function under the attribute.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, Error, FnArg, GenericParam, Item, ReturnType, Signature, Type, Visibility};

use crate::argument;
use crate::errors::Errors;
use crate::model::Model;

/// Lints, conditions and documentation, which the function keeps as well.
const KEPT: [&str; 8] = ["allow", "warn", "deny", "expect", "forbid", "cfg", "doc", "rustfmt"];

/// A function with an unparsed body, which is left to the compiler.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    vis: Visibility,
    pub(crate) sig: Signature,
    body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        let body = match input.parse()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => group,
            other => return Err(Error::new(other.span(), "expected the body of a function")),
        };
        Ok(Self { attrs, vis, sig, body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.attrs.iter().for_each(|attribute| attribute.to_tokens(tokens));
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

/// Parses the item under the attribute.
pub(crate) fn parse(item: &TokenStream) -> Result<Function, Error> {
    syn::parse2::<Function>(item.clone()).map_err(|error| match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Fn(_)) | Err(_) => error,
        Ok(other) => Error::new(
            first_word(&other),
            "`#[caps_test]` goes on a function; `caps_test!(latest)` needs none",
        ),
    })
}

/// The start of an item, after its attributes.
fn first_word(item: &Item) -> Span {
    match item {
        Item::Struct(item) => item.struct_token.span,
        Item::Enum(item) => item.enum_token.span,
        Item::Mod(item) => item.mod_token.span,
        Item::Impl(item) => item.impl_token.span,
        Item::Trait(item) => item.trait_token.span,
        Item::Const(item) => item.const_token.span,
        Item::Static(item) => item.static_token.span,
        other => other.span(),
    }
}

/// Checks that the function can be tested.
pub(crate) fn check(function: &Function, model: &Model) -> Result<(), Error> {
    let mut errors = Errors::default();
    if function.attrs.iter().any(is_expanded_test) {
        let message = "the test attribute above `#[caps_test]` has made a test of the function \
                       already, put `#[caps_test]` above it: `#[caps_test(...)] #[tokio::test]`";
        return Err(Error::new(function.sig.ident.span(), message));
    }
    check_form(&function.sig, &mut errors);
    check_arguments(&function.sig, &mut errors);
    argument::check(&argument::of_signature(&function.sig), model, &mut errors);
    let has_runtime = function.attrs.iter().any(is_test);
    if let Some(word) = function.sig.asyncness.filter(|_| !has_runtime) {
        let message = "an async test needs the attribute of a runtime below `#[caps_test]`, as \
                       `#[tokio::test]`";
        errors.push(word.span, message);
    }
    if let Some(fails) = &model.fails {
        if returns_nothing(&function.sig) {
            let message = "`fails` on a function that returns nothing, expected it to return a \
                           `Result`; of one that panics write `#[should_panic]`";
            errors.push(fails.span, message);
        }
        if let Some(attribute) = function.attrs.iter().find(|a| a.path().is_ident("should_panic")) {
            let message = "`should_panic` and `fails`, expected one of them: does the function \
                           panic or return an error?";
            errors.push(attribute.path().span(), message);
        }
    }
    errors.result(())
}

fn check_form(signature: &Signature, errors: &mut Errors) {
    let mut refuse = |span: Span, what: &str| {
        errors.push(span, format!("a tested function can't be {what}, expected a plain `fn`"));
    };
    if let Some(word) = &signature.constness {
        refuse(word.span, "const");
    }
    if !matches!(signature.safety, syn::Safety::Default) {
        refuse(signature.safety.span(), "unsafe");
    }
    if let Some(abi) = &signature.abi {
        refuse(abi.extern_token.span, "extern");
    }
    // Lifetimes, and bounds on concrete types, don't make the function generic.
    let generic =
        signature.generics.params.iter().find(|p| !matches!(p, GenericParam::Lifetime(_)));
    if let Some(parameter) = generic {
        refuse(parameter.span(), "generic");
    }
}

fn check_arguments(signature: &Signature, errors: &mut Errors) {
    if signature.inputs.is_empty() {
        let message = "a function without arguments, expected it to take something of a capture, as \
                       `caps: &Capabilities`";
        errors.push(signature.ident.span(), message);
    }
    for argument in &signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => {
                let message = "a tested function can't take `self`, expected a function outside of \
                               an impl";
                errors.push(receiver.self_token.span, message);
            }
            FnArg::Typed(argument) => {
                if let Type::ImplTrait(generic) = &*argument.ty {
                    let message = "a tested function can't be generic, expected a plain `fn`";
                    errors.push(generic.impl_token.span, message);
                }
            }
        }
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(variadic.dots.spans[0], "a tested function can't be variadic");
    }
}

pub(crate) fn returns_nothing(signature: &Signature) -> bool {
    match &signature.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) => tuple.elems.is_empty(),
            Type::Never(_) => true,
            _ => false,
        },
    }
}

/// The span for messages about the return type.
pub(crate) fn return_span(signature: &Signature) -> Span {
    match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Recognizes `#[test]`, `#[tokio::test]` and the like.
pub(crate) fn is_test(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "test")
}

/// Recognizes the result of a runtime's attribute that was expanded first.
fn is_expanded_test(attribute: &Attribute) -> bool {
    let segments = &attribute.path().segments;
    let is = |index: usize, name: &str| segments.get(index).is_some_and(|s| s.ident == name);
    attribute.path().is_ident("rustc_test_marker")
        || (segments.len() == 4
            && (is(0, "core") || is(0, "std"))
            && is(1, "prelude")
            && is(3, "test"))
}

pub(crate) fn is_kept(attribute: &Attribute) -> bool {
    attribute.path().segments.first().is_some_and(|s| KEPT.iter().any(|kept| s.ident == kept))
}

/// An expected lint is triggered in the function, so the expectation would be unfulfilled in the
/// tests.
pub(crate) fn is_copied(attribute: &Attribute) -> bool {
    !attribute.path().is_ident("expect")
}
