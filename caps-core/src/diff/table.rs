use std::collections::BTreeMap;

use super::normal::normal;
use super::{DiffError, DiffErrorKind};
use crate::json::{JsonType, Node};
use crate::replies::Exchange;

/// Records by name; a record maps fields to values.
pub(super) type Table = BTreeMap<String, BTreeMap<String, String>>;

/// Prose, the position of a type among others, and state that a user sets: none of it affects what
/// QEMU can do.
const IGNORED: &[&str] = &["description", "help", "parent", "abstract", "state"];

/// The elements of a reply, by name; `None` if the command failed. A nested list `parameters`
/// yields records named `OUTER.INNER`.
pub(super) fn table(
    exchange: &Exchange,
    key: &str,
    second: bool,
) -> Result<Option<Table>, DiffError> {
    let reply = exchange.reply().map_err(|error| DiffError {
        second,
        line: error.line,
        kind: DiffErrorKind::Replies(error),
    })?;
    let Ok(result) = reply.result() else { return Ok(None) };
    let mut table = Table::new();
    let not_a_list = || shape(exchange, result.line(), second, "an array");
    for element in result.as_array().ok_or_else(not_a_list)? {
        let malformed =
            || shape(exchange, element.line(), second, "elements with a string as name");
        if let Some(name) = element.as_str() {
            table.insert(name.into_owned(), BTreeMap::new());
            continue;
        }
        let name = element.get_str(key).ok_or_else(malformed)?.into_owned();
        for parameter in element.get("parameters").into_iter().flat_map(Node::elements) {
            let inner = parameter.get_str("name").ok_or_else(malformed)?;
            table.insert(format!("{name}.{inner}"), record(parameter, "name"));
        }
        table.insert(name, record(element, key));
    }
    Ok(Some(table))
}

fn record(element: Node<'_>, key: &str) -> BTreeMap<String, String> {
    element
        .members()
        .filter(|(field, _)| field != key && field != "parameters")
        .filter(|(field, _)| !IGNORED.contains(&&**field))
        .map(|(field, value)| (field.into_owned(), text(value)))
        .collect()
}

/// Formats a string as it is, a list of strings separated by spaces, and any other value as JSON.
fn text(value: Node<'_>) -> String {
    let mut words: Vec<_> = value.elements().filter_map(Node::as_str).collect();
    match value.as_str() {
        Some(text) => text.into_owned(),
        None if value.kind() == JsonType::Array && words.len() == value.elements().count() => {
            words.sort();
            words.join(" ")
        }
        None => normal(value),
    }
}

pub(super) fn shape(
    exchange: &Exchange,
    line: usize,
    second: bool,
    expected: &'static str,
) -> DiffError {
    let command = exchange.command().execute().to_owned();
    DiffError { second, line, kind: DiffErrorKind::Shape { expected, command } }
}
