//! Firmware tables, TPM backends, and property defaults.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::Pairs;
use crate::command_line::scalar::boolean;
use crate::validate::{Stage, ViolationKind};

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
                    self.name(
                        Space::Tpmdev,
                        id,
                        Named { kind: kind.to_owned(), ..Named::default() },
                    );
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
                .filter(|(driver, rest)| !driver.contains(['=', ',']) && rest.contains('='));
            if let Some((driver, rest)) = short {
                let (property, value) = rest.split_once('=').unwrap_or((rest, ""));
                self.check_global(driver, property, value);
                continue;
            }
            let pairs = Pairs::parse(&text, "");
            if pairs
                .iter()
                .any(|pair| pair.value == "on" && pair.form == crate::command_line::Form::Bare)
                || pairs.get("driver").is_none()
            {
                let bad = text.split([',', '=']).next().unwrap_or_default();
                let words = format!("Invalid parameter '{}'", bad.trim_start_matches("no"));
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

    /// Is the device the network card that a PC has by default?
    fn has_default_card(&self, device: &str) -> bool {
        let machine = self.machine.map_or("", |machine| machine.name.as_str());
        let is_default = (device == "e1000" && machine.starts_with("pc-i440fx-"))
            || (device == "e1000e" && machine.starts_with("pc-q35-"));
        is_default && self.options(&["nodefaults", "net", "nic", "netdev"]).is_empty()
    }

    /// Checks a default. QEMU applies it to devices on the command line when it creates them;
    /// without such a device it has no effect.
    fn check_global(&mut self, driver: &str, property: &str, value: &str) {
        let Some(device) = self.know.device(driver) else { return };
        let is_used = self.has_device(&device.name) || self.has_default_card(&device.name);
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
            let names = properties.keys().map(String::as_str);
            self.unknown_property(name, property, names, words);
        }
    }
}
