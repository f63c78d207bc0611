use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::validate::qemu_order;

/// A JSON value with QEMU's interpretation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Greater than `i64::MAX`.
    Uint(u64),
    Float(f64),
    Str(String),
    List(Vec<Value>),
    Dict(Dict),
}

/// A JSON object without repeated members.
#[derive(Debug, Clone, Default)]
pub(super) struct Dict {
    /// Values with their position in the text.
    members: BTreeMap<String, (usize, Value)>,
}

impl PartialEq for Dict {
    /// Ignores the order in the text.
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && self.members.iter().all(|(name, (_, value))| other.get(name) == Some(value))
    }
}

impl Dict {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).map(|(_, value)| value)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn insert(&mut self, name: String, value: Value) {
        self.members.insert(name, (self.members.len(), value));
    }

    /// The members in the order in which QEMU visits them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let mut members: Vec<(usize, &str, &Value)> = self
            .members
            .iter()
            .map(|(name, (position, value))| (*position, name.as_str(), value))
            .collect();
        members.sort_by_key(|(position, ..)| *position);
        qemu_order::sort_members(&mut members, |(_, name, _)| name);
        members.into_iter().map(|(_, name, value)| (name, value))
    }

    /// Returns whether `other` has all members of this object, with equal values.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        self.members.iter().all(|(name, (_, value))| other.get(name) == Some(value))
    }
}

impl Value {
    /// Formats the value as QEMU does.
    pub(super) fn to_wire(&self) -> String {
        let mut out = String::new();
        self.print(&mut out);
        out
    }

    /// Formats the value as JSON that keeps integers and doubles distinct.
    fn to_json(&self) -> String {
        match self {
            Self::Float(value) if value.is_finite() => format!("{value:e}"),
            Self::Float(value) => format!("{}1e999", if *value < 0.0 { "-" } else { "" }),
            Self::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::to_json).collect();
                format!("[{}]", elements.join(","))
            }
            Self::Dict(dict) => dict.to_json(),
            _ => self.to_wire(),
        }
    }

    /// Formats equal values as equal texts.
    pub(super) fn canonical(&self) -> String {
        match self {
            Self::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::canonical).collect();
                format!("[{}]", elements.join(","))
            }
            Self::Dict(dict) => dict.canonical(),
            _ => self.to_wire(),
        }
    }

    fn print(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            // Writing to a `String` can't fail.
            Self::Int(value) => drop(write!(out, "{value}")),
            Self::Uint(value) => drop(write!(out, "{value}")),
            Self::Float(value) => out.push_str(&seventeen_digits(*value)),
            Self::Str(text) => print_string(out, text),
            Self::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    element.print(out);
                }
                out.push(']');
            }
            Self::Dict(dict) => {
                out.push('{');
                for (index, (name, value)) in dict.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    print_string(out, name);
                    out.push_str(": ");
                    value.print(out);
                }
                out.push('}');
            }
        }
    }
}

impl Dict {
    /// Formats the object as JSON, with members in their original order.
    pub(super) fn to_json(&self) -> String {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(_, (position, _))| *position);
        let members: Vec<String> = members
            .into_iter()
            .map(|(name, (_, value))| format!("{}:{}", quote(name), value.to_json()))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    /// Formats equal objects as equal texts.
    pub(super) fn canonical(&self) -> String {
        let members: Vec<String> = self
            .members
            .iter()
            .map(|(name, (_, value))| format!("{}:{}", quote(name), value.canonical()))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

/// Formats a string literal as QEMU does.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    print_string(&mut out, text);
    out
}

fn print_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ => {
                for half in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{half:04X}");
                }
            }
        }
    }
    out.push('"');
}

/// Formats a double with 17 significant digits, like C's `%.17g`.
fn seventeen_digits(value: f64) -> String {
    const DIGITS: i32 = 17;
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:.16e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        let fraction = text.contains('.');
        if fraction { text.trim_end_matches('0').trim_end_matches('.') } else { text }.to_owned()
    };
    if (-4..DIGITS).contains(&exponent) {
        let decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0);
        trim(&format!("{value:.decimals$}"))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::{Dict, Value, seventeen_digits};

    #[test]
    fn numbers_and_lists_are_read_back_as_they_are() {
        let float = |value| Value::Float(value).to_json();
        assert_eq!([float(f64::INFINITY), float(f64::NEG_INFINITY)], ["1e999", "-1e999"]);
        assert_eq!([float(1.0), float(-0.5)], ["1e0", "-5e-1"]);
        let list = Value::List(vec![Value::Int(1), Value::Null, Value::List(Vec::new())]);
        assert_eq!(list.to_wire(), "[1, null, []]");
        assert_eq!(list.to_json(), "[1,null,[]]");
        let mut dict = Dict::default();
        dict.insert("b".to_owned(), Value::List(vec![Value::Float(2.0)]));
        dict.insert("a".to_owned(), Value::Dict(Dict::default()));
        let nested = Value::List(vec![Value::Dict(dict)]);
        assert_eq!(nested.to_json(), r#"[{"b":[2e0],"a":{}}]"#);
        assert_eq!(nested.canonical(), r#"[{"a":{},"b":[2]}]"#);
    }

    #[test]
    fn objects_are_equal_in_any_order() {
        let dict = |members: &[(&str, i64)]| {
            let mut dict = Dict::default();
            for (name, value) in members {
                dict.insert((*name).to_owned(), Value::Int(*value));
            }
            dict
        };
        let one = dict(&[("a", 1), ("b", 2)]);
        assert_eq!(one, dict(&[("b", 2), ("a", 1)]));
        for other in [dict(&[("a", 1), ("b", 3)]), dict(&[("a", 1)]), dict(&[("a", 1), ("c", 2)])] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn prints_doubles_as_c_does() {
        for (value, text) in [
            (1.0, "1"),
            (1.5, "1.5"),
            (0.1, "0.10000000000000001"),
            (1e5, "100000"),
            (99_999_999_999_999_999_999_999.0, "9.9999999999999992e+22"),
            (-9_223_372_036_854_775_809.0, "-9.2233720368547758e+18"),
            (1e-5, "1.0000000000000001e-05"),
            (0.0001, "0.0001"),
            (f64::INFINITY, "inf"),
            (-0.0, "-0"),
        ] {
            assert_eq!(seventeen_digits(value), text);
        }
    }
}
