//! Buses: those of the board, those that devices provide, and what is plugged into them.

mod pci;
mod seats;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use self::seats::Rooms;
use super::given::Keys;
use super::judge::Judge;
use super::knowledge::Knowledge;
use crate::command_line::Value;
use crate::command_line::scalar::PciAddress;
use crate::hash::NameMap;
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

/// The places of device types in [`BRINGS`].
static BRINGING: LazyLock<NameMap<&str, usize>> =
    LazyLock::new(|| (0..).zip(BRINGS).map(|(place, (of, ..))| (*of, place)).collect());

/// Devices that bring root buses of PCI.
const EXPANDERS: &[&str] = &["pxb", "pxb-pcie", "pxb-cxl"];

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
    kind: &'static str,
    /// Empty if QEMU generates one.
    name: String,
    /// The device at each address, and whether it is multifunction.
    taken: BTreeMap<PciAddress, (String, bool)>,
    /// Whether QEMU's choice of a slot is known: all that has one before the first device.
    is_mapped: bool,
    /// The type of an expander, of which this is the root bus.
    expander: Option<&'static str>,
    /// What the bus has room for.
    rooms: Rooms,
    /// The places on buses without addresses that are taken.
    places: BTreeSet<String>,
    /// The first port of a virtio serial device, or target of SCSI, that may be free.
    first_free: u64,
    /// The ports with hubs.
    hubs: BTreeSet<String>,
    /// Has a hub a port of QEMU's choice?
    has_hub_somewhere: bool,
    /// How many units an IDE bus has, where that is known.
    units: Option<u64>,
    /// The units that are taken.
    seated: Vec<u64>,
    /// Does it take devices of USB 2 only?
    is_fast: bool,
}

impl Bus {
    fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            taken: BTreeMap::new(),
            is_mapped: false,
            expander: None,
            rooms: Rooms::Unknown,
            places: BTreeSet::new(),
            first_free: 0,
            hubs: BTreeSet::new(),
            has_hub_somewhere: false,
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
    /// The first bus of each name.
    names: NameMap<String, usize>,
    /// How many buses of each type there are, and the one where QEMU looks first for a device that names
    /// none: the root for PCI, otherwise the newest.
    kinds: BTreeMap<&'static str, (usize, usize)>,
    /// The buses for one virtio device that have none.
    vacant: BTreeSet<usize>,
    /// The root bus where a PCI device goes that names none.
    root: Option<usize>,
    /// Whether the buses of the board are known.
    complete: bool,
    /// Have controllers of USB 2 companions for slower devices?
    has_companions: bool,
}

impl Buses {
    /// Starts with the buses of the board and those of options other than devices.
    pub(super) fn of(judge: &Judge<'_>) -> Self {
        let has_companions =
            judge.options(&["device"]).iter().any(|argument| match &argument.value {
                Value::Pairs(pairs) => pairs.get("masterbus").is_some(),
                Value::Json { document: Ok(document), .. } => {
                    document.root().get("masterbus").is_some()
                }
                _ => false,
            });
        let complete = judge.board.is_some();
        let mut buses = Self {
            list: Vec::new(),
            names: NameMap::default(),
            kinds: BTreeMap::new(),
            vacant: BTreeSet::new(),
            root: None,
            complete,
            has_companions,
        };
        let Some(board) = judge.board else { return buses };
        for (kind, name) in board.buses() {
            buses.push(Bus::new(kind, name));
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
            let mut usb = Bus::new("usb-bus", "usb-bus.0");
            usb.rooms = match judge.machine.map_or("", |machine| machine.name.as_str()) {
                name if name.starts_with("pc-q35-") => Rooms::Usb { slow: 6, all: 6 },
                name if name.starts_with("pc-") => Rooms::Usb { slow: 2, all: 2 },
                _ => Rooms::Unknown,
            };
            buses.push(usb);
        }
        if machine_says("pcie") {
            buses.push(Bus::new("PCIE", "pcie.0"));
        }
        let is_bare = !judge.options(&["nodefaults"]).is_empty();
        if judge.machine.is_some_and(|machine| machine.name.starts_with("powernv")) && !is_bare {
            // Its host bridges are default devices.
            (0..6).for_each(|number| buses.push(Bus::new("PCIE", format!("pcie.{number}"))));
        }
        buses.seat_drives(judge);
        buses.map_root(judge, &board);
        buses
    }

