//! Buses: those of the board, those that devices provide, and what is plugged into them.

mod seats;

use std::collections::HashMap;

use super::judge::Judge;
use super::knowledge::Knowledge;
use crate::command_line::scalar::PciAddress;
use crate::survey::DeviceType;
use crate::validate::{Stage, ViolationKind};

/// The buses that device types provide: device type, bus type, their number, and how they are
/// named. A type stands for itself and its descendants.
const BRINGS: &[(&str, &str, u32, Naming)] = &[
    ("pcie-root-port", "PCIE", 1, Naming::Own),
    ("base-pci-bridge", "PCI", 1, Naming::Own),
    ("pxb", "PCI", 1, Naming::Own),
    ("pxb-host", "PCI", 1, Naming::Own),
    ("pxb-pcie", "PCIE", 1, Naming::Own),
    ("pxb-pcie-dev", "PCIE", 1, Naming::Own),
    ("pxb-cxl", "PCIE", 1, Naming::Own),
    ("spapr-pci-host-bridge", "PCI", 1, Naming::Numbered),
    ("virtio-scsi-common", "SCSI", 1, Naming::Numbered),
    ("virtio-scsi-pci-base", "SCSI", 1, Naming::Numbered),
    ("virtio-scsi-pci-base-type", "SCSI", 1, Naming::Numbered),
    ("virtio-scsi-ccw", "SCSI", 1, Naming::Numbered),
    ("lsi53c895a", "SCSI", 1, Naming::Numbered),
    ("am53c974", "SCSI", 1, Naming::Numbered),
    ("megasas-base", "SCSI", 1, Naming::Numbered),
    ("mptsas1068", "SCSI", 1, Naming::Numbered),
    ("pvscsi", "SCSI", 1, Naming::Numbered),
    ("spapr-vscsi", "SCSI", 1, Naming::Numbered),
    ("usb-bot", "SCSI", 1, Naming::Numbered),
    ("usb-uas", "SCSI", 1, Naming::Numbered),
    ("usb-storage-dev", "SCSI", 1, Naming::Numbered),
    ("pci-xhci", "usb-bus", 1, Naming::Numbered),
    ("nec-usb-xhci", "usb-bus", 1, Naming::Numbered),
    ("qemu-xhci", "usb-bus", 1, Naming::Numbered),
    ("pci-ehci-usb", "usb-bus", 1, Naming::Numbered),
    ("pci-uhci-usb", "usb-bus", 1, Naming::Numbered),
    ("pci-ohci", "usb-bus", 1, Naming::Numbered),
    ("virtio-serial-device", "virtio-serial-bus", 1, Naming::Numbered),
    ("virtio-serial-pci-base", "virtio-serial-bus", 1, Naming::Numbered),
    ("virtio-serial-pci-base-type", "virtio-serial-bus", 1, Naming::Numbered),
    ("virtio-serial-ccw", "virtio-serial-bus", 1, Naming::Numbered),
    ("intel-hda-generic", "HDA", 1, Naming::Numbered),
    ("usb-ccid", "ccid-bus", 1, Naming::Numbered),
    ("usb-ccid-dev", "ccid-bus", 1, Naming::Numbered),
    ("ich9-ahci", "IDE", 6, Naming::Numbered),
    ("piix3-ide", "IDE", 2, Naming::Numbered),
    ("piix4-ide", "IDE", 2, Naming::Numbered),
    ("cmd646-ide", "IDE", 2, Naming::Numbered),
    ("via-ide", "IDE", 2, Naming::Numbered),
    ("sii3112", "IDE", 2, Naming::Numbered),
    ("nvme", "nvme-bus", 1, Naming::Own),
    ("nvme-subsys", "nvme-bus", 1, Naming::Own),
    ("sdhci-pci", "sd-bus", 1, Naming::Fixed("sd-bus")),
    ("isa-fdc", "floppy-bus", 1, Naming::Fixed("floppy-bus.0")),
    ("i82378", "ISA", 1, Naming::Fixed("isa.0")),
    ("piix4-isa", "ISA", 1, Naming::Fixed("isa.0")),
    ("isabus-bridge", "ISA", 1, Naming::Fixed("isa.0")),
    ("smbus-gpio", "i2c-bus", 1, Naming::Fixed("i2c")),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// The device's id.
    Own,
    /// The device's id and a number, `ID.0`.
    Numbered,
    /// Always the same.
    Fixed(&'static str),
}

/// A bus.
#[derive(Debug, Clone)]
struct Bus {
    kind: String,
    /// Empty if QEMU generates one.
    name: String,
    /// The device at each address, and whether it is multifunction.
    taken: HashMap<PciAddress, (String, bool)>,
    /// How many units an IDE bus has, where that is known.
    units: Option<u64>,
    /// The units that are taken.
    seated: Vec<u64>,
    /// Does it take devices of USB 2 only?
    is_fast: bool,
}

impl Bus {
    fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            taken: HashMap::new(),
            units: None,
            seated: Vec::new(),
            is_fast: false,
        }
    }
}

