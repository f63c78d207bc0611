use std::path::{Component, Path};

use thiserror::Error;

use crate::capture::{CaptureId, Label};
use crate::nearest::nearest;

/// A pattern for the names of golden files, with placeholders for what distinguishes tests.
///
/// ```
/// use caps_core::testing::GoldenPattern;
///
/// let pattern = GoldenPattern::parse("golden/{test}.{arch}-{version}.txt", &["test", "arch", "version"])?;
/// assert!(pattern.has("arch"));
/// # Ok::<(), caps_core::testing::ParseGoldenPatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldenPattern<'p> {
    text: &'p str,
    placeholders: Vec<&'p str>,
}

/// The text is not a pattern for golden files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseGoldenPatternError {
    /// An unknown placeholder.
    #[error("unknown placeholder `{{{name}}}`, expected {expected}{hint}")]
    Unknown {
        /// The text between the braces.
        name: String,
        /// The available placeholders.
        expected: String,
        /// The nearest placeholder, as the end of the message.
        hint: String,
    },
    /// An unpaired brace.
    #[error("a lone brace, expected {expected}")]
    Brace {
        /// The available placeholders.
        expected: String,
    },
    /// The pattern is empty.
    #[error("an empty name of a golden file, expected a path with {expected}")]
    Empty {
        /// The available placeholders.
        expected: String,
    },
    /// The pattern leads outside of the package.
    #[error("`{path}` leads out of the package, expected a path in its directory, without `..`")]
    Outside {
        /// The path.
        path: String,
    },
}

/// The values of the placeholders for a test.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct GoldenNames<'n> {
    /// The path of the test's module, including the crate.
    pub module: &'n str,
    /// The function.
    pub test: &'n str,
    /// The name of the input file.
    pub file: Option<&'n str>,
    /// The capture, and how it was selected.
    pub capture: Option<(&'n CaptureId, Label)>,
    /// The names of values, with their texts for this test.
    pub values: &'n [(&'n str, &'n str)],
}

impl<'n> GoldenNames<'n> {
    /// Creates the names for a test without files and captures.
    pub fn new(module: &'n str, test: &'n str) -> Self {
        Self { module, test, file: None, capture: None, values: &[] }
    }

    fn get(&self, placeholder: &str) -> Option<String> {
        Some(match (placeholder, self.capture) {
            ("module", _) => self.module.replace("::", "/"),
            ("test", _) => self.test.to_owned(),
            ("file", _) => self.file?.to_owned(),
            ("arch", Some((id, _))) => id.arch.name().to_owned(),
            ("version", Some((_, label))) => label.to_string(),
            ("variant", Some((id, _))) => id.variant.as_str().to_owned(),
            _ => {
                let (_, text) = self.values.iter().find(|(name, _)| *name == placeholder)?;
                file_name(text)
            }
        })
    }
}

/// Converts the text of a value to a part of a file name.
fn file_name(text: &str) -> String {
    let name = text.replace(|c: char| c == '/' || c == '\\' || c.is_control(), "_");
    // `.` and `..` are directories.
    if name.bytes().all(|b| b == b'.') { "_".repeat(name.len().max(1)) } else { name }
}

impl<'p> GoldenPattern<'p> {
    /// Parses a pattern; `known` lists the available placeholders.
    ///
    /// # Errors
    ///
    /// Fails if the pattern has other placeholders, leads outside of the package or is malformed.
    pub fn parse(text: &'p str, known: &[&str]) -> Result<Self, ParseGoldenPatternError> {
        let expected = || {
            let names: Vec<String> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
            match names.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, others)) => format!("{} or {last}", others.join(", ")),
                None => "no placeholder".to_owned(),
            }
        };
        if text.is_empty() {
            return Err(ParseGoldenPatternError::Empty { expected: expected() });
        }
        let path = Path::new(text);
        // Regenerating writes these files, and must not write outside of the package.
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(ParseGoldenPatternError::Outside { path: text.to_owned() });
        }
        let mut placeholders = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let placeholder = rest[at..].strip_prefix('{').and_then(|tail| tail.split_once('}'));
            let Some((name, tail)) = placeholder else {
                return Err(ParseGoldenPatternError::Brace { expected: expected() });
            };
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                let hint = near.map(|near| format!(", did you mean `{{{near}}}`?"));
                return Err(ParseGoldenPatternError::Unknown {
                    name: name.to_owned(),
                    expected: expected(),
                    hint: hint.unwrap_or_default(),
                });
            }
            placeholders.push(name);
            rest = tail;
        }
        Ok(Self { text, placeholders })
    }

    /// Returns whether the pattern contains the placeholder.
    pub fn has(&self, placeholder: &str) -> bool {
        self.placeholders.contains(&placeholder)
    }

    /// The path of a test's golden file within the package.
    pub fn path(&self, names: &GoldenNames<'_>) -> String {
        let (stem, extension) = fill(self.text, names);
        extension.map_or(stem.clone(), |extension| format!("{stem}.{extension}"))
    }
}

/// Fills in the placeholders. Only a dot after the last placeholder starts an extension, because
/// versions contain dots, too.
pub(in crate::testing) fn fill(pattern: &str, names: &GoldenNames<'_>) -> (String, Option<String>) {
    let fixed = pattern.rfind('}').map_or(0, |at| at + 1);
    let dot = pattern[fixed..].rfind(['.', '/']).map(|at| at + fixed);
    let (mut rest, extension) = match dot.filter(|&at| pattern.as_bytes()[at] == b'.') {
        Some(at) => (&pattern[..at], Some(pattern[at + 1..].to_owned())),
        None => (pattern, None),
    };
    let mut stem = String::new();
    while let Some((before, tail)) = rest.split_once('{') {
        stem.push_str(before);
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        stem.push_str(&names.get(name).unwrap_or_default());
        rest = after;
    }
    stem.push_str(rest);
    (stem, extension)
}
