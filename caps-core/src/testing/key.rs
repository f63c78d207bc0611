//! The tests of a suite with their golden files.

use super::golden::{Golden, GoldenNames, fill};
use super::registry::Entry;
use super::suite::Suite;
use crate::capture::{CaptureId, Label};
use crate::inputs::InputPath;

/// Identifies a test within a suite.
#[derive(Debug, Clone, Default)]
pub(super) struct Key {
    pub(super) file: Option<InputPath>,
    /// The position of the text chosen for each of the suite's values.
    pub(super) values: Vec<usize>,
    pub(super) capture: Option<(CaptureId, Label)>,
}

impl Suite {
    /// The golden files of a test, in the order of the suite.
    pub(super) fn golden_files(&self, key: &Key) -> Vec<Golden> {
        let package = self.package_dir();
        self.with_names(key, |names| {
            let golden = |(_, pattern): &(_, &str)| Golden::of_test(&package, pattern, names);
            self.goldens.iter().map(golden).collect()
        })
    }

    /// All golden files of the suite, with the names of their tests.
    pub(super) fn golden_entries(&self) -> Vec<Entry> {
        let keys = if self.goldens.is_empty() { Vec::new() } else { self.keys() };
        let mut entries = Vec::new();
        for key in keys {
            let test = self.describe(&key);
            self.with_names(&key, |names| {
                for (_, pattern) in self.goldens {
                    let (stem, extension) = fill(pattern, names);
                    let path = extension.map_or(stem.clone(), |end| format!("{stem}.{end}"));
                    entries.push(Entry { path, stem, test: test.clone() });
                }
            });
        }
        entries
    }

    fn with_names<R>(&self, key: &Key, run: impl FnOnce(&GoldenNames<'_>) -> R) -> R {
        let values: Vec<(&str, &str)> = self
            .values
            .iter()
            .zip(&key.values)
            .filter_map(|((name, texts), &index)| Some((*name, *texts.get(index)?)))
            .collect();
        let mut names = GoldenNames::new(self.parent_module(), self.test);
        names.file = key.file.as_ref().map(|file| file.name.as_str());
        names.capture = key.capture.as_ref().map(|(id, label)| (id, *label));
        names.values = &values;
        run(&names)
    }

    /// The keys of all tests, in order.
    fn keys(&self) -> Vec<Key> {
        let onlys = self.onlys();
        let mut keys = vec![Key::default()];
        if !self.patterns.is_empty() {
            let files = self.files.iter().filter_map(|(_, path)| self.input(path));
            keys = files.map(|file| Key { file: Some(file), ..Key::default() }).collect();
        }
        for (_, texts) in self.values {
            let extended = keys.iter().flat_map(|key| {
                (0..texts.len()).map(|index| {
                    let mut key = key.clone();
                    key.values.push(index);
                    key
                })
            });
            keys = extended.collect();
        }
        if !self.is_over_captures() {
            return keys;
        }
        let captures: Vec<CaptureId> =
            self.captures.iter().filter_map(|name| name.parse().ok()).collect();
        let mut tests = Vec::new();
        for key in keys {
            for id in &captures {
                let goes = key.file.as_ref().is_none_or(|f| onlys.iter().all(|o| o.allows(f, id)));
                if goes {
                    let capture = Some((id.clone(), self.label(id)));
                    tests.push(Key { capture, ..key.clone() });
                }
            }
        }
        tests
    }

    /// Describes a test: `suite::boots, file net, machine pc, on 10.0.0_x86_64`.
    pub(super) fn describe(&self, key: &Key) -> String {
        let mut parts = vec![self.module.to_owned()];
        if let Some(file) = &key.file {
            parts.push(format!("file `{}`", file.path));
        }
        for ((name, texts), &index) in self.values.iter().zip(&key.values) {
            parts.push(format!("{name} {}", texts.get(index).unwrap_or(&"?")));
        }
        if let Some((id, _)) = &key.capture {
            parts.push(format!("on {id}"));
        }
        parts.join(", ")
    }
}
