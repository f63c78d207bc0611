//! Describing differences between expected and actual output.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::unified;

/// How many differences of JSON to list.
const SHOWN: usize = 20;

/// Formats the difference of two texts as `diff -u` does.
pub(super) fn of_texts(path: &Path, expected: &str, actual: &str) -> String {
    let (old, new) = (path.display().to_string(), "what the test makes");
    unified::diff([&old, new], expected, actual)
}

/// Describes the difference of binary contents: the lengths and the first differing position.
pub(super) fn of_bytes(expected: &[u8], actual: &[u8]) -> String {
    let at = expected.iter().zip(actual).take_while(|(a, b)| a == b).count();
    let hex = |bytes: &[u8]| {
        let shown = bytes.get(at..).unwrap_or_default().iter().take(16);
        let mut text: Vec<String> = shown.map(|byte| format!("{byte:02x}")).collect();
        if bytes.len() > at + 16 {
            text.push("...".to_owned());
        }
        if text.is_empty() { "the end".to_owned() } else { text.join(" ") }
    };
    format!(
        "expected {} bytes, the test makes {}; from byte {at} on:\n-{}\n+{}\n",
        expected.len(),
        actual.len(),
        hex(expected),
        hex(actual)
    )
}

/// Lists the differences of JSON by path, one per line.
pub(super) fn of_json(expected: &Value, actual: &Value) -> String {
    let mut lines = Vec::new();
    compare("", expected, actual, &mut lines);
    let mut text = String::new();
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(text, "{line}");
    }
    if let Some(more) = lines.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        let _ = writeln!(text, "and {more} more");
    }
    text
}

fn compare(path: &str, expected: &Value, actual: &Value, lines: &mut Vec<String>) {
    let place = if path.is_empty() { "the whole" } else { path };
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                match actual.get(key) {
                    Some(other) => compare(&member(path, key), value, other, lines),
                    None => lines.push(format!("-{}: {value}", member(path, key))),
                }
            }
            for (key, value) in actual.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                lines.push(format!("+{}: {value}", member(path, key)));
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            for (index, (value, other)) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{path}/{index}"), value, other, lines);
            }
            for (index, value) in expected.iter().enumerate().skip(actual.len()) {
                lines.push(format!("-{path}/{index}: {value}"));
            }
            for (index, value) in actual.iter().enumerate().skip(expected.len()) {
                lines.push(format!("+{path}/{index}: {value}"));
            }
        }
        _ if expected != actual => {
            lines.push(format!("-{place}: {expected}"));
            lines.push(format!("+{place}: {actual}"));
        }
        _ => {}
    }
}

/// The path of a member, as a JSON pointer.
fn member(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
