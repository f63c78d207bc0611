//! The patterns of golden files, which must include everything that distinguishes tests.

use caps_core::capture::{Arches, Pick, Versions};
use caps_core::testing::GoldenPattern;
use proc_macro2::Span;
use syn::{Ident, LitStr};

use super::Model;
use crate::errors::Errors;

/// A golden file of the tests.
pub(crate) struct GoldenItem {
    pub(crate) span: Span,
    /// The name of its argument; `None` if it is the only golden file.
    pub(crate) name: Option<Ident>,
    pub(crate) pattern: LitStr,
}

impl Model {
    /// The placeholders available in patterns.
    pub(crate) fn placeholders(&self) -> Vec<String> {
        let mut names = vec!["module", "test"];
        if self.files.is_some() {
            names.push("file");
        }
        if self.selection.is_some() {
            names.extend(["arch", "version", "variant"]);
        }
        let values = self.values.iter().map(|axis| axis.name.to_string());
        names.into_iter().map(str::to_owned).chain(values).collect()
    }

    /// The placeholders without which tests would share a golden file, now or after adding a
    /// capture.
    fn needed_placeholders(&self) -> Vec<String> {
        let mut names: Vec<String> = self.values.iter().map(|axis| axis.name.to_string()).collect();
        if self.files.is_some() {
            names.push("file".to_owned());
        }
        if let Some(selection) = &self.selection {
            if !matches!(&selection.arches, Arches::Only(arches) if arches.len() == 1) {
                names.push("arch".to_owned());
            }
            if !matches!(
                selection.pick,
                Pick::Latest(1) | Pick::Oldest | Pick::Versions(Versions::Exact(_))
            ) {
                names.push("version".to_owned());
            }
            if selection.variant.is_none() {
                names.push("variant".to_owned());
            }
        }
        names
    }

    pub(super) fn check_goldens(&self, errors: &mut Errors) {
        let known = self.placeholders();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for golden in &self.goldens {
            let text = golden.pattern.value();
            let pattern = match GoldenPattern::parse(&text, &known) {
                Ok(pattern) => pattern,
                Err(error) => {
                    errors.push(golden.pattern.span(), error);
                    continue;
                }
            };
            let missing: Vec<String> = self
                .needed_placeholders()
                .into_iter()
                .filter(|name| !pattern.has(name))
                .map(|name| format!("`{{{name}}}`"))
                .collect();
            if !missing.is_empty() {
                let message = format!(
                    "tests would share this golden file, expected {} in its name",
                    missing.join(" and ")
                );
                errors.push(golden.pattern.span(), message);
            }
        }
        for (index, golden) in self.goldens.iter().enumerate() {
            let same = |other: &GoldenItem| other.pattern.value() == golden.pattern.value();
            if self.goldens[..index].iter().any(same) {
                let message =
                    "two arguments would share this golden file, expected different names";
                errors.push(golden.pattern.span(), message);
            }
        }
    }
}
