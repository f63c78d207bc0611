//! The file of expectations: which commands must fail, and where.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use caps_core::Arch;
use caps_core::capture::{CaptureId, Versions};
use caps_core::located::{Located, LocatedError, OneOrMany, Parsed, from_toml};
use caps_core::validate::{Exception, Verdict};
use serde::Deserialize;

use super::item::Item;
use super::matrix::Matrix;
use crate::exit::CliError;
use crate::input::read_text;

/// The expected failures, and the commands allowed by name.
#[derive(Default)]
pub(super) struct Expectations {
    file: String,
    entries: Vec<Located<Entry>>,
    pub(super) vendor: BTreeSet<String>,
    pub(super) exceptions: Vec<Exception>,
}

/// The differences between the matrix and the expectations.
#[derive(Default)]
pub(super) struct Surprises {
    /// By column and row.
    expected_failures: HashMap<(usize, usize), Verdict>,
    /// Entries that no longer fail or that match nothing.
    pub(super) complaints: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct File {
    #[serde(default)]
    expect: Vec<Located<Entry>>,
    #[serde(default)]
    vendor: BTreeSet<String>,
    #[serde(default)]
    exception: Vec<Located<RawException>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct RawException {
    place: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct Entry {
    line: Option<usize>,
    command: Option<String>,
    source: Option<String>,
    #[serde(default)]
    captures: OneOrMany<CaptureId>,
    versions: Option<Parsed<Versions>>,
    #[serde(default)]
    arch: OneOrMany<Arch>,
    expect: Outcome,
    reason: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase", expecting = "an outcome")]
enum Outcome {
    Fail,
}

impl Expectations {
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let file = path.display().to_string();
        let text = read_text(path)?;
        let malformed = |error: LocatedError| CliError::input(format!("`{file}` {error}"));
        let raw: File = from_toml(&text).map_err(malformed)?;
        let mut exceptions = Vec::new();
        for exception in raw.exception {
            let RawException { place, reason } = &exception.value;
            let made = Exception::new(place, reason.clone());
            exceptions.push(made.map_err(|error| malformed(exception.error(error)))?);
        }
        for entry in &raw.expect {
            let Entry { line, command, source, .. } = &entry.value;
            if line.is_none() && command.is_none() && source.is_none() {
                let message = "the entry names no command, expected `line`, `command` or `source`";
                return Err(malformed(entry.wrong(message)));
            }
        }
        Ok(Self { file, entries: raw.expect, vendor: raw.vendor, exceptions })
    }

    /// Compares the matrix with the expectations.
    pub(super) fn apply(&self, matrix: &Matrix) -> Surprises {
        let mut surprises = Surprises::default();
        for Located { line, value: entry, .. } in &self.entries {
            let mut matched = false;
            let mut passes = Vec::new();
            for (row, item) in matrix.items.iter().enumerate() {
                for (index, column) in matrix.columns.iter().enumerate() {
                    if !matrix.applies(index, row)
                        || !entry.is_for(item, &column.reports[row].subject, &column.id)
                    {
                        continue;
                    }
                    matched = true;
                    let verdict = matrix.verdict(index, row);
                    surprises.expected_failures.insert((index, row), verdict);
                    if verdict != Verdict::Invalid {
                        passes.push(format!("{} in {}", item.place(), column.id));
                    }
                }
            }
            let reason = entry.reason.as_deref().map(|r| format!(" ({r})")).unwrap_or_default();
            let entry = format!("`{}` line {line}{reason}", self.file);
            if !matched {
                surprises
                    .complaints
                    .push(format!("{entry}: is for no command and capture of these"));
            } else if !passes.is_empty() {
                let passes = passes.join(", ");
                surprises
                    .complaints
                    .push(format!("{entry}: expected to fail, but passes: {passes}"));
            }
        }
        surprises
    }
}

impl Entry {
    fn is_for(&self, item: &Item, subject: &str, id: &CaptureId) -> bool {
        let command = self.command.as_deref();
        let Outcome::Fail = self.expect;
        self.line.is_none_or(|line| line == item.line)
            && command.is_none_or(|c| c == subject || c == item.command() || c == item.title())
            && self.source.as_ref().is_none_or(|source| item.source.as_ref() == Some(source))
            && (self.captures.0.is_empty() || self.captures.0.contains(id))
            && (self.arch.0.is_empty() || self.arch.0.contains(&id.arch))
            && self.versions.as_ref().is_none_or(|versions| versions.0.contains(id.version))
    }
}

impl Surprises {
    /// The expectation for a command in a capture.
    pub(super) fn expected(&self, column: usize, row: usize) -> Option<&'static str> {
        self.expected_failures.contains_key(&(column, row)).then_some("fail")
    }

    /// Returns whether the command's verdict in the capture is unexpected.
    pub(super) fn fails(&self, matrix: &Matrix, column: usize, row: usize) -> bool {
        let invalid = matrix.verdict(column, row) == Verdict::Invalid;
        invalid != self.expected(column, row).is_some()
    }

    pub(super) fn is_failure(&self, matrix: &Matrix) -> bool {
        !self.complaints.is_empty()
            || (0..matrix.columns.len())
                .any(|column| (0..matrix.items.len()).any(|row| self.fails(matrix, column, row)))
    }
}

#[cfg(test)]
mod tests {
    use caps_core::json::Document;

    use super::*;
    use crate::commands::validate::item::Subject;

    #[test]
    fn an_entry_is_for_the_commands_that_it_names() {
        let text = r#"{"execute": "device_add", "arguments": {"driver": "virtio-net-pci"}}"#;
        let command = Document::parse(text).expect("a command");
        let item = Item {
            file: "commands.jsonl".to_owned(),
            line: 3,
            source: Some("a client".to_owned()),
            subject: Subject::Command(command, 0),
        };
        let id = "10.0.13_x86_64".parse().expect("a name");
        for (entry, expected) in [
            ("line = 3", true),
            ("line = 4", false),
            ("command = \"device_add\"", true),
            ("command = \"device_add virtio-net-pci\"", true),
            ("command = \"device_add virtio-net\"", true),
            ("command = \"device_del\"", false),
            ("source = \"a client\"", true),
            ("source = \"another\"", false),
            ("line = 3\nsource = \"another\"", false),
            ("line = 3\narch = \"x86_64\"\nversions = \">=10, <11\"", true),
            ("line = 3\narch = \"s390x\"", false),
            ("line = 3\nversions = \">=11\"", false),
            ("line = 3\ncaptures = [\"10.0.13_x86_64\", \"10.0.13_s390x\"]", true),
            ("line = 3\ncaptures = \"10.0.13_s390x\"", false),
        ] {
            let file = format!("[[expect]]\nexpect = \"fail\"\n{entry}\n");
            let Ok(File { expect, .. }) = from_toml(&file) else { panic!("{entry}") };
            // A report can name the subject in other words than the title of the command.
            let is_for = expect[0].value.is_for(&item, "device_add virtio-net", &id);
            assert_eq!(is_for, expected, "{entry}");
        }
    }
}
