use std::borrow::Cow;

use super::devices::{Devices, Strictness};
use super::elements;
use super::form::{is_block_size, is_channel_address, is_host_address, is_mac_address, is_uuid};
use super::from_text;
use super::needed::parameters_of;
use super::plugging;
use super::property::{Property, PropertyType};
use super::report::Report;
use super::violation::{Violation, ViolationKind, describe};
use super::width::{NoInteger, Width};
use crate::command_line::scalar::{PciAddress, is_identifier};
use crate::json::{JsonType, Node};
use crate::version::Version;

/// Arguments of `device_add` other than properties.
const OWN: &[&str] = &["driver", "bus", "id"];
const TOLERATED: &str = "tolerated before QEMU 9.2, rejected since";
/// The oldest QEMU known to reject malformed ids in the typed `device_add`.
const IDS_CHECKED_SINCE: Option<Version> = Version::new(11, 1, 0);

/// Checks the arguments of `device_add` or `-device`.
pub(crate) fn check(
    devices: Option<&Devices>,
    arguments: Option<Node<'_>>,
    strictness: Strictness,
    report: &mut Report,
) {
    let driver = arguments.and_then(|node| node.get("driver"));
    let Some(driver) = driver.filter(|node| !node.is_null()) else {
        let violation = Violation::new("arguments.driver", ViolationKind::Missing);
        report.problems.push(violation.expected("the name of a device type"));
        return;
    };
    let Some(name) = driver.as_str() else {
        report.problems.push(
            Violation::new("arguments.driver", ViolationKind::Type)
                .found(describe(driver))
                .expected("the name of a device type"),
        );
        return;
    };
    // The driver was found in the arguments, so they exist.
    let Some(arguments) = arguments else { return };
    let Some(devices) = devices else {
        let reason = "device types and their properties are not in the schema";
        report.unchecked("arguments", reason);
        return;
    };
    check_id(devices, arguments, strictness, report);
    // Continue: the properties may be known even if the list of types is not.
    if !devices.knows_types() {
        report.unchecked("arguments.driver", "the device types were not captured");
    }
    let type_name = devices.resolve(&name);
    let type_name = type_name.as_ref();
    if devices.lacks_type(type_name) || devices.is_no_device(type_name) {
        report.problems.push(unknown_device(devices, &name));
        return;
    }
    plugging::check(devices, type_name, strictness != Strictness::CommandLine, report);
    let Some(properties) = devices.properties(type_name) else {
        let reason = format!("the properties of `{type_name}` were not captured");
        report.unchecked("arguments", reason);
        return;
    };
    for key in parameters_of(type_name) {
        if arguments.get(key).is_none() {
            let violation = Violation::new(format!("arguments.{key}"), ViolationKind::Missing);
            report.problems.push(violation.expected("a value"));
        }
    }
    for (name, value) in arguments.members().filter(|(name, _)| !OWN.contains(&name.as_ref())) {
        check_property(type_name, properties, &name, value, strictness, report);
    }
}

fn unknown_device(devices: &Devices, name: &str) -> Violation {
    let violation =
        Violation::new("arguments.driver", ViolationKind::UnknownDevice).found(format!("`{name}`"));
    if devices.is_abstract(name) {
        return violation.expected("a type that devices can be made of");
    }
    let nearest = devices.nearest_device(name).map(str::to_owned);
    Violation { nearest, ..violation.expected("a valid device model name") }
}

fn check_id(devices: &Devices, arguments: Node<'_>, strictness: Strictness, report: &mut Report) {
    let checked = match strictness {
        Strictness::Text => true,
        Strictness::Typed | Strictness::CommandLine => devices.version() >= IDS_CHECKED_SINCE,
    };
    if let Some(node) = arguments.get("id").filter(|_| checked)
        && node.as_str().is_some_and(|id| !is_identifier(&id))
    {
        report.problems.push(
            Violation::new("arguments.id", ViolationKind::Value)
                .found(describe(node))
                .expected("an identifier"),
        );
    }
}

