use std::borrow::Cow;

use super::width::Width;
use crate::json::Node;

/// A property of a device type, as `device-list-properties` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Property {
    /// The name.
    pub name: String,
    /// The name of the type, such as `uint32` or `OnOffAuto`.
    pub type_name: String,
    /// What the type means for a value.
    pub property_type: PropertyType,
}

/// What a property takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyType {
    /// `true` or `false`.
    Bool,
    /// An integer.
    Integer(Width),
    /// A number of bytes, which as text may have a unit.
    Size,
    /// A number of bytes that is a power of two between 512 and 2 MiB.
    BlockSize,
    /// A string.
    String,
    /// A PCI slot with an optional function: a string such as `06.0`, or an integer.
    PciAddress,
    /// A PCI device of the host: a string such as `0000:65:00.0`.
    HostAddress,
    /// An Ethernet address: a string.
    MacAddress,
    /// One of these strings.
    Enum(Vec<String>),
    /// An array, of which the elements are not known.
    Array,
    /// Nothing: it can only be read.
    ReadOnly,
    /// A type that this crate does not know.
    Other,
}

/// Enums whose values the descriptions of properties do not have, or not all.
const ENUMS: &[(&str, &str)] = &[
    ("OnOffAuto", "on/off/auto"),
    ("OffAutoPCIBAR", "off/auto/bar0/bar1/bar2/bar3/bar4/bar5"),
    ("LostTickPolicy", "discard/delay/slew"),
    ("BlockdevOnError", "report/ignore/enospc/stop/auto"),
    ("BiosAtaTranslation", "auto/none/lba/large/rechs"),
];
const READ_ONLY: &[&str] =
    &["guest statistics", "busnr", "GuestPanicInformation", "X86CPUFeatureWordInfo", "struct tm"];
/// Properties of every device that are not listed.
const UNLISTED: &[(&str, &str)] = &[
    ("realized", "bool"),
    ("type", "read-only"),
    ("hotplugged", "read-only"),
    ("hotpluggable", "read-only"),
    ("parent_bus", "read-only"),
];
/// Properties that tell a state.
const READ_ONLY_NAMES: &[(&str, &str)] = &[("attached", "bool"), ("unplugged", "bool")];
/// Properties of type `size` that have 32 bits only.
const SIZES_OF_32_BITS: &[&str] =
    &["min_io_size", "opt_io_size", "discard_granularity", "x-max-bounce-buffer-size"];
const BLOCK_SIZE: &str = "A power of two between 512 B and 2 MiB";
const HOST_ADDRESSES: &[&str] =
    &["Address (bus/device/function) of the host device", "Host PCI address [domain:]"];
const PCI_ADDRESS: &str = "Slot and optional function number";
const MAC_ADDRESS: &str = "Ethernet 6-byte MAC Address";

impl Property {
    /// Reads an element of the reply.
    pub(super) fn read(node: Node<'_>) -> Option<Self> {
        let description = node.get_str("description").unwrap_or_default();
        Some(Self::new(&node.get_str("name")?, &node.get_str("type")?, &description))
    }

    pub(super) fn new(name: &str, type_name: &str, description: &str) -> Self {
        let property_type = PropertyType::new(name, type_name, description);
        Self { name: name.to_owned(), type_name: type_name.to_owned(), property_type }
    }

    /// A property that every device has and `device-list-properties` does not list.
    pub(super) fn unlisted(name: &str) -> Option<Self> {
        let (_, type_name) = UNLISTED.iter().find(|(unlisted, _)| *unlisted == name)?;
        Some(Self::new(name, type_name, ""))
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
        if HOST_ADDRESSES.iter().any(|start| description.starts_with(start)) {
            return Self::HostAddress;
        }
        if type_name == "size" && description.starts_with(BLOCK_SIZE) {
            return Self::BlockSize;
        }
        if READ_ONLY_NAMES.contains(&(name, type_name)) {
            return Self::ReadOnly;
        }
        if type_name == "size" && SIZES_OF_32_BITS.contains(&name) {
            return Self::Integer(Width { signed: false, bits: 32 });
        }
        if let Some((_, values)) = ENUMS.iter().find(|(known, _)| *known == type_name) {
            return Self::Enum(values.split('/').map(str::to_owned).collect());
        }
        match type_name {
            "bool" => Self::Bool,
            "size" => Self::Size,
            // A list of strings is the answer of the property `unavailable-features`.
            "str" | "string" | "QemuUUID" => Self::String,
            "strList" if name == "unavailable-features" => Self::ReadOnly,
            "list" => Self::Array,
            "read-only" => Self::ReadOnly,
            _ if READ_ONLY.contains(&type_name) || type_name.starts_with("child<") => {
                Self::ReadOnly
            }
            _ if type_name.starts_with("link<") => Self::String,
            _ if type_name.ends_with("List") && is_upper(type_name) => Self::Array,
            _ => match (Width::from_name(type_name), listed(description)) {
                (Some(width), _) => Self::Integer(width),
                (None, Some(values)) if is_upper(type_name) => Self::Enum(values),
                _ => Self::Other,
            },
        }
    }
}

/// QAPI's types are named in camel case.
fn is_upper(type_name: &str) -> bool {
    type_name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The values that end a description: `on/off/auto`, `(4k/8k/16k/64k/host)`.
fn listed(description: &str) -> Option<Vec<String>> {
    let last: Cow<'_, str> = description.rsplit([' ', '(']).next()?.trim_end_matches(')').into();
    let values: Vec<String> = last.split('/').map(str::to_owned).collect();
    let word = |value: &String| {
        !value.is_empty()
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    (values.len() > 1 && values.iter().all(word)).then_some(values)
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
            ("x", "StrOrNull", "", "Other"),
            ("x", "tuple", "a/b", "Other"),
        ] {
            let property = Property::new(name, type_name, description);
            assert_eq!(format!("{:?}", property.property_type), expected, "{name} {type_name}");
        }
        assert_eq!(listed("a value"), None);
        assert_eq!(
            Property::unlisted("hotplugged").map(|p| p.property_type),
            Some(PropertyType::ReadOnly)
        );
    }
}
