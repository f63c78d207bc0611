use caps_core::survey::{DeviceType, Survey};
use caps_core::validate::{Property, PropertyType, Validator, sort_as_qemu};
use caps_test_support::generate::Generator;
use serde_json::{Value, json};

use crate::machine::Machine;

/// Integers at the limits of all widths.
const NUMBERS: &[i128] = &[
    0,
    1,
    2,
    5,
    16,
    127,
    128,
    255,
    256,
    512,
    1000,
    4096,
    32_767,
    32_768,
    65_535,
    65_536,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    i64::MAX as i128,
    u64::MAX as i128,
    -1,
    -2,
    -128,
    -129,
    -32_769,
    -0x8000_0001,
];
/// Properties that refer to something or have their own syntax, by name.
const BY_NAME: &[(&str, &[&str])] = &[
    ("netdev", &["n0", "nosuch"]),
    ("drive", &["d0", "nosuch"]),
    ("chardev", &["c0", "nosuch"]),
    ("memdev", &["m0", "nosuch"]),
    ("iothread", &["io0", "nosuch"]),
    ("audiodev", &["a0"]),
    ("romfile", &["", "nosuch"]),
];
const PCI_ADDRESSES: &[&str] =
    &["06.0", "1f.7", "0x6", "6", "00", "20", "1.8", "zz", "6.", "5.0.0", " 6", "", "+1"];
const HOST_ADDRESSES: &[&str] =
    &["0000:65:00.0", "65:00.0", "65:00", "1:65:20.0", "10000:65:0.0", "65:00.8", "zz", ""];
const MAC_ADDRESSES: &[&str] = &[
    "52:54:00:12:34:56",
    "02-00-00-00-00-01",
    "52:54:00:12:34",
    "52:54:00:12:34:5g",
    "52:54:0:12:34:56",
    "52:54:00:12:34:56:78",
];
const UUIDS: &[&str] = &[
    "00000000-0000-0000-0000-000000000001",
    "auto",
    "00000000-0000-0000-0000-00000000001",
    "0000000g-0000-0000-0000-000000000001",
    "",
];
const CHANNEL_ADDRESSES: &[&str] =
    &["fe.0.0005", "01.0.0002", "fe.0.5", "100.0.0001", "fe.0.10000", "fe.0", "x", ""];
const TEXTS: &[&str] = &["x", "", "0", "auto", "on", "a b"];
/// Names that no list of properties contains.
const UNLISTED: &[&str] =
    &["realized", "hotplugged", "type", "hotpluggable", "parent_bus", "failover", "x-zz", "Addr"];

/// A command, and how to send it.
pub(crate) struct Case {
    pub(crate) command: Value,
    /// What to send in its place, so that nothing is executed: it has an additional property, which
    /// no type has and QEMU checks last.
    pub(crate) sent: Value,
    /// The name of that property.
    pub(crate) sentinel: Option<String>,
}

/// Makes commands for all device types of a survey.
pub(crate) struct Cases<'s> {
    pub(crate) survey: &'s Survey,
    pub(crate) validator: &'s Validator,
    pub(crate) machine: &'s Machine,
    pub(crate) generator: Generator<'s>,
}

