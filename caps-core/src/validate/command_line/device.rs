//! Devices, their properties, and their references.

use std::sync::Arc;

use super::bus::Buses;
use super::judge::{Judge, Named, Space};
use super::knowledge::Properties;
use super::memory::Memory;
use super::property::check_text;
use crate::command_line::scalar::{PciAddress, boolean, integer};
use crate::command_line::{Argument, Value};
use crate::json::{JsonType, Node};
use crate::survey::DeviceType;
use crate::validate::command::Context;
use crate::validate::device::check_property;
use crate::validate::{Report, Stage, Strictness, ViolationKind};

/// Keys other than properties.
const OWN: &[&str] = &["driver", "id", "bus"];
/// Unlisted properties of every device.
const UNLISTED: &[&str] = &["realized", "failover_pair_id", "hotplugged"];
/// Required properties, with QEMU's error messages. `*` matches the rest of a type's name.
const NEEDED: &[(&str, &str, &str)] = &[
    ("virtio-blk*", "drive", "drive property not set"),
    ("scsi-hd", "drive", "drive property not set"),
    ("scsi-block", "drive", "drive property not set"),
    ("scsi-generic", "drive", "drive property not set"),
    ("ide-hd", "drive", "drive property not set"),
    ("usb-storage", "drive", "drive property not set"),
    ("usb-redir", "chardev", "Parameter 'chardev' is missing"),
    ("vhost-user-blk*", "chardev", "vhost-user-blk: chardev is mandatory"),
    ("vhost-user-fs*", "chardev", "missing chardev"),
    ("nvme", "serial", "serial property not set"),
    ("virtio-9p*", "mount_tag", "fsdev with id needs mount_tag arguments"),
    ("virtio-9p*", "fsdev", "9pfs device couldn't find fsdev with the id = NULL"),
    ("pc-dimm", "memdev", "'memdev' property is not set"),
    ("nvdimm", "memdev", "'memdev' property is not set"),
    ("ivshmem-plain", "memdev", "You must specify a 'memdev'"),
    ("ivshmem-doorbell", "chardev", "You must specify a 'chardev'"),
    ("tpm-tis", "tpmdev", "'tpmdev' property is required"),
    ("tpm-crb", "tpmdev", "tpm_crb: 'tpmdev' property is required"),
    ("vhost-vsock*", "guest-cid", "guest-cid property must be greater than 2"),
];
/// Limits that are lower than the type allows, with QEMU's error messages.
const LIMITS: &[(&str, &str, i128, &str)] = &[
    (
        "virtio-rng-pci",
        "max-bytes",
        i64::MAX as i128,
        "'max-bytes' parameter must be non-negative, and less than 2^63",
    ),
    (
        "virtio-rng-device",
        "max-bytes",
        i64::MAX as i128,
        "'max-bytes' parameter must be non-negative, and less than 2^63",
    ),
    ("virtio-gpu-pci", "max_outputs", 16, "invalid max_outputs > 16"),
    ("virtio-vga", "max_outputs", 16, "invalid max_outputs > 16"),
];
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

