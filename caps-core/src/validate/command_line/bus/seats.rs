//! What buses without addresses have room for: the units of IDE, and the speeds of USB.

use super::{Bus, Buses};
use crate::validate::Stage;
use crate::validate::command_line::given::Keys;
use crate::validate::command_line::judge::Judge;
use crate::validate::command_line::knowledge::Knowledge;

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

impl Buses {
    /// Marks the units that drives of the board have.
    pub(super) fn seat_drives(&mut self, judge: &Judge<'_>) {
        let Some(units) = judge.limit("ide-units").and_then(|units| units.parse().ok()) else {
            return;
        };
        for bus in self.list.iter_mut().filter(|bus| bus.kind == "IDE") {
            bus.units = Some(units);
        }
        for index in &judge.ide_drives {
            if let Some(bus) = self.names.get(&format!("ide.{}", index / units)) {
                self.list[*bus].seated.push(index % units);
            }
        }
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
        let is_old = matches!(bus.rooms, Rooms::Usb { all: 2, .. }) && bus.name == "usb-bus.0";
        if is_old && device == "usb-uas" {
            let words = "Warning: speed mismatch trying to attach usb device (high+super speed) to bus (full speed)";
            let what = format!("`{device}` is too fast for the bus `{}` of USB 1", bus.name);
            return judge.conflict("bus", Stage::Value, &what, words);
        }
        if bus.is_fast && !self.has_companions && FULL_SPEED.contains(&device) {
            let words = "Warning: speed mismatch trying to attach usb device (full speed) to bus (high speed)";
            let what = format!("`{device}` is too slow for the bus `{}` of USB 2", bus.name);
            judge.conflict("bus", Stage::Value, &what, words);
        }
    }
}

/// The most ports of a virtio serial device.
const PORTS: u64 = 511;

/// What a bus without addresses has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rooms {
    /// Not known.
    Unknown,
    /// Ports of a virtio serial device.
    Ports(u64),
    /// The highest channel, target and unit of SCSI.
    Scsi(u64, u64, u64),
    /// The ports of a USB controller for devices that are not superspeed, and all.
    Usb { slow: u64, all: u64 },
}

/// The highest channel, target and unit of SCSI controllers. A type stands for itself and its
/// descendants.
const SCSI: &[(&str, u64, u64, u64)] = &[
    ("virtio-scsi", 0, 255, 16383),
    ("lsi53c895a", 0, 7, 0),
    ("am53c974", 0, 7, 7),
    ("megasas", 0, 127, u64::MAX),
    ("pvscsi", 0, u64::MAX, 0),
    ("spapr-vscsi", 7, 63, 31),
    ("usb-storage", 0, 0, 0),
];
/// USB devices that can be superspeed.
const SUPERSPEED: &[&str] =
    &["usb-storage", "usb-uas", "usb-bot", "usb-mtp", "usb-host", "usb-redir"];

impl Rooms {
    /// The rooms of the bus that a device brings.
    pub(super) fn of(know: &Knowledge, device: &str, keys: &Keys<'_>) -> Self {
        let number = |key: &str, default: u64| {
            keys.number(key).and_then(|number| u64::try_from(number).ok()).unwrap_or(default)
        };
        if device.starts_with("virtio-serial") {
            return Self::Ports(number("max_ports", 31).min(PORTS));
        }
        let scsi = SCSI.iter().find(|(of, ..)| device.starts_with(of));
        if let Some((_, channels, targets, luns)) = scsi {
            return Self::Scsi(*channels, *targets, *luns);
        }
        let is_xhci = matches!(device, "qemu-xhci" | "nec-usb-xhci");
        match device {
            _ if is_xhci => {
                let (slow, fast) = (number("p2", 4), number("p3", 4));
                Self::Usb { slow, all: slow.max(fast) }
            }
            "pci-ohci" => {
                let ports = number("num-ports", 3);
                Self::Usb { slow: ports, all: ports }
            }
            _ if know.is_a(device, "pci-ehci-usb") => Self::Usb { slow: 6, all: 6 },
            _ if know.is_a(device, "pci-uhci-usb") => Self::Usb { slow: 2, all: 2 },
            _ => Self::Unknown,
        }
    }
}

impl Buses {
    /// Takes the place of a device on a bus without addresses.
    pub(super) fn take_place(
        &mut self,
        judge: &mut Judge<'_>,
        index: usize,
        device: &str,
        keys: &Keys<'_>,
    ) {
        if self.list[index].kind == "virtio-mmio-bus" && !self.vacant.remove(&index) {
            let name = &self.list[index].name;
            let what = format!("the bus `{name}` has a device");
            return judge.conflict("bus", Stage::Value, &what, format!("Bus '{name}' is full"));
        }
        let bus = &mut self.list[index];
        match bus.rooms {
            Rooms::Unknown => {}
            Rooms::Ports(most) => take_port(judge, bus, most, device, keys),
            Rooms::Scsi(channels, targets, luns) => {
                take_unit(judge, bus, [channels, targets, luns], keys);
            }
            Rooms::Usb { slow, all } => take_socket(judge, bus, (slow, all), device, keys),
        }
    }
}

