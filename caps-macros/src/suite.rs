//! The input of the second stage: the function or call, and its items.

use caps_core::testing::Origin;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, LitStr, Signature};

use crate::argument::{self, Argument};
use crate::function;
use crate::model::Model;
use crate::select::Needs;

/// What the first stage passed on.
pub(crate) struct Suite {
    pub(crate) facade: TokenStream,
    pub(crate) model: Model,
    pub(crate) tested: Tested,
}

/// What the tests do with a capture.
pub(crate) enum Tested {
    /// Call the function under the attribute.
    Function(Vec<Attribute>, Box<Signature>),
    /// Call the adapter of the call with this name.
    Call(Ident),
    /// Derive the capability description; with the name of the call.
    Derive(Ident),
}

impl Suite {
    pub(crate) fn returns_nothing(&self) -> bool {
        match &self.tested {
            Tested::Function(_, signature) => {
                self.model.fails.is_some() || function::returns_nothing(signature)
            }
            Tested::Call(_) | Tested::Derive(_) => false,
        }
    }
}

impl Tested {
    pub(crate) fn name(&self) -> &Ident {
        match self {
            Self::Function(_, signature) => &signature.ident,
            Self::Call(name) | Self::Derive(name) => name,
        }
    }

    pub(crate) fn attributes(&self) -> &[Attribute] {
        match self {
            Self::Function(attributes, _) => attributes,
            Self::Call(_) | Self::Derive(_) => &[],
        }
    }

    /// The attributes of a test: those of the function, and `#[test]` unless another one replaces
    /// it.
    pub(crate) fn test_attributes(&self, skip: Option<&LitStr>) -> TokenStream {
        let attributes = self.attributes();
        let (docs, others): (Vec<_>, Vec<_>) = attributes
            .iter()
            .filter(|attribute| function::is_copied(attribute))
            .filter(|attribute| skip.is_none() || !attribute.path().is_ident("ignore"))
            .partition(|attribute| attribute.path().is_ident("doc"));
        let plain = !attributes.iter().any(function::is_test);
        let plain = plain.then(|| quote! { #[test] });
        let ignore = skip.map(|reason| quote! { #[ignore = #reason] });
        quote! { #(#docs)* #plain #(#others)* #ignore }
    }

    /// The files of a capture that the tests read, determined by the argument types.
    pub(crate) fn needs(&self) -> Needs {
        match self {
            Self::Function(_, signature) => {
                let origins: Vec<_> =
                    argument::of_signature(signature).iter().filter_map(Argument::origin).collect();
                Needs {
                    xml: origins.contains(&Origin::Xml),
                    replies: origins.contains(&Origin::Replies),
                    survey: origins.contains(&Origin::Survey),
                }
            }
            Self::Call(_) => Needs::default(),
            Self::Derive(_) => Needs { xml: true, replies: true, survey: false },
        }
    }
}