pub(super) fn check_property(
    type_name: &str,
    properties: &[Property],
    name: &str,
    value: Node<'_>,
    strictness: Strictness,
    report: &mut Report,
) {
    let path = format!("arguments.{name}");
    let text = (strictness == Strictness::Text).then(|| from_text::text(value));
    if text == Some(None) {
        // Dropped before the property lookup.
        let violation = Violation::new(path, ViolationKind::Tolerated)
            .found(describe(value))
            .expected("a scalar")
            .note("ignored before QEMU 9.2, rejected since");
        report.warnings.push(violation);
        return;
    }
    let listed = properties.iter().find(|property| property.name == name);
    let unlisted =
        || Property::unlisted(name).or_else(|| elements::element_property(properties, name));
    let property = listed.map(Cow::Borrowed).or_else(|| unlisted().map(Cow::Owned));
    let Some(property) = property else {
        report.problems.push(
            Violation::new(path, ViolationKind::UnknownProperty)
                .found(describe(value))
                .expected(format!("`{type_name}`"))
                .among(name, properties.iter().map(|property| property.name.clone())),
        );
        return;
    };
    if property.property_type == PropertyType::ReadOnly {
        return report.problems.push(violation(path, &property, value, NoInteger::Type));
    }
    if elements::check(&property, &path, value, report) {
        return;
    }
    if property.property_type == PropertyType::Other {
        let reason = format!("`{name}` is of the unknown type `{}`", property.type_name);
        report.unchecked(&path, reason);
        return;
    }
    let typed = typed(&property.property_type, value);
    if let Some(Some(text)) = text {
        match from_text::check(&property.property_type, &text) {
            Err(kind) => report.problems.push(violation(path, &property, value, kind)),
            Ok(()) => {
                if let Err(kind) = typed {
                    let tolerated = violation(path, &property, value, kind).note(TOLERATED);
                    report.warnings.push(Violation { kind: ViolationKind::Tolerated, ..tolerated });
                }
            }
        }
    } else if let Err(kind) = typed {
        let mut violation = violation(path, &property, value, kind);
        let was_tolerated = match from_text::text(value) {
            Some(text) => from_text::check(&property.property_type, &text).is_ok(),
            None => false,
        };
        // Point out that older QEMUs accepted this, because it explains why the command used to
        // work.
        if strictness == Strictness::Typed && was_tolerated {
            violation.note = Some(TOLERATED.to_owned());
        }
        report.problems.push(violation);
    }
}

/// Checks whether a property accepts a JSON value. The error states whether its type or its range
/// is wrong.
pub(super) fn typed(property_type: &PropertyType, value: Node<'_>) -> Result<(), NoInteger> {
    let string = value.as_str();
    let ok = match property_type {
        PropertyType::Bool => value.kind() == JsonType::Bool,
        PropertyType::Integer(width) => return width.check_node(value),
        PropertyType::Size => return Width::UNKNOWN.check_node(value),
        PropertyType::BlockSize => {
            Width::UNKNOWN.check_node(value)?;
            return form(value.as_u64().is_some_and(is_block_size));
        }
        PropertyType::HostAddress => match string {
            Some(text) => return form(is_host_address(&text)),
            None => false,
        },
        PropertyType::String => string.is_some(),
        PropertyType::PciAddress => match string {
            Some(text) => return form(PciAddress::parse(&text).is_some()),
            None => return pci_number(value),
        },
        PropertyType::ChannelAddress => match string {
            Some(text) => return form(is_channel_address(&text)),
            None => false,
        },
        PropertyType::MacAddress => match string {
            Some(text) => return form(is_mac_address(&text)),
            None => false,
        },
        PropertyType::Uuid { auto } => match string {
            Some(text) => return form(is_uuid(&text) || (*auto && text == "auto")),
            None => false,
        },
        PropertyType::Enum(values) => match string {
            Some(text) => return form(values.iter().any(|value| *value == text)),
            None => false,
        },
        PropertyType::Array => value.kind() == JsonType::Array,
        PropertyType::ReadOnly | PropertyType::Other => true,
    };
    if ok { Ok(()) } else { Err(NoInteger::Type) }
}

fn form(ok: bool) -> Result<(), NoInteger> {
    if ok { Ok(()) } else { Err(NoInteger::Range) }
}

fn pci_number(value: Node<'_>) -> Result<(), NoInteger> {
    if value.kind() != JsonType::Integer {
        return Err(NoInteger::Type);
    }
    form(value.as_i64().is_some_and(|number| (-1..256).contains(&number)))
}

pub(super) fn violation(
    path: String,
    property: &Property,
    value: Node<'_>,
    kind: NoInteger,
) -> Violation {
    let found = describe(value);
    if property.property_type == PropertyType::ReadOnly {
        return Violation::new(path, ViolationKind::ReadOnly).found(found);
    }
    if let (PropertyType::Enum(values), Some(text)) = (&property.property_type, value.as_str()) {
        return Violation::new(path, ViolationKind::Value)
            .found(found)
            .expected(property.type_name.clone())
            .among(&text, values.iter().cloned());
    }
    let expected = match &property.property_type {
        PropertyType::PciAddress => "a PCI address such as `06.0`".to_owned(),
        PropertyType::MacAddress => "an Ethernet address".to_owned(),
        PropertyType::HostAddress => "a PCI address such as `0000:65:00.0`".to_owned(),
        PropertyType::ChannelAddress => "an address such as `fe.0.0005`".to_owned(),
        PropertyType::BlockSize if kind == NoInteger::Range => {
            "a power of two between 512 and 2097152".to_owned()
        }
        PropertyType::Uuid { auto: true } => "a UUID or `auto`".to_owned(),
        PropertyType::Uuid { auto: false } => "a UUID".to_owned(),
        PropertyType::Array => "an array".to_owned(),
        PropertyType::Integer(width) if kind == NoInteger::Range => width.describe(),
        _ => property.type_name.clone(),
    };
    let kind = match (kind, &property.property_type) {
        (NoInteger::Type, _) => ViolationKind::Type,
        (
            NoInteger::Range,
            PropertyType::Integer(_) | PropertyType::Size | PropertyType::BlockSize,
        ) => ViolationKind::Range,
        (NoInteger::Range, _) => ViolationKind::Value,
    };
    Violation::new(path, kind).found(found).expected(expected)
}
