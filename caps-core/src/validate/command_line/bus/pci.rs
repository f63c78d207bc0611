//! The addresses on buses of PCI: what machines put there themselves, and what QEMU chooses.

use super::{Bus, Buses, EXPANDERS};
use crate::command_line::scalar::PciAddress;
use crate::validate::Stage;
use crate::validate::command_line::boards::Board;
use crate::validate::command_line::given::{Given, Keys};
use crate::validate::command_line::judge::Judge;

/// The slots of a bus.
const SLOTS: u8 = 32;
/// Graphics cards on the command line that replace the machine's.
const CARDS: &[&str] = &[
    "VGA",
    "isa-vga",
    "cirrus-vga",
    "isa-cirrus-vga",
    "vmware-svga",
    "qxl-vga",
    "virtio-vga",
    "virtio-vga-gl",
    "ati-vga",
    "vhost-user-vga",
];
/// The cards of `-vga`.
const VGAS: &[(&str, &str)] = &[
    ("std", "VGA"),
    ("cirrus", "cirrus-vga"),
    ("vmware", "vmware-svga"),
    ("qxl", "qxl-vga"),
    ("virtio", "virtio-vga"),
];
/// Network cards that are not on PCI.
const ISA_CARDS: &[&str] = &["ne2k_isa"];
/// The targets with a machine `virt` that has PCI.
const VIRT: &[&str] = &["aarch64", "arm", "loongarch64", "riscv"];
/// The USB controllers of `-usb`, by the start of the machine's name.
const USB: &[(&str, &[&str], &str)] = &[
    ("pc-i440fx-", &["1.2"], "piix3-usb-uhci"),
    ("pc-q35-", &["1d.0", "1d.1", "1d.2", "1d.7"], "ich9-usb-ehci1"),
];

impl Buses {
    /// Marks the slots of the first PCI bus that the machine takes for itself.
    pub(super) fn map_root(&mut self, judge: &Judge<'_>, board: &Board) {
        let is_pci = |bus: &Bus| matches!(bus.kind, "PCI" | "PCIE");
        let Some(root) = self.list.iter().position(is_pci) else { return };
        let slots: Vec<PciAddress> = board.slots().filter_map(PciAddress::parse).collect();
        for slot in &slots {
            let several = slots.iter().filter(|other| other.slot == slot.slot).count() > 1;
            self.list[root].taken.insert(*slot, ("a device of the board".to_owned(), several));
        }
        let Some(machine) = judge.machine else { return };
        let is_pc = ["pc-i440fx-", "pc-q35-"].iter().any(|one| machine.name.starts_with(one));
        let is_virt = machine.name.starts_with("virt")
            && VIRT.iter().any(|target| judge.know.target.starts_with(target));
        if !is_pc && !is_virt {
            return;
        }
        self.list[root].is_mapped = true;
        self.root = Some(root);
        // The network cards of this machine are not on PCI.
        if judge.know.target.starts_with("riscv") {
            return;
        }
        let has_usb = self.names.contains_key("usb-bus.0");
        for (_, addresses, name) in
            USB.iter().filter(|(of, ..)| has_usb && machine.name.starts_with(of))
        {
            for address in addresses.iter().filter_map(|text| PciAddress::parse(text)) {
                self.list[root].taken.insert(address, ((*name).to_owned(), true));
            }
        }
        if let Some(card) = graphics(judge).filter(|_| is_pc) {
            self.plug_hidden(card);
        }
        let default = match machine.name.as_str() {
            name if name.starts_with("pc-q35-") => "e1000e",
            name if name.starts_with("pc-") => "e1000",
            _ => "virtio-net-pci",
        };
        self.plug_cards(judge, root, default);
    }

    /// Plugs the cards of `-nic` and `-net nic` in, or the machine's own one.
    fn plug_cards(&mut self, judge: &Judge<'_>, root: usize, default: &'static str) {
        let options = judge.options(&["net", "nic", "netdev"]);
        if options.is_empty() && judge.options(&["nodefaults"]).is_empty() {
            self.plug_hidden(default);
        }
        for argument in options {
            let Some(pairs) = argument.pairs() else { continue };
            let is_card = match (argument.name.as_str(), pairs.get("type")) {
                ("net", kind) => kind == Some("nic"),
                ("nic", kind) => kind != Some("none"),
                _ => false,
            };
            let model = pairs.get("model").unwrap_or(default);
            if !is_card || ISA_CARDS.contains(&model) {
                continue;
            }
            // Since about 9.0, the address has no effect.
            let address = pairs.get("addr").filter(|_| !judge.know.is_since(9, 0));
            match address.and_then(PciAddress::parse) {
                Some(address) => {
                    self.list[root].taken.insert(address, (model.to_owned(), false));
                }
                None => self.plug_hidden(model),
            }
        }
    }