/// The value of a key.
enum Given<'v> {
    Text(&'v str),
    Json(Node<'v>),
}

impl Given<'_> {
    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some((*text).to_owned()),
            Self::Json(node) => node.as_str().map(std::borrow::Cow::into_owned),
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn check_devices(&mut self) {
        let mut buses = Buses::of(self);
        let mut memory = self.memory();
        // QEMU makes those in JSON last.
        let mut devices = self.options(&["device"]);
        devices.sort_by_key(|argument| matches!(argument.value, Value::Json { .. }));
        for argument in devices {
            self.at(argument);
            let given: Vec<(String, Given<'a>)> = match &argument.value {
                Value::Pairs(pairs) => {
                    self.warn_short_forms(pairs);
                    let last = |key: &str| pairs.get(key).unwrap_or_default();
                    let mut seen: Vec<(String, Given<'a>)> = Vec::new();
                    for pair in pairs.iter() {
                        if !seen.iter().any(|(key, _)| *key == pair.key) {
                            seen.push((pair.key.clone(), Given::Text(last(&pair.key))));
                        }
                    }
                    seen
                }
                Value::Json { .. } => match self.json(argument) {
                    Some(document) => document
                        .root()
                        .members()
                        .map(|(key, node)| (key.into_owned(), Given::Json(node)))
                        .collect(),
                    None => continue,
                },
                _ => continue,
            };
            self.check_device(argument, &given, &mut buses, &mut memory);
        }
    }

    fn check_device(
        &mut self,
        argument: &'a Argument,
        given: &[(String, Given<'a>)],
        buses: &mut Buses,
        memory: &mut Memory,
    ) {
        let get = |key: &str| given.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        let driver = get("driver").and_then(Given::text);
        let id = get("id").and_then(Given::text);
        let is_json = matches!(argument.value, Value::Json { .. });
        if let Some(id) = &id {
            if is_json && !self.know.is_since(11, 1) {
                if !id.is_empty() {
                    self.name(Space::Device, id, Named::default());
                }
            } else if self.check_id("id", id) {
                let kind = driver.clone().unwrap_or_default();
                self.name(Space::Device, id, Named { kind, ..Named::default() });
            }
        }
        let Some(driver) = driver else {
            self.missing("driver", "the name of a device type", "Parameter 'driver' is missing");
            return;
        };
        if driver == "help" || get("help").is_some() {
            return;
        }
        if !self.know.knows_devices() {
            return self.check_captured_device(argument, &driver);
        }
        let Some(device) = self.find_device(&driver) else { return };
        let Some(properties) = self.know.device_properties(&device.name) else {
            self.unchecked("", format!("the properties of `{}` were not captured", device.name));
            buses.add(self.know, &device.name, id.as_deref());
            return;
        };
        for (key, value) in given {
            if !OWN.contains(&key.as_str()) {
                self.check_property(&device.name, &properties, key, value);
            }
        }
        self.check_needed(&device.name, |key| get(key).is_some());
        for (_, key, most, words) in LIMITS.iter().filter(|(of, ..)| *of == device.name) {
            let text = match get(key) {
                Some(Given::Text(text)) => (*text).to_owned(),
                Some(Given::Json(node)) => node.text().to_owned(),
                None => continue,
            };
            if integer(&text).is_some_and(|number| number > *most || number < 0) {
                self.wrong_value(key, &text, &format!("at most {most}"), *words);
            }
        }
        if device.name.starts_with("virtio-blk")
            && get("num-queues").is_some_and(|value| match value {
                Given::Text(text) => integer(text) == Some(0),
                Given::Json(node) => node.as_u64() == Some(0),
            })
        {
            let words = "num-queues property must be larger than 0";
            self.wrong_value("num-queues", "0", "at least 1", words);
        }
        self.check_combinations(&device.name, |key| get(key).and_then(Given::text), &properties);
        self.check_memory_device(&device.name, memory);
        let bus = get("bus").and_then(Given::text);
        let address = match get("addr") {
            Some(Given::Text(text)) => PciAddress::parse(text),
            Some(Given::Json(node)) => match node.as_u64() {
                Some(number) => u8::try_from(number).ok().map(PciAddress::from_number),
                None => node.as_str().and_then(|text| PciAddress::parse(&text)),
            },
            None => None,
        };
        let multifunction = match get("multifunction") {
            Some(Given::Text(text)) => boolean(text) == Some(true),
            Some(Given::Json(node)) => node.as_bool() == Some(true),
            None => false,
        };
        let place = address.map(|address| (address, multifunction));
        let unit = match get("unit") {
            Some(Given::Text(text)) => integer(text).and_then(|unit| u64::try_from(unit).ok()),
            Some(Given::Json(node)) => node.as_u64(),
            None => None,
        };
        let behind_port = buses.plug(self, device, bus.as_deref(), place, unit);
        let text = |key: &str| get(key).and_then(Given::text).unwrap_or_default();
        let is_on = |key: &str| {
            matches!(get(key), Some(Given::Json(node)) if node.as_bool() == Some(true))
                || boolean(&text(key)) == Some(true)
        };
        let is_legacy = match text("disable-legacy").as_str() {
            "" | "auto" => behind_port == Some(false),
            "on" => false,
            _ => true,
        };
        if is_on("iommu_platform") && is_legacy && LEGACY.iter().any(|name| device.name == *name) {
            let words =
                "VIRTIO_F_IOMMU_PLATFORM was supported by neither legacy nor transitional device";
            let what = "`iommu_platform` without `disable-legacy=on`";
            self.conflict("iommu_platform", Stage::Value, what, words);
        }
        buses.add(self.know, &device.name, id.as_deref());
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
            let mut names: Vec<&str> = know.driver_names().collect();
            names.sort_unstable();
            self.not_among("driver", driver, kind, names, words);
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
            if UNLISTED.contains(&key) || Self::is_element(properties, key) {
                return;
            }
            let words = format!("Property '{device}.{key}' not found");
            let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
            names.sort_unstable();
            let kind = (ViolationKind::UnknownProperty, Stage::Value);
            self.not_among(key, key, kind, names, words);
            return;
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

    /// Before QEMU 9.0, the elements of an array `x` were properties `x[0]`... according to
    /// `len-x`.
    fn is_element(properties: &Properties, key: &str) -> bool {
        let array = key.strip_suffix(']').and_then(|key| key.split_once('['));
        array.is_some_and(|(array, _)| properties.contains_key(&format!("len-{array}")))
    }

    fn check_needed(&mut self, device: &str, has: impl Fn(&str) -> bool) {
        for (pattern, key, words) in NEEDED {
            let matches = match pattern.strip_suffix('*') {
                Some(family) => device.starts_with(family),
                None => device == *pattern,
            };
            if matches && !has(key) {
                self.missing(key, "a value", *words);
            }
        }
    }

    /// Checks for incompatible properties.
    fn check_combinations(
        &mut self,
        device: &str,
        get: impl Fn(&str) -> Option<String>,
        properties: &Properties,
    ) {
        let on = |key: &str| {
            get(key).is_some_and(|value| matches!(value.as_str(), "on" | "yes" | "true" | "y"))
        };
        if on("disable-modern") && get("disable-legacy").is_some_and(|v| v == "on") {
            let words = "device cannot work as neither modern nor legacy mode is enabled";
            self.conflict(
                "disable-modern",
                Stage::Value,
                "both `disable-modern` and `disable-legacy`",
                words,
            );
        }
        let needs_audio = properties.contains_key("audiodev") && get("audiodev").is_none();
        if needs_audio && self.know.is_since(8, 2) && !self.has_default_audio {
            let plays = self.know.is_a(device, "hda-codec-device") || device != "pcspk";
            if plays {
                let words = "no default audio driver available";
                self.missing("audiodev", "the id of an audiodev: there is no default", words);
            }
        }
    }
}
