//! Command-line options with their keys, and the values that QEMU lists.

use std::collections::HashMap;

use caps_core::command_line::{OPTIONS, OptionSpec, Reader};
use serde_json::{Map, Value};

use super::capture::Facts;
use super::kind::Kind;
use super::table::{PRESENT, Record, Store, Table, Tables};

/// The options whose values QEMU lists. Devices, machine types and CPU models have their own
/// tables.
const LISTED: &[&str] =
    &["accel", "object", "netdev", "chardev", "display", "audiodev", "vga", "drive", "tpmdev", "d"];

pub(super) struct OptionTables {
    options: Table,
    details: Tables,
    migration: Table,
}

impl OptionTables {
    pub(super) fn new(captures: usize) -> Self {
        Self {
            options: Table::new(captures),
            details: Tables::new(captures),
            migration: Table::new(captures),
        }
    }

    pub(super) fn add(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        let help = facts.answers.help_options();
        if let Some(help) = help {
            self.options.asked(capture);
            for option in help {
                let record = Record::default()
                    .with("takes_argument", option.takes_argument)
                    .with("forms", option.forms);
                self.options.set(&format!("-{}", option.name), capture, record.id(store));
            }
        }
        self.add_groups(capture, facts, store);
        for &option in LISTED {
            if let Some(listed) = facts.answers.listed(option) {
                for value in listed {
                    let record = Record::default().with("description", value.description);
                    let name = format!("^{}", value.name);
                    self.details.of(&format!("-{option}")).set(&name, capture, record.id(store));
                }
            }
        }
        self.add_migration(capture, facts);
    }

    /// Adds the keys in `query-command-line-options` to the options that read them.
    fn add_groups(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        for group in facts.answers.command_line_options().unwrap_or_default() {
            let by_group = OPTIONS.iter().find(|option| {
                matches!(option.reader, Reader::Opts { group: name, .. } if name == group.name)
            });
            let name = by_group.map_or(group.name.as_str(), |option| option.name);
            let name = format!("-{name}");
            if !self.options.is_set(&name, capture) {
                self.options.set(&name, capture, PRESENT);
            }
            let table = self.details.of(&name);
            table.asked(capture);
            for key in group.parameters {
                let record = Record::default()
                    .with("type", key.type_name)
                    .with("default", key.default)
                    .with("description", key.help);
                table.set(&key.name, capture, record.id(store));
            }
        }
    }

    fn add_migration(&mut self, capture: usize, facts: &Facts) {
        let conversation = facts.answers.conversation();
        let exchange = conversation.find("query-migrate-capabilities");
        let Some(reply) = exchange.and_then(|exchange| exchange.reply().ok()) else { return };
        let Ok(answer) = reply.result() else { return };
        self.migration.asked(capture);
        for name in answer.elements().filter_map(|one| one.get_str("capability")) {
            self.migration.set(&name, capture, PRESENT);
        }
    }

    pub(super) fn finish(self, store: &mut Store) -> [Kind; 2] {
        let known: HashMap<String, &OptionSpec> =
            OPTIONS.iter().map(|option| (format!("-{}", option.name), option)).collect();
        let about: Map<String, Value> = self
            .options
            .names()
            .filter_map(|name| {
                let doc = known.get(name)?.about;
                Some((name.to_owned(), serde_json::json!({"doc": doc})))
            })
            .collect();
        let groups = self.details.finish(store);
        let options = self.options.finish_with(store, |_, name| groups.get(name).copied());
        [
            Kind { about, ..Kind::new("option", options) },
            Kind::new("migration", self.migration.finish(store)),
        ]
    }
}
