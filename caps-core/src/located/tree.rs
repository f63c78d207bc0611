use super::LocatedError;
use crate::json::{Document, JsonType, Node, quote};

/// A value of a file, with its line.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) line: usize,
    pub(super) shape: Shape,
}

#[derive(Debug)]
pub(super) enum Shape {
    /// The members in the order of the text.
    Table(Vec<Member>),
    List(Vec<Value>),
    Text(String),
    Bool(bool),
    /// A number as JSON.
    Number(String),
    Null,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) value: Value,
}

impl Value {
    pub(super) fn from_json(text: &str) -> Result<Self, LocatedError> {
        let document = Document::parse(text).map_err(|error| LocatedError {
            line: error.line,
            message: format!("column {}: {}", error.column, error.message()),
        })?;
        Ok(from_node(document.root(), &Lines::new(text)))
    }

    /// The value as JSON.
    pub(super) fn to_json(&self) -> String {
        let mut text = String::new();
        self.push_json(&mut text);
        text
    }

    fn push_json(&self, out: &mut String) {
        match &self.shape {
            Shape::Table(members) => {
                out.push('{');
                for (index, member) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(&quote(&member.key));
                    out.push(':');
                    member.value.push_json(out);
                }
                out.push('}');
            }
            Shape::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    element.push_json(out);
                }
                out.push(']');
            }
            Shape::Text(text) => out.push_str(&quote(text)),
            Shape::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Shape::Number(json) => out.push_str(json),
            Shape::Null => out.push_str("null"),
        }
    }
}

/// The JSON reader bounds the nesting.
fn from_node(node: Node<'_>, lines: &Lines) -> Value {
    let shape = match node.kind() {
        JsonType::Object => Shape::Table(
            node.members()
                .map(|(key, value)| {
                    let value = from_node(value, lines);
                    Member { key: key.into_owned(), line: value.line, value }
                })
                .collect(),
        ),
        JsonType::Array => {
            Shape::List(node.elements().map(|node| from_node(node, lines)).collect())
        }
        JsonType::String => Shape::Text(node.as_str().unwrap_or_default().into_owned()),
        JsonType::Bool => Shape::Bool(node.as_bool() == Some(true)),
        JsonType::Null => Shape::Null,
        JsonType::Integer | JsonType::Float => Shape::Number(node.text().to_owned()),
    };
    Value { line: lines.line(node.range().start), shape }
}

/// The ends of all lines, found once because every key and value needs its line.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|&end| end < offset) + 1
    }
}

#[cfg(feature = "toml")]
mod toml {
    use toml::Spanned;
    use toml::de::{DeTable, DeValue};

    use super::{Lines, LocatedError, Member, Shape, Value};

    impl Value {
        pub(in super::super) fn from_toml(text: &str) -> Result<Self, LocatedError> {
            let lines = Lines::new(text);
            let table = DeTable::parse(text).map_err(|error| LocatedError {
                line: error.span().map_or(1, |span| lines.line(span.start)),
                message: error.message().to_owned(),
            })?;
            Ok(Self { line: 1, shape: from_table(table.get_ref(), &lines)? })
        }
    }

    fn from_table(table: &DeTable<'_>, lines: &Lines) -> Result<Shape, LocatedError> {
        let mut members: Vec<_> = table.iter().collect();
        // The parser sorts tables by key, but replies keep the order of the text.
        members.sort_by_key(|(key, _)| key.span().start);
        let member = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let line = lines.line(key.span().start);
            let key = AsRef::<str>::as_ref(key.get_ref()).to_owned();
            Ok(Member { key, line, value: from_value(value.get_ref(), line, lines)? })
        };
        members.into_iter().map(member).collect::<Result<_, _>>().map(Shape::Table)
    }

    fn from_value(value: &DeValue<'_>, line: usize, lines: &Lines) -> Result<Value, LocatedError> {
        // Everything that TOML adds to JSON.
        let wrong =
            |what: &str| LocatedError { line, message: format!("{what} can't be written as JSON") };
        let shape = match value {
            DeValue::String(text) => Shape::Text(text.to_string()),
            DeValue::Integer(number) => {
                let parsed = i128::from_str_radix(number.as_str(), number.radix());
                Shape::Number(parsed.map_err(|_| wrong("this integer"))?.to_string())
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Shape::Number(format!("{value:?}")),
                _ => return Err(wrong("this number")),
            },
            DeValue::Boolean(value) => Shape::Bool(*value),
            DeValue::Datetime(_) => return Err(wrong("a date")),
            DeValue::Array(elements) => {
                let element = |element: &Spanned<DeValue<'_>>| {
                    from_value(element.get_ref(), lines.line(element.span().start), lines)
                };
                Shape::List(elements.iter().map(element).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => from_table(table, lines)?,
        };
        Ok(Value { line, shape })
    }
}
