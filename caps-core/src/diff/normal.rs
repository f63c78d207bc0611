use crate::json::{JsonType, Node, quote};

/// Formats a JSON value independently of the order of members and elements.
pub(super) fn normal(value: Node<'_>) -> String {
    let mut parts: Vec<String> = match value.kind() {
        JsonType::Array => value.elements().map(normal).collect(),
        JsonType::Object => value
            .members()
            .map(|(key, value)| format!("{}:{}", quote(&key), normal(value)))
            .collect(),
        _ => return value.compact(),
    };
    parts.sort();
    let (open, close) = if value.kind() == JsonType::Array { ('[', ']') } else { ('{', '}') };
    format!("{open}{}{close}", parts.join(","))
}
