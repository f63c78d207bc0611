//! Selecting captures and files from directories.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::sync::Arc;

use caps_core::Arch;
use caps_core::capture::{
    Arches, Capture, CaptureId, Captures, DataDir, Label, Pick, Selected, Selection, Versions,
};
use caps_core::nearest::nearest;
use syn::Error;

use crate::errors::Errors;
use crate::listing;
use crate::model::{Model, Skipped};
use crate::parse::DirItem;

/// The files of a capture that the tests will need.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) xml: bool,
    pub(crate) replies: bool,
    pub(crate) survey: bool,
}

/// The selected captures, sorted.
#[derive(Default)]
pub(crate) struct Choice {
    pub(crate) captures: Vec<(CaptureId, Label)>,
    /// Whether the conversation of one of them must come from a survey.
    pub(crate) surveys: bool,
}

/// Selects captures; none without a selector.
pub(crate) fn captures(model: &Model, needs: Needs) -> Result<Choice, Error> {
    let Some(selection) = &model.selection else { return Ok(Choice::default()) };
    let captures = list(model)?;
    let selected = selection
        .select(&captures, listing::flags)
        .map_err(|message| Error::new(model.selector, message))?;
    let mut errors = Errors::default();
    if !model.allow_empty {
        check_selected(model, selection, &captures, &selected, &mut errors);
    }
    for selected in &selected {
        check_files(selected.capture, needs, model, &mut errors);
    }
    for skip in &model.skips {
        let Skipped::Capture(id) = &skip.skipped else { continue };
        if !selected.iter().any(|selected| selected.capture.id == *id) {
            let selected_ids: Vec<String> =
                selected.iter().map(|selected| selected.capture.id.to_string()).collect();
            let hint = near(&id.to_string(), selected_ids.iter().map(String::as_str));
            errors.push(skip.span, format!("the skipped capture `{id}` is not selected{hint}"));
        }
    }
    let captures = selected.iter().map(|s| (s.capture.id.clone(), s.label)).collect();
    let surveys =
        selected.iter().any(|s| s.capture.replies.is_none() && s.capture.survey.is_some());
    errors.result(Choice { captures, surveys })
}

fn list(model: &Model) -> Result<Arc<Captures>, Error> {
    let texts: Vec<Option<String>> = model
        .dirs
        .iter()
        .map(|dir| match dir {
            DirItem::Path(path) => Some(path.value()),
            DirItem::BuiltIn => None,
        })
        .collect();
    let dirs: Vec<DataDir<'_>> =
        texts.iter().map(|text| text.as_deref().map_or(DataDir::BuiltIn, DataDir::Path)).collect();
    let span = model
        .dirs
        .iter()
        .find_map(|dir| match dir {
            DirItem::Path(path) => Some(path.span()),
            DirItem::BuiltIn => None,
        })
        .unwrap_or(model.selector);
    let dirs = listing::directories(&dirs).map_err(|error| {
        let hint = "name one with `dir = \"...\"` or the environment variable QEMU_CAPS_DIR";
        Error::new(span, format!("{error}; {hint}"))
    })?;
    listing::captures(&dirs).map_err(|error| {
        let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        Error::new(span, format!("{error}{source}"))
    })
}

