//! What boards allow of RAM, CPUs, interfaces of drives and network cards. QEMU tells none of it without
//! starting the machine, so `limits.txt` has what was measured on QEMU 7.2, 10.0 and 11.1:
//! `MACHINES TARGETS SINCE RULES`, where a rule counts until a row of a newer QEMU has the same key. The keys
//! are `ram` (sizes, or `LEAST..MOST`), `ram-power` (powers of two between), `ram-step`, `cpus` (the fewest),
//! `models` (CPU models), `if` (interfaces), `nic` (models of cards, `pci` for any PCI card), `needs`, the number of
//! drives that an interface takes (`sd`, `ide`, `floppy`, `pflash`), and `ide-units` (those of one IDE bus).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::boards::{ByTarget, by_target, matches};
use super::judge::Judge;
use super::memory::rounded;
use crate::command_line::Argument;
use crate::command_line::scalar::size;
use crate::validate::{Stage, ViolationKind};

const TABLE: &str = include_str!("limits.txt");
static ROWS: LazyLock<ByTarget<Row>> =
    LazyLock::new(|| by_target(TABLE, |line| Row::read(line).map(|row| (row.targets, row))));
/// Interfaces that the table tells of.
const INTERFACES: &[&str] = &["ide", "scsi", "sd", "mtd", "floppy", "virtio"];
const MIB: u64 = 1 << 20;

struct Row {
    machines: &'static str,
    targets: &'static str,
    since: (u32, u32),
    rules: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        let (machines, targets, since) = (words.next()?, words.next()?, words.next()?);
        let (major, minor) = since.split_once('.').unwrap_or((since, "0"));
        let since = (major.parse().ok()?, minor.parse().ok()?);
        Some(Self { machines, targets, since, rules: words.next()? })
    }
}

/// The rules of a board, by key: of those that were measured, that of the last QEMU that is not newer.
fn rules(machine: &str, target: &str, version: (u32, u32)) -> HashMap<&'static str, &'static str> {
    let rows = ROWS.get(target).into_iter().flatten().filter(|row| {
        row.since <= version && row.machines.split('+').any(|one| matches(one, machine))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| row.since);
    let rules = rows.iter().flat_map(|row| row.rules.split(' '));
    rules.filter_map(|rule| rule.split_once('=')).collect()
}

impl Judge<'_> {
    /// A rule of the board.
    pub(super) fn limit(&self, key: &str) -> Option<&'static str> {
        let version = (self.know.version.major(), self.know.version.minor());
        let machine = &self.machine?.name;
        let rules = self.rules.get_or_init(|| rules(machine, &self.know.target, version));
        rules.get(key).copied()
    }

    /// Checks the last size of the RAM.
    pub(super) fn check_ram(&mut self) {
        let Some(argument) = self.options(&["m"]).pop() else { return };
        self.at(argument);
        let Some(text) = argument.pairs().and_then(|pairs| pairs.get("size")) else { return };
        let Ok(ram) = size(text, MIB).map(rounded) else { return };
        if ram == 0 {
            return;
        }
        let good = |key: &str, rule: &str| match key {
            "ram-step" => size(rule, 1).is_ok_and(|step| ram % step.max(1) == 0),
            "ram-power" => ram.is_power_of_two() && is_within(rule, ram),
            _ => rule.split('+').any(|one| is_within(one, ram)),
        };
        for key in ["ram", "ram-power", "ram-step"] {
            let Some(rule) = self.limit(key).filter(|rule| !good(key, rule)) else { continue };
            let of = match key {
                "ram-power" => "a power of two in ",
                "ram-step" => "a multiple of ",
                _ => "",
            };
            let expected = format!("{of}{} on this board", rule.replace('+', " or "));
            let words = format!("Invalid RAM size, should be {rule}");
            self.wrong_value("size", text, &expected, words);
            return;
        }
    }

    /// Checks that the board takes a CPU model.
    pub(super) fn check_board_model(&mut self, model: &str) {
        let Some(rule) = self.limit("models").filter(|_| model != "host") else { return };
        let model = model.to_ascii_lowercase();
        let (rule, wanted) = rule.strip_prefix('!').map_or((rule, true), |rule| (rule, false));
        let fits = |pattern: &str| {
            let pattern = pattern.to_ascii_lowercase();
            pattern.strip_suffix('*').map_or(pattern == model, |start| model.starts_with(start))
        };
        if rule.split('+').any(fits) == wanted {
            return;
        }
        let words = if self.know.is_since(9, 0) {
            format!("Invalid CPU model: {model}")
        } else {
            format!("CPU type {model} not supported")
        };
        if wanted {
            let kind = (ViolationKind::Value, Stage::Type);
            return self.not_among("", &model, kind, rule.split('+'), words);
        }
        let others = rule.split('+').map(|one| format!("`{one}`")).collect::<Vec<_>>();
        let mut violation = self
            .violation("", ViolationKind::Value, Stage::Type)
            .found(format!("`{model}`"))
            .expected(format!("a CPU model other than {}", others.join(" or ")));
        violation.qemu = Some(words);
        self.push(violation);
    }

    /// Is it known that the board has no such interface of drives?
    pub(super) fn lacks_interface(&self, name: &str) -> bool {
        let machine = self.machine.map_or("", |machine| machine.name.as_str());
        match name {
            "pflash" => ["s390-ccw", "microvm"].iter().any(|one| machine.starts_with(one)),
            "xen" => !machine.is_empty() && !self.runs_on_xen(),
            _ if INTERFACES.contains(&name) => {
                self.limit("if").is_some_and(|rule| !rule.split('+').any(|one| one == name))
            }
            _ => false,
        }
    }

    /// Whether the guest is one of Xen, or KVM emulates that.
    fn runs_on_xen(&self) -> bool {
        let emulates = |argument: &&Argument| {
            argument.pairs().is_some_and(|pairs| pairs.get("xen-version").is_some())
        };
        self.know.is_x86()
            && (self.effective_accelerator() == "xen"
                || self.options(&["accel"]).iter().any(emulates))
    }

    /// Checks that the board gets what it can't start without.
    pub(super) fn check_needs(&mut self) {
        let Some(rule) = self.limit("needs") else { return };
        let (given, words): (&'static [&'static str], _) = match rule {
            "pflash" => {
                (&["pflash", "drive"], "A flash image must be given with the 'pflash' parameter")
            }
            _ => (&["kernel", "bios", "pflash"], "Kernel image must be specified"),
        };
        if self.options(given).is_empty() {
            "machine".clone_into(&mut self.option);
            let mut violation = self.violation("", ViolationKind::Missing, Stage::Value);
            violation.expected = format!("-{rule}: the board does not start without");
            violation.argument = None;
            violation.qemu = Some(words.to_owned());
            self.push(violation);
        }
    }
}