impl Cases<'_> {
    /// Limits the number per device type; for CPU types, hundreds of which share their properties,
    /// to one or none.
    pub(crate) fn devices(&mut self, rounds: usize) -> Vec<Case> {
        let mut cases = Vec::new();
        for device in self.survey.devices() {
            if !device.is_user_creatable {
                cases.push(Case::plain(&json!({"driver": device.name})));
                continue;
            }
            let is_cpu = device.name.ends_with("-cpu") || device.name.contains("spapr-cpu");
            let rounds = if is_cpu { *self.generator.pick(&[0, 1]) } else { rounds };
            for _ in 0..rounds {
                cases.extend(self.device(device));
            }
        }
        for name in ["no-such-device", "virtio-net-pc", "pci-device", "device", "", "pc-machine"] {
            cases.push(Case::plain(&json!({"driver": name})));
        }
        cases
    }

    fn device(&mut self, device: &DeviceType) -> Option<Case> {
        let properties = self.validator.devices()?.properties(&device.name)?;
        let properties: Vec<&Property> =
            properties.iter().filter(|property| !property.name.starts_with("legacy-")).collect();
        if properties.is_empty() {
            return None;
        }
        let name = match &device.alias {
            Some(alias) if self.one_in(3) => alias,
            _ => &device.name,
        };
        let mut arguments = json!({"driver": name});
        for _ in 0..*self.generator.pick(&[1, 1, 1, 2, 3]) {
            let property = *self.generator.pick(&properties);
            let value = self.value(property);
            let key = if self.one_in(25) {
                (*self.generator.pick(UNLISTED)).to_owned()
            } else {
                self.generator.misspell(&property.name)
            };
            arguments[key] = value;
        }
        if self.one_in(6) {
            arguments["id"] = json!(self.generator.pick(&["x1", "a-b", "1a", "a b", "", "x/y"]));
        }
        if let Some(bus) = self.machine.bus(device.bus.as_deref()) {
            arguments["bus"] = json!(bus);
        }
        Some(Case::device(&arguments))
    }

    fn one_in(&mut self, count: usize) -> bool {
        let numbers: Vec<usize> = (0..count).collect();
        *self.generator.pick(&numbers) == 0
    }

    /// Usually a value of the right kind, sometimes any.
    fn value(&mut self, property: &Property) -> Value {
        if self.one_in(3) {
            return self.generator.odd_value();
        }
        if let Some((_, values)) = BY_NAME.iter().find(|(name, _)| *name == property.name) {
            return json!(self.generator.pick(values));
        }
        let texts = match &property.property_type {
            PropertyType::Bool => return json!(self.one_in(2)),
            PropertyType::Integer(_) | PropertyType::Size | PropertyType::BlockSize => {
                return number(*self.generator.pick(NUMBERS));
            }
            PropertyType::PciAddress if self.one_in(2) => {
                return json!(self.generator.pick(&[-2, -1, 0, 5, 255, 256]));
            }
            PropertyType::Array => return self.list(),
            PropertyType::PciAddress => PCI_ADDRESSES,
            PropertyType::HostAddress => HOST_ADDRESSES,
            PropertyType::MacAddress => MAC_ADDRESSES,
            PropertyType::ChannelAddress => CHANNEL_ADDRESSES,
            PropertyType::Uuid { .. } => UUIDS,
            PropertyType::Enum(values) => return json!(self.generator.pick(values)),
            _ => TEXTS,
        };
        json!(self.generator.pick(texts))
    }

    fn list(&mut self) -> Value {
        let lists = [
            json!([]),
            json!([1]),
            json!(["x"]),
            json!([{"iothread": "io0"}]),
            json!([{"iothread": "io0", "vqs": [0, 1]}]),
            json!([{"iothread": "io0", "vqs": [70_000]}]),
            json!([{"vqs": [0]}]),
            json!([{"name": "a"}]),
            json!([{"name": 1}]),
            json!([{}]),
            json!([-1]),
            json!([1_u64 << 33]),
        ];
        self.generator.pick(&lists).clone()
    }
}

impl Case {
    fn plain(arguments: &Value) -> Self {
        let command = json!({"execute": "device_add", "arguments": arguments});
        Self { sent: command.clone(), command, sentinel: None }
    }

    fn device(arguments: &Value) -> Self {
        let mut case = Self::plain(arguments);
        // Without one, the device would be created.
        if let Some(sentinel) = sentinel(&case.command["arguments"]) {
            case.sent["arguments"][&sentinel] = json!(1);
            case.sentinel = Some(sentinel);
        }
        case
    }
}

/// The name of a property that no device has and that QEMU sets after all others, unless one of
/// those is always last.
fn sentinel(arguments: &Value) -> Option<String> {
    let arguments = arguments.as_object().expect("an object");
    let candidates = (0..20_000).map(|number| format!("zz{number}"));
    let is_last = |candidate: &String| {
        let mut names: Vec<&str> = arguments.keys().map(String::as_str).collect();
        names.push(candidate);
        sort_as_qemu(&mut names);
        names.last() == Some(&candidate.as_str())
    };
    candidates.into_iter().find(is_last)
}

fn number(value: i128) -> Value {
    match i64::try_from(value) {
        Ok(value) => json!(value),
        Err(_) => json!(u64::try_from(value).expect("64 bits")),
    }
}
