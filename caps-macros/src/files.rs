//! Listing the input files that match patterns.

use std::fs;
use std::path::Path;

use caps_core::inputs::{InputPath, discover};
use syn::Error;

use crate::errors::Errors;
use crate::listing;
use crate::model::{Files, Model, Skipped};
use crate::select::{listed, near};

/// The number of files to list in a message.
const SHOWN: usize = 12;

/// Lists the files, sorted; empty without patterns.
pub(crate) fn select(model: &Model) -> Result<Vec<InputPath>, Error> {
    let Some(files) = &model.files else { return Ok(Vec::new()) };
    let package = listing::package();
    let patterns: Vec<_> = files.patterns.iter().map(|(_, pattern)| pattern.clone()).collect();
    let found = discover(&patterns, &package).map_err(|error| Error::new(files.span, error))?;
    let mut errors = Errors::default();
    if !model.allow_empty {
        check_each_pattern_matches(files, &found, &package, &mut errors);
    }
    for item in &files.only {
        if !found.iter().any(|file| item.only.files().matches(file)) && !found.is_empty() {
            errors.push(item.span, no_match(&item.texts.0, &found));
        }
    }
    for skip in &model.skips {
        if let Skipped::Files(pattern) = &skip.skipped
            && !found.iter().any(|file| pattern.matches(file))
        {
            errors.push(skip.span, no_match(pattern.as_str(), &found));
        }
    }
    errors.result(found)
}

/// Rejects a pattern that selects none of the files.
fn no_match(pattern: &str, files: &[InputPath]) -> String {
    let paths = || files.iter().map(|file| file.path.as_str());
    let hint = near(pattern, paths());
    format!("`{pattern}` matches none of the input files{hint}; there is {}", shown(paths()))
}

fn check_each_pattern_matches(
    files: &Files,
    found: &[InputPath],
    package: &Path,
    errors: &mut Errors,
) {
    for (span, pattern) in &files.patterns {
        if found.iter().any(|file| pattern.matches(file)) {
            continue;
        }
        let dir = package.join(pattern.base());
        let mut names: Vec<String> = fs::read_dir(&dir)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        let text = pattern.as_str();
        let message = if dir.is_dir() {
            let file = text.rsplit('/').next().unwrap_or(text);
            let hint = near(file, names.iter().map(String::as_str));
            let there = shown(names.iter().map(String::as_str));
            format!("no file matches `{text}`; in `{}` there is {there}{hint}", dir.display())
        } else {
            format!("no file matches `{text}`; there is no directory `{}`", dir.display())
        };
        let braces = if text.contains('{') {
            "; braces have no meaning in a pattern, write several patterns"
        } else {
            ""
        };
        errors.push(*span, message + braces);
    }
}

fn shown<'n>(names: impl Iterator<Item = &'n str> + Clone) -> String {
    let more = names.clone().count().saturating_sub(SHOWN);
    let text = listed(names.take(SHOWN));
    if more == 0 { text } else { format!("{text} and {more} more") }
}
