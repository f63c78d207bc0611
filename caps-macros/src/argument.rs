//! The arguments of a tested function: checked against the items, and provided by the case.

use caps_core::nearest::nearest;
use caps_core::testing::{Origin, PARAMETERS};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{ExprClosure, FnArg, Ident, Pat, Signature, Type};

use crate::errors::Errors;
use crate::model::{Axis, Model};

/// An argument of a function or a closure.
pub(crate) struct Argument<'a> {
    name: Option<&'a Ident>,
    ty: Option<&'a Type>,
}

pub(crate) fn of_signature(signature: &Signature) -> Vec<Argument<'_>> {
    let typed = signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    typed.map(|typed| Argument { name: name(&typed.pat), ty: Some(&typed.ty) }).collect()
}

pub(crate) fn of_closure(closure: &ExprClosure) -> Vec<Argument<'_>> {
    let inputs = closure.inputs.iter().map(|pattern| match pattern {
        Pat::Type(typed) => Argument { name: name(&typed.pat), ty: Some(&*typed.ty) },
        pattern => Argument { name: name(pattern), ty: None },
    });
    inputs.collect()
}

fn name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) => Some(&name.ident),
        _ => None,
    }
}

impl Argument<'_> {
    /// The source of the type, if it is a built-in one.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let last = last_name(self.ty?)?;
        PARAMETERS.iter().find(|(name, _)| last == name).map(|(_, origin)| *origin)
    }

    pub(crate) fn is_domain_capabilities(&self) -> bool {
        self.ty.and_then(last_name).is_some_and(|name| name == "DomainCapabilities")
    }

    fn is_called(&self, name: &Ident) -> bool {
        self.name.is_some_and(|own| own == name)
    }

    fn span(&self) -> Span {
        match (self.ty, self.name) {
            (Some(ty), _) => ty.span(),
            (None, Some(name)) => name.span(),
            (None, None) => Span::call_site(),
        }
    }
}

fn last_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Reference(reference) => last_name(&reference.elem),
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Paren(inner) => last_name(&inner.elem),
        Type::Group(inner) => last_name(&inner.elem),
        _ => None,
    }
}

/// Checks that the arguments and the items match.
pub(crate) fn check(arguments: &[Argument<'_>], model: &Model, errors: &mut Errors) {
    let named_goldens = model.goldens.iter().filter_map(|golden| golden.name.as_ref());
    for (item, name) in model
        .values
        .iter()
        .map(|axis| ("values", &axis.name))
        .chain(named_goldens.map(|name| ("golden", name)))
    {
        if !arguments.iter().any(|argument| argument.is_called(name)) {
            let names: Vec<String> =
                arguments.iter().filter_map(|a| a.name).map(ToString::to_string).collect();
            let near = nearest(&name.to_string(), names.iter().map(String::as_str));
            let hint = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let message =
                format!("`{item}` for `{name}`, but the function has no such argument{hint}");
            errors.push(name.span(), message);
        }
    }
    for argument in arguments {
        check_type(argument, model, errors);
    }
    check_golden_is_taken(arguments, model, errors);
}

fn check_type(argument: &Argument<'_>, model: &Model, errors: &mut Errors) {
    let is_value = argument.name.is_some_and(|name| model.axis(name).is_some());
    let (Some(ty), Some(origin), false) = (argument.ty, argument.origin(), is_value) else {
        return;
    };
    if let (Type::Reference(reference), Some(name)) = (ty, last_name(ty))
        && reference.mutability.is_some()
    {
        let own = argument.name.map_or("caps".to_owned(), ToString::to_string);
        let message = match origin {
            Origin::Xml if name == "Capabilities" => format!(
                "a test can't change what others see, write `mut {own}: {name}` for a copy of its own"
            ),
            _ => format!("a test can't change what others see, expected `&{name}`"),
        };
        return errors.push(ty.span(), message);
    }
    if origin.is_capture() && model.selection.is_none() {
        let message = "this comes from a capture, and no capture is selected; expected a selector as \
                       the first item, such as `latest`";
        errors.push(ty.span(), message);
    }
    if argument.is_domain_capabilities() && !model.goldens.is_empty() && !model.names_a_document() {
        let message = "a test runs for each document of domain capabilities, and they would share the \
                       golden file; expected `machine = \"q35\"` or `virttype = kvm` among the items, or \
                       `&DomainDocuments`";
        errors.push(ty.span(), message);
    }
    if origin == Origin::File && model.files.is_none() {
        let message = "an input file, and there are no files; expected `files(\"vms/*.json\")` among \
                       the items";
        errors.push(ty.span(), message);
    }
    let has_golden = match argument.name {
        Some(name) if model.goldens.iter().any(|g| g.name.as_ref() == Some(name)) => true,
        _ => model.goldens.iter().any(|golden| golden.name.is_none()),
    };
    if origin == Origin::Golden && !has_golden {
        let message = if model.goldens.is_empty() {
            "a golden file, and the items name none; expected `golden = \
             \"tests/golden/{test}.{arch}-{version}{variant}.txt\"` among them"
                .to_owned()
        } else {
            let names: Vec<String> = model
                .goldens
                .iter()
                .filter_map(|golden| golden.name.as_ref())
                .map(|name| format!("`{name}`"))
                .collect();
            format!("a golden file without a name in `golden(...)`, which has {}", names.join(", "))
        };
        errors.push(ty.span(), message);
    }
}

/// A golden file without an argument for it is a mistake, unless a type of the user's may take it
/// from the case.
fn check_golden_is_taken(arguments: &[Argument<'_>], model: &Model, errors: &mut Errors) {
    let can_take = |argument: &Argument<'_>| {
        let is_value = argument.name.is_some_and(|name| model.axis(name).is_some());
        !is_value && matches!(argument.origin(), None | Some(Origin::Golden | Origin::Case))
    };
    if let Some(golden) = model.goldens.iter().find(|golden| golden.name.is_none())
        && !arguments.iter().any(can_take)
    {
        let message = "`golden` for a function that takes no golden file, expected an argument \
                       `golden: &Golden`";
        errors.push(golden.span, message);
    }
}

/// The arguments of the call. Names in the expansion keep their own spans.
pub(crate) fn expressions(arguments: &[Argument<'_>], model: &Model) -> Vec<TokenStream> {
    arguments.iter().map(|argument| expression(argument, model)).collect()
}

fn expression(argument: &Argument<'_>, model: &Model) -> TokenStream {
    if let Some(name) = argument.name {
        if let Some((index, axis)) = model.axis(name) {
            return choice(index, axis);
        }
        if model.goldens.iter().any(|golden| golden.name.as_ref() == Some(name)) {
            let text = name.to_string();
            let is_reference = matches!(argument.ty, Some(Type::Reference(_)));
            let copied = (!is_reference).then(|| quote! { .clone() });
            return quote! { case.named_golden(#text)#copied };
        }
    }
    // Errors about the type should point at the type.
    let span = argument.span();
    quote_spanned! { span.resolved_at(Span::call_site())=> case.get() }
}

/// The test's choice for a value.
fn choice(index: usize, axis: &Axis) -> TokenStream {
    let expressions: Vec<_> = axis.values.iter().map(|value| &value.expression).collect();
    match &expressions[..] {
        [only] => quote! { #only },
        [others @ .., last] => {
            let index = Literal::usize_unsuffixed(index);
            let places = (0..others.len()).map(Literal::usize_unsuffixed);
            quote! { match case.value(#index) { #(#places => #others,)* _ => #last } }
        }
        [] => quote! { ::core::unreachable!() },
    }
}
