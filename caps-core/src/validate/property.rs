use std::borrow::Cow;

use super::width::Width;
use crate::json::Node;

/// A property of a device type, from the reply to `device-list-properties`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Property {
    /// The name.
    pub name: String,
    /// The name of its type, such as `uint32` or `OnOffAuto`.
    pub type_name: String,
    /// The values that the type accepts.
    pub property_type: PropertyType,
}

/// The values that a property accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyType {
    /// `true` or `false`.
    Bool,
    /// An integer.
    Integer(Width),
    /// A number of bytes, which can have a unit when given as text.
    Size,
    /// A number of bytes that is a power of two between 512 and 2 MiB.
    BlockSize,
    /// A string.
    String,
    /// A PCI slot with an optional function: a string such as `06.0`, or an integer.
    PciAddress,
    /// A PCI device of the host: a string such as `0000:65:00.0`.
    HostAddress,
    /// A device in the channel subsystem of s390x: a string such as `fe.0.0005`.
    ChannelAddress,
    /// An Ethernet address: a string.
    MacAddress,
    /// A UUID: a string such as `6cf4a5d4-6a2e-4f4b-9c0e-0d3f0a2b7c11`.
    Uuid {
        /// Whether `auto` selects a random one.
        auto: bool,
    },
    /// One of these strings.
    Enum(Vec<String>),
    /// An array whose elements are unknown.
    Array,
    /// None, because the property is read-only.
    ReadOnly,
    /// A type unknown to this crate.
    Other,
}

/// Enums whose values are missing, or incomplete, in descriptions of properties.
const ENUMS: &[(&str, &str)] = &[
    ("OnOffAuto", "on/off/auto"),
    ("OffAutoPCIBAR", "off/auto/bar0/bar1/bar2/bar3/bar4/bar5"),
    ("LostTickPolicy", "discard/delay/slew"),
    ("BlockdevOnError", "report/ignore/enospc/stop/auto"),
    ("BiosAtaTranslation", "auto/none/lba/large/rechs"),
    ("PCSouthBridgeOption", "PIIX3/piix4-isa"),
    ("NotifyVMexitOption", "run/internal-error/disable"),
    ("on|off|split", "on/off/split"),
];
const READ_ONLY: &[&str] =
    &["guest statistics", "busnr", "GuestPanicInformation", "X86CPUFeatureWordInfo", "struct tm"];
/// Unlisted properties of every device.
const UNLISTED: &[(&str, &str)] = &[
    ("realized", "bool"),
    ("type", "read-only"),
    ("hotplugged", "read-only"),
    ("hotpluggable", "read-only"),
    ("parent_bus", "read-only"),
];
/// Read-only properties that report a state, which the list does not mark; `*` stands for any type.
const STATES: &[(&str, &str)] = &[
    ("*", "attached"),
    ("*", "hotpluggable"),
    ("*", "hotplugged"),
    ("*", "migration-safe"),
    ("*", "static"),
    ("*", "unplugged"),
    ("nvdimm", "size"),
    ("pc-dimm", "size"),
    ("virtio-mem-pci", "size"),
];
/// Exceptions to [`STATES`].
const SETTABLE: &[(&str, &str)] = &[("usb-bot", "attached"), ("usb-uas", "attached")];
/// Properties with only 32 bits, although their type is `size` or `int`.
const OF_32_BITS: &[&str] = &[
    "min_io_size",
    "opt_io_size",
    "discard_granularity",
    "x-max-bounce-buffer-size",
    "guest-stats-polling-interval",
];
/// Properties that take sizes, although their type is `int`.
const SIZES: &[&str] = &["label-size"];
const BLOCK_SIZE: &str = "A power of two between 512 B and 2 MiB";
const HOST_ADDRESSES: &[&str] =
    &["Address (bus/device/function) of the host device", "Host PCI address [domain:]"];
const CHANNEL_ADDRESS: &str = "Identifier of an I/O device in the channel subsystem";
const READ_ONLY_START: &str = "Read-only ";
const PCI_ADDRESS: &str = "Slot and optional function number";
/// Only properties that take one have the word in their descriptions.
const UUID: &str = "UUID";
const VALID_VALUES: &str = "Valid values are ";
const MAC_ADDRESS: &str = "Ethernet 6-byte MAC Address";

impl Property {
    /// Reads an element of the reply for the type `owner`.
    pub(super) fn read(owner: &str, node: Node<'_>) -> Option<Self> {
        let description = node.get_str("description").unwrap_or_default();
        Some(Self::new(owner, &node.get_str("name")?, &node.get_str("type")?, &description))
    }

    pub(super) fn new(owner: &str, name: &str, type_name: &str, description: &str) -> Self {
        let is_state = STATES.iter().any(|(of, state)| *state == name && ["*", owner].contains(of));
        let property_type = if is_state && !SETTABLE.contains(&(owner, name)) {
            PropertyType::ReadOnly
        } else {
            PropertyType::new(name, type_name, description)
        };
        Self { name: name.to_owned(), type_name: type_name.to_owned(), property_type }
    }

    /// A property that every device has although `device-list-properties` omits it.
    pub(super) fn unlisted(name: &str) -> Option<Self> {
        let (_, type_name) = UNLISTED.iter().find(|(unlisted, _)| *unlisted == name)?;
        Some(Self::new("", name, type_name, ""))
    }
}

