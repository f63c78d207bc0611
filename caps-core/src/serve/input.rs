//! JSON that isn't sent by a client, as QEMU would understand it.

use super::value::{Dict, Value};
use crate::json::{Document, JsonError, Kind, Node};

/// Reads a JSON text into a value.
pub(super) fn value(text: &str) -> Result<Value, JsonError> {
    Ok(of_node(Document::parse(text)?.root()))
}

fn of_node(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Integer | Kind::Float => node.as_i64().map(Value::Int).unwrap_or_else(|| {
            node.as_u64().map(Value::Uint).unwrap_or_else(|| {
                // What is no number for `f64`, the document's reader let through as one of these.
                Value::Float(node.text().parse().unwrap_or(f64::NAN))
            })
        }),
        Kind::String => Value::Str(node.as_str().unwrap_or_default().into_owned()),
        Kind::Array => Value::List(node.elements().map(of_node).collect()),
        Kind::Object => {
            let mut dict = Dict::default();
            for (name, member) in node.members() {
                dict.insert(name.into_owned(), of_node(member));
            }
            Value::Dict(dict)
        }
    }
}
