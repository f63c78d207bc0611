//! How QEMU before 9.2 read the JSON arguments of `device_add`: scalars became text, and properties read
//! them from it as from the command line; everything else was dropped without a word.

use super::form::{is_block_size, is_host_address, is_mac_address, is_pci_address};
use super::property::PropertyType;
use super::width::{NoInteger, Width};
use crate::json::{JsonType, Node};

/// The text that a JSON value became; `None` for one that was dropped.
pub(super) fn text(node: Node<'_>) -> Option<String> {
    match node.kind() {
        JsonType::String => node.as_str().map(Into::into),
        JsonType::Bool => Some(if node.as_bool()? { "on" } else { "off" }.to_owned()),
        // An integer that does not fit 64 bits is a double.
        JsonType::Integer if node.as_i64().is_some() || node.as_u64().is_some() => {
            Some(node.text().to_owned())
        }
        JsonType::Integer | JsonType::Float => {
            let value: f64 = node.text().parse().ok()?;
            Some(format!("{value}"))
        }
        JsonType::Null | JsonType::Array | JsonType::Object => None,
    }
}

/// What is wrong with a text as the value of a property.
pub(super) fn check(property_type: &PropertyType, text: &str) -> Result<(), NoInteger> {
    let ok = match property_type {
        PropertyType::Bool => ["on", "yes", "true", "y", "off", "no", "false", "n"].contains(&text),
        PropertyType::Integer(width) => return check_integer(*width, text),
        PropertyType::Size => is_size(text),
        PropertyType::PciAddress => is_pci_address(text),
        PropertyType::HostAddress => is_host_address(text),
        PropertyType::BlockSize => match integer(text) {
            Some(size) => u64::try_from(size).is_ok_and(is_block_size),
            None => is_size(text),
        },
        PropertyType::MacAddress => is_mac_address(text),
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

/// As C's `strtoll` with base 0.
fn integer(text: &str) -> Option<i128> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) =
        if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            (hex, 16)
        } else if digits.len() > 1 && digits.starts_with('0') {
            (&digits[1..], 8)
        } else {
            (digits, 10)
        };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    Some(if negative { -value } else { value })
}

/// A number of bytes: decimal with an optional fraction and unit, or hexadecimal.
fn is_size(text: &str) -> bool {
    let text = text.trim_start();
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).is_ok();
    }
    let digits = text.trim_end_matches(|c: char| "bBkKmMgGtTpPeE".contains(c));
    if text.len() - digits.len() > 1 {
        return false;
    }
    let mut parts = digits.split('.');
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next();
    let decimal = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    // A part of a byte is not a size.
    let whole_bytes =
        text.len() > digits.len() || fraction.is_none_or(|f| f.bytes().all(|b| b == b'0'));
    parts.next().is_none()
        && decimal(whole)
        && fraction.is_none_or(decimal)
        && whole_bytes
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty))
}

#[cfg(test)]
mod tests {
    use super::{check, integer, is_size, text};
    use crate::json::Document;
    use crate::validate::PropertyType;

    #[test]
    fn reads_integers_as_c_does() {
        for (text, value) in [
            ("3", Some(3)),
            (" 3", Some(3)),
            ("+3", Some(3)),
            ("-1", Some(-1)),
            ("0x1F", Some(31)),
            ("010", Some(8)),
            ("0", Some(0)),
            ("", None),
            ("1k", None),
            ("--1", None),
            ("0x", None),
            ("1.5", None),
            ("3 ", None),
        ] {
            assert_eq!(integer(text), value, "{text:?}");
        }
    }

    #[test]
    fn reads_sizes_with_units() {
        for size in ["0", "512", "1k", "1.5K", "0x10", "2G", ".5k", "1.0"] {
            assert!(is_size(size), "{size}");
        }
        for other in ["", "k", "x", "1kk", "-1", "1.2.3", "0x1k", "1.5"] {
            assert!(!is_size(other), "{other}");
        }
    }

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
