//! Firmware tables, TPM backends, and property defaults.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::scalar::boolean;
use crate::command_line::{Form, Pairs};
use crate::survey::DeviceType;
use crate::validate::{Stage, ViolationKind};

/// Cards that a machine makes by default and that are not on PCI, by the start of its name.
const OWN_CARDS: &[(&str, &[&str])] = &[
    ("isapc", &["ne2k_isa"]),
    ("pseries-", &["spapr-vlan"]),
    ("s390-ccw-virtio-", &["virtio-net-ccw", "virtio-net-device"]),
];
/// Keys by structure number.
const SMBIOS: &[(&str, &[&str])] = &[
    ("0", &["vendor", "version", "date", "release", "uefi"]),
    ("1", &["manufacturer", "product", "version", "serial", "uuid", "sku", "family"]),
    ("2", &["manufacturer", "product", "version", "serial", "asset", "location"]),
    ("3", &["manufacturer", "version", "serial", "asset", "sku"]),
    (
        "4",
        &[
            "sock_pfx",
            "manufacturer",
            "version",
            "max-speed",
            "current-speed",
            "serial",
            "asset",
            "part",
            "processor-id",
            "processor-family",
        ],
    ),
    ("8", &["internal_reference", "external_reference", "connector_type", "port_type"]),
    (
        "9",
        &[
            "slot_designation",
            "slot_type",
            "slot_data_bus_width",
            "current_usage",
            "slot_length",
            "slot_id",
            "slot_characteristics1",
            "slot_characteristics2",
            "pci_device",
        ],
    ),
    ("11", &["value", "path"]),
    ("17", &["loc_pfx", "bank", "manufacturer", "serial", "asset", "part", "speed"]),
    ("41", &["designation", "kind", "instance", "pcidev"]),
];

