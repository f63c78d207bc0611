use super::devices::Devices;
use super::report::Report;
use super::violation::{Violation, ViolationKind, describe};
use crate::json::Node;

/// Arguments that have to be identifiers: a letter, then letters, digits, `-`, `.` and `_`.
const IDENTIFIERS: &[(&str, &str)] = &[("object-add", "id"), ("netdev_add", "id")];

/// What QEMU refuses beyond the schema, as far as it can be told without running it.
pub(super) fn check(
    execute: &str,
    arguments: Option<Node<'_>>,
    devices: Option<&Devices>,
    report: &mut Report,
) {
    let Some(arguments) = arguments else { return };
    for (_, member) in IDENTIFIERS.iter().filter(|(command, _)| *command == execute) {
        if let Some(node) = arguments.get(member)
            && node.as_str().is_some_and(|text| !is_identifier(&text))
        {
            report.problems.push(
                Violation::new(format!("arguments.{member}"), ViolationKind::Value)
                    .found(describe(node))
                    .expected("an identifier"),
            );
        }
    }
    if execute == "object-add"
        && let Some(node) = arguments.get("qom-type")
        && let Some(name) = node.as_str()
        && devices.is_some_and(|devices| devices.lacks_type(&name))
        // An unknown name has been told already.
        && !report.problems.iter().any(|problem| problem.path == "arguments.qom-type")
    {
        report.problems.push(
            Violation::new("arguments.qom-type", ViolationKind::UnknownObject)
                .found(format!("`{name}`")),
        );
    }
}

pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}
