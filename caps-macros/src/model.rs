//! What the items mean: checked, but for what only the directory of captures can tell.

use caps_core::Flag;
use caps_core::capture::{Arches, CaptureId, CaptureVariant, ParsePickError, Pick, Selection};
use proc_macro2::Span;
use syn::{Error, LitStr, Path};

use crate::errors::Errors;
use crate::parse::{Item, Items, Kind};

/// One use of the macro.
pub(crate) struct Model {
    pub(crate) selection: Selection,
    /// Where the selector is.
    pub(crate) selector: Span,
    /// The architectures as they were written, in order.
    pub(crate) arches: Vec<LitStr>,
    /// Where the variant is.
    pub(crate) variant: Option<Span>,
    pub(crate) set: Vec<Flag>,
    pub(crate) clear: Vec<Flag>,
    pub(crate) fails: Option<Fails>,
    pub(crate) golden: Option<LitStr>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) dir: Option<LitStr>,
    pub(crate) facade: Option<Path>,
    pub(crate) allow_empty: bool,
}

/// The function is to return an error.
pub(crate) struct Fails {
    pub(crate) span: Span,
    pub(crate) text: Option<LitStr>,
}

/// A capture whose test is ignored.
pub(crate) struct Skip {
    pub(crate) span: Span,
    pub(crate) id: CaptureId,
    pub(crate) reason: LitStr,
}

impl Model {
    /// Checks the items. `whole` is where a message about what is absent points at.
    pub(crate) fn new(items: Items, whole: Span) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let mut items = items.0.into_iter();
        let (pick, selector) = match items.next() {
            Some(Item { span, kind: Kind::Word(word, count) }) => {
                (word_pick(&word.to_string(), count.as_ref(), &mut errors), span)
            }
            Some(Item { span, kind: Kind::VersionOrRange(text) }) => {
                let pick = Pick::from_version_or_range(&text.value());
                (pick.unwrap_or_else(|error| note(span, error, &mut errors)), span)
            }
            first => {
                let span = first.map_or(whole, |item| item.span);
                let expected = ParsePickError::EXPECTED;
                return Err(Error::new(span, format!("no selector, the first item is {expected}")));
            }
        };
        let mut model = Self {
            selection: Selection::new(pick),
            selector,
            arches: Vec::new(),
            variant: None,
            set: Vec::new(),
            clear: Vec::new(),
            fails: None,
            golden: None,
            skips: Vec::new(),
            dir: None,
            facade: None,
            allow_empty: false,
        };
        let mut seen = vec!["selector"];
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
            seen.push(name);
            model.add(span, kind, &mut errors);
        }
        errors.result(model)
    }

    fn add(&mut self, span: Span, kind: Kind, errors: &mut Errors) {
        match kind {
            // The caller has seen to it that there is no second selector.
            Kind::Word(..) | Kind::VersionOrRange(_) => {}
            Kind::Arches(names) => {
                self.selection.arches = Arches::Only(parse_all(&names, errors));
                self.arches = names;
            }
            Kind::NotArches(names) => {
                self.selection.arches = Arches::Except(parse_all(&names, errors));
            }
            Kind::Variant(text) => {
                self.variant = Some(text.span());
                let value = text.value();
                if !value.is_empty() && !value.starts_with('+') {
                    let message = format!("a variant begins with `+`, write \"+{value}\"");
                    errors.push(text.span(), message);
                } else {
                    match value.parse::<CaptureVariant>() {
                        Ok(variant) => self.selection.variant = Some(variant),
                        Err(error) => errors.push(text.span(), error),
                    }
                }
            }
            Kind::AnyVariant => self.selection.variant = None,
            Kind::Has(names) => self.selection.has = parse_all(&names, errors),
            Kind::Lacks(names) => self.selection.lacks = parse_all(&names, errors),
            Kind::Set(names) => {
                self.set = parse_all(&names, errors);
                conflict(&names, &self.clear, "set and cleared", errors);
            }
            Kind::Clear(names) => {
                self.clear = parse_all(&names, errors);
                conflict(&names, &self.set, "set and cleared", errors);
            }
            Kind::Fails(text) => self.fails = Some(Fails { span, text }),
            Kind::Golden(pattern) => {
                check_pattern(&pattern, errors);
                self.golden = Some(pattern);
            }
            Kind::Skip(skips) => {
                for (capture, reason) in skips {
                    let name = capture.value();
                    match name.strip_prefix("caps_").unwrap_or(&name).parse() {
                        Ok(id) => self.skips.push(Skip { span: capture.span(), id, reason }),
                        Err(error) => errors.push(capture.span(), error),
                    }
                }
            }
            Kind::Dir(path) => self.dir = Some(path),
            Kind::Crate(path) => self.facade = Some(path),
            Kind::AllowEmpty => self.allow_empty = true,
        }
    }
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

/// Keeps an error, and goes on with a selector that is none's fault.
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

/// Parses names; those that are wrong are told and left out.
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

/// Placeholders of a golden file's name.
const PLACEHOLDERS: [&str; 4] = ["test", "arch", "version", "variant"];

fn check_pattern(pattern: &LitStr, errors: &mut Errors) {
    let expected = "expected `{test}`, `{arch}`, `{version}` or `{variant}`";
    let text = pattern.value();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let placeholder = rest[at..].strip_prefix('{').and_then(|tail| tail.split_once('}'));
        match placeholder {
            Some((name, tail)) if PLACEHOLDERS.contains(&name) => rest = tail,
            Some((name, _)) => {
                let near = caps_core::nearest::nearest(name, PLACEHOLDERS)
                    .map(|near| format!(", did you mean `{{{near}}}`?"))
                    .unwrap_or_default();
                let message = format!("unknown placeholder `{{{name}}}`, {expected}{near}");
                return errors.push(pattern.span(), message);
            }
            None => return errors.push(pattern.span(), format!("a lone brace, {expected}")),
        }
    }
    if text.is_empty() {
        errors.push(pattern.span(), format!("an empty name of a golden file, {expected}"));
    }
}
