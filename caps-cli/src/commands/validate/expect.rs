//! The file of expectations: which commands must fail, and where.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use caps_core::Arch;
use caps_core::capture::CaptureId;
use caps_core::edit::Versions;
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
    entries: Vec<Entry>,
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
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    expect: Vec<Entry>,
    #[serde(default)]
    vendor: BTreeSet<String>,
    #[serde(default)]
    exception: Vec<RawException>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawException {
    place: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    line: Option<usize>,
    command: Option<String>,
    source: Option<String>,
    #[serde(default, deserialize_with = "parsed_list")]
    captures: Vec<CaptureId>,
    #[serde(default, deserialize_with = "parsed_versions")]
    versions: Option<Versions>,
    #[serde(default, deserialize_with = "parsed_list")]
    arch: Vec<Arch>,
    expect: Outcome,
    reason: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Fail,
}

fn parsed_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

fn parsed_versions<'de, D>(deserializer: D) -> Result<Option<Versions>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

impl Expectations {
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let file = path.display().to_string();
        let text = read_text(path)?;
        let raw: File = toml::from_str(&text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|&byte| byte == b'\n').count() + 1;
            CliError::input(format!("`{file}` line {line}: {}", error.message()))
        })?;
        let mut exceptions = Vec::new();
        for exception in raw.exception {
            let exception =
                Exception::new(&exception.place, exception.reason).map_err(|error| {
                    CliError::input(error).context(format!("`{file}` is malformed"))
                })?;
            exceptions.push(exception);
        }
        for (number, entry) in raw.expect.iter().enumerate() {
            if entry.line.is_none() && entry.command.is_none() && entry.source.is_none() {
                return Err(CliError::input(format!(
                    "`{file}`: entry {} of `expect` names no command, expected `line`, `command` or `source`",
                    number + 1
                )));
            }
        }
        Ok(Self { file, entries: raw.expect, vendor: raw.vendor, exceptions })
    }

    /// Compares the matrix with the expectations.
    pub(super) fn apply(&self, matrix: &Matrix) -> Surprises {
        let mut surprises = Surprises::default();
        for (number, entry) in self.entries.iter().enumerate() {
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
            let entry = format!("`{}`: entry {} of `expect`{reason}", self.file, number + 1);
            if !matched {
                surprises
                    .complaints
                    .push(format!("{entry} is for no command and capture of these"));
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
            && (self.captures.is_empty() || self.captures.contains(id))
            && (self.arch.is_empty() || self.arch.contains(&id.arch))
            && self.versions.as_ref().is_none_or(|versions| versions.contains(id.version))
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
