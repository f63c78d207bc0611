//! What boards contain before the first option: buses, occupied PCI slots, and whether they connect
//! drives without `if=none`. QEMU reports none of it without starting the machine, so `boards.txt`
//! has the results of measuring QEMU 7.2, 10.0 and 11.1: `MACHINE TARGETS SINCE DRIVE SLOTS BUSES`,
//! where `*` stands for a version and `-` for nothing.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

const TABLE: &str = include_str!("boards.txt");
/// The rows about each target.
static ROWS: LazyLock<ByTarget<Row>> =
    LazyLock::new(|| by_target(TABLE, |line| Row::read(line).map(|row| (row.targets, row))));

/// The rows of a table about each target.
pub(super) type ByTarget<R> = HashMap<&'static str, Vec<Arc<R>>>;

/// Reads a table with a row in each line, which `read` returns with its targets.
pub(super) fn by_target<R>(
    table: &'static str,
    read: impl Fn(&'static str) -> Option<(&'static str, R)>,
) -> ByTarget<R> {
    let mut rows: ByTarget<R> = HashMap::new();
    for (targets, row) in table.lines().filter_map(read) {
        let row = Arc::new(row);
        targets.split(',').for_each(|one| rows.entry(one).or_default().push(row.clone()));
    }
    rows
}

/// A board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Board {
    /// The treatment of a drive without `if`.
    pub(super) drive: Drive,
    slots: &'static str,
    buses: &'static str,
}

/// The treatment of a drive without `if`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drive {
    /// The board connects it to a device.
    Taken,
    /// It remains available for a device.
    Free,
    /// The board rejects it.
    Refused,
}

impl Board {
    /// Finds the board of a machine type. Of several measured versions, the newest that is not
    /// newer than QEMU applies.
    pub(super) fn find(machine: &str, target: &str, version: (u32, u32)) -> Option<Self> {
        let rows = ROWS.get(target)?.iter().filter(|row| row.since <= version);
        // Of several rows, the last one counts.
        let row = rows.filter(|row| row.matches(machine)).max_by_key(|row| row.since)?;
        Some(row.board)
    }

    /// The types and names of the buses.
    pub(super) fn buses(&self) -> Vec<(&'static str, String)> {
        let mut buses = Vec::new();
        for entry in self.buses.split(',') {
            let Some((bus_type, names)) = entry.split_once(':') else { continue };
            for name in names.split('+') {
                match numbered(name) {
                    Some((prefix, range)) => {
                        buses.extend(range.map(|n| (bus_type, format!("{prefix}{n}"))));
                    }
                    None => buses.push((bus_type, name.to_owned())),
                }
            }
        }
        buses
    }

    /// The occupied addresses on the first PCI bus.
    pub(super) fn slots(&self) -> impl Iterator<Item = &'static str> {
        self.slots.split('+').filter(|slot| *slot != "-")
    }
}

/// `NAME.0..N`
fn numbered(name: &str) -> Option<(&str, std::ops::RangeInclusive<u32>)> {
    let (first, last) = name.split_once("..")?;
    let prefix = first.strip_suffix('0')?;
    Some((prefix, 0..=last.parse().ok()?))
}

struct Row {
    machine: &'static str,
    targets: &'static str,
    since: (u32, u32),
    board: Board,
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ');
        let (machine, targets, since) = (words.next()?, words.next()?, words.next()?);
        let drive = match words.next()? {
            "taken" => Drive::Taken,
            "free" => Drive::Free,
            "refused" => Drive::Refused,
            _ => return None,
        };
        let (slots, buses) = (words.next()?, words.next()?);
        let (major, minor) = since.split_once('.').unwrap_or((since, "0"));
        let since = (major.parse().ok()?, minor.parse().ok()?);
        Some(Self { machine, targets, since, board: Board { drive, slots, buses } })
    }

    fn matches(&self, machine: &str) -> bool {
        matches(self.machine, machine)
    }
}

/// Is it that machine, or one of that family?
pub(super) fn matches(pattern: &str, machine: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(family) => machine
            .strip_prefix(family)
            .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit())),
        None => machine == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::{Board, Drive, Row, TABLE};

    #[test]
    fn every_row_reads() {
        for line in TABLE.lines() {
            let row = Row::read(line).expect(line);
            let buses = row.board.buses();
            assert!(row.board.buses == "-" || !buses.is_empty(), "{line}");
        }
    }

    #[test]
    fn boards_are_found_by_family_target_and_version() {
        let q35 = Board::find("pc-q35-11.1", "x86_64", (11, 1)).expect("q35");
        assert_eq!(q35.drive, Drive::Taken);
        assert!(q35.buses().contains(&("PCIE", "pcie.0".to_owned())));
        assert!(q35.slots().any(|slot| slot == "1f.2"));
        let virt = |version| Board::find("virt", "riscv64", version).map(|board| board.drive);
        assert_eq!(virt((7, 2)), Some(Drive::Free));
        assert_eq!(virt((10, 0)), Some(Drive::Taken));
        let mmio = Board::find("virt-9.0", "aarch64", (10, 0)).expect("virt").buses();
        assert!(mmio.contains(&("virtio-mmio-bus", "virtio-mmio-bus.31".to_owned())));
        assert_eq!(Board::find("pc-q35-11.1", "s390x", (11, 1)), None);
    }
}