impl PropertyType {
    fn new(name: &str, type_name: &str, description: &str) -> Self {
        if description.starts_with(PCI_ADDRESS) {
            return Self::PciAddress;
        }
        if description.starts_with(MAC_ADDRESS) {
            return Self::MacAddress;
        }
        if description.starts_with(CHANNEL_ADDRESS) {
            return Self::ChannelAddress;
        }
        if description.starts_with(READ_ONLY_START) {
            return Self::ReadOnly;
        }
        if HOST_ADDRESSES.iter().any(|start| description.starts_with(start)) {
            return Self::HostAddress;
        }
        if type_name == "int" && SIZES.contains(&name) {
            return Self::Size;
        }
        if type_name == "size" && description.starts_with(BLOCK_SIZE) {
            return Self::BlockSize;
        }
        if matches!(type_name, "size" | "int") && OF_32_BITS.contains(&name) {
            return Self::Integer(Width { signed: false, bits: 32 });
        }
        if let Some((_, values)) = ENUMS.iter().find(|(known, _)| *known == type_name) {
            return Self::Enum(values.split('/').map(str::to_owned).collect());
        }
        match type_name {
            "bool" => Self::Bool,
            "size" => Self::Size,
            // The property `unavailable-features` returns a list of strings.
            "str" if description.contains(UUID) => Self::Uuid { auto: true },
            "QemuUUID" => Self::Uuid { auto: false },
            "str" | "string" => Self::String,
            // The number of a device in zPCI.
            "zpci_fid" => Self::Integer(Width { signed: false, bits: 32 }),
            "strList" if name == "unavailable-features" => Self::ReadOnly,
            "list" => Self::Array,
            "read-only" => Self::ReadOnly,
            _ if READ_ONLY.contains(&type_name) || type_name.starts_with("child<") => {
                Self::ReadOnly
            }
            _ if type_name.starts_with("link<") => Self::String,
            _ if type_name.ends_with("List") && is_upper(type_name) => Self::Array,
            _ => match (Width::from_name(type_name.trim_end_matches("_t")), listed(description)) {
                (Some(width), _) => Self::Integer(width),
                (None, Some(values)) if is_upper(type_name) => Self::Enum(values),
                _ => Self::Other,
            },
        }
    }
}

/// The names of QAPI types are in camel case.
fn is_upper(type_name: &str) -> bool {
    type_name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The values that a description lists: `on/off/auto`, `(4k/8k/16k/64k/host)`, `0/1 (default 1)`, or
/// `Valid values are 44, 48, and auto.`
fn listed(description: &str) -> Option<Vec<String>> {
    if let Some((_, rest)) = description.split_once(VALID_VALUES) {
        let words = rest.split('.').next()?.split([',', ' ']).filter(|word| !word.is_empty());
        return Some(words.filter(|word| *word != "and").flat_map(range).collect());
    }
    let description = match description.split_once(" (default") {
        Some((description, _)) => description.trim_end(),
        None => description,
    };
    let last: Cow<'_, str> = description.rsplit([' ', '(']).next()?.trim_end_matches(')').into();
    let values: Vec<String> = last.split('/').map(str::to_owned).collect();
    let word = |value: &String| {
        !value.is_empty()
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    (values.len() > 1 && values.iter().all(word)).then_some(values)
}

/// Expands a range such as `0-20`.
fn range(word: &str) -> Vec<String> {
    let limits = word.split_once('-').map(|(low, high)| (low.parse::<u8>(), high.parse::<u8>()));
    match limits {
        Some((Ok(low), Ok(high))) => (low..=high).map(|number| number.to_string()).collect(),
        _ => vec![word.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::{Property, PropertyType, listed};

    #[test]
    fn types_of_real_properties() {
        for (name, type_name, description, expected) in [
            ("mq", "bool", "on/off", "Bool"),
            ("vectors", "uint32", "", "Integer(Width { signed: false, bits: 32 })"),
            (
                "addr",
                "int32",
                "Slot and optional function number, example: 06.0 or 06",
                "PciAddress",
            ),
            ("addr", "str", "Slot and optional function number, example: 06.0 or 06", "PciAddress"),
            ("mac", "str", "Ethernet 6-byte MAC Address, example: 52:54:00:12:34:56", "MacAddress"),
            ("virtio-backend", "child<virtio-net-device>", "", "ReadOnly"),
            ("iothread", "link<iothread>", "", "String"),
            ("x-speed", "PCIELinkSpeed", "2_5/5/8/16", r#"Enum(["2_5", "5", "8", "16"])"#),
            (
                "drive-type",
                "FloppyDriveType",
                "Floppy drive type (144/none)",
                r#"Enum(["144", "none"])"#,
            ),
            ("iothread-vq-mapping", "IOThreadVirtQueueMappingList", "list [{},...]", "Array"),
            (
                "entitlement",
                "S390CpuEntitlement",
                "low/high (default low)",
                r#"Enum(["low", "high"])"#,
            ),
            (
                "oas",
                "OasMode",
                "Bits. Valid values are 44-46, 48, and auto. Defaults to auto.",
                r#"Enum(["44", "45", "46", "48", "auto"])"#,
            ),
            ("uuid", "str", "UUID (aka GUID) or \"auto\" for random value", "Uuid { auto: true }"),
            ("uuid", "QemuUUID", "", "Uuid { auto: false }"),
            ("x", "StrOrNull", "", "Other"),
            ("x", "tuple", "a/b", "Other"),
        ] {
            let property = Property::new("virtio-net-pci", name, type_name, description);
            assert_eq!(format!("{:?}", property.property_type), expected, "{name} {type_name}");
        }
        assert_eq!(listed("a value"), None);
        for (owner, expected) in
            [("usb-kbd", PropertyType::ReadOnly), ("usb-bot", PropertyType::Bool)]
        {
            let property = Property::new(owner, "attached", "bool", "");
            assert_eq!(property.property_type, expected, "{owner}");
        }
        assert_eq!(
            Property::unlisted("hotplugged").map(|p| p.property_type),
            Some(PropertyType::ReadOnly)
        );
    }
}
