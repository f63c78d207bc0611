//! What buses without addresses have room for: the units of IDE, and the speeds of USB.

use super::{Bus, Buses};
use crate::validate::Stage;
use crate::validate::command_line::judge::Judge;

/// USB devices that are not fast enough for a controller of USB 2 alone.
const FULL_SPEED: &[&str] = &[
    "usb-audio",
    "usb-braille",
    "usb-bt-dongle",
    "usb-ccid",
    "usb-hub",
    "usb-net",
    "usb-serial",
    "usb-wacom-tablet",
];
/// The most units that an IDE bus has.
const IDE_UNITS: u64 = 2;

impl Buses {
    /// Marks the units that drives of the board have.
    pub(super) fn seat_drives(&mut self, judge: &Judge<'_>) {
        let Some(machine) = judge.machine else { return };
        let units = match machine.name.as_str() {
            name if name.starts_with("pc-q35-") => 1,
            name if name.starts_with("pc-") => IDE_UNITS,
            _ => return,
        };
        for bus in self.list.iter_mut().filter(|bus| bus.kind == "IDE") {
            bus.units = Some(units);
        }
        for index in &judge.ide_drives {
            let name = format!("ide.{}", index / units);
            if let Some(bus) = self.list.iter_mut().find(|bus| bus.name == name) {
                bus.seated.push(index % units);
            }
        }
    }

    /// The bus that QEMU takes for an IDE device that names none: of those with room the last one.
    pub(super) fn free_ide(&self) -> Option<usize> {
        let has_room = |bus: &Bus| bus.kind == "IDE" && (bus.seated.len() as u64) < IDE_UNITS;
        self.list.iter().rposition(has_room)
    }

    /// Seats an IDE device on its bus.
    pub(super) fn seat(&mut self, judge: &mut Judge<'_>, index: usize, unit: Option<u64>) {
        let bus = &mut self.list[index];
        let Some(units) = bus.units else { return };
        let unit = unit.unwrap_or_else(|| u64::from(bus.seated.contains(&0)));
        if unit >= units {
            let words = format!("Can't create IDE unit {unit}, bus supports only {units} units");
            let what = format!("the bus `{}` has no unit {unit}", bus.name);
            judge.conflict("unit", Stage::Value, &what, words);
        } else if bus.seated.contains(&unit) {
            let words = format!("IDE unit {unit} is in use");
            let what = format!("the unit {unit} of the bus `{}` is taken", bus.name);
            judge.conflict("unit", Stage::Value, &what, words);
        } else {
            bus.seated.push(unit);
        }
    }

    /// Checks that a USB device is as fast as its bus.
    pub(super) fn check_speed(&self, judge: &mut Judge<'_>, index: usize, device: &str) {
        let bus = &self.list[index];
        if bus.is_fast && !self.has_companions && FULL_SPEED.contains(&device) {
            let words = "Warning: speed mismatch trying to attach usb device (full speed) to bus (high speed)";
            let what = format!("`{device}` is too slow for the bus `{}` of USB 2", bus.name);
            judge.conflict("bus", Stage::Value, &what, words);
        }
    }
}
