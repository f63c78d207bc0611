//! Reading JSON from other sources than clients, with QEMU's interpretation.

use super::value::{Dict, Value};
use crate::json::{Document, JsonError, JsonType, Node};

/// Converts a JSON text to a value.
pub(super) fn value(text: &str) -> Result<Value, JsonError> {
    Ok(of_node(Document::parse(text)?.root()))
}

fn of_node(node: Node<'_>) -> Value {
    match node.kind() {
        JsonType::Null => Value::Null,
        JsonType::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        JsonType::Integer | JsonType::Float => number(node),
        JsonType::String => Value::Str(node.as_str().unwrap_or_default().into_owned()),
        JsonType::Array => Value::List(node.elements().map(of_node).collect()),
        JsonType::Object => {
            let mut dict = Dict::default();
            for (name, member) in node.members() {
                dict.insert(name.into_owned(), of_node(member));
            }
            Value::Dict(dict)
        }
    }
}

fn number(node: Node<'_>) -> Value {
    if let Some(value) = node.as_i64() {
        Value::Int(value)
    } else if let Some(value) = node.as_u64() {
        Value::Uint(value)
    } else {
        // The parser has validated the number, and Rust's parser accepts all of them.
        Value::Float(node.text().parse().unwrap_or(f64::NAN))
    }
}
