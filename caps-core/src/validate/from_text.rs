//! QEMU before 9.2 converted the scalars among the JSON arguments of `device_add` to text, which
//! properties parsed as on the command line, and silently dropped everything else.

use super::form::{is_block_size, is_channel_address, is_host_address, is_mac_address, is_uuid};
use super::property::PropertyType;
use super::width::{NoInteger, Width};
use crate::command_line::scalar::{PciAddress, boolean, integer, size};
use crate::json::{JsonType, Node};

/// Converts a JSON value to text; `None` if QEMU drops it.
pub(super) fn text(node: Node<'_>) -> Option<String> {
    match node.kind() {
        JsonType::String => node.as_str().map(Into::into),
        JsonType::Bool => Some(if node.as_bool()? { "on" } else { "off" }.to_owned()),
        JsonType::Integer => Some(node.text().to_owned()),
        JsonType::Float => {
            let value: f64 = node.text().parse().ok()?;
            Some(format!("{value}"))
        }
        JsonType::Null | JsonType::Array | JsonType::Object => None,
    }
}

/// Checks text as the value of a property.
pub(super) fn check(property_type: &PropertyType, text: &str) -> Result<(), NoInteger> {
    let ok = match property_type {
        PropertyType::Bool => boolean(text).is_some(),
        PropertyType::Integer(width) => return check_integer(*width, text),
        PropertyType::Size => size(text, 1).is_ok(),
        PropertyType::PciAddress => PciAddress::parse(text).is_some(),
        PropertyType::HostAddress => is_host_address(text),
        PropertyType::ChannelAddress => is_channel_address(text),
        PropertyType::BlockSize => match integer(text) {
            Some(size) => u64::try_from(size).is_ok_and(is_block_size),
            None => size(text, 1).is_ok(),
        },
        PropertyType::MacAddress => is_mac_address(text),
        PropertyType::Uuid { auto } => is_uuid(text) || (*auto && text == "auto"),
        PropertyType::Enum(values) => values.iter().any(|value| value == text),
        PropertyType::String | PropertyType::Other => true,
        PropertyType::Array | PropertyType::ReadOnly => false,
    };
    if ok { Ok(()) } else { Err(NoInteger::Type) }
}

fn check_integer(width: Width, text: &str) -> Result<(), NoInteger> {
    let value = integer(text).ok_or(NoInteger::Type)?;
    width.check(value)
}

#[cfg(test)]
mod tests {
    use super::{check, text};
    use crate::json::Document;
    use crate::validate::PropertyType;

    #[test]
    fn scalars_become_text() {
        for (json, expected) in [
            ("true", Some("on")),
            ("1", Some("1")),
            ("1.0", Some("1")),
            ("1e3", Some("1000")),
            ("\"yes\"", Some("yes")),
            ("null", None),
            ("[]", None),
        ] {
            let document = Document::parse(json).expect(json);
            assert_eq!(text(document.root()).as_deref(), expected, "{json}");
        }
        assert!(
            check(&PropertyType::Bool, "yes").is_ok() && check(&PropertyType::Bool, "1").is_err()
        );
    }
}
