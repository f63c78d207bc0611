//! From the model and the directory to the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use caps_core::Arch;
use caps_core::capture::{
    Arches, Capture, CaptureId, CaptureVariant, Captures, DiscoverError, Label, Pick, Selected,
};
use caps_core::nearest::nearest;
use syn::{Error, LitStr};

use crate::errors::Errors;
use crate::listing;
use crate::model::Model;

/// A test to be written.
pub(crate) struct Test {
    pub(crate) id: CaptureId,
    /// Architecture and variant as the name of a module.
    pub(crate) group: String,
    /// The name of the function.
    pub(crate) name: String,
    /// Why it is ignored.
    pub(crate) skip: Option<LitStr>,
}

/// Which files of a capture the tests will want.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) xml: bool,
    pub(crate) replies: bool,
}

/// Selects captures. What is selected is sorted and has names of its own.
pub(crate) fn select(model: &Model, needs: Needs) -> Result<Vec<Test>, Error> {
    let named = model.dir.as_ref().map(|dir| PathBuf::from(dir.value()));
    let dir_span = model.dir.as_ref().map_or(model.selector, LitStr::span);
    let dir = listing::directory(named.as_deref()).map_err(|error| {
        let hint = "name one with `dir = \"...\"` or the environment variable QEMU_CAPS_DIR";
        Error::new(dir_span, format!("{error}; {hint}"))
    })?;
    let captures = listing::captures(&dir).map_err(|error| match &error {
        DiscoverError::Name { source, .. } => Error::new(dir_span, format!("{error}: {source}")),
        DiscoverError::List { source, .. } => Error::new(dir_span, format!("{error}: {source}")),
        _ => Error::new(dir_span, error),
    })?;
    let selected = model
        .selection
        .select(&captures, listing::flags)
        .map_err(|message| Error::new(model.selector, message))?;
    let mut errors = Errors::default();
    if !model.allow_empty {
        check_selected(model, &captures, &selected, &mut errors);
    }
    for selected in &selected {
        check_files(selected.capture, needs, model, &mut errors);
    }
    for skip in &model.skips {
        if !selected.iter().any(|selected| selected.capture.id == skip.id) {
            let selected_ids: Vec<String> =
                selected.iter().map(|selected| selected.capture.id.to_string()).collect();
            let hint = near(&skip.id.to_string(), selected_ids.iter().map(String::as_str));
            errors.push(
                skip.span,
                format!("the skipped capture `{}` is not selected{hint}", skip.id),
            );
        }
    }
    let tests: Vec<Test> = selected.iter().map(|selected| test(selected, model)).collect();
    check_names(&tests, model, &mut errors);
    errors.result(tests)
}

fn test(selected: &Selected<'_>, model: &Model) -> Test {
    let id = selected.capture.id.clone();
    let skip = model.skips.iter().find(|skip| skip.id == id).map(|skip| skip.reason.clone());
    Test { group: group_name(&id), name: Label::test_name(selected.label), id, skip }
}