/// The ports of a virtio serial device: the first one is for a console.
fn take_port(judge: &mut Judge<'_>, bus: &mut Bus, most: u64, device: &str, keys: &Keys<'_>) {
    let is_console = device == "virtconsole";
    let given = keys.number("nr").and_then(|nr| u64::try_from(nr).ok());
    if given == Some(0) && !is_console {
        let words = "Port number 0 on virtio-serial devices reserved for virtconsole devices for backward compatibility.";
        return judge.wrong_value("nr", "0", "at least 1: port 0 is for a `virtconsole`", words);
    }
    let is_taken = |nr: u64| bus.places.contains(&nr.to_string());
    let first = if is_console && !is_taken(0) { 0 } else { bus.first_free.max(1) };
    let free = || (first..most).find(|nr| !is_taken(*nr));
    let Some(nr) = given.or_else(free).filter(|nr| *nr < most) else {
        let last = most.saturating_sub(1);
        let words =
            format!("virtio-serial-bus: Out-of-range port id specified, max. allowed: {last}");
        let what = format!("the bus `{}` has ports up to {last}", bus.name);
        return judge.conflict("nr", Stage::Value, &what, words);
    };
    if given.is_none() {
        bus.first_free = bus.first_free.max(nr + 1);
    }
    if !bus.places.insert(nr.to_string()) {
        let words = format!("virtio-serial-bus: A port already exists at id {nr}");
        let what = format!("the port {nr} of the bus `{}` is taken", bus.name);
        judge.conflict("nr", Stage::Value, &what, words);
    }
}

/// The units of SCSI.
fn take_unit(judge: &mut Judge<'_>, bus: &mut Bus, most: [u64; 3], keys: &Keys<'_>) {
    let given = |key: &str| keys.number(key).and_then(|number| u64::try_from(number).ok());
    let [channel, target, lun] = ["channel", "scsi-id", "lun"].map(given);
    for (((key, what), most), number) in
        [("channel", "channel id"), ("scsi-id", "device id"), ("lun", "device lun")]
            .into_iter()
            .zip(most)
            .zip([channel, target, lun])
    {
        if let Some(number) = number.filter(|number| *number > most) {
            let words = format!("bad scsi {what}: {number}");
            return judge.wrong_value(key, &number.to_string(), &format!("at most {most}"), words);
        }
    }
    let channel = channel.unwrap_or(0);
    let place = |target: u64, lun: u64| format!("{channel}:{target}:{lun}");
    let [_, targets, luns] = most;
    let chosen = match (target, lun) {
        (Some(target), Some(lun)) => Some(place(target, lun)),
        (Some(target), None) => (0..=luns.min(CHOICES))
            .map(|lun| place(target, lun))
            .find(|place| !bus.places.contains(place)),
        (None, lun) => {
            let lun = lun.unwrap_or(0);
            // Where most devices go, don't look again at what is taken.
            let is_usual = (channel, lun) == (0, 0);
            let (first, last) = (if is_usual { bus.first_free } else { 0 }, targets.min(CHOICES));
            let is_free = |target: &u64| !bus.places.contains(&place(*target, lun));
            let free = (first..=last).find(is_free);
            if is_usual {
                bus.first_free = free.unwrap_or(last + 1);
            }
            free.map(|target| place(target, lun))
        }
    };
    let Some(chosen) = chosen else {
        let (key, most) = if target.is_some() { ("lun", luns) } else { ("scsi-id", targets) };
        if most <= CHOICES {
            let what = format!("the bus `{}` has none left", bus.name);
            let words = if target.is_some() { "no free lun" } else { "no free target" };
            judge.conflict(key, Stage::Value, &what, words);
        }
        return;
    };
    if !bus.places.insert(chosen.clone()) {
        let what = format!("the unit {chosen} of the bus `{}` is taken", bus.name);
        judge.conflict("lun", Stage::Value, &what, "lun already used by '(null)'");
    }
}

/// The ports of a `usb-hub`.
const HUB: u64 = 8;
/// The most places to look at for a free one.
const CHOICES: u64 = 255;

/// The ports of a USB controller. A path such as `1.2` leads through hubs.
fn take_socket(
    judge: &mut Judge<'_>,
    bus: &mut Bus,
    (slow, all): (u64, u64),
    device: &str,
    keys: &Keys<'_>,
) {
    let is_hub = device == "usb-hub";
    let Some(port) = keys.text("port") else {
        // QEMU takes the first free port, and makes a hub in the last one.
        let mut free =
            (1..=all).map(|number| number.to_string()).filter(|port| !bus.places.contains(port));
        let (first, second) = (free.next(), free.next());
        bus.has_hub_somewhere |= is_hub || second.is_none();
        bus.places.extend(first);
        return;
    };
    let first = port.split('.').next().unwrap_or_default();
    let number: Option<u64> = first.parse().ok();
    let behind = port.rsplit_once('.').is_none_or(|(hub, last)| {
        let last: Option<u64> = last.parse().ok();
        bus.has_hub_somewhere
            || (bus.hubs.contains(hub) && last.is_some_and(|last| (1..=HUB).contains(&last)))
    });
    let has = behind && number.is_some_and(|number| (1..=all).contains(&number));
    let is_slow = !SUPERSPEED.contains(&device);
    let fits = number.is_some_and(|number| !is_slow || number <= slow);
    if !has || !fits {
        let words = if has {
            "Warning: speed mismatch trying to attach usb device".to_owned()
        } else {
            format!("usb port {port} (bus {}) not found (in use?)", bus.name)
        };
        let most = if is_slow { slow } else { all };
        let expected = if behind {
            format!("from 1 to {most}")
        } else {
            format!("a port from 1 to {HUB} of a `usb-hub`")
        };
        return judge.wrong_value("port", &port, &expected, words);
    }
    if is_hub {
        bus.hubs.insert(port.to_string());
    }
    if !bus.places.insert(port.to_string()) {
        let words = format!("usb port {port} (bus {}) not found (in use?)", bus.name);
        let what = format!("the port {port} of the bus `{}` is taken", bus.name);
        judge.conflict("port", Stage::Value, &what, words);
    }
}
