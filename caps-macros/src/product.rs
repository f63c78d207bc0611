//! Combining captures, files and values into tests.

use std::collections::HashMap;

use caps_core::capture::{CaptureId, Label};
use caps_core::inputs::InputPath;
use caps_core::testing::{GoldenNames, GoldenPattern};
use syn::{Error, LitStr};

use crate::errors::Errors;
use crate::model::Model;
use crate::names::{beside_own, identifier};
use crate::select::Choice;

/// The selection and the resulting tests.
#[derive(Default)]
pub(crate) struct Product {
    pub(crate) captures: Vec<(CaptureId, Label)>,
    /// Whether the conversation of one of them must come from a survey.
    pub(crate) surveys: bool,
    pub(crate) files: Vec<InputPath>,
    pub(crate) tests: Vec<Test>,
}

/// A test to generate.
pub(crate) struct Test {
    /// The position of its file.
    pub(crate) file: Option<usize>,
    /// The positions of its values.
    pub(crate) values: Vec<usize>,
    /// The position of its capture.
    pub(crate) capture: Option<usize>,
    /// Its modules, outermost first.
    pub(crate) modules: Vec<String>,
    /// The name of its function.
    pub(crate) name: String,
    /// The reason why it is ignored.
    pub(crate) skip: Option<LitStr>,
}

impl Product {
    /// Combines the selection.
    pub(crate) fn new(model: &Model, choice: Choice, files: Vec<InputPath>) -> Result<Self, Error> {
        let Choice { captures, surveys } = choice;
        let mut product = Self { captures, surveys, files, tests: Vec::new() };
        product.check_size(model)?;
        product.multiply(model);
        let mut errors = Errors::default();
        product.check_each_file_has_a_test(model, &mut errors);
        product.check_names(model, &mut errors);
        product.check_golden_files(model, &mut errors);
        errors.result(product)
    }

    /// Checked before combining anything.
    fn check_size(&self, model: &Model) -> Result<(), Error> {
        let mut factors = Vec::new();
        if model.files.is_some() {
            factors.push((self.files.len(), "files".to_owned()));
        }
        for axis in &model.values {
            factors.push((axis.values.len(), format!("values of `{}`", axis.name)));
        }
        if model.selection.is_some() {
            factors.push((self.captures.len(), "captures".to_owned()));
        }
        let size =
            // Counted before multiplying, so that a mistake can't exhaust the compiler's memory.
            factors.iter().fold(1_usize, |product, (count, _)| product.saturating_mul(*count));
        if size <= model.max_tests {
            return Ok(());
        }
        let factors: Vec<String> =
            factors.iter().map(|(count, what)| format!("{count} {what}")).collect();
        let message = format!(
            "{} make {size} tests, more than {}; select fewer, or write `max_tests = {size}`",
            factors.join(" and "),
            model.max_tests
        );
        Err(Error::new(model.selector, message))
    }

    fn multiply(&mut self, model: &Model) {
        let files: Vec<Option<usize>> = match model.files {
            Some(_) => (0..self.files.len()).map(Some).collect(),
            None => vec![None],
        };
        let captures: Vec<Option<usize>> = match model.selection {
            Some(_) => (0..self.captures.len()).map(Some).collect(),
            None => vec![None],
        };
        let mut choices = vec![Vec::new()];
        for axis in &model.values {
            let extended = choices.iter().flat_map(|choice: &Vec<usize>| {
                (0..axis.values.len()).map(|index| [&choice[..], &[index]].concat())
            });
            choices = extended.collect();
        }
        for &file in &files {
            for values in &choices {
                for &capture in &captures {
                    if self.go_together(model, file, capture) {
                        let test = self.test(model, file, values.clone(), capture);
                        self.tests.push(test);
                    }
                }
            }
        }
    }

    fn go_together(&self, model: &Model, file: Option<usize>, capture: Option<usize>) -> bool {
        let (Some(file), Some(capture), Some(files)) = (file, capture, &model.files) else {
            return true;
        };
        let (file, (id, _)) = (&self.files[file], &self.captures[capture]);
        files.only.iter().all(|item| item.only.allows(file, id))
    }

