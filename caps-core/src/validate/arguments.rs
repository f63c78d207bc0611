use super::devices::Devices;
use super::finding::{Finding, Voice};
use super::lookup;
use super::path::Path;
use super::setters::{Values, are_known, properties};
use super::target::Target;
use super::visitor::Visitor;
use crate::command_line::scalar::is_identifier;
use crate::json::Node;
use crate::qapi::{Entry, MetaType, Schema};

/// Arguments that must be identifiers: a letter, then letters, digits, `-`, `.` and `_`.
const IDENTIFIERS: &[(&str, &str)] = &[("object-add", "id"), ("netdev_add", "id")];
/// Before these commands were typed, QEMU accepted any member, and the schema does not list them.
const OPEN_WITHOUT_TAG: &[&str] = &["object-add", "netdev_add"];

/// Visits the arguments of a command at `path` as QEMU does: along the schema, then through QEMU's
/// checks before it runs the command.
pub(crate) fn visit<'a>(
    target: &'a Target,
    (execute, entry): (&str, Entry<'a>),
    arguments: Node<'a>,
    (path, open): (Path<'a>, bool),
    voice: &'a mut dyn Voice,
) {
    let type_name = entry.type_member("arg-type").unwrap_or_default();
    let untyped = is_untyped(target.schema(), execute, &type_name);
    if untyped {
        let reason = format!("the members of `{execute}` are not in the schema");
        voice.say(&path, Finding::Unchecked(reason));
    }
    let mut visitor = Visitor { target, open: open || untyped, path, voice };
    visitor.value(&type_name, (execute, ""), arguments);
    let Visitor { mut path, voice, .. } = visitor;
    if let Some(devices) = target.devices() {
        lookup::check(devices, execute, arguments, &mut path, voice);
    }
    for (_, member) in IDENTIFIERS.iter().filter(|(command, _)| *command == execute) {
        if let Some(found) = arguments.get(member)
            && found.as_str().is_some_and(|text| !is_identifier(&text))
        {
            path.push(*member);
            voice.say(&path, Finding::Identifier { found });
            path.pop();
        }
    }
    if execute == "object-add"
        && let Some(found) = arguments.get("qom-type")
        && let Some(name) = found.as_str()
        && target.devices().is_some_and(|devices| devices.lacks_type(&name))
        && !is_unknown_value(target.schema(), &type_name, &name)
    {
        path.push("qom-type");
        voice.say(&path, Finding::ObjectType { found });
        path.pop();
    }
    let of = match execute {
        "object-add" => arguments.get_str("qom-type"),
        other => Some(other.into()),
    };
    let version = target.devices().and_then(Devices::version);
    let of = of.as_deref().filter(|of| are_known(of));
    let values = of.map(|of| Values { of, version, properties: properties(arguments) });
    for breach in values.into_iter().flat_map(Values::breaches) {
        let steps = breach.key.split('.').count();
        breach.key.split('.').for_each(|step| path.push(step.to_owned()));
        voice.say(&path, Finding::Limit(&breach));
        (0..steps).for_each(|_| path.pop());
    }
}

fn is_untyped(schema: &Schema, execute: &str, type_name: &str) -> bool {
    OPEN_WITHOUT_TAG.contains(&execute)
        && schema.entry(type_name).is_some_and(|entry| entry.tag().is_none())
}

/// Returns whether the visit already found that the enum of object types lacks this one.
fn is_unknown_value(schema: &Schema, type_name: &str, name: &str) -> bool {
    let member = schema.entry(type_name).and_then(|entry| entry.member("qom-type"));
    let values = member.and_then(|member| schema.entry(&member.type_name()?));
    values.is_some_and(|entry| {
        entry.meta_type() == Some(MetaType::Enum) && !entry.values().iter().any(|v| v == name)
    })
}
