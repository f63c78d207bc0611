use std::fmt;

use thiserror::Error;

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

/// The keys of an entry of one kind, in the order in which they are checked.
struct Shape {
    mandatory: &'static [(&'static str, JsonType)],
    optional: &'static [(&'static str, JsonType)],
}

const NAME: (&str, JsonType) = ("name", JsonType::String);
const META_TYPE: (&str, JsonType) = ("meta-type", JsonType::String);
const TYPE: (&str, JsonType) = ("type", JsonType::String);
const ARG_TYPE: (&str, JsonType) = ("arg-type", JsonType::String);
const FEATURES: (&str, JsonType) = ("features", JsonType::Array);
const MEMBERS: (&str, JsonType) = ("members", JsonType::Array);

const COMMAND: Shape = Shape {
    mandatory: &[NAME, META_TYPE, ARG_TYPE, ("ret-type", JsonType::String)],
    optional: &[FEATURES, ("allow-oob", JsonType::Bool)],
};
const EVENT: Shape = Shape { mandatory: &[NAME, META_TYPE, ARG_TYPE], optional: &[FEATURES] };
const OBJECT: Shape = Shape {
    mandatory: &[NAME, META_TYPE, MEMBERS],
    optional: &[("tag", JsonType::String), ("variants", JsonType::Array), FEATURES],
};
const ARRAY: Shape =
    Shape { mandatory: &[NAME, META_TYPE, ("element-type", JsonType::String)], optional: &[] };
const ENUM: Shape =
    Shape { mandatory: &[NAME, META_TYPE], optional: &[MEMBERS, ("values", JsonType::Array)] };
const ALTERNATE: Shape = Shape { mandatory: &[NAME, META_TYPE, MEMBERS], optional: &[] };
const BUILTIN: Shape =
    Shape { mandatory: &[NAME, META_TYPE, ("json-type", JsonType::String)], optional: &[] };
const OBJECT_MEMBER: Shape =
    Shape { mandatory: &[NAME, TYPE], optional: &[("default", JsonType::Null), FEATURES] };
const OBJECT_VARIANT: Shape =
    Shape { mandatory: &[("case", JsonType::String), TYPE], optional: &[] };
const ENUM_MEMBER: Shape = Shape { mandatory: &[NAME], optional: &[FEATURES] };
const ALTERNATE_MEMBER: Shape = Shape { mandatory: &[TYPE], optional: &[] };

/// The most keys of a [`Shape`].
const MAX_KEYS: usize = 6;

const _: () = {
    let shapes = [
        &COMMAND,
        &EVENT,
        &OBJECT,
        &ARRAY,
        &ENUM,
        &ALTERNATE,
        &BUILTIN,
        &OBJECT_MEMBER,
        &OBJECT_VARIANT,
        &ENUM_MEMBER,
        &ALTERNATE_MEMBER,
    ];
    let mut index = 0;
    while index < shapes.len() {
        assert!(shapes[index].mandatory.len() + shapes[index].optional.len() <= MAX_KEYS);
        index += 1;
    }
};

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
    let fail = |problem| error(schema, &Place::Schema, problem);
    let found = schema.kind();
    let expected = "an array";
    let entries =
        schema.as_array().ok_or_else(|| fail(CoverageProblem::Kind { expected, found }))?;
    for entry in entries {
        check_entry(entry)?;
    }
    Ok(())
}

/// As [`check_coverage`], for one entry.
pub(crate) fn check_entry(entry: Node<'_>) -> Result<(), CoverageError> {
    let what = Place::Entry(entry);
    if entry.kind() != JsonType::Object {
        let problem = CoverageProblem::Kind { expected: "an object", found: entry.kind() };
        return Err(error(entry, &what, problem));
    }
    let meta_type = entry
        .get_str("meta-type")
        .ok_or_else(|| error(entry, &what, CoverageProblem::NoMetaType))?;
    let (shape, members, variants) = match &*meta_type {
        "command" => (COMMAND, None, None),
        "event" => (EVENT, None, None),
        "object" => (OBJECT, Some(OBJECT_MEMBER), Some(OBJECT_VARIANT)),
        "array" => (ARRAY, None, None),
        "enum" => (ENUM, Some(ENUM_MEMBER), None),
        "alternate" => (ALTERNATE, Some(ALTERNATE_MEMBER), None),
        "builtin" => (BUILTIN, None, None),
        _ => return Err(error(entry, &what, CoverageProblem::MetaType(meta_type.into_owned()))),
    };
    check_shape(entry, &what, &shape)?;
    for (key, shape) in [("members", members), ("variants", variants)] {
        let Some(shape) = shape else { continue };
        for part in entry.get(key).into_iter().flat_map(Node::elements) {
            check_shape(part, &Place::Part(entry, key), &shape)?;
        }
    }
    Ok(())
}

fn check_shape(node: Node<'_>, what: &Place<'_>, shape: &Shape) -> Result<(), CoverageError> {
    if node.kind() != JsonType::Object {
        let problem = CoverageProblem::Kind { expected: "an object", found: node.kind() };
        return Err(error(node, what, problem));
    }
    let typed = |key: &'static str, expected: JsonType, value: Node<'_>| {
        let found = value.kind();
        if found == expected {
            return Ok(());
        }
        Err(error(value, what, CoverageProblem::Type { key, expected, found }))
    };
    // One pass over the members, because schemas have tens of thousands. Of a repeated key, the last
    // value counts.
    let keys = || shape.mandatory.iter().chain(shape.optional);
    let mut values = [None; MAX_KEYS];
    let mut all_known = true;
    for (key, value) in node.members() {
        match keys().position(|&(name, _)| name == key) {
            Some(position) => values[position] = Some(value),
            None => all_known = false,
        }
    }
    for (position, &(key, expected)) in keys().enumerate() {
        match values[position] {
            Some(value) => typed(key, expected, value)?,
            None if position < shape.mandatory.len() => {
                return Err(error(node, what, CoverageProblem::Absent(key)));
            }
            None => {}
        }
    }
    if !all_known {
        let known = |key: &str| keys().any(|&(name, _)| name == key);
        let keys = node.members().map(|(key, _)| key.into_owned());
        let unknown = keys.filter(|key| !known(key)).collect();
        return Err(error(node, what, CoverageProblem::Unknown(unknown)));
    }
    let features = keys().position(|&key| key == FEATURES).and_then(|position| values[position]);
    for feature in features.into_iter().flat_map(Node::elements) {
        typed("features", JsonType::String, feature)?;
    }
    Ok(())
}

fn error(node: Node<'_>, what: &Place<'_>, problem: CoverageProblem) -> CoverageError {
    CoverageError { line: node.line(), what: what.to_string(), problem }
}
