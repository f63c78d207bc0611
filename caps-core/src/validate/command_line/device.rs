//! Devices, their properties, and their references.

use std::sync::Arc;

use super::bus::Buses;
use super::given::{Given, Keys};
use super::judge::Judge;
use super::memory::Memory;
use super::names::{Named, Space};
use super::properties::Properties;
use super::property::check_text;
use super::requirements::Fleet;
use crate::command_line::{Argument, Value};
use crate::json::JsonType;
use crate::survey::DeviceType;
use crate::validate::command::Context;
use crate::validate::device::check_property;
use crate::validate::{Report, Stage, Strictness, ViolationKind};

/// Keys other than properties.
const OWN: &[&str] = &["driver", "id", "bus"];
/// Unlisted properties of every device.
const UNLISTED: &[&str] = &["realized", "failover_pair_id"];
/// Devices that use legacy virtio unless something disables it.
const LEGACY: &[&str] = &[
    "virtio-blk-pci",
    "virtio-net-pci",
    "virtio-scsi-pci",
    "virtio-serial-pci",
    "virtio-rng-pci",
    "virtio-balloon-pci",
    "virtio-9p-pci",
];

impl<'a> Judge<'a> {
    pub(super) fn check_devices(&mut self) {
        let mut buses = Buses::of(self);
        let (mut memory, mut fleet) = (self.memory_for_devices(), Fleet::default());
        // QEMU makes the drives of `if=virtio` after the devices, and those in JSON last.
        let (json, text): (Vec<&Argument>, Vec<&Argument>) = self
            .options(&["device", "virtfs"])
            .into_iter()
            .partition(|argument| matches!(argument.value, Value::Json { .. }));
        for argument in text {
            self.at(argument);
            let Value::Pairs(pairs) = &argument.value else { continue };
            if argument.name == "virtfs" {
                buses.plug_hidden("virtio-9p-pci");
                continue;
            }
            self.warn_short_forms(pairs);
            self.check_device(
                argument,
                &Keys::of_pairs(pairs),
                (&mut buses, &mut memory, &mut fleet),
            );
        }
        for drive in self.options(&["drive"]) {
            if drive.pairs().is_some_and(|pairs| pairs.get("if") == Some("virtio")) {
                buses.plug_hidden("virtio-blk-pci");
            }
        }
        for argument in json {
            self.at(argument);
            let Some(document) = self.json(argument) else { continue };
            let keys = Keys::of_json(document.root());
            self.check_device(argument, &keys, (&mut buses, &mut memory, &mut fleet));
        }
    }

    fn check_device(
        &mut self,
        argument: &'a Argument,
        keys: &Keys<'a>,
        (buses, memory, fleet): (&mut Buses, &mut Memory, &mut Fleet),
    ) {
        let driver = keys.text("driver");
        let id = keys.text("id");
        let is_json = matches!(argument.value, Value::Json { .. });
        if let Some(id) = &id {
            if is_json && !self.know.is_since(11, 1) {
                if !id.is_empty() {
                    self.name(Space::Device, id, Named::default());
                }
            } else if self.check_id("id", id) {
                self.name(Space::Device, id, Named::default());
            }
        }
        let Some(driver) = driver else {
            self.missing("driver", "the name of a device type", "Parameter 'driver' is missing");
            return;
        };
        if driver == "help" || keys.has("help") {
            return;
        }
        if !self.know.knows_devices() {
            return self.check_captured_device(argument, &driver);
        }
        let Some(device) = self.find_device(&driver) else { return };
        let Some(properties) = self.know.device_properties(&device.name) else {
            // Asking for those of a device whose module lacks ends QEMU.
            let is_hollow = device.name.starts_with("virtio-") && device.name.contains("-gl");
            if is_hollow && self.know.survey.qom_type("virtio-gpu-gl-device").is_none() {
                let words = "missing object type 'virtio-gpu-gl-device'";
                self.conflict("driver", Stage::Build, "its module is not installed", words);
                return;
            }
            self.unchecked("", format!("the properties of `{}` were not captured", device.name));
            buses.add(self.know, &device.name, id.as_deref(), keys);
            return;
        };
        for (key, value) in keys.iter() {
            if !OWN.contains(&key) {
                self.check_property(&device.name, &properties, key, value);
            }
        }
        self.check_requirements(&device.name, keys, fleet);
        self.check_combinations(&device.name, keys, &properties);
        self.check_memory_device(&device.name, keys, memory);
        let behind_port = buses.plug(self, device, keys);
        let is_legacy = match keys.text("disable-legacy").as_deref() {
            None | Some("" | "auto") => behind_port == Some(false),
            Some("on") => false,
            Some(_) => true,
        };
        if keys.is_on("iommu_platform")
            && is_legacy
            && LEGACY.iter().any(|name| device.name == *name)
        {
            let words =
                "VIRTIO_F_IOMMU_PLATFORM was supported by neither legacy nor transitional device";
            let what = "`iommu_platform` needs `disable-legacy=on`";
            self.conflict("iommu_platform", Stage::Value, what, words);
        }
        buses.add(self.know, &device.name, id.as_deref(), keys);
    }