/// All buses, in order of creation.
#[derive(Debug)]
pub(super) struct Buses {
    list: Vec<Bus>,
    /// Whether the buses of the board are known.
    complete: bool,
    /// Have controllers of USB 2 companions for slower devices?
    has_companions: bool,
}

impl Buses {
    /// Starts with the buses of the board and those of options other than devices.
    pub(super) fn of(judge: &Judge<'_>) -> Self {
        let has_companions = judge
            .options(&["device"])
            .iter()
            .any(|argument| argument.text().is_some_and(|text| text.contains("masterbus")));
        let complete = judge.board.is_some();
        let mut buses = Self { list: Vec::new(), complete, has_companions };
        let Some(board) = judge.board else { return buses };
        for (kind, name) in board.buses() {
            buses.list.push(Bus::new(kind, name));
        }
        let root = buses.list.iter_mut().find(|bus| matches!(bus.kind.as_str(), "PCI" | "PCIE"));
        if let Some(root) = root {
            let slots: Vec<PciAddress> = board.slots().filter_map(PciAddress::parse).collect();
            for slot in &slots {
                let several = slots.iter().filter(|other| other.slot == slot.slot).count() > 1;
                root.taken.insert(*slot, ("a device of the board".to_owned(), several));
            }
        }
        let machine_says = |key: &str| {
            judge
                .last_machine_value(key)
                .is_some_and(|value| matches!(value.as_str(), "on" | "yes" | "true" | "y"))
        };
        if !judge.options(&["usb", "usbdevice"]).is_empty()
            || machine_says("usb")
            // The pseries machine adds a USB controller by default.
            || judge.know.target == "ppc64"
        {
            buses.list.push(Bus::new("usb-bus", "usb-bus.0"));
        }
        if machine_says("pcie") {
            buses.list.push(Bus::new("PCIE", "pcie.0"));
        }
        let is_bare = !judge.options(&["nodefaults"]).is_empty();
        if judge.machine.is_some_and(|machine| machine.name.starts_with("powernv")) && !is_bare {
            // Its host bridges are default devices.
            buses.list.extend((0..6).map(|number| Bus::new("PCIE", format!("pcie.{number}"))));
        }
        buses.seat_drives(judge);
        buses
    }

    /// Adds the buses that a device provides.
    pub(super) fn add(&mut self, know: &Knowledge, device: &str, id: Option<&str>) {
        let virtio = device
            .trim_end_matches("-transitional")
            .trim_end_matches("-non-transitional")
            .trim_end_matches("-pci")
            .trim_end_matches("-ccw")
            .trim_end_matches("-device");
        let direct: Option<(&str, u32, Naming)> = match virtio {
            "virtio-scsi" | "vhost-scsi" | "vhost-user-scsi" => Some(("SCSI", 1, Naming::Numbered)),
            "virtio-serial" => Some(("virtio-serial-bus", 1, Naming::Numbered)),
            _ => None,
        };
        let by_type = BRINGS
            .iter()
            .find(|(of, ..)| *of == device)
            .or_else(|| BRINGS.iter().find(|(of, ..)| know.is_a(device, of)))
            .map(|(_, kind, count, naming)| (*kind, *count, *naming));
        let Some((kind, count, naming)) = direct.or(by_type) else { return };
        for number in 0..count {
            let name = match (naming, id) {
                (Naming::Fixed(name), _) => name.to_owned(),
                (Naming::Own, Some(id)) => id.to_owned(),
                (Naming::Numbered, Some(id)) => format!("{id}.{number}"),
                (Naming::Own | Naming::Numbered, None) => {
                    // QEMU numbers unnamed buses of a kind in the order of their creation.
                    let same = self.list.iter().filter(|bus| bus.kind == kind).count();
                    let base = match kind {
                        "SCSI" => "scsi",
                        "IDE" => "ide",
                        "HDA" => "hda",
                        "PCI" | "PCIE" => "pci",
                        other => other,
                    };
                    format!("{base}.{same}")
                }
            };
            let mut bus = Bus::new(kind, name);
            bus.units = (kind == "IDE").then_some(if count > 2 { 1 } else { 2 });
            bus.is_fast = know.is_a(device, "pci-ehci-usb");
            self.list.push(bus);
        }
    }

