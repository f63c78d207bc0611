//! Golden files that are compared as JSON.

use std::fmt::Write as _;

use serde_core::Serialize;
use serde_json::Value;

use super::{Golden, GoldenError, Regenerate};

/// How many differences to list.
const SHOWN: usize = 20;

impl Golden {
    /// Compares a value with the file as JSON, ignoring formatting and the order of members, or
    /// writes the file, indented.
    ///
    /// # Errors
    ///
    /// Fails with each difference, or if the file is not JSON or can't be read or written.
    pub fn check_json<T: Serialize + ?Sized>(&self, actual: &T) -> Result<(), GoldenError> {
        let path = self.path();
        let unprintable = |error: serde_json::Error| GoldenError::Serialize {
            path: path.clone(),
            message: error.to_string(),
        };
        let value = serde_json::to_value(actual).map_err(unprintable)?;
        let mut text = serde_json::to_string_pretty(actual).map_err(unprintable)?;
        text.push('\n');
        let regenerate = Regenerate::from_env()?;
        let differs = |expected: &[u8]| match serde_json::from_slice::<Value>(expected) {
            Ok(expected) => Ok((expected != value).then(|| differences(&expected, &value))),
            // The file is about to be overwritten, so nobody reads the difference.
            Err(_) if regenerate == Regenerate::Yes => Ok(Some(String::new())),
            Err(error) => Err(GoldenError::Json { path: self.path(), message: error.to_string() }),
        };
        let compared = self.compare(regenerate, text.as_bytes(), differs);
        compared.map(|change| self.note(regenerate, change))
    }

    /// Like [`Golden::check_json`], but panics.
    ///
    /// # Panics
    ///
    /// Panics if they differ, or the file is not JSON or can't be read or written.
    #[track_caller]
    pub fn assert_json<T: Serialize + ?Sized>(&self, actual: &T) {
        self.check_json(actual).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Lists the differences of JSON by path, one per line.
fn differences(expected: &Value, actual: &Value) -> String {
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
