use std::borrow::Cow;

use super::{DumpError, Part};
use crate::json::{self, Document, JsonType, Node};
use crate::order;
use crate::replies::{Conversation, Exchange};

/// Converts the reply of an exchange to lines.
type ToLines = fn(&Exchange, Node<'_>, &mut Lines) -> Result<(), DumpError>;

pub(super) fn dump(
    conversation: &Conversation,
    part: Part,
    emit: &mut dyn FnMut(&str),
) -> Result<bool, DumpError> {
    let (command, to_lines): (_, ToLines) = match part {
        Part::QomListTypes => ("qom-list-types", qom_types),
        Part::DeviceListProperties => ("device-list-properties", properties),
        Part::QomListProperties => ("qom-list-properties", properties),
        Part::MachineTypes => ("query-machines", machines),
        Part::CpuModels => ("query-cpu-definitions", cpus),
        Part::CommandLineOptions => ("query-command-line-options", options),
        Part::MigrationCapabilities => ("query-migrate-capabilities", migration),
        Part::QmpQueryStrings => return Ok(false),
    };
    let mut lines = Lines::default();
    for exchange in conversation.exchanges() {
        if exchange.command().execute() != command {
            continue;
        }
        let reply = exchange.reply()?;
        if let Ok(result) = reply.result() {
            if result.kind() != JsonType::Array {
                return Err(shape(exchange, result, "an array"));
            }
            to_lines(exchange, result, &mut lines)?;
        }
        if part == Part::QomListTypes {
            break;
        }
    }
    // Both sessions report the same machine types and CPU models. For its own parts, libvirt keeps
    // the duplicates of repeated questions.
    if matches!(part, Part::MachineTypes | Part::CpuModels) {
        lines.emit_by_version(emit);
    } else {
        lines.emit_by_text(emit);
    }
    Ok(true)
}

/// Lines to sort, in one text.
#[derive(Default)]
struct Lines {
    text: String,
    ends: Vec<usize>,
}

impl Lines {
    fn push(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
        self.end();
    }

    /// Ends the line that was appended to the text.
    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn lines(&self) -> Vec<&str> {
        let mut start = 0;
        let ends = self.ends.iter();
        ends.map(|&end| &self.text[std::mem::replace(&mut start, end)..end]).collect()
    }

    fn emit_by_text(&self, emit: &mut dyn FnMut(&str)) {
        let mut lines = self.lines();
        lines.sort_unstable();
        lines.into_iter().for_each(emit);
    }

    /// Emits each line once, those with higher versions last: `pc-q35-10.0` comes after `pc-q35-9.2`.
    fn emit_by_version(&self, emit: &mut dyn FnMut(&str)) {
        let mut lines = self.lines();
        lines.sort_by_cached_key(|line| (order::by_version(line), *line));
        lines.dedup();
        lines.into_iter().for_each(emit);
    }
}

fn qom_types(exchange: &Exchange, types: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in types.elements() {
        lines.push(&["(qom) ", &name(exchange, entry, "name")?]);
    }
    Ok(())
}

fn properties(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    let type_name = exchange
        .command()
        .arguments()
        .and_then(|arguments| Document::parse(arguments).ok())
        .and_then(|arguments| arguments.root().get_str("typename").map(String::from))
        .ok_or_else(|| DumpError::Shape {
            line: exchange.line(),
            expected: "the argument `typename`",
            command: exchange.command().execute().to_owned(),
        })?;
    let device = exchange.command().execute() == "device-list-properties";
    let start = format!("({}) {type_name} ", if device { "dev" } else { "obj" });
    for entry in list.elements() {
        let property = name(exchange, entry, "name")?;
        let value_type = name(exchange, entry, "type")?;
        push_value(lines, &[&start, &property, " ", &value_type], entry.get("default-value"));
    }
    Ok(())
}

/// Appends a line that ends with the default value, if any.
fn push_value(lines: &mut Lines, parts: &[&str], default: Option<Node<'_>>) {
    lines.text.extend(parts.iter().copied());
    if let Some(default) = default {
        lines.text.push_str(" (");
        push_str(&mut lines.text, default);
        lines.text.push(')');
    }
    lines.end();
}

fn machines(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        let machine = name(exchange, entry, "name")?;
        lines.push(&["(machine) ", &machine, deprecated(entry)]);
        if let Some(alias) = entry.get_str("alias") {
            lines.push(&["(machine alias) ", &alias, " -> ", &machine]);
        }
    }
    Ok(())
}