    fn test(
        &self,
        model: &Model,
        file: Option<usize>,
        values: Vec<usize>,
        capture: Option<usize>,
    ) -> Test {
        let mut modules = Vec::new();
        modules.extend(file.map(|file| identifier(&self.files[file].name)));
        for (axis, &value) in model.values.iter().zip(&values) {
            modules.push(axis.values[value].name(&axis.name));
        }
        let id = capture.map(|capture| &self.captures[capture].0);
        let skip = model.skips.iter().find(|skip| {
            id.is_some_and(|id| skip.is_capture(id))
                || file.is_some_and(|file| skip.is_file(&self.files[file]))
        });
        let skip = skip.map(|skip| skip.reason.clone());
        let name = if let Some(capture) = capture {
            let (id, label) = &self.captures[capture];
            modules.push(group_name(id));
            label.test_name()
        } else {
            // Without captures, the innermost module would contain a single function, so it becomes
            // the function.
            let name = modules.pop().unwrap_or_default();
            if modules.is_empty() { beside_own(name) } else { name }
        };
        Test { file, values, capture, modules, name, skip }
    }

    fn check_each_file_has_a_test(&self, model: &Model, errors: &mut Errors) {
        let Some(files) = &model.files else { return };
        // Without captures, no file can have a test.
        if self.captures.is_empty() && model.allow_empty {
            return;
        }
        for (index, file) in self.files.iter().enumerate() {
            if !self.tests.iter().any(|test| test.file == Some(index)) {
                let only = files.only.iter().find(|item| item.only.files().matches(file));
                let span = only.map_or(files.span, |item| item.span);
                let message =
                    format!("the file `{}` goes with none of the selected captures", file.path);
                errors.push(span, message);
            }
        }
    }

    /// Checks that different things have different names.
    fn check_names(&self, model: &Model, errors: &mut Errors) {
        let files = self.files.iter().map(|file| (identifier(&file.name), file.path.clone()));
        if let (Some((name, a, b)), Some(files)) = (collision(files), &model.files) {
            let message =
                format!("the files `{a}` and `{b}` would both be tests in `{name}`, rename one");
            errors.push(files.span, message);
        }
        for axis in &model.values {
            let values =
                axis.values.iter().map(|value| (value.name(&axis.name), value.text.clone()));
            if let Some((name, a, b)) = collision(values) {
                let message = format!("the values `{a}` and `{b}` would both be tests in `{name}`");
                errors.push(axis.name.span(), message);
            }
        }
        let groups = self
            .captures
            .iter()
            .map(|(id, _)| (group_name(id), format!("{}{}", id.arch, id.variant)));
        if let Some((name, a, b)) = collision(groups) {
            let message = format!(
                "captures of `{a}` and `{b}` would both be tests in `{name}`, rename one variant"
            );
            errors.push(model.selector, message);
        }
    }

    /// Checks that no two tests share a golden file.
    fn check_golden_files(&self, model: &Model, errors: &mut Errors) {
        let known = model.placeholders();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let mut paths = HashMap::<String, String>::new();
        for test in &self.tests {
            let values: Vec<(String, &str)> = model
                .values
                .iter()
                .zip(&test.values)
                .map(|(axis, &value)| (axis.name.to_string(), axis.values[value].text.as_str()))
                .collect();
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, text)| (name.as_str(), *text)).collect();
            let mut names = GoldenNames::new("", "");
            names.file = test.file.map(|file| self.files[file].name.as_str());
            names.capture = test.capture.map(|capture| {
                let (id, label) = &self.captures[capture];
                (id, *label)
            });
            names.values = &values;
            let name = test.modules.iter().chain([&test.name]).cloned().collect::<Vec<_>>();
            let name = name.join("::");
            for golden in &model.goldens {
                let text = golden.pattern.value();
                let Ok(pattern) = GoldenPattern::parse(&text, &known) else { continue };
                let path = pattern.path(&names);
                if let Some(other) = paths.insert(path.clone(), name.clone()) {
                    let message = format!(
                        "the tests `{other}` and `{name}` would share the golden file `{path}`"
                    );
                    return errors.push(golden.pattern.span(), message);
                }
            }
        }
    }
}

/// The first name shared by two different things, with these things.
fn collision(
    names: impl IntoIterator<Item = (String, String)>,
) -> Option<(String, String, String)> {
    let mut first = HashMap::<String, String>::new();
    for (name, thing) in names {
        let other = first.entry(name.clone()).or_insert_with(|| thing.clone());
        // The same thing may occur several times, as an architecture does for each version.
        if *other != thing {
            return Some((name, other.clone(), thing));
        }
    }
    None
}

/// `x86_64`, or `x86_64_hvf` with a variant.
fn group_name(id: &CaptureId) -> String {
    identifier(&format!("{}{}", id.arch, id.variant))
}
