use super::tree::{Shape, Value};
use super::{ScriptError, ScriptErrorKind};
use crate::edit::Script;
use crate::json::{Document, JsonType, Node};

impl Script {
    /// Parses a JSON script: `{"edit": [...]}` with the same keys as in TOML.
    ///
    /// ```
    /// use caps_core::edit::Script;
    ///
    /// let script = Script::from_json(r#"{"edit": [{"action": "drop", "command": "query-kvm"}]}"#)?;
    /// assert_eq!(script.edits()[0].to_string(), "drop `query-kvm`");
    /// # Ok::<(), caps_core::edit::ScriptError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON or not a script.
    pub fn from_json(text: &str) -> Result<Self, ScriptError> {
        let document = Document::parse(text).map_err(|error| ScriptError {
            line: error.line,
            kind: ScriptErrorKind::Syntax(format!("column {}: {}", error.column, error.message())),
        })?;
        Self::from_tree(&value(document.root()))
    }
}

/// The JSON reader bounds the nesting.
fn value(node: Node<'_>) -> Value {
    let shape = match node.kind() {
        JsonType::Object => Shape::Table(
            node.members()
                .map(|(key, member)| (key.into_owned(), member.line(), value(member)))
                .collect(),
        ),
        JsonType::Array => Shape::List(node.elements().map(value).collect()),
        JsonType::String => Shape::Text(node.as_str().unwrap_or_default().into_owned()),
        JsonType::Bool => Shape::Bool(node.as_bool() == Some(true)),
        _ => Shape::Other(node.text().to_owned()),
    };
    Value { line: node.line(), shape }
}
