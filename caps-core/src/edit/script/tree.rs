use super::{ScriptError, ScriptErrorKind};
use crate::json::quote;

/// A value of a script, with its line.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) line: usize,
    pub(super) shape: Shape,
}

#[derive(Debug)]
pub(super) enum Shape {
    /// Keys with their lines, in order.
    Table(Vec<(String, usize, Value)>),
    List(Vec<Value>),
    Text(String),
    Bool(bool),
    /// A number or null, as JSON.
    Other(String),
}

impl Value {
    /// The value as JSON.
    pub(super) fn to_json(&self) -> String {
        match &self.shape {
            Shape::Table(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, _, value)| format!("{}:{}", quote(key), value.to_json()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            Shape::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::to_json).collect();
                format!("[{}]", elements.join(","))
            }
            Shape::Text(text) => quote(text),
            Shape::Bool(value) => value.to_string(),
            Shape::Other(json) => json.clone(),
        }
    }

    /// The type, with an article.
    pub(super) fn describe(&self) -> &'static str {
        match self.shape {
            Shape::Table(_) => "a table",
            Shape::List(_) => "a list",
            Shape::Text(_) => "a string",
            Shape::Bool(_) => "a boolean",
            Shape::Other(_) => "a number or null",
        }
    }

    pub(super) fn error(&self, kind: impl Into<ScriptErrorKind>) -> ScriptError {
        ScriptError { line: self.line, kind: kind.into() }
    }
}
