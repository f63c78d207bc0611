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
    lines.0.sort();
    // Both sessions report the same machine types and CPU models. For its own parts, libvirt keeps
    // the duplicates of repeated questions.
    if matches!(part, Part::MachineTypes | Part::CpuModels) {
        lines.0.dedup();
    }
    lines.0.iter().for_each(|(_, line)| emit(line));
    Ok(true)
}

/// Lines with their sort keys.
#[derive(Default)]
struct Lines(Vec<(order::Key, String)>);

impl Lines {
    fn push(&mut self, line: String) {
        self.0.push((order::by_text(&line), line));
    }

    /// For names that contain a version: `pc-q35-10.0` comes after `pc-q35-9.2`.
    fn push_versioned(&mut self, line: String) {
        self.0.push((order::by_version(&line), line));
    }
}

fn qom_types(exchange: &Exchange, types: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in types.elements() {
        lines.push(format!("(qom) {}", name(exchange, entry, "name")?));
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
    let kind = if device { "dev" } else { "obj" };
    for entry in list.elements() {
        let property = name(exchange, entry, "name")?;
        let value_type = name(exchange, entry, "type")?;
        let mut line = format!("({kind}) {type_name} {property} {value_type}");
        if let Some(default) = entry.get("default-value") {
            line.extend([" (", &python(default), ")"]);
        }
        lines.push(line);
    }
    Ok(())
}

fn machines(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        let machine = name(exchange, entry, "name")?;
        lines.push_versioned(format!("(machine) {machine}{}", deprecated(entry)));
        if let Some(alias) = entry.get_str("alias") {
            lines.push_versioned(format!("(machine alias) {alias} -> {machine}"));
        }
    }
    Ok(())
}

fn cpus(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        let cpu = name(exchange, entry, "name")?;
        lines.push_versioned(format!("(cpu) {cpu}{}", deprecated(entry)));
        if let Some(model) = entry.get_str("alias-of") {
            lines.push_versioned(format!("(cpu alias) {cpu} -> {model}"));
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
        lines.push(format!("(option) {option}"));
        for parameter in entry.get("parameters").into_iter().flat_map(Node::elements) {
            let parameter_name = name(exchange, parameter, "name")?;
            let value_type = name(exchange, parameter, "type")?;
            let default = match parameter.get("default") {
                Some(default) => format!(" ({})", python(default)),
                None => String::new(),
            };
            lines.push(format!("(option) {option} {parameter_name} {value_type}{default}"));
        }
    }
    Ok(())
}

fn migration(exchange: &Exchange, list: Node<'_>, lines: &mut Lines) -> Result<(), DumpError> {
    for entry in list.elements() {
        lines.push(format!("(migration) {}", name(exchange, entry, "capability")?));
    }
    Ok(())
}

fn name(exchange: &Exchange, entry: Node<'_>, key: &'static str) -> Result<String, DumpError> {
    entry.get_str(key).map(String::from).ok_or_else(|| {
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

/// Formats a value as Python's `str()` does, and therefore libvirt's tool.
fn python(value: Node<'_>) -> String {
    match value.as_str() {
        Some(text) => text.into_owned(),
        None => python_repr(value),
    }
}

/// Formats a value as Python's `repr()` does; the JSON reader bounds the nesting.
fn python_repr(value: Node<'_>) -> String {
    match value.kind() {
        JsonType::Null => "None".to_owned(),
        JsonType::Bool => if value.as_bool() == Some(true) { "True" } else { "False" }.to_owned(),
        JsonType::Integer => value.compact(),
        JsonType::Float => match value.compact().as_str() {
            "NaN" => "nan".to_owned(),
            "Infinity" => "inf".to_owned(),
            "-Infinity" => "-inf".to_owned(),
            number => number.to_owned(),
        },
        JsonType::String => quoted(&value.as_str().unwrap_or_default()),
        JsonType::Array => {
            let elements: Vec<String> = value.elements().map(python_repr).collect();
            format!("[{}]", elements.join(", "))
        }
        JsonType::Object => {
            let members: Vec<String> = value
                .members()
                .map(|(key, value)| format!("{}: {}", quoted(&key), python_repr(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') {
        return json::quote(text);
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
}
