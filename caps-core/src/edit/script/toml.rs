use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::tree::{Shape, Value};
use super::{ScriptError, ScriptErrorKind};
use crate::edit::Script;

impl Script {
    /// Parses a TOML script with a table `[[edit]]` for each edit.
    ///
    /// ```
    /// use caps_core::edit::Script;
    ///
    /// let script = Script::from_toml(r#"
    ///     [[edit]]
    ///     action = "set"
    ///     command = "query-machines"
    ///     pointer = "/return/[name=pc-q35-9.2]/deprecated"
    ///     value = true
    ///     when = { version = ">=9.2", arch = "x86_64" }
    /// "#)?;
    /// assert_eq!(
    ///     script.edits()[0].to_string(),
    ///     "set `/return/[name=pc-q35-9.2]/deprecated` in the reply to `query-machines`"
    /// );
    /// # Ok::<(), caps_core::edit::ScriptError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the text is not TOML or not a script.
    pub fn from_toml(text: &str) -> Result<Self, ScriptError> {
        // Computed once, because every key and value needs its line.
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let line = |span: Range<usize>| ends.partition_point(|&end| end < span.start) + 1;
        let table = DeTable::parse(text).map_err(|error| ScriptError {
            line: error.span().map_or(1, line),
            kind: ScriptErrorKind::Syntax(error.message().to_owned()),
        })?;
        Self::from_tree(&Value { line: 1, shape: members(table.get_ref(), &line)? })
    }
}

fn members(
    table: &DeTable<'_>,
    line: &impl Fn(Range<usize>) -> usize,
) -> Result<Shape, ScriptError> {
    let mut members: Vec<_> = table.iter().collect();
    // The parser sorts tables by key, but replies keep the order of the text.
    members.sort_by_key(|(key, _)| key.span().start);
    members
        .into_iter()
        .map(|(key, member)| {
            let at = line(key.span());
            Ok((key.get_ref().to_string(), at, value(member.get_ref(), at, line)?))
        })
        .collect::<Result<_, _>>()
        .map(Shape::Table)
}

fn value(
    value: &DeValue<'_>,
    at: usize,
    line: &impl Fn(Range<usize>) -> usize,
) -> Result<Value, ScriptError> {
    let wrong = |what: &str| ScriptError {
        line: at,
        kind: ScriptErrorKind::Syntax(format!("{what} can't be written as JSON")),
    };
    let shape = match value {
        DeValue::String(text) => Shape::Text(text.to_string()),
        DeValue::Integer(number) => {
            let parsed = i128::from_str_radix(number.as_str(), number.radix());
            Shape::Other(parsed.map_err(|_| wrong("this integer"))?.to_string())
        }
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() => Shape::Other(format!("{value:?}")),
            _ => return Err(wrong("this number")),
        },
        DeValue::Boolean(value) => Shape::Bool(*value),
        DeValue::Datetime(_) => return Err(wrong("a date")),
        DeValue::Array(elements) => Shape::List(
            elements
                .iter()
                .map(|element| self::value(element.get_ref(), line(element.span()), line))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => members(table, line)?,
    };
    Ok(Value { line: at, shape })
}
