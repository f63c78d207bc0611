//! The verdicts on QMP commands and command lines.

use caps_core::validate::{Policy, Validator, Violation};
use serde_json::{Map, Value, json};

use super::capture::Facts;
use super::kind::Kind;
use super::table::{Record, Store, Table};
use crate::commands::validate::Item;
use crate::exit::CliError;

pub(super) struct Validation {
    items: Vec<Item>,
    table: Table,
    policy: Policy,
}

impl Validation {
    pub(super) fn new(items: Vec<Item>, captures: usize) -> Self {
        Self { items, table: Table::new(captures), policy: Policy::default() }
    }

    pub(super) fn add(
        &mut self,
        capture: usize,
        facts: &Facts,
        store: &mut Store,
    ) -> Result<(), CliError> {
        if self.items.is_empty() {
            return Ok(());
        }
        let validator =
            Validator::from_conversation(facts.answers.conversation()).map_err(|error| {
                CliError::input(error).context(format!("can't validate against `{}`", facts.id))
            })?;
        for (number, item) in self.items.iter().enumerate() {
            if !item.is_for(facts.id.arch) {
                continue;
            }
            let report = item.check(&validator, &self.policy);
            let words = |list: &[Violation]| -> Vec<Value> {
                list.iter().map(|violation| violation.to_string().into()).collect()
            };
            let unchecked: Vec<Value> = report
                .unchecked
                .iter()
                .map(|one| format!("{}: {}", one.path, one.reason).into())
                .collect();
            let record = Record::default()
                .with("verdict", report.verdict().name())
                .with("problems", words(&report.problems))
                .with("warnings", words(&report.warnings))
                .with("unchecked", unchecked);
            self.table.set(&name(number), capture, record.id(store));
        }
        Ok(())
    }

    pub(super) fn finish(mut self, store: &mut Store) -> Option<Kind> {
        if self.items.is_empty() {
            return None;
        }
        let mut about = Map::new();
        for (number, item) in self.items.iter().enumerate() {
            self.table.add(&name(number));
            let value = json!({
                "place": item.place(),
                "title": item.title(),
                "source": item.source,
                "text": item.text(),
            });
            about.insert(name(number), value);
        }
        Some(Kind { about, ..Kind::new("validation", self.table.finish(store)) })
    }
}

/// The name of a command or command line: its number.
fn name(number: usize) -> String {
    format!("{:04}", number + 1)
}
