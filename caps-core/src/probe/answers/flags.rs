use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{array, names, string, strings};
use crate::arch::Arch;
use crate::caps::CpuModel;
use crate::flag::{Flag, FlagSet, Rule};
use crate::json::{JsonType, Node};
use crate::probe::error::Malformed;
use crate::qapi::Schema;

/// Sets every flag that a rule shows.
fn show(flags: &mut FlagSet, holds: impl Fn(&Rule) -> bool) {
    flags.extend(Flag::ALL.iter().copied().filter(|flag| flag.rules().iter().any(&holds)));
}

/// Sets every flag of which a rule wants a name that is listed.
fn show_listed(
    flags: &mut FlagSet,
    listed: &[Cow<'_, str>],
    wanted: impl Fn(&Rule) -> Option<&'static str>,
) {
    show(flags, |rule| wanted(rule).is_some_and(|name| listed.iter().any(|n| n == name)));
}

pub(in crate::probe) fn schema(flags: &mut FlagSet, schema: &Schema) {
    show(flags, |rule| match rule {
        Rule::Command(name) => schema.entry(name).is_some(),
        Rule::Query(query) => schema.holds(query),
        Rule::BothQueries(queries) => queries.iter().all(|query| schema.holds(query)),
        _ => false,
    });
}

pub(in crate::probe) fn kvm(flags: &mut FlagSet, answer: Node<'_>) -> Result<(), Malformed> {
    let answer = super::object(answer)?;
    let enabled = super::boolean(answer, "enabled")?;
    if super::boolean(answer, "present")? && enabled {
        accelerator(flags, crate::Accel::Kvm);
    }
    Ok(())
}

pub(in crate::probe) fn accelerator(flags: &mut FlagSet, accel: crate::Accel) {
    show(flags, |rule| *rule == Rule::Accelerator(accel));
}

pub(in crate::probe) fn qom_types(flags: &mut FlagSet, answer: Node<'_>) -> Result<(), Malformed> {
    let types: HashSet<_> = names(answer, "name")?.into_iter().collect();
    show(flags, |rule| matches!(rule, Rule::QomType(name) if types.contains(*name)));
    Ok(())
}

pub(in crate::probe) fn device_properties(
    flags: &mut FlagSet,
    asked: &str,
    answer: Node<'_>,
) -> Result<(), Malformed> {
    let mut properties = HashMap::new();
    for property in array(answer, "properties")? {
        if properties.insert(string(property, "name")?, property).is_some() {
            return Err(Malformed::value(property, "each property once"));
        }
    }
    let is_false =
        |property: &Node<'_>| property.get("default-value").and_then(Node::as_bool) == Some(false);
    show(flags, |rule| match rule {
        Rule::DeviceProperty { type_name, property } => {
            *type_name == asked && properties.contains_key(*property)
        }
        Rule::DeviceDefaultFalse { type_name, property } => {
            *type_name == asked && properties.get(*property).is_some_and(is_false)
        }
        _ => false,
    });
    Ok(())
}

pub(in crate::probe) fn object_properties(
    flags: &mut FlagSet,
    asked: &str,
    answer: Node<'_>,
) -> Result<(), Malformed> {
    show_listed(flags, &names(answer, "name")?, |rule| match rule {
        Rule::ObjectProperty { type_name, property } if *type_name == asked => Some(property),
        _ => None,
    });
    Ok(())
}

pub(in crate::probe) fn machine_properties(
    flags: &mut FlagSet,
    asked: &str,
    answer: Node<'_>,
) -> Result<(), Malformed> {
    show_listed(flags, &names(answer, "name")?, |rule| match rule {
        Rule::MachineProperty { machine, property } if *machine == asked => Some(property),
        _ => None,
    });
    Ok(())
}

pub(in crate::probe) fn tpm_models(flags: &mut FlagSet, answer: Node<'_>) -> Result<(), Malformed> {
    show_listed(flags, &strings(answer, "strings")?, |rule| match rule {
        Rule::TpmModel(name) => Some(name),
        _ => None,
    });
    Ok(())
}

pub(in crate::probe) fn tpm_types(flags: &mut FlagSet, answer: Node<'_>) -> Result<(), Malformed> {
    show_listed(flags, &strings(answer, "strings")?, |rule| match rule {
        Rule::TpmType(name) => Some(name),
        _ => None,
    });
    Ok(())
}

pub(in crate::probe) fn command_line_options(
    flags: &mut FlagSet,
    answer: Node<'_>,
) -> Result<(), Malformed> {
    // Of a repeated option the last entry counts.
    let mut options = HashMap::new();
    for entry in array(answer, "options")? {
        let parameters = entry
            .get("parameters")
            .filter(|parameters| parameters.kind() == JsonType::Array)
            .ok_or_else(|| Malformed::member(entry, "parameters", "the array"))?;
        options.insert(string(entry, "option")?, parameters);
    }
    show(flags, |rule| match rule {
        Rule::Option(option) => options.contains_key(*option),
        Rule::OptionParameter { option, parameter } => {
            options.get(*option).is_some_and(|parameters| {
                parameters.elements().any(|p| p.get("name").is_some_and(|n| n.is_str(parameter)))
            })
        }
        _ => false,
    });
    Ok(())
}

pub(in crate::probe) fn migration_capabilities(
    flags: &mut FlagSet,
    answer: Node<'_>,
) -> Result<(), Malformed> {
    show_listed(flags, &names(answer, "capability")?, |rule| match rule {
        Rule::MigrationCapability(name) => Some(name),
        _ => None,
    });
    Ok(())
}

pub(in crate::probe) fn cpu_models(flags: &mut FlagSet, models: &[CpuModel]) {
    let names: Vec<_> = models.iter().map(|model| Cow::Borrowed(model.name.as_str())).collect();
    show_listed(flags, &names, |rule| match rule {
        Rule::CpuModel(name) => Some(name),
        _ => None,
    });
}

/// Takes back the flags that a failed command disproves.
pub(in crate::probe) fn take_back(flags: &mut FlagSet, command: &str) {
    for &flag in Flag::ALL {
        if flag.rules().iter().any(|rule| matches!(rule, Rule::TakenBackBy(c) if *c == command)) {
            flags.remove(flag);
        }
    }
}

pub(in crate::probe) fn implications(flags: &mut FlagSet, arch: Arch) {
    let before = *flags;
    show(flags, |rule| match rule {
        Rule::ImpliedBy(flag) => before.contains(*flag),
        Rule::ArchIn(archs) => archs.contains(&arch),
        _ => false,
    });
}
