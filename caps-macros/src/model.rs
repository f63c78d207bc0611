//! The meaning of the items, checked except for what depends on directories and files.

use caps_core::Flag;
use caps_core::accel::DomainType;
use caps_core::capture::{
    Arches, CaptureVariant, ParsePickError, ParseVersionsError, Pick, Selection,
};
use proc_macro2::Span;
use syn::{Error, Ident, LitStr, Path};

use crate::errors::Errors;
use crate::parse::{DirItem, Item, Items, Kind};

mod files;
mod golden;
mod value;

pub(crate) use files::{Files, Skip, Skipped};
pub(crate) use golden::GoldenItem;
pub(crate) use value::Axis;

/// The largest number of tests that needs no confirmation.
const MAX_TESTS: usize = 10_000;

/// A use of the macro.
pub(crate) struct Model {
    /// The selection of captures; `None` without a selector.
    pub(crate) selection: Option<Selection>,
    /// The span of the selector, or else of the items.
    pub(crate) selector: Span,
    /// The architectures as written, in order.
    pub(crate) arches: Vec<LitStr>,
    /// The span of the variant.
    pub(crate) variant: Option<Span>,
    pub(crate) set: Vec<Flag>,
    pub(crate) clear: Vec<Flag>,
    pub(crate) fails: Option<Fails>,
    pub(crate) files: Option<Files>,
    pub(crate) values: Vec<Axis>,
    pub(crate) goldens: Vec<GoldenItem>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) dirs: Vec<DirItem>,
    pub(crate) facade: Option<Path>,
    pub(crate) allow_empty: bool,
    /// The choice of domain capabilities.
    pub(crate) machine: Option<LitStr>,
    pub(crate) virttype: Option<DomainType>,
    pub(crate) max_tests: usize,
}

/// Whether the function must return an error.
pub(crate) struct Fails {
    pub(crate) span: Span,
    pub(crate) text: Option<LitStr>,
}

impl Model {
    /// Checks the items. `whole` is the span for messages about missing ones.
    pub(crate) fn new(items: Items, whole: Span) -> Result<Self, Error> {
        let mut errors = Errors::default();
        // A later selector is an error below.
        let has_more = |item: &Item| matches!(item.kind.name(), "files" | "values" | "selector");
        let needs_none = items.0.iter().any(has_more);
        let has_selector = items.0.iter().any(|item| item.kind.name() == "selector");
        let mut items = items.0.into_iter().peekable();
        let first = items.next_if(|item| item.kind.name() == "selector");
        let selector = first.as_ref().map(|item| item.span);
        let pick = match first {
            Some(Item { kind: Kind::Word(word, count), .. }) => {
                Some(word_pick(&word.to_string(), count.as_ref(), &mut errors))
            }
            Some(Item { span, kind: Kind::VersionOrRange(text) }) => {
                let versions = text.value().parse().map(Pick::Versions);
                Some(versions.unwrap_or_else(|error: ParseVersionsError| {
                    note(span, error.into(), &mut errors)
                }))
            }
            _ if needs_none => None,
            _ => {
                let span = items.peek().map_or(whole, |item| item.span);
                let expected = ParsePickError::EXPECTED;
                return Err(Error::new(span, format!("no selector, the first item is {expected}")));
            }
        };
        let mut model = Self {
            selection: pick.map(Selection::new),
            selector: selector.unwrap_or(whole),
            arches: Vec::new(),
            variant: None,
            set: Vec::new(),
            clear: Vec::new(),
            fails: None,
            files: None,
            values: Vec::new(),
            goldens: Vec::new(),
            skips: Vec::new(),
            dirs: Vec::new(),
            facade: None,
            allow_empty: false,
            machine: None,
            virttype: None,
            max_tests: MAX_TESTS,
        };
        let mut seen = Vec::new();
        if model.selection.is_some() {
            seen.push("selector");
        }
        let mut skips = Vec::new();
        for Item { span, kind } in items {
            let name = kind.name();
            if seen.contains(&name) {
                errors.push(span, twice(name));
                continue;
            }
            if matches!(name, "arch" | "not_arch")
                && (seen.contains(&"arch") || seen.contains(&"not_arch"))
            {
                errors.push(span, "both architectures and `not_arch`, expected one of them");
                continue;
            }
            if name == "selector" {
                errors.push(span, "a selector after other items, expected it as the first");
                continue;
            }
            if model.selection.is_none() && kind.is_of_captures() {
                // If it comes later, one message is enough.
                if !has_selector {
                    let expected = ParsePickError::EXPECTED;
                    let message =
                        format!("captures without a selector, the first item is {expected}");
                    errors.push(span, message);
                }
                continue;
            }
            seen.push(name);
            match kind {
                Kind::Skip(items) => skips = items,
                kind => model.add(span, kind, &mut errors),
            }
        }
        model.add_skips(skips, &mut errors);
        model.check_values(&mut errors);
        model.check_goldens(&mut errors);
        errors.result(model)
    }

    /// Returns whether the items determine a document of domain capabilities.
    pub(crate) fn names_a_document(&self) -> bool {
        self.machine.is_some() || self.virttype.is_some()
    }

    /// The values with this name and their position.
    pub(crate) fn axis(&self, name: &Ident) -> Option<(usize, &Axis)> {
        self.values.iter().enumerate().find(|(_, axis)| axis.name == *name)
    }