    /// Checks the device against a plain capture, which knows the properties of some devices, as
    /// for JSON.
    fn check_captured_device(&mut self, argument: &'a Argument, driver: &str) {
        match self.json(argument) {
            Some(document) => {
                let context = Context { target: self.target, policy: self.policy };
                self.take(context.option("device_add", document.root()), "driver");
            }
            None if self
                .target
                .devices()
                .is_some_and(|devices| devices.lacks_type(&devices.resolve(driver))) =>
            {
                let words = format!("'{driver}' is not a valid device model name");
                let kind = (ViolationKind::UnknownDevice, Stage::Type);
                self.not_among("driver", driver, kind, [], words);
            }
            None => self.unchecked("", "only a survey contains what device checks need"),
        }
    }

    fn find_device(&mut self, driver: &str) -> Option<&'a DeviceType> {
        let know = self.know;
        let Some(device) = know.device(driver) else {
            let is_abstract = know.survey.qom_type(driver).is_some_and(|one| one.is_abstract)
                && know.is_a(driver, "device");
            let words = if is_abstract {
                "Parameter 'driver' expects a non-abstract device type".to_owned()
            } else {
                format!("'{driver}' is not a valid device model name")
            };
            let kind = (ViolationKind::UnknownDevice, Stage::Type);
            self.not_among_known("driver", driver, kind, know.driver_names(), words);
            return None;
        };
        if !device.is_user_creatable {
            let words = "Parameter 'driver' expects a pluggable device type";
            let mut violation = self.violation("driver", ViolationKind::UnknownDevice, Stage::Type);
            violation.found = format!("`{driver}`");
            "a device type that users can plug".clone_into(&mut violation.expected);
            violation.qemu = Some(words.to_owned());
            self.push(violation);
            return None;
        }
        Some(device)
    }

    fn check_property(
        &mut self,
        device: &str,
        properties: &Arc<Properties>,
        key: &str,
        value: &Given<'_>,
    ) {
        let Some(property) = properties.get(key) else {
            if UNLISTED.contains(&key) {
                return;
            }
            let words = format!("Property '{device}.{key}' not found");
            return self.unknown_property(device, key, properties.names(), words);
        };
        match value {
            Given::Text(text) => {
                if !self.check_backend(device, property, text) {
                    check_text(self, key, property, text);
                }
            }
            Given::Json(node) => {
                let mut report = Report::default();
                check_property(
                    device,
                    std::slice::from_ref(property),
                    key,
                    *node,
                    Strictness::CommandLine,
                    &mut report,
                );
                for mut violation in report.problems {
                    violation.path = self.path(key);
                    violation.argument = Some(self.argument);
                    violation.stage = Some(Stage::Value);
                    let expects = &violation.expected;
                    violation.qemu = Some(format!("Parameter '{key}' expects {expects}"));
                    self.push(violation);
                }
                if let Some(text) = node.as_str().filter(|_| node.kind() == JsonType::String) {
                    self.check_backend(device, property, &text);
                }
            }
        }
    }

    /// Checks for incompatible properties.
    fn check_combinations(&mut self, device: &str, keys: &Keys<'_>, properties: &Properties) {
        let get = |key: &str| keys.text(key);
        let on = |key: &str| {
            get(key).is_some_and(|value| matches!(&*value, "on" | "yes" | "true" | "y"))
        };
        if on("disable-modern") && get("disable-legacy").is_some_and(|v| v == "on") {
            let words = "device cannot work as neither modern nor legacy mode is enabled";
            self.conflict(
                "disable-modern",
                Stage::Value,
                "`disable-modern` and `disable-legacy` exclude each other",
                words,
            );
        }
        let needs_audio = properties.has("audiodev") && get("audiodev").is_none();
        if needs_audio && self.know.is_since(8, 2) && !self.has_default_audio {
            let plays = self.know.is_a(device, "hda-codec-device") || device != "pcspk";
            if plays {
                let words = "no default audio driver available";
                self.missing("audiodev", "the id of an audiodev: there is no default", words);
            }
        }
    }
}