impl Judge<'_> {
    pub(super) fn check_table(&mut self, option: &str, pairs: &Pairs) {
        if option == "acpitable" {
            if pairs.get("data").is_none() == pairs.get("file").is_none() {
                self.missing(
                    "file",
                    "exactly one of `file` and `data`",
                    "'-acpitable' requires one of 'data' or 'file'",
                );
            }
            return;
        }
        if pairs.get("file").is_some() {
            return;
        }
        let Some(kind) = pairs.get("type") else {
            self.missing("type", "the number of a structure", "Must specify either type= or file=");
            return;
        };
        let newer = kind == "9" && !self.know.is_since(9, 0);
        let Some((_, keys)) = SMBIOS.iter().find(|(number, _)| *number == kind && !newer) else {
            let words = format!("Don't know how to build fields for SMBIOS type {kind}");
            self.wrong_value("type", kind, "a structure that QEMU builds", words);
            return;
        };
        if let Some(uefi) = pairs.get("uefi").filter(|uefi| kind == "0" && boolean(uefi).is_none())
        {
            let words = "Parameter 'uefi' expects 'on' or 'off'";
            self.wrong_value("uefi", uefi, "`on` or `off`", words);
        }
        for pair in pairs.iter().filter(|pair| pair.key != "type" && pair.key != "id") {
            let newer = pair.key == "processor-family" && !self.know.is_since(9, 0);
            if newer || !keys.contains(&pair.key.as_str()) {
                let words = format!("Invalid parameter '{}'", pair.key);
                let kind = (ViolationKind::Unexpected, Stage::Value);
                self.not_among(&pair.key, &pair.key, kind, keys.iter().copied(), words);
            }
        }
    }

    pub(super) fn check_tpmdev(&mut self, argument: &crate::command_line::Argument) {
        let Some(pairs) = argument.pairs() else { return };
        let kind = pairs.get("type").unwrap_or_default();
        if !["emulator", "passthrough"].contains(&kind) {
            let words = "Parameter 'type' expects a TPM backend type";
            self.not_among(
                "type",
                kind,
                (ViolationKind::Value, Stage::Type),
                ["emulator", "passthrough"],
                words,
            );
        }
        match pairs.get("id") {
            None => self.missing("id", "an identifier", "Parameter 'id' is missing"),
            Some(id) => {
                if self.check_id("id", id) {
                    self.name(Space::Tpmdev, id, Named::default());
                }
            }
        }
        if kind == "emulator" {
            match pairs.get("chardev") {
                Some(chardev) => self.refer(Space::Chardev, "chardev", chardev),
                None => self.missing(
                    "chardev",
                    "the id of a chardev",
                    "tpm-emulator: parameter 'chardev' is missing",
                ),
            }
        }
    }

    pub(super) fn check_globals(&mut self) {
        for argument in self.options(&["global"]) {
            self.at(argument);
            let Some(text) = argument.text() else { continue };
            let short = text
                .split_once('.')
                .filter(|(driver, rest)| !driver.contains('=') && rest.contains('='));
            if let Some((driver, rest)) = short {
                let (property, value) = rest.split_once('=').unwrap_or((rest, ""));
                self.check_global(driver, property, value);
                continue;
            }
            let pairs = Pairs::parse(&text, "");
            let bare = pairs.iter().find(|pair| matches!(pair.form, Form::Bare | Form::Negated));
            let bad = bare.map(|pair| pair.key.as_str());
            if bare.is_some() || pairs.get("driver").is_none() {
                let first = || text.split([',', '=']).next().unwrap_or_default();
                let words = format!("Invalid parameter '{}'", bad.unwrap_or_else(first));
                self.wrong_value("", &text, "`DRIVER.PROPERTY=VALUE`", words);
                continue;
            }
            let [driver, property, value] =
                ["driver", "property", "value"].map(|key| pairs.get(key));
            if let (Some(driver), Some(property), Some(value)) = (driver, property, value) {
                self.check_global(driver, property, value);
            } else {
                let key = if property.is_none() { "property" } else { "value" };
                let words = "options 'driver', 'property', and 'value' are required";
                self.missing(key, "`driver`, `property` and `value`", words);
            }
        }
    }

    /// Whether QEMU makes such a network card although no `-device` asks for it: the card of the board, or
    /// one of each card on PCI, to learn their names.
    fn makes_card(&self, device: &DeviceType) -> bool {
        let (own_cards, others) = self.cards();
        let own = self.own_cards();
        if own.contains(&device.name.as_str()) {
            return own_cards;
        }
        let is_card = device.name == "virtio-net-device" || self.is_pci_card(&device.name);
        let looks = others || (own_cards && own.is_empty()) || self.know.is_since(9, 0);
        is_card && looks && self.card_models() == Some("pci")
    }

    /// The types of the board's own cards, which are not on PCI.
    fn own_cards(&self) -> &'static [&'static str] {
        let machine = self.machine.map_or("", |machine| machine.name.as_str());
        OWN_CARDS.iter().find(|(of, _)| machine.starts_with(of)).map_or(&[], |(_, own)| own)
    }

    /// Whether the command line asks for a card of the board's choice or its own cards, as it does without
    /// any option about networks, and whether for others.
    fn cards(&self) -> (bool, bool) {
        *self.wanted_cards.get_or_init(|| {
            let mut wants =
                (self.options(&["nodefaults", "net", "nic", "netdev"]).is_empty(), false);
            for argument in self.options(&["nic", "net"]) {
                let pairs = argument.pairs();
                let kind = pairs.and_then(|pairs| pairs.get("type")).unwrap_or_default();
                let is_card = if argument.name == "nic" { kind != "none" } else { kind == "nic" };
                if !is_card {
                    continue;
                }
                match pairs.and_then(|pairs| pairs.get("model")) {
                    Some(model) if !self.own_cards().contains(&model) => wants.1 = true,
                    _ => wants.0 = true,
                }
            }
            wants
        })
    }

    /// Whether the line has a device that contains this virtio device.
    fn has_virtio(&self, name: &str) -> bool {
        const BUSES: &[&str] = &["pci", "pci-transitional", "pci-non-transitional", "ccw"];
        name.strip_suffix("-device")
            .is_some_and(|base| BUSES.iter().any(|bus| self.has_device(&format!("{base}-{bus}"))))
    }

    /// Checks a default. QEMU applies it to devices on the command line when it creates them;
    /// without such a device it has no effect.
    fn check_global(&mut self, driver: &str, property: &str, value: &str) {
        let Some(device) = self.know.device(driver) else { return };
        let is_used = self.has_device(&device.name)
            || self.has_virtio(&device.name)
            || self.makes_card(device);
        let Some(properties) = self.know.device_properties(&device.name).filter(|_| is_used) else {
            return;
        };
        if let Some(property) = properties.get(property) {
            let key = property.name.clone();
            super::property::check_text(self, &key, property, value);
        } else {
            let name = &device.name;
            let words = format!(
                "can't apply global {name}.{property}: Property '{name}.{property}' not found"
            );
            self.unknown_property(name, property, properties.names(), words);
        }
    }
}