fn cpus(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        let cpu = name(exchange, entry, "name")?;
        lines.push(&["(cpu) ", &cpu, deprecated(entry)]);
        if let Some(model) = entry.get_str("alias-of") {
            lines.push(&["(cpu alias) ", &cpu, " -> ", &model]);
        }
    }
    Ok(())
}

fn deprecated(entry: Node<'_>) -> &'static str {
    let deprecated = entry.get("deprecated").and_then(Node::as_bool).unwrap_or(false);
    if deprecated { " (deprecated)" } else { "" }
}

fn options(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        let option = name(exchange, entry, "option")?;
        lines.push(&["(option) ", &option]);
        for parameter in entry.get("parameters").into_iter().flat_map(Node::elements) {
            let parameter_name = name(exchange, parameter, "name")?;
            let value_type = name(exchange, parameter, "type")?;
            let parts = ["(option) ", &option, " ", &parameter_name, " ", &value_type];
            push_value(lines, &parts, parameter.get("default"));
        }
    }
    Ok(())
}

fn migration(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        lines.push(&["(migration) ", &name(exchange, entry, "capability")?]);
    }
    Ok(())
}

fn name<'d>(
    exchange: &Exchange,
    entry: Node<'d>,
    key: &'static str,
) -> Result<Cow<'d, str>, DumpError> {
    entry.get_str(key).ok_or_else(|| {
        let expected = match key {
            "name" => "an object with a string `name`",
            "type" => "an object with a string `type`",
            "option" => "an object with a string `option`",
            _ => "an object with a string `capability`",
        };
        shape(exchange, entry, expected)
    })
}

fn shape(exchange: &Exchange, node: Node<'_>, expected: &'static str) -> DumpError {
    let command = exchange.command().execute().to_owned();
    DumpError::Shape { line: node.line(), expected, command }
}

/// Appends a value as Python's `str()` formats it, and therefore libvirt's tool.
fn push_str(out: &mut String, value: Node<'_>) {
    match value.as_str() {
        Some(text) => out.push_str(&text),
        None => push_repr(out, value),
    }
}

/// Appends a value as Python's `repr()` formats it; the JSON reader bounds the nesting.
fn push_repr(out: &mut String, value: Node<'_>) {
    let comma = |out: &mut String, index: usize| out.push_str(if index > 0 { ", " } else { "" });
    match value.kind() {
        JsonType::Null => out.push_str("None"),
        JsonType::Bool => {
            out.push_str(if value.as_bool() == Some(true) { "True" } else { "False" });
        }
        JsonType::Integer | JsonType::Float => match &*value.number().unwrap_or_default() {
            "NaN" => out.push_str("nan"),
            "Infinity" => out.push_str("inf"),
            "-Infinity" => out.push_str("-inf"),
            number => out.push_str(number),
        },
        JsonType::String => push_quoted(out, &value.as_str().unwrap_or_default()),
        JsonType::Array => {
            out.push('[');
            for (index, element) in value.elements().enumerate() {
                comma(out, index);
                push_repr(out, element);
            }
            out.push(']');
        }
        JsonType::Object => {
            out.push('{');
            for (index, (key, value)) in value.members().enumerate() {
                comma(out, index);
                push_quoted(out, &key);
                out.push_str(": ");
                push_repr(out, value);
            }
            out.push('}');
        }
    }
}

fn push_quoted(out: &mut String, text: &str) {
    if text.contains('\'') && !text.contains('"') {
        return out.push_str(&json::quote(text));
    }
    let text = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    out.extend(["'", &text, "'"]);
}
