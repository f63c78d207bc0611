use std::collections::{BTreeMap, BTreeSet};

use super::schema::{in_both, one_sided};
use super::sessions::session_pairs;
use super::table::{Table, shape, table};
use super::{DiffError, DifferenceKind, Differences, machines};
use crate::json::Document;
use crate::replies::{Conversation, Session};

/// Questions whose answers are compared as tables: the kind, the command, and the key of a record.
const TABLES: &[(DifferenceKind, &str, &str)] = &[
    (DifferenceKind::QomType, "qom-list-types", "name"),
    (DifferenceKind::Option, "query-command-line-options", "option"),
    (DifferenceKind::MigrationCapability, "query-migrate-capabilities", "capability"),
    (DifferenceKind::Tpm, "query-tpm-models", ""),
    (DifferenceKind::Tpm, "query-tpm-types", ""),
];
/// Questions about the properties of a type.
const PROPERTIES: &[(DifferenceKind, &str)] = &[
    (DifferenceKind::DeviceProperty, "device-list-properties"),
    (DifferenceKind::ObjectProperty, "qom-list-properties"),
];
const MACHINES: &str = "query-machines";
const CPUS: &str = "query-cpu-definitions";

/// Fields that are absent rather than empty.
const SPARSE: &[&str] = &["alias", "alias-of", "is-default", "default-value", "default"];
/// The features that a CPU model needs but the host lacks.
const BLOCKERS: &str = "unavailable-features";

/// Returns whether answers to this command are compared here.
pub(super) fn compares(command: &str) -> bool {
    TABLES.iter().any(|table| table.1 == command)
        || PROPERTIES.iter().any(|table| table.1 == command)
        || [MACHINES, CPUS].contains(&command)
}

pub(super) fn diff(
    first: &Conversation,
    second: &Conversation,
    differences: &mut Differences,
) -> Result<(), DiffError> {
    let sides = [(first, false), (second, true)];
    for &(kind, command, key) in TABLES {
        let [old, new] = sides.map(|(conversation, second)| match conversation.find(command) {
            Some(exchange) => table(exchange, key, second),
            None => Ok(None),
        });
        compare(kind, [old?, new?], differences);
    }
    let [old, new] = sides.map(|(conversation, second)| match conversation.find(MACHINES) {
        Some(exchange) => table(exchange, "name", second),
        None => Ok(None),
    });
    let aliases = [old?, new?].map(|machines| machines::aliases(&machines.unwrap_or_default()));
    for &(kind, command) in PROPERTIES {
        let [old, new] =
            sides.map(|(conversation, second)| properties(conversation, command, second));
        let [old, new] = machines::pair([old?, new?], aliases.each_ref());
        for (type_name, _, added) in one_sided(&old, &new) {
            differences.one_sided(kind, type_name, added, "all of its properties");
        }
        for (type_name, old, new) in in_both(&old, &new) {
            let of_type = |table: &Table| {
                let name = |name: &String| format!("{type_name}.{name}");
                table.iter().map(|(property, record)| (name(property), record.clone())).collect()
            };
            compare(kind, [Some(of_type(old)), Some(of_type(new))], differences);
        }
    }
    for (_, [old, new]) in session_pairs(first, second) {
        let [machines, cpus] = [MACHINES, CPUS].map(|command| {
            let find = |session: &Session, second| {
                let exchange =
                    session.exchanges().iter().find(|e| e.command().execute() == command);
                exchange.map_or(Ok(None), |exchange| table(exchange, "name", second))
            };
            Ok([find(old, false)?, find(new, true)?])
        });
        let mut machines = machines?;
        machines::compare(&mut machines, differences);
        compare(DifferenceKind::MachineType, machines, differences);
        let mut cpus = cpus?;
        blockers(&mut cpus, differences);
        compare(DifferenceKind::CpuModel, cpus, differences);
    }
    Ok(())
}

/// Compares two tables. A missing table, whose question was not asked or not answered, has no
/// differences.
fn compare(kind: DifferenceKind, tables: [Option<Table>; 2], differences: &mut Differences) {
    let [Some(a), Some(b)] = tables else { return };
    for (name, record, added) in one_sided(&a, &b) {
        differences.one_sided(kind, name, added, &detail(record));
    }
    let fields = |table: &Table| -> BTreeSet<String> {
        table.values().flat_map(|record| record.keys().cloned()).collect()
    };
    let [old, new] = [fields(&a), fields(&b)];
    let sparse = |field: &str| SPARSE.contains(&field);
    for (name, a, b) in in_both(&a, &b) {
        for field in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
            // A field that only one QEMU reports at all is not a difference of every record.
            let reported = sparse(field) || (old.contains(field) && new.contains(field));
            if reported && a.get(field) != b.get(field) {
                let [from, to] = [a, b].map(|record| record.get(field).map_or("none", |v| v));
                differences.changed(kind, name, field, from, to);
            }
        }
    }
    if !a.is_empty() && !b.is_empty() {
        for field in old.symmetric_difference(&new).filter(|field| !sparse(field)) {
            differences.one_sided(kind, &format!("*.{field}"), new.contains(field), "a new field");
        }
    }
}

/// Summarizes a record that only one table has.
fn detail(record: &BTreeMap<String, String>) -> String {
    let words = ["type", "alias", "alias-of", "deprecated", "default-value", "default"];
    let words = words.into_iter().filter_map(|key| match (key, record.get(key)?.as_str()) {
        ("deprecated", "true") => Some(key.to_owned()),
        ("deprecated", _) => None,
        ("type", value) => Some(value.to_owned()),
        ("default-value" | "default", value) => Some(format!("default {value}")),
        (key, value) => Some(format!("{key} {value}")),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Moves the host-dependent part out of the CPU models and compares it separately.
fn blockers(cpus: &mut [Option<Table>; 2], differences: &mut Differences) {
    let mut taken = [(); 2].map(|()| Table::new());
    for (table, taken) in cpus.iter_mut().zip(&mut taken) {
        for (name, record) in table.iter_mut().flatten() {
            if let Some(value) = record.remove(BLOCKERS) {
                taken.insert(name.clone(), BTreeMap::from([(BLOCKERS.to_owned(), value)]));
            }
        }
    }
    let [old, new] = taken;
    differences.host = true;
    for (name, a, b) in in_both(&old, &new) {
        if a != b {
            let [from, to] = [a, b].map(|record| record[BLOCKERS].as_str());
            differences.changed(DifferenceKind::CpuBlocker, name, BLOCKERS, from, to);
        }
    }
    differences.host = false;
}

/// The properties of each queried and existing type.
fn properties(
    conversation: &Conversation,
    command: &str,
    second: bool,
) -> Result<BTreeMap<String, Table>, DiffError> {
    let mut types = BTreeMap::new();
    for exchange in conversation.exchanges().filter(|e| e.command().execute() == command) {
        let arguments = exchange.command().arguments().and_then(|text| Document::parse(text).ok());
        let Some(type_name) =
            arguments.and_then(|a| a.root().get_str("typename").map(String::from))
        else {
            return Err(shape(exchange, exchange.line(), second, "a type name as argument"));
        };
        let Some(table) = table(exchange, "name", second)? else { continue };
        types.insert(type_name, table);
    }
    Ok(types)
}