/// Checks that something was selected, for each of the given architectures.
fn check_selected(
    model: &Model,
    selection: &Selection,
    captures: &Captures,
    selected: &[Selected<'_>],
    errors: &mut Errors,
) {
    if captures.is_empty() {
        let message = format!(
            "there are no captures{}{}",
            places(captures),
            built_in_hint(model, captures, None)
        );
        return errors.push(model.selector, message);
    }
    if let (Some(variant), Some(span)) = (&selection.variant, model.variant)
        && captures.iter().all(|capture| capture.id.variant != *variant)
    {
        let variants: BTreeSet<&str> = captures
            .iter()
            .map(|capture| capture.id.variant.as_str())
            .filter(|variant| !variant.is_empty())
            .collect();
        let hint = near(variant.as_str(), variants.iter().copied());
        let there = listed(variants.into_iter());
        let place = places(captures);
        let message =
            format!("no capture{place} has the variant `{variant}`, there is {there}{hint}");
        return errors.push(span, message);
    }
    if let Arches::Only(arches) = &selection.arches {
        let mut missing = false;
        for (arch, name) in arches.iter().zip(&model.arches) {
            if !selected.iter().any(|selected| selected.capture.id.arch == *arch) {
                missing = true;
                if let Some(message) = no_such_arch(model, selection, captures, *arch) {
                    errors.push(name.span(), message);
                } else if !selected.is_empty() {
                    errors.push(name.span(), nothing(model, selection, captures, Some(*arch)));
                }
            }
        }
        if missing
            && arches.iter().any(|&arch| no_such_arch(model, selection, captures, arch).is_some())
        {
            return;
        }
    }
    if selected.is_empty() {
        let arch = match &selection.arches {
            Arches::Only(arches) if arches.len() == 1 => arches.first().copied(),
            _ => None,
        };
        errors.push(model.selector, nothing(model, selection, captures, arch));
    }
}

/// The message if there is no capture of the architecture at all in the requested variant.
fn no_such_arch(
    model: &Model,
    selection: &Selection,
    captures: &Captures,
    arch: Arch,
) -> Option<String> {
    let variant = selection.variant.as_ref();
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
    let (place, hint) = (places(captures), built_in_hint(model, captures, Some(arch)));
    Some(format!("there is no capture of `{arch}`{of}{place}, only of {names}{hint}"))
}

/// The message for an empty selection, with the candidates.
fn nothing(
    model: &Model,
    selection: &Selection,
    captures: &Captures,
    arch: Option<Arch>,
) -> String {
    let candidates: Vec<&CaptureId> = captures
        .iter()
        .map(|capture| &capture.id)
        .filter(|id| selection.matches_name(id) && arch.is_none_or(|arch| id.arch == arch))
        .collect();
    let of = arch.map(|arch| format!(" of `{arch}`")).unwrap_or_default();
    let (place, hint) = (places(captures), built_in_hint(model, captures, arch));
    let Some(newest) = candidates.iter().max_by_key(|id| id.version) else {
        let names: Vec<String> = captures.iter().map(|capture| capture.id.to_string()).collect();
        let there = listed(names.iter().map(String::as_str));
        return format!("no capture is selected{of}{place}; there is {there}{hint}");
    };
    if selection.reads_flags() {
        return format!(
            "no capture{of}{place} has these flags and lacks those; the newest is `{newest}`{hint}"
        );
    }
    match &selection.pick {
        Pick::Versions(Versions::Range(range)) => {
            format!(
                "the range `{range}` matches no capture{of}{place}; the newest is `{newest}`{hint}"
            )
        }
        pick => {
            let names: BTreeSet<String> = candidates.iter().map(ToString::to_string).collect();
            let there = listed(names.iter().map(String::as_str));
            format!("there is no capture `{pick}`{of}{place}; there is {there}{hint}")
        }
    }
}

fn check_files(capture: &Capture, needs: Needs, model: &Model, errors: &mut Errors) {
    if capture.is_survey_alone() {
        // Missing files are made when the test runs.
    } else if needs.survey && capture.survey.is_none() {
        let message =
            format!("the capture `{}` has no `.survey`; `qemu-caps survey` records it", capture.id);
        errors.push(model.selector, message);
    } else if needs.xml && capture.xml.is_none() {
        errors.push(model.selector, listing::no_xml(capture));
    } else if needs.replies && capture.recording().is_none() {
        let message =
            format!("the capture `{}` has no `.replies`; `qemu-caps probe` records it", capture.id);
        errors.push(model.selector, message);
    }
}

/// The places that were searched.
fn places(captures: &Captures) -> String {
    let dirs: Vec<String> = captures
        .dirs()
        .iter()
        .map(|dir| {
            if dir == listing::built_in() {
                "the built-in captures".to_owned()
            } else {
                format!("`{}`", dir.display())
            }
        })
        .collect();
    format!(" in {}", dirs.join(" and "))
}

/// A hint about the built-in captures, if they have what is missing.
fn built_in_hint(model: &Model, captures: &Captures, arch: Option<Arch>) -> String {
    let built_in = listing::built_in();
    if captures.dirs().iter().any(|dir| dir == built_in) {
        return String::new();
    }
    let Ok(others) = listing::captures(&[built_in.to_owned()]) else { return String::new() };
    let Some(selection) = &model.selection else { return String::new() };
    let mut selection = selection.clone();
    (selection.has, selection.lacks) = (Vec::new(), Vec::new());
    let found = selection.names(&others);
    if !found.iter().any(|found| arch.is_none_or(|arch| found.capture.id.arch == arch)) {
        return String::new();
    }
    let package = listing::package();
    let mut dirs: Vec<String> = captures
        .dirs()
        .iter()
        .map(|dir| format!("{:?}", dir.strip_prefix(&package).unwrap_or(dir).display().to_string()))
        .collect();
    dirs.push("built_in".to_owned());
    format!("; the built-in captures have some, write `dir = [{}]` to add them", dirs.join(", "))
}

pub(crate) fn near<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(name, names).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