    /// Plugs in a device that is not on the command line.
    pub(in super::super) fn plug_hidden(&mut self, device: &str) {
        let Some(bus) = self.root.and_then(|root| self.list.get_mut(root)) else { return };
        if let Some(address) = bus.free_slot() {
            bus.taken.insert(address, (device.to_owned(), false));
        }
    }

    /// Adds the root bus inside of an expander for conventional PCI, whose devices go behind a bridge.
    pub(super) fn add_expander(&mut self, device: &str) {
        if device == "pxb" {
            self.root = Some(self.list.len());
            let mut bus = Bus::new("PCI", "pxb-internal");
            bus.expander = Some("pxb");
            self.push(bus);
        }
    }

    /// Plugs a device into a bus of PCI.
    pub(super) fn plug_pci(
        &mut self,
        judge: &mut Judge<'_>,
        index: usize,
        device: &str,
        keys: &Keys<'_>,
    ) {
        let bus = &self.list[index];
        let is_expander = EXPANDERS.contains(&device);
        if let Some(expander) = bus.expander
            && !judge.know.is_a(device, "base-pci-bridge")
        {
            let words = format!("PCI: Only PCI/PCIe bridges can be plugged into {expander}");
            let what = format!("`{device}` is no bridge, which is all that a `{expander}` takes");
            return judge.conflict("bus", Stage::Value, &what, words);
        }
        if is_expander && (device == "pxb") == (bus.kind == "PCIE") {
            let kind = if device == "pxb" { "PCIe" } else { "PCI" };
            let words = format!("{device} devices cannot reside on a {kind} bus");
            let what = format!("the bus `{}` is of {kind}", bus.name);
            return judge.conflict("bus", Stage::Value, &what, words);
        }
        let address = match keys.get("addr") {
            Some(Given::Text(text)) => PciAddress::parse(text),
            Some(Given::Json(node)) => match node.as_u64() {
                Some(number) => u8::try_from(number).ok().map(PciAddress::from_number),
                None => node.as_str().and_then(|text| PciAddress::parse(&text)),
            },
            None if bus.is_mapped => {
                let free = bus.free_slot();
                if free.is_none() {
                    let words = format!(
                        "PCI: no slot/function available for {device}, all in use or reserved"
                    );
                    let what = format!("all slots of the bus `{}` are taken", bus.name);
                    judge.conflict("bus", Stage::Value, &what, words);
                }
                free
            }
            None => None,
        };
        if let Some(address) = address {
            self.occupy(judge, index, (address, keys.is_on("multifunction")), device);
        }
    }

    fn occupy(
        &mut self,
        judge: &mut Judge<'_>,
        index: usize,
        (address, multifunction): (PciAddress, bool),
        device: &str,
    ) {
        let bus = &mut self.list[index];
        let (slot, function) = (address.slot, address.function);
        if let Some((other, _)) = bus.taken.get(&address) {
            let words = format!(
                "PCI: slot {slot} function {function} not available for {device}, in use by {other}"
            );
            let what = format!("the address {address} of `{}` is taken by {other}", bus.name);
            return judge.conflict("addr", Stage::Value, &what, words);
        }
        let first = bus.taken.get(&PciAddress { function: 0, ..address });
        if first.is_some_and(|(_, several)| !several) {
            let words = format!(
                "PCI: single function device can't be populated in function {slot:x}.{function}"
            );
            let what =
                format!("the device at function 0 of slot {slot:x} lacks `multifunction=on`");
            return judge.conflict("addr", Stage::Value, &what, words);
        }
        let is_first = function == 0 && !multifunction;
        let others = (1..8).map(|function| PciAddress { slot, function });
        if let Some(other) = others.filter(|_| is_first).find(|other| bus.taken.contains_key(other))
        {
            let words = format!(
                "PCI: {slot:x}.0 indicates single function, but {slot:x}.{:x} is already populated.",
                other.function
            );
            let what =
                format!("slot {slot:x} has other functions: this one needs `multifunction=on`");
            return judge.conflict("addr", Stage::Value, &what, words);
        }
        bus.taken.insert(address, (device.to_owned(), multifunction));
    }
}

impl Bus {
    /// The slot that QEMU chooses.
    fn free_slot(&self) -> Option<PciAddress> {
        let mut slots = (0..SLOTS).map(|slot| PciAddress { slot, function: 0 });
        slots.find(|slot| !self.taken.contains_key(slot))
    }
}

/// The graphics card that the machine makes.
fn graphics(judge: &Judge<'_>) -> Option<&'static str> {
    if let Some(last) = judge.options(&["vga"]).last() {
        let text = last.text()?;
        let name = text.split(',').next()?;
        return VGAS.iter().find(|(of, _)| *of == name).map(|(_, card)| *card);
    }
    let is_bare = !judge.options(&["nodefaults"]).is_empty();
    let has_own = CARDS.iter().any(|card| judge.has_device(card));
    (!is_bare && !has_own).then_some("VGA")
}
