use super::{array, optional, string};
use crate::arch::Arch;
use crate::caps::MachineType;
use crate::json::Node;
use crate::probe::error::Malformed;

/// The machine types except `none`: libvirt's preferred one first, the others in reply order.
pub(in crate::probe) fn machines(
    answer: Node<'_>,
    arch: Arch,
) -> Result<Vec<MachineType>, Malformed> {
    let mut machines = Vec::new();
    for entry in array(answer, "machine types")? {
        let machine = machine(entry)?;
        if machine.name != "none" {
            machines.push(machine);
        }
    }
    let preferred = arch.preferred_machine().and_then(|preferred| {
        machines.iter().rposition(|m| m.name == preferred || m.alias.as_deref() == Some(preferred))
    });
    let first = preferred.or_else(|| machines.iter().rposition(|machine| machine.is_default));
    if let Some(first) = first {
        machines[..=first].rotate_right(1);
    }
    Ok(machines)
}

fn machine(entry: Node<'_>) -> Result<MachineType, Malformed> {
    let text = |key| {
        optional(entry, key, "the string", Node::as_str)
            .map(|text| text.map(std::borrow::Cow::into_owned))
    };
    let flag = |key| optional(entry, key, "the boolean", Node::as_bool);
    Ok(MachineType {
        name: string(entry, "name")?.into_owned(),
        is_default: flag("is-default")?.unwrap_or(false),
        alias: text("alias")?,
        max_cpus: optional(entry, "cpu-max", "the unsigned 32-bit integer", Node::as_u32)?
            .unwrap_or(0),
        // The one member whose wrong type libvirt ignores.
        hotpluggable_cpus: entry.get("hotpluggable-cpus").and_then(Node::as_bool).unwrap_or(false),
        default_cpu_type: text("default-cpu-type")?,
        numa_mem_supported: flag("numa-mem-supported")?.unwrap_or(true),
        default_ram_id: text("default-ram-id")?,
        deprecated: flag("deprecated")?.unwrap_or(false),
        acpi: flag("acpi")?,
    })
}