/// Is a size the one of the rule, or between its ends?
fn is_within(rule: &str, ram: u64) -> bool {
    let read = |text: &str| size(text, 1).ok();
    match rule.split_once("..") {
        Some((least, most)) => {
            read(least).is_none_or(|least| ram >= least)
                && read(most).is_none_or(|most| ram <= most)
        }
        None => read(rule) == Some(ram),
    }
}

#[cfg(test)]
mod tests {
    use super::{INTERFACES, Row, TABLE, is_within, rules};
    use crate::command_line::scalar::size;

    #[test]
    fn every_rule_reads() {
        for line in TABLE.lines() {
            let row = Row::read(line).expect(line);
            for word in row.rules.split(' ') {
                let (key, value) = word.split_once('=').expect(line);
                let good = match key {
                    "ram" | "ram-power" | "ram-step" => value
                        .split('+')
                        .flat_map(|one| one.split(".."))
                        .all(|one| one.is_empty() || size(one, 1).is_ok()),
                    "cpus" | "ide-units" => value.parse::<u64>().is_ok_and(|number| number > 0),
                    "sd" | "ide" | "floppy" | "pflash" => value.parse::<u64>().is_ok(),
                    "if" => value.split('+').all(|one| INTERFACES.contains(&one)),
                    "needs" => ["kernel", "pflash"].contains(&value),
                    "models" | "nic" => !value.is_empty(),
                    _ => false,
                };
                assert!(good, "{word} in {line}");
            }
        }
    }

    #[test]
    fn a_rule_counts_until_a_newer_one() {
        let rule =
            |key, machine, target, version| rules(machine, target, version).get(key).copied();
        assert_eq!(rule("ram", "raspi3b", "aarch64", (10, 0)), Some("1G"));
        assert_eq!(rule("ram", "virt", "loongarch64", (7, 2)), Some("1G.."));
        assert_eq!(rule("ram", "virt", "loongarch64", (10, 0)), Some(".."));
        assert_eq!(rule("if", "pc-q35-9.2", "x86_64", (10, 0)), Some("ide+floppy+virtio"));
        assert_eq!(rule("ram", "raspi3b", "riscv64", (10, 0)), None);
        assert!(is_within("..256M", 256 << 20) && !is_within("..256M", (256 << 20) + 1));
        assert!(is_within("1G..", 1 << 30) && !is_within("1G", 2 << 30));
    }
}
