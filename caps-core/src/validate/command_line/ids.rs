//! Ids: what has them, and what refers to them. Those of `QemuOpts` to which nothing refers are
//! identifiers, too, and no two options of a group have the same one.

use std::collections::HashSet;

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::Reader;
use crate::validate::{Stage, ViolationKind};

/// Groups whose options QEMU merges into one, which then has no id.
const MERGED: &[&str] =
    &["acpi", "action", "icount", "memory", "name", "rtc", "semihosting-config", "spice"];
/// Groups whose ids have checks of their own, because others refer to them.
const NAMED: &[&str] = &["chardev", "device", "drive", "fsdev", "netdev", "object", "tpmdev"];

impl<'a> Judge<'a> {
    pub(super) fn check_ids(&mut self) {
        let mut seen: HashSet<(&'a str, &'a str)> = HashSet::new();
        let line = self.line;
        for argument in line.arguments() {
            let Some(Reader::Opts { group, .. }) = argument.option.map(|option| option.reader)
            else {
                continue;
            };
            let Some(id) = argument.pairs().and_then(|pairs| pairs.get("id")) else { continue };
            self.at(argument);
            if NAMED.contains(&group) {
                continue;
            }
            if MERGED.contains(&group) {
                let kind = (ViolationKind::Unexpected, Stage::Value);
                let words = "Invalid parameter 'id'";
                self.early(|judge| judge.not_among("id", "id", kind, [], words));
            } else if matches!(argument.name.as_str(), "nic" | "net") || self.check_id("id", id) {
                self.check_repeated(&mut seen, (group, id));
            }
        }
    }

    fn check_repeated(
        &mut self,
        seen: &mut HashSet<(&'a str, &'a str)>,
        (group, id): (&'a str, &'a str),
    ) {
        if !seen.insert((group, id)) {
            let words = format!("Duplicate ID '{id}' for {group}");
            let what = format!("another -{group} has the id `{id}`");
            self.early(|judge| judge.conflict("id", Stage::Value, &what, words));
        }
    }
}

impl Judge<'_> {
    /// Registers an id, or reports that it is taken.
    pub(super) fn name(&mut self, space: Space, id: &str, named: Named) {
        let known = self.names.contains_key(&(space, id.to_owned()));
        if known {
            let group = space.group();
            let words = match space {
                Space::Node => format!("Duplicate nodes with node-name='{id}'"),
                _ => format!("Duplicate ID '{id}' for {group}"),
            };
            self.early(|judge| {
                let what = format!("another {group} has the id `{id}`");
                judge.conflict("id", Stage::Value, &what, words);
            });
            return;
        }
        self.names.insert((space, id.to_owned()), named);
    }

    pub(super) fn find(&mut self, space: Space, id: &str) -> Option<&mut Named> {
        self.names.get_mut(&(space, id.to_owned()))
    }

    /// Reports an id that nothing of the namespace has.
    pub(super) fn dangling(&mut self, space: Space, key: &str, id: &str, qemu: String) {
        let expected = match space {
            Space::Node => "the name of a node".to_owned(),
            _ => format!("the id of a {}", space.group()),
        };
        self.dangling_of(space, key, id, (expected, qemu));
    }

    /// The same, with what is expected and QEMU's error message.
    pub(super) fn dangling_of(
        &mut self,
        space: Space,
        key: &str,
        id: &str,
        (expected, qemu): (String, String),
    ) {
        let mut violation = self.violation(key, ViolationKind::Dangling, Stage::Value);
        violation.found = format!("`{id}`");
        violation.expected = expected;
        let ids = self.names.range((space, String::new())..);
        let ids = ids.take_while(|((of, _), _)| *of == space).map(|((_, id), _)| id.clone());
        let ids: Vec<String> = ids.take(self.hints).collect();
        violation = self.hint(violation, id, ids);
        violation.qemu = Some(qemu);
        self.push(violation);
    }

    /// Reports text that is not an identifier; returns whether it is one.
    pub(super) fn check_id(&mut self, key: &str, id: &str) -> bool {
        let valid = crate::command_line::scalar::is_identifier(id);
        if !valid {
            let words = format!("Parameter '{key}' expects an identifier");
            let expected = "an identifier: a letter, then letters, digits, `-`, `.` and `_`";
            self.early(|judge| judge.wrong_value(key, id, expected, words));
        }
        valid
    }
}
