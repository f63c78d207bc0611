//! Property values given as text.

use super::judge::Judge;
use crate::command_line::scalar::boolean;
use crate::validate::width::NoInteger;
use crate::validate::{Property, PropertyType, Stage};
use crate::validate::{ViolationKind, from_text};

/// Checks the text that sets a property, and reports invalid ones.
pub(super) fn check_text(judge: &mut Judge<'_>, key: &str, property: &Property, text: &str) {
    let type_name = property.type_name.as_str();
    if matches!(property.property_type, PropertyType::Other) {
        // A property of an unknown type has its own parser, which usually accepts any text.
        if type_name == "SocketAddress" {
            let words = format!("Invalid parameter type for '{key}', expected: object");
            judge.wrong_value(key, text, "an object, so the device in JSON", words);
        }
        return;
    }
    if property.property_type == PropertyType::Array {
        return;
    }
    if property.property_type == PropertyType::ReadOnly {
        let mut violation = judge.violation(key, ViolationKind::ReadOnly, Stage::Value);
        violation.found = format!("{text:?}");
        violation.qemu =
            Some(format!("Insufficient permission to perform this operation: '{key}'"));
        judge.push(violation);
        return;
    }
    let Err(error) = from_text::check(&property.property_type, text) else { return };
    match &property.property_type {
        PropertyType::Bool => {
            debug_assert!(boolean(text).is_none());
            judge.wrong_value(
                key,
                text,
                "`on` or `off`",
                format!("Parameter '{key}' expects 'on' or 'off'"),
            );
        }
        PropertyType::Enum(values) => {
            let words = format!("Parameter '{key}' does not accept value '{text}'");
            let kind = (ViolationKind::Value, Stage::Value);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            judge.not_among(key, text, kind, values, words);
        }
        PropertyType::Integer(width) => {
            let expected =
                if error == NoInteger::Range { width.describe() } else { "an integer".to_owned() };
            let words = match error {
                NoInteger::Range => format!("Parameter '{key}' expects {type_name}"),
                NoInteger::Type => format!("Parameter '{key}' expects integer"),
            };
            judge.wrong_value(key, text, &expected, words);
        }
        PropertyType::Size | PropertyType::BlockSize => {
            let words = format!("Parameter '{key}' expects size");
            judge.wrong_value(key, text, "a size such as `64k`", words);
        }
        PropertyType::PciAddress => {
            let words = format!("Property '.{key}' doesn't take value '{text}'");
            judge.wrong_value(key, text, "a PCI address such as `06.0`", words);
        }
        PropertyType::MacAddress => {
            let words = format!("Property '.{key}' doesn't take value '{text}'");
            judge.wrong_value(key, text, "an Ethernet address such as `52:54:00:12:34:56`", words);
        }
        PropertyType::ChannelAddress => {
            let words = format!("Property '.{key}' doesn't take value '{text}'");
            judge.wrong_value(key, text, "an address such as `fe.0.0005`", words);
        }
        PropertyType::Uuid { auto } => {
            let words = format!("Property '.{key}' doesn't take value '{text}'");
            let expected = if *auto { "a UUID or `auto`" } else { "a UUID" };
            judge.wrong_value(key, text, expected, words);
        }
        PropertyType::HostAddress => {
            let words = format!("Property '.{key}' doesn't take value '{text}'");
            judge.wrong_value(key, text, "a PCI address such as `0000:65:00.0`", words);
        }
        _ => {}
    }
}