/// `x86_64`, or `x86_64_hvf` of a variant.
fn group_name(id: &CaptureId) -> String {
    format!("{}{}", id.arch, id.variant)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

/// Something must have been selected, for every architecture that was named.
fn check_selected(
    model: &Model,
    captures: &Captures,
    selected: &[Selected<'_>],
    errors: &mut Errors,
) {
    if captures.is_empty() {
        let dir = captures.dir().display();
        return errors.push(model.selector, format!("there are no captures in `{dir}`"));
    }
    if let (Some(variant), Some(span)) = (&model.selection.variant, model.variant)
        && captures.iter().all(|capture| capture.id.variant != *variant)
    {
        let variants: BTreeSet<&str> = captures
            .iter()
            .map(|capture| capture.id.variant.as_str())
            .filter(|variant| !variant.is_empty())
            .collect();
        let hint = near(variant.as_str(), variants.iter().copied());
        let there = listed(variants.into_iter());
        let message = format!("no capture has the variant `{variant}`, there is {there}{hint}");
        return errors.push(span, message);
    }
    if let Arches::Only(arches) = &model.selection.arches {
        let mut missing = false;
        for (arch, name) in arches.iter().zip(&model.arches) {
            if !selected.iter().any(|selected| selected.capture.id.arch == *arch) {
                missing = true;
                if let Some(message) = no_such_arch(model, captures, *arch) {
                    errors.push(name.span(), message);
                } else if !selected.is_empty() {
                    errors.push(name.span(), nothing(model, captures, Some(*arch)));
                }
            }
        }
        if missing && arches.iter().any(|&arch| no_such_arch(model, captures, arch).is_some()) {
            return;
        }
    }
    if selected.is_empty() {
        let arch = match &model.selection.arches {
            Arches::Only(arches) if arches.len() == 1 => arches.first().copied(),
            _ => None,
        };
        errors.push(model.selector, nothing(model, captures, arch));
    }
}

/// A message if there is no capture of the architecture at all, in the variant that is wanted.
fn no_such_arch(model: &Model, captures: &Captures, arch: Arch) -> Option<String> {
    let variant = model.selection.variant.as_ref();
    let fits = |id: &CaptureId| variant.is_none_or(|variant| *variant == id.variant);
    let there: BTreeSet<Arch> = captures
        .iter()
        .map(|capture| &capture.id)
        .filter(|id| fits(id))
        .map(|id| id.arch)
        .collect();
    if there.contains(&arch) {
        return None;
    }
    let names = listed(there.iter().map(|arch| arch.name()));
    let of = match variant {
        Some(variant) if !variant.is_plain() => format!(" with the variant `{variant}`"),
        _ => String::new(),
    };
    Some(format!("there is no capture of `{arch}`{of}, only of {names}"))
}

/// Nothing was selected: of what there would have been.
fn nothing(model: &Model, captures: &Captures, arch: Option<Arch>) -> String {
    let selection = &model.selection;
    let candidates: Vec<&CaptureId> = captures
        .iter()
        .map(|capture| &capture.id)
        .filter(|id| selection.matches_name(id) && arch.is_none_or(|arch| id.arch == arch))
        .collect();
    let of = arch.map(|arch| format!(" of `{arch}`")).unwrap_or_default();
    let Some(newest) = candidates.iter().max_by_key(|id| id.version) else {
        let names: Vec<String> = captures.iter().map(|capture| capture.id.to_string()).collect();
        let there = listed(names.iter().map(String::as_str));
        return format!("no capture is selected{of}; there is {there}");
    };
    if selection.reads_flags() {
        return format!("no capture{of} has these flags and lacks those; the newest is `{newest}`");
    }
    match &selection.pick {
        Pick::Range(range) => {
            format!("the range `{range}` matches no capture{of}; the newest is `{newest}`")
        }
        pick => {
            let names: BTreeSet<String> = candidates.iter().map(ToString::to_string).collect();
            let there = listed(names.iter().map(String::as_str));
            format!("there is no capture `{pick}`{of}; there is {there}")
        }
    }
}

fn check_files(capture: &Capture, needs: Needs, model: &Model, errors: &mut Errors) {
    if needs.xml && capture.xml.is_none() {
        errors.push(model.selector, listing::no_xml(capture));
    } else if needs.replies && capture.replies.is_none() {
        let message =
            format!("the capture `{}` has no `.replies`; `qemu-caps probe` records it", capture.id);
        errors.push(model.selector, message);
    }
}

fn check_names(tests: &[Test], model: &Model, errors: &mut Errors) {
    let mut groups: BTreeMap<&str, (Arch, &CaptureVariant)> = BTreeMap::new();
    for test in tests {
        let first = *groups.entry(&test.group).or_insert_with(|| test.id.group());
        if first != test.id.group() {
            let message = format!(
                "captures of `{}{}` and `{}{}` would both be tests in `{}`, rename one variant",
                first.0, first.1, test.id.arch, test.id.variant, test.group
            );
            return errors.push(model.selector, message);
        }
    }
}

fn near<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, names).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
