use std::borrow::Cow;

use super::sink::Sink;
use super::{DumpError, Part};
use crate::json::{self, Document, JsonType, Node};
use crate::order;
use crate::replies::{Conversation, Exchange};

/// Converts the reply of an exchange to lines.
type ToLines = fn(&Exchange, Node<'_>, &mut Lines) -> Result<(), DumpError>;

pub(super) fn dump(
    conversation: &Conversation,
    part: Part,
    sink: &mut impl Sink,
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
            lines.groups.push(lines.ends.len());
        }
        if part == Part::QomListTypes {
            break;
        }
    }
    // Both sessions report the same machine types and CPU models. For its own parts, libvirt keeps
    // the duplicates of repeated questions.
    if matches!(part, Part::MachineTypes | Part::CpuModels) {
        emit(lines.by_version(), sink);
    } else {
        emit(lines.by_text(), sink);
    }
    Ok(true)
}

/// Lines to sort, in one text.
#[derive(Default)]
struct Lines {
    text: String,
    ends: Vec<usize>,
    /// The number of lines up to the end of each answer.
    groups: Vec<usize>,
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

    fn by_text(&self) -> Vec<&str> {
        let mut lines = self.lines();
        let mut start = 0;
        let groups = self.groups.iter().map(|&end| std::mem::replace(&mut start, end)..end);
        let mut groups: Vec<_> = groups.filter(|group| !group.is_empty()).collect();
        for group in &groups {
            sort(&mut lines[group.clone()]);
        }
        // The answers are about one type each, so that this is the order already, nearly always.
        groups.sort_by_key(|group| lines[group.start]);
        let mut lines: Vec<&str> =
            groups.into_iter().flat_map(|group| &lines[group]).copied().collect();
        lines.sort_unstable();
        lines
    }

    /// Each line once, those with higher versions last: `pc-q35-10.0` comes after `pc-q35-9.2`.
    fn by_version(&self) -> Vec<&str> {
        let mut lines = self.lines();
        lines.sort_by_cached_key(|line| (order::by_version(line), *line));
        lines.dedup();
        lines
    }
}

/// Sorts lines by the bytes after their common beginning, which decide most comparisons.
fn sort(lines: &mut [&str]) {
    let Some((first, others)) = lines.split_first() else { return };
    let common = |length: usize, line: &&str| {
        let pairs = first.bytes().zip(line.bytes()).take(length);
        pairs.take_while(|(a, b)| a == b).count()
    };
    let length = others.iter().fold(first.len(), common);
    let next = |line: &str| {
        let mut next = [0; 16];
        let bytes = &line.as_bytes()[length..];
        let count = bytes.len().min(next.len());
        next[..count].copy_from_slice(&bytes[..count]);
        u128::from_be_bytes(next)
    };
    lines.sort_by_cached_key(|line| (next(line), *line));
}

fn emit(lines: Vec<&str>, sink: &mut impl Sink) {
    let prefix = sink.prefix().to_owned();
    for line in lines {
        sink.line(&prefix, [], line);
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
        let [property, value_type, default] = values(entry, ["name", "type", "default-value"]);
        let property = text(exchange, entry, property, "name")?;
        let value_type = text(exchange, entry, value_type, "type")?;
        push_value(lines, &[&start, &property, " ", &value_type], default);
    }
    Ok(())
}

/// The values of some members.
fn values<'d, const N: usize>(entry: Node<'d>, keys: [&str; N]) -> [Option<Node<'d>>; N] {
    let mut values = [None; N];
    for (key, value) in entry.members() {
        if let Some(index) = keys.iter().position(|wanted| *wanted == key) {
            values[index] = Some(value);
        }
    }
    values
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
    text(exchange, entry, entry.get(key), key)
}

/// The text of a value, if it is a string.
fn text<'d>(
    exchange: &Exchange,
    entry: Node<'d>,
    value: Option<Node<'d>>,
    key: &'static str,
) -> Result<Cow<'d, str>, DumpError> {
    value.and_then(Node::as_str).ok_or_else(|| {
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