    fn push(&mut self, bus: Bus) {
        let index = self.list.len();
        self.names.entry(bus.name.clone()).or_insert(index);
        let (count, chosen) = self.kinds.entry(bus.kind).or_insert((0, index));
        *count += 1;
        if !matches!(bus.kind, "PCI" | "PCIE") {
            *chosen = index;
        }
        if bus.kind == "virtio-mmio-bus" {
            self.vacant.insert(index);
        }
        self.list.push(bus);
    }

    /// Adds the buses that a device provides.
    pub(super) fn add(
        &mut self,
        know: &Knowledge,
        device: &str,
        id: Option<&str>,
        keys: &Keys<'_>,
    ) {
        if device == "amd-iommu" {
            self.plug_hidden("AMDVI-PCI");
        }
        self.add_expander(device);
        let place = |name: &str| BRINGING.get(name).copied();
        let of_ancestor = || know.survey.lineage_of(device).filter_map(place).min();
        let Some(place) = place(device).or_else(of_ancestor) else { return };
        let (_, kind, count, naming) = BRINGS[place];
        for number in 0..count {
            let name = match (naming, id) {
                (Naming::Fixed(name), _) => name.to_owned(),
                (Naming::Own, Some(id)) => id.to_owned(),
                (Naming::Numbered, Some(id)) => format!("{id}.{number}"),
                (Naming::Own | Naming::Numbered, None) => {
                    // QEMU numbers unnamed buses of a kind in the order of their creation.
                    let same = self.kinds.get(kind).map_or(0, |(count, _)| *count);
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
            bus.rooms = Rooms::of(know, device, keys);
            if device == "usb-storage" {
                // The drive that it has.
                bus.places.insert("0:0:0".to_owned());
            }
            bus.is_mapped = matches!(kind, "PCI" | "PCIE");
            bus.expander = EXPANDERS.iter().copied().find(|one| *one == device && *one != "pxb");
            if bus.expander.is_some() {
                self.root = Some(self.list.len());
            }
            self.push(bus);
        }
    }

    /// Plugs a device in, or reports that there is no bus for it. For a PCI device, returns whether
    /// it is behind a port.
    pub(super) fn plug(
        &mut self,
        judge: &mut Judge<'_>,
        device: &DeviceType,
        keys: &Keys<'_>,
    ) -> Option<bool> {
        let named = keys.text("bus");
        let bus = named.as_deref();
        let know = judge.know;
        let wanted = device.bus.as_deref();
        let fits = |bus: &Bus| wanted.is_some_and(|wanted| know.is_a(bus.kind, wanted));
        let found = match (bus, wanted) {
            // A path leads through the QOM tree, which only a running QEMU has.
            (Some(name), _) if name.contains('/') => {
                judge.unchecked("bus", "a path to a bus is not followed");
                return None;
            }
            (Some(name), _) => match self.names.get(name).copied() {
                Some(index) if wanted.is_none() || fits(&self.list[index]) => index,
                Some(index) => {
                    let kind = self.list[index].kind;
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
            (None, Some("virtio-bus")) if !self.vacant.is_empty() => *self.vacant.last()?,
            (None, Some("PCI")) if self.root.is_some() => self.root?,
            (None, Some(wanted)) => {
                let of_kind = self.kinds.iter().filter(|(kind, _)| know.is_a(kind, wanted));
                if let Some(index) = of_kind.map(|(_, (_, chosen))| *chosen).min() {
                    index
                } else {
                    self.no_bus(judge, &device.name, wanted);
                    return None;
                }
            }
        };
        match self.list[found].kind {
            "IDE" => {
                let unit = keys.number("unit").and_then(|unit| u64::try_from(unit).ok());
                self.seat(judge, found, unit);
            }
            "usb-bus" => self.check_speed(judge, found, &device.name),
            _ => {}
        }
        self.take_place(judge, found, &device.name, keys);
        let is_pci = matches!(self.list[found].kind, "PCI" | "PCIE");
        if is_pci {
            self.plug_pci(judge, found, &device.name, keys);
        }
        let bus = &self.list[found];
        is_pci.then(|| bus.kind == "PCIE" && bus.name != "pcie.0")
    }

    fn unknown_bus(&self, judge: &mut Judge<'_>, name: &str, wanted: Option<&str>) {
        // Boards that were not measured can have further buses.
        if !self.complete {
            let reason = format!("whether the machine has a bus `{name}` is not known");
            return judge.unchecked("bus", reason);
        }
        let know = judge.know;
        let fits = |bus: &&Bus| wanted.is_none_or(|wanted| know.is_a(bus.kind, wanted));
        let names = self.list.iter().filter(fits).map(|bus| bus.name.as_str());
        let words = format!("Bus '{name}' not found");
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
