//! Machine types under names that are stable across releases.
//!
//! An alias such as `virt` or `q35` refers to a differently versioned type in each release. Users
//! of the alias see one machine type, so it is compared as one.

use std::collections::BTreeMap;

use super::schema::in_both;
use super::table::Table;
use super::{DifferenceKind, Differences};

/// The suffix of machine types in QOM.
const SUFFIX: &str = "-machine";
const ALIAS: &str = "alias";
const DEFAULT: &str = "is-default";

/// The aliases in a table of machine types, with their targets.
pub(super) fn aliases(machines: &Table) -> BTreeMap<String, String> {
    let alias = |(name, record): (&String, &BTreeMap<String, String>)| {
        Some((record.get(ALIAS)?.clone(), name.clone()))
    };
    machines.iter().filter_map(alias).collect()
}

/// Compares the targets of aliases, and removes the fields that vary from release to release from
/// types that both tables have.
pub(super) fn compare(tables: &mut [Option<Table>; 2], differences: &mut Differences) {
    let [Some(a), Some(b)] = tables else { return };
    let kind = DifferenceKind::MachineType;
    let [old, new] = [aliases(a), aliases(b)];
    for (alias, from, to) in in_both(&old, &new).filter(|(_, from, to)| from != to) {
        differences.changed(kind, alias, "stands for", from, to);
        for (field, from, to) in in_both(&a[from], &b[to]).filter(|(_, from, to)| from != to) {
            if ![ALIAS, DEFAULT].contains(&field.as_str()) {
                differences.changed(kind, alias, field, from, to);
            }
        }
    }
    for (alias, _) in old.iter().filter(|(alias, _)| !new.contains_key(*alias)) {
        differences.changed(kind, alias, "stands for", &old[alias], "none");
    }
    for (alias, target) in new.iter().filter(|(alias, _)| !old.contains_key(*alias)) {
        // The alias of a new machine type is already part of its own description.
        if a.contains_key(target) {
            differences.changed(kind, alias, "stands for", "none", target);
        }
    }
    let [from, to] = [default(a, &old), default(b, &new)];
    if from != to {
        differences.changed(kind, "default machine type", "", from, to);
    }
    let common: Vec<String> = in_both(a, b).map(|(name, ..)| name.clone()).collect();
    for table in [a, b] {
        for name in &common {
            if let Some(record) = table.get_mut(name) {
                record.remove(ALIAS);
                record.remove(DEFAULT);
            }
        }
    }
}

/// The default machine type, by its alias if it has one.
fn default<'m>(machines: &'m Table, aliases: &'m BTreeMap<String, String>) -> &'m str {
    let is_default = |record: &BTreeMap<String, String>| {
        record.get(DEFAULT).is_some_and(|value| value == "true")
    };
    let Some((name, _)) = machines.iter().find(|(_, record)| is_default(record)) else {
        return "none";
    };
    aliases.iter().find(|(_, target)| *target == name).map_or(name, |(alias, _)| alias)
}

/// Gives types that are the same machine type the same name on both sides: the alias, or else the
/// name without its version. Types that both sides have keep their name.
pub(super) fn pair<T>(
    types: [BTreeMap<String, T>; 2],
    aliases: [&BTreeMap<String, String>; 2],
) -> [BTreeMap<String, T>; 2] {
    let [old, new] = &types;
    let names = [one_sided(old, new, aliases[0]), one_sided(new, old, aliases[1])];
    let commons = names.each_ref().map(|names| -> BTreeMap<&str, &str> {
        names.iter().map(|(common, original)| (original.as_str(), common.as_str())).collect()
    });
    let mut renamed = [BTreeMap::new(), BTreeMap::new()];
    for (side, types) in types.into_iter().enumerate() {
        for (name, value) in types {
            let shared = commons[side].get(name.as_str()).copied();
            let paired = shared.filter(|common| names[1 - side].contains_key(*common));
            let name = paired.map_or(name, str::to_owned);
            renamed[side].insert(name, value);
        }
    }
    renamed
}

/// The machine types that only one side has, from shared name to actual name. A shared name that
/// would apply to two types is dropped.
fn one_sided<T>(
    types: &BTreeMap<String, T>,
    others: &BTreeMap<String, T>,
    aliases: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let by_target: BTreeMap<&str, &str> =
        aliases.iter().map(|(alias, target)| (target.as_str(), alias.as_str())).collect();
    for name in types.keys().filter(|name| !others.contains_key(*name)) {
        let Some(machine) = name.strip_suffix(SUFFIX) else { continue };
        let alias = by_target.get(machine).copied();
        let common = alias.unwrap_or_else(|| without_version(machine));
        names
            .entry(format!("{common}{SUFFIX}"))
            .and_modify(|original| *original = None)
            .or_insert_with(|| Some(name.clone()));
    }
    names.into_iter().filter_map(|(common, name)| Some((common, name?))).collect()
}

/// Strips the version, as from `pc-q35-10.0`.
fn without_version(machine: &str) -> &str {
    match machine.rsplit_once('-') {
        Some((stem, version))
            if version.contains('.')
                && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') =>
        {
            stem
        }
        _ => machine,
    }
}
