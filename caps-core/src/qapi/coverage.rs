mod shape;
mod stream;

use std::fmt;

use thiserror::Error;

pub(crate) use self::shape::Key;
use self::shape::{EntryShape, Known, Shape};
pub(crate) use self::stream::Coverage;
#[cfg(feature = "tools")]
pub(crate) use self::stream::{Entries, Record, Stream};
use super::meta_type::MetaType;
use crate::json::{JsonType, Node};

/// The schema contains something unknown to this project (and to libvirt's replies tool): QAPI may
/// have gained a construct that queries and validation would miss.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {what}: {problem}")]
#[non_exhaustive]
pub struct CoverageError {
    /// The line, from 1.
    pub line: usize,
    /// The entry or its part.
    pub what: String,
    /// The problem.
    pub problem: CoverageProblem,
}

/// What is unknown in a part of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CoverageProblem {
    /// Not an array of entries, or an entry that is not an object.
    #[error("expected {expected}, found a JSON {found}")]
    Kind {
        /// What was expected.
        expected: &'static str,
        /// The JSON type found.
        found: JsonType,
    },
    /// An entry has no meta-type.
    #[error("expected the string `meta-type`")]
    NoMetaType,
    /// A meta-type that no known QEMU has.
    #[error(
        "unknown meta-type `{0}`, expected command, event, object, array, enum, alternate or builtin"
    )]
    MetaType(String),
    /// A key is absent.
    #[error("expected the key `{0}`")]
    Absent(&'static str),
    /// A key has a value of the wrong type.
    #[error("expected `{key}` to be a JSON {expected}, found a JSON {found}")]
    Type {
        /// The key.
        key: &'static str,
        /// The expected type.
        expected: JsonType,
        /// The type found.
        found: JsonType,
    },
    /// Keys that no known QEMU has.
    #[error("unknown {}", keys(.0))]
    Unknown(Vec<String>),
}

fn keys(keys: &[String]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("{} {}", if keys.len() == 1 { "key" } else { "keys" }, quoted.join(", "))
}

/// The part being checked, formatted only for errors.
enum Place<'s> {
    Schema,
    Entry(Node<'s>),
    Part(Node<'s>, &'static str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema => f.write_str("the schema"),
            Self::Entry(entry) => match entry.get_str("name") {
                Some(name) => write!(f, "schema entry `{name}`"),
                None => f.write_str("a schema entry without name"),
            },
            Self::Part(entry, key) => write!(f, "{}, {key}", Self::Entry(*entry)),
        }
    }
}

/// Checks that a schema contains nothing unknown.
///
/// # Errors
///
/// Fails with the first unknown part.
pub fn check_coverage(schema: Node<'_>) -> Result<(), CoverageError> {
    let (expected, found) = ("an array", schema.kind());
    let mut entries = schema
        .as_array()
        .ok_or_else(|| error(schema, &Place::Schema, CoverageProblem::Kind { expected, found }))?;
    entries.try_for_each(check_entry)
}

/// Checks an entry as [`check_coverage`] does.
fn check_entry(entry: Node<'_>) -> Result<(), CoverageError> {
    let what = Place::Entry(entry);
    expect_object(entry, &what)?;
    let known = Known::new(entry);
    let meta_type = known
        .get(Key::MetaType)
        .and_then(Node::as_str)
        .ok_or_else(|| error(entry, &what, CoverageProblem::NoMetaType))?;
    let Some(meta_type) = MetaType::from_name(&meta_type) else {
        return Err(error(entry, &what, CoverageProblem::MetaType(meta_type.into_owned())));
    };
    let shape = EntryShape::of(meta_type);
    check_shape(entry, &what, &known, shape.entry)?;
    // The same for all parts, of which a schema has thousands.
    let mut members = Known::new(entry);
    for &(key, shape) in shape.parts {
        for part in known.elements(key) {
            let what = Place::Part(entry, key.name());
            expect_object(part, &what)?;
            members.read(part);
            check_shape(part, &what, &members, shape)?;
        }
    }
    Ok(())
}

fn expect_object(node: Node<'_>, what: &Place<'_>) -> Result<(), CoverageError> {
    let (expected, found) = ("an object", node.kind());
    if found == JsonType::Object {
        return Ok(());
    }
    Err(error(node, what, CoverageProblem::Kind { expected, found }))
}

fn check_shape(
    node: Node<'_>,
    what: &Place<'_>,
    known: &Known<'_>,
    shape: Shape,
) -> Result<(), CoverageError> {
    if !known.fits(shape) {
        return Err(misfit(node, what, known, shape));
    }
    let Some(features) = known.get(Key::Features) else { return Ok(()) };
    let has_wrong_type = |feature: &Node<'_>| feature.kind() != JsonType::String;
    match features.elements().find(has_wrong_type) {
        Some(feature) => Err(wrong_type(feature, what, Key::Features, JsonType::String)),
        None => Ok(()),
    }
}

/// Why members don't fit a shape.
#[cold]
fn misfit(node: Node<'_>, what: &Place<'_>, known: &Known<'_>, shape: Shape) -> CoverageError {
    for (key, is_mandatory) in shape.keys() {
        match known.get(key) {
            Some(value) if value.kind() != key.json_type() => {
                return wrong_type(value, what, key, key.json_type());
            }
            None if is_mandatory => {
                return error(node, what, CoverageProblem::Absent(key.name()));
            }
            _ => {}
        }
    }
    let is_known = |name: &str| shape.keys().any(|(key, _)| key.name() == name);
    let names = node.members().map(|(name, _)| name.into_owned());
    error(node, what, CoverageProblem::Unknown(names.filter(|name| !is_known(name)).collect()))
}

#[cold]
fn wrong_type(value: Node<'_>, what: &Place<'_>, key: Key, expected: JsonType) -> CoverageError {
    let (key, found) = (key.name(), value.kind());
    error(value, what, CoverageProblem::Type { key, expected, found })
}

#[cold]
fn error(node: Node<'_>, what: &Place<'_>, problem: CoverageProblem) -> CoverageError {
    CoverageError { line: node.line(), what: what.to_string(), problem }
}
