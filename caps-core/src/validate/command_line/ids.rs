//! Ids in options of `QemuOpts` whose objects nothing refers to: they are identifiers, too, and no two
//! options of a group have the same one.

use std::collections::HashSet;

use super::judge::Judge;
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
            } else if matches!(argument.name.as_str(), "nic" | "net") {
                if argument.type_name().as_deref() == Some("nic") {
                    self.check_repeated(&mut seen, (&argument.name, id));
                }
            } else if self.check_id("id", id) {
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
