//! Where drives go: which interface of the board, and which place on it.

use std::collections::{HashMap, HashSet};

use super::judge::Judge;
use crate::command_line::scalar::integer;
use crate::command_line::{Argument, Pairs};
use crate::validate::Stage;

/// Interfaces with the units of one of their buses; others have no buses.
const UNITS: &[(&str, u64)] = &[("ide", 2), ("scsi", 7)];

/// The places that are taken: interfaces with indexes.
#[derive(Debug, Default)]
pub(super) struct Places {
    taken: HashSet<(String, u64)>,
    /// Below this index, all places of an interface are taken.
    full: HashMap<String, u64>,
}

impl Places {
    /// The first free place of an interface.
    fn free(&mut self, interface: &str) -> u64 {
        let first = self.full.entry(interface.to_owned()).or_default();
        while self.taken.contains(&(interface.to_owned(), *first)) {
            *first += 1;
        }
        *first
    }
}

impl Judge<'_> {
    /// Checks that no two drives want the same place. Short options stand for drives, too.
    pub(super) fn check_drive_places(&mut self) {
        let mut places = Places::default();
        let line = self.line;
        for argument in line.arguments() {
            self.at(argument);
            match argument.name.as_str() {
                "hda" | "hdb" | "hdc" | "hdd" | "cdrom" => self.check_default_drive(""),
                "sd" | "mtdblock" | "fda" | "fdb" => self.check_short_drive(&argument.name),
                _ => {}
            }
            match argument.name.as_str() {
                "hda" => self.place(&mut places, None, Some(0)),
                "hdb" => self.place(&mut places, None, Some(1)),
                "hdc" | "cdrom" => self.place(&mut places, None, Some(2)),
                "hdd" => self.place(&mut places, None, Some(3)),
                "fda" => self.place(&mut places, Some("floppy"), Some(0)),
                "fdb" => self.place(&mut places, Some("floppy"), Some(1)),
                "sd" => self.place(&mut places, Some("sd"), None),
                "mtdblock" => self.place(&mut places, Some("mtd"), None),
                "pflash" => self.place(&mut places, Some("pflash"), None),
                "drive" => self.place_drive(&mut places, argument),
                _ => {}
            }
        }
    }

    /// An option that is short for a drive on an interface.
    fn check_short_drive(&mut self, option: &str) {
        let interface = match option {
            "fda" | "fdb" => "floppy",
            "mtdblock" => "mtd",
            other => other,
        };
        if self.lacks_interface(interface) {
            let words = format!("machine type does not support if={interface},bus=0,unit=0");
            let what = format!("the board has no interface `{interface}`");
            self.conflict("", Stage::Value, &what, words);
        }
    }

    fn place_drive(&mut self, places: &mut Places, argument: &Argument) {
        let Some(pairs) = argument.pairs() else { return };
        let interface = pairs.get("if");
        if interface == Some("none") {
            return;
        }
        let units = self.units(interface);
        let Some(index) = self.index(pairs, units) else { return };
        self.place(places, interface, index);
    }

    /// The index that a drive asks for, if it does; `None` where it can't be had.
    #[expect(clippy::option_option, reason = "asking for none is not the same as asking in vain")]
    fn index(&mut self, pairs: &Pairs, units: Option<u64>) -> Option<Option<u64>> {
        let number =
            |key: &str| -> Option<u64> { pairs.get(key).and_then(integer)?.try_into().ok() };
        let (bus, unit) = (number("bus"), number("unit"));
        if let Some(index) = number("index") {
            if bus.is_some_and(|bus| bus != 0) || unit.is_some() {
                let words = "index cannot be used with bus and unit";
                self.conflict("index", Stage::Value, "`index` excludes `bus` and `unit`", words);
                return None;
            }
            return Some(Some(index));
        }
        let Some(unit) = unit else { return Some(None) };
        let units = units.unwrap_or(0);
        if units > 0 && unit >= units {
            let words = format!("unit {unit} too big (max is {})", units - 1);
            let text = unit.to_string();
            self.wrong_value("unit", &text, &format!("below {units} on this bus"), words);
            return None;
        }
        Some(Some(bus.unwrap_or(0).saturating_mul(units).saturating_add(unit)))
    }

    /// How many drives go on one bus of an interface, where that is known.
    fn units(&self, interface: Option<&str>) -> Option<u64> {
        let name = self.machine?.name.as_str();
        if name.starts_with("pc-q35-") && interface.is_none_or(|one| one == "ide") {
            return Some(1);
        }
        let interface = interface.or_else(|| name.starts_with("pc-").then_some("ide"))?;
        UNITS.iter().find(|(one, _)| *one == interface).map(|(_, units)| *units)
    }

    fn place(&mut self, places: &mut Places, interface: Option<&str>, index: Option<u64>) {
        let of_board = if self.limit("ide").is_some() { "ide" } else { "default" };
        let interface = interface.unwrap_or(of_board);
        let index = index.unwrap_or_else(|| places.free(interface));
        if !places.taken.insert((interface.to_owned(), index)) {
            let units = self.units(Some(interface)).unwrap_or(0);
            let (bus, unit) = match units {
                0 => (0, index),
                units => (index / units, index % units),
            };
            let words = format!("drive with bus={bus}, unit={unit} (index={index}) exists");
            let what = format!("another drive has the index {index}");
            self.conflict("index", Stage::Value, &what, words);
            return;
        }
        if interface == "ide" {
            self.ide_drives.push(index);
        }
        self.check_index(interface, index);
    }

    /// Checks that the interface takes so many drives.
    fn check_index(&mut self, interface: &str, index: u64) {
        let Some(machine) = self.machine else { return };
        let limit =
            ["ide", "sd", "floppy", "pflash"].contains(&interface).then(|| self.limit(interface));
        let Some(limit) = limit.flatten().and_then(|limit| limit.parse::<u64>().ok()) else {
            return;
        };
        if index >= limit {
            let units = self.units(Some(interface)).unwrap_or(0);
            let (bus, unit) = match units {
                0 => (0, index),
                units => (index / units, index % units),
            };
            let words =
                format!("machine type does not support if={interface},bus={bus},unit={unit}");
            let expected = format!("below {limit} on `{}`", machine.name);
            self.wrong_value("index", &index.to_string(), &expected, words);
        }
    }
}