    /// Plugs a device in, or reports that there is no bus for it. For a PCI device, returns whether
    /// it is behind a port.
    pub(super) fn plug(
        &mut self,
        judge: &mut Judge<'_>,
        device: &DeviceType,
        bus: Option<&str>,
        place: Option<(PciAddress, bool)>,
        unit: Option<u64>,
    ) -> Option<bool> {
        let know = judge.know;
        let wanted = device.bus.as_deref();
        let fits = |bus: &Bus| wanted.is_some_and(|wanted| is_kind(know, &bus.kind, wanted));
        let found = match (bus, wanted) {
            // A path leads through the QOM tree, which only a running QEMU has.
            (Some(name), _) if name.contains('/') => {
                judge.unchecked("bus", "a path to a bus is not followed");
                return None;
            }
            (Some(name), _) => match self.list.iter().position(|bus| bus.name == name) {
                Some(index) if wanted.is_none() || fits(&self.list[index]) => index,
                Some(index) => {
                    let kind = self.list[index].kind.clone();
                    let words = format!("Device '{}' can't go on {kind} bus", device.name);
                    let wanted = wanted.unwrap_or_default();
                    let expected = format!("a bus of type {wanted}, not {kind}");
                    judge.wrong_value("bus", name, &expected, words);
                    return None;
                }
                None => {
                    self.unknown_bus(judge, name, wanted);
                    return None;
                }
            },
            // These plug into a bus that every machine has.
            (None, None | Some("System")) => return None,
            (None, Some("IDE")) if self.free_ide().is_some() => self.free_ide()?,
            (None, Some(wanted)) => {
                if let Some(index) = self.list.iter().position(fits) {
                    index
                } else {
                    self.no_bus(judge, &device.name, wanted);
                    return None;
                }
            }
        };
        match self.list[found].kind.as_str() {
            "IDE" => self.seat(judge, found, unit),
            "usb-bus" => self.check_speed(judge, found, &device.name),
            _ => {}
        }
        let is_pci = matches!(self.list[found].kind.as_str(), "PCI" | "PCIE");
        if let Some((address, multifunction)) = place.filter(|_| is_pci) {
            self.occupy(judge, found, (address, multifunction), &device.name);
        }
        let bus = &self.list[found];
        is_pci.then(|| bus.kind == "PCIE" && bus.name != "pcie.0")
    }

    fn occupy(
        &mut self,
        judge: &mut Judge<'_>,
        index: usize,
        (address, multifunction): (PciAddress, bool),
        device: &str,
    ) {
        let bus = &mut self.list[index];
        let first = bus.taken.get(&PciAddress { function: 0, ..address });
        if address.function > 0 && first.is_some_and(|(_, several)| !several) {
            let (slot, function) = (address.slot, address.function);
            let words = format!(
                "PCI: single function device can't be populated in function {slot:x}.{function}"
            );
            let what =
                format!("the device at function 0 of slot {slot:x} lacks `multifunction=on`");
            judge.conflict("addr", Stage::Value, &what, words);
            return;
        }
        let is_first = address.function == 0 && !multifunction;
        if let Some(other) = bus
            .taken
            .keys()
            .find(|other| is_first && other.slot == address.slot && other.function > 0)
        {
            let words = format!(
                "PCI: {:x}.0 indicates single function, but {:x}.{:x} is already populated.",
                address.slot, other.slot, other.function
            );
            let what = format!(
                "slot {:x} has other functions: this one needs `multifunction=on`",
                address.slot
            );
            judge.conflict("addr", Stage::Value, &what, words);
            return;
        }
        if let Some((other, _)) = bus.taken.get(&address) {
            let (slot, function) = (address.slot, address.function);
            let words = format!(
                "PCI: slot {slot} function {function} not available for {device}, in use by {other}"
            );
            let what = format!("the address {address} of `{}` is taken by {other}", bus.name);
            judge.conflict("addr", Stage::Value, &what, words);
            return;
        }
        bus.taken.insert(address, (device.to_owned(), multifunction));
    }

    fn unknown_bus(&self, judge: &mut Judge<'_>, name: &str, wanted: Option<&str>) {
        // Boards that were not measured can have further buses.
        if !self.complete {
            let reason = format!("whether the machine has a bus `{name}` is not known");
            return judge.unchecked("bus", reason);
        }
        let fits = |bus: &&Bus| wanted.is_none_or(|wanted| is_kind(judge.know, &bus.kind, wanted));
        let names: Vec<String> =
            self.list.iter().filter(fits).map(|bus| bus.name.clone()).collect();
        let words = format!("Bus '{name}' not found");
        let names = names.iter().map(String::as_str);
        judge.not_among("bus", name, (ViolationKind::Dangling, Stage::Value), names, words);
    }

    fn no_bus(&self, judge: &mut Judge<'_>, device: &str, wanted: &str) {
        if !self.complete {
            let reason = format!("whether the machine has a bus of type {wanted} is not known");
            return judge.unchecked("", reason);
        }
        let words = format!("No '{wanted}' bus found for device '{device}'");
        let what = format!("`{device}` needs a bus of type {wanted}, and there is none");
        judge.conflict("", Stage::Value, &what, words);
    }
}

/// Returns whether a bus has the wanted type.
fn is_kind(know: &Knowledge, kind: &str, wanted: &str) -> bool {
    kind == wanted
        || know.is_a(kind, wanted)
        || (wanted == "PCI" && kind == "PCIE")
        || (wanted == "virtio-bus" && kind.starts_with("virtio-"))
}