    fn add(&mut self, span: Span, kind: Kind, errors: &mut Errors) {
        if let Some(selection) = &mut self.selection {
            match &kind {
                Kind::Arches(names) => {
                    selection.arches = Arches::Only(parse_all(names, errors));
                    self.arches.clone_from(names);
                }
                Kind::NotArches(names) => {
                    selection.arches = Arches::Except(parse_all(names, errors));
                }
                Kind::Variant(text) => {
                    self.variant = Some(text.span());
                    selection.variant = Some(parse_capture_variant(text, errors));
                }
                Kind::AnyVariant => selection.variant = None,
                Kind::Has(names) => selection.has = parse_all(names, errors),
                Kind::Lacks(names) => selection.lacks = parse_all(names, errors),
                _ => {}
            }
        }
        match kind {
            Kind::Set(names) => {
                self.set = parse_all(&names, errors);
                conflict(&names, &self.clear, "set and cleared", errors);
            }
            Kind::Clear(names) => {
                self.clear = parse_all(&names, errors);
                conflict(&names, &self.set, "set and cleared", errors);
            }
            Kind::Fails(text) => self.fails = Some(Fails { span, text }),
            Kind::Files(item) => self.files = Some(Files::new(span, item, errors)),
            Kind::Values(values) => {
                let axes = values.into_iter().map(|(name, list)| Axis::new(name, list, errors));
                self.values = axes.collect();
            }
            Kind::Golden(names) => {
                let items =
                    names.into_iter().map(|(name, pattern)| GoldenItem { span, name, pattern });
                self.goldens = items.collect();
            }
            Kind::Dir(dirs) => self.dirs = dirs,
            Kind::Crate(path) => self.facade = Some(path),
            Kind::AllowEmpty => self.allow_empty = true,
            Kind::Machine(name) => self.machine = Some(name),
            Kind::Virttype(name) => match name.to_string().parse() {
                Ok(virttype) => self.virttype = Some(virttype),
                Err(error) => errors.push(name.span(), error),
            },
            Kind::MaxTests(number) => match number.base10_parse() {
                Ok(max_tests) => self.max_tests = max_tests,
                Err(error) => errors.add(error),
            },
            // The selector was already handled.
            _ => {}
        }
    }

    fn check_values(&self, errors: &mut Errors) {
        for (index, axis) in self.values.iter().enumerate() {
            let name = axis.name.to_string();
            if self.values[..index].iter().any(|earlier| earlier.name == axis.name) {
                errors.push(axis.name.span(), format!("values of `{name}` are there twice"));
            }
            let is_golden = |golden: &GoldenItem| golden.name.as_ref() == Some(&axis.name);
            if self.goldens.iter().any(is_golden) {
                let message = format!("`{name}` is both a value and a golden file");
                errors.push(axis.name.span(), message);
            }
            if ["module", "test", "file", "arch", "version", "variant"].contains(&name.as_str())
                && !self.goldens.is_empty()
            {
                let message = format!(
                    "`{{{name}}}` in the name of a golden file has a meaning of its own, expected \
                     another name for the values"
                );
                errors.push(axis.name.span(), message);
            }
        }
    }
}

fn parse_capture_variant(text: &LitStr, errors: &mut Errors) -> CaptureVariant {
    let value = text.value();
    if !value.is_empty() && !value.starts_with('+') {
        errors.push(text.span(), format!("a variant begins with `+`, write \"+{value}\""));
        return CaptureVariant::default();
    }
    value.parse().unwrap_or_else(|error| {
        errors.push(text.span(), error);
        CaptureVariant::default()
    })
}

fn word_pick(word: &str, count: Option<&syn::LitInt>, errors: &mut Errors) -> Pick {
    match (word, count) {
        ("oldest", _) => Pick::Oldest,
        ("all", _) => Pick::All,
        (_, None) => Pick::Latest(1),
        (_, Some(count)) => match count.base10_parse() {
            Ok(number) if number > 0 => Pick::Latest(number),
            _ => note(count.span(), ParsePickError::Count(count.to_string()), errors),
        },
    }
}

/// Records an error and continues with a placeholder for the selector.
fn note(span: Span, error: ParsePickError, errors: &mut Errors) -> Pick {
    errors.push(span, error);
    Pick::All
}

fn twice(name: &str) -> String {
    match name {
        "selector" => "a second selector, expected one; for several versions write a range as \
                       \">=8.2, <10\" or `latest(N)`"
            .to_owned(),
        "arch" => "a second list of architectures, write one: `[\"x86_64\", ...]`".to_owned(),
        _ => format!("`{name}` is there twice, expected it once"),
    }
}

/// Parses names, recording and dropping invalid ones.
fn parse_all<T>(names: &[LitStr], errors: &mut Errors) -> Vec<T>
where
    T: std::str::FromStr<Err: std::fmt::Display> + PartialEq,
{
    let mut parsed = Vec::new();
    for name in names {
        match name.value().parse() {
            Ok(value) if parsed.contains(&value) => {
                errors.push(name.span(), format!("`{}` is there twice", name.value()));
            }
            Ok(value) => parsed.push(value),
            Err(error) => errors.push(name.span(), error),
        }
    }
    parsed
}

fn conflict(names: &[LitStr], others: &[Flag], what: &str, errors: &mut Errors) {
    for name in names {
        if others.iter().any(|other| other.name() == name.value()) {
            errors.push(name.span(), format!("`{}` is both {what}", name.value()));
        }
    }
}
