//! Interpreting answers: from return values to flags and data. This module asks no questions and
//! knows nothing about sessions.

pub(super) mod cpu;
pub(super) mod flags;
pub(super) mod host;
pub(super) mod machine;

use std::borrow::Cow;

use super::error::Malformed;
use crate::json::{JsonType, Node};

/// The elements of an answer that must be an array.
pub(super) fn array<'d>(
    node: Node<'d>,
    of: &'static str,
) -> Result<impl Iterator<Item = Node<'d>>, Malformed> {
    node.as_array().ok_or_else(|| Malformed::value(node, format!("an array of {of}")))
}

/// An answer that must be an object.
pub(super) fn object(node: Node<'_>) -> Result<Node<'_>, Malformed> {
    if node.kind() == JsonType::Object {
        Ok(node)
    } else {
        Err(Malformed::value(node, "an object"))
    }
}

/// A required string member.
pub(super) fn string<'d>(node: Node<'d>, key: &str) -> Result<Cow<'d, str>, Malformed> {
    node.get_str(key).ok_or_else(|| Malformed::member(node, key, "the string"))
}

/// A required Boolean member.
pub(super) fn boolean(node: Node<'_>, key: &str) -> Result<bool, Malformed> {
    node.get(key).and_then(Node::as_bool).ok_or_else(|| Malformed::member(node, key, "the boolean"))
}

/// A required unsigned 32-bit integer member.
pub(super) fn uint(node: Node<'_>, key: &str) -> Result<u32, Malformed> {
    node.get(key)
        .and_then(Node::as_u32)
        .ok_or_else(|| Malformed::member(node, key, "the unsigned 32-bit integer"))
}

/// An optional member that must have the right type if it exists.
pub(super) fn optional<'d, T>(
    node: Node<'d>,
    key: &str,
    expected: &str,
    read: impl Fn(Node<'d>) -> Option<T>,
) -> Result<Option<T>, Malformed> {
    match node.get(key) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or_else(|| Malformed::member(node, key, expected)),
    }
}

pub(super) fn strings<'d>(
    node: Node<'d>,
    of: &'static str,
) -> Result<Vec<Cow<'d, str>>, Malformed> {
    array(node, of)?
        .map(|item| item.as_str().ok_or_else(|| Malformed::value(item, "a string")))
        .collect()
}

/// The required string `key` of each object in an array.
pub(super) fn names<'d>(node: Node<'d>, key: &str) -> Result<Vec<Cow<'d, str>>, Malformed> {
    array(node, "objects")?.map(|item| string(item, key)).collect()
}
