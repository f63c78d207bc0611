//! Describing differences between expected and actual output.

use std::path::Path;

use super::unified;

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
