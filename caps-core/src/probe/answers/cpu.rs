use super::{array, object, optional, string, strings};
use crate::arch::Arch;
use crate::caps::{CpuModel, CpuProperty, Enlightenment, HostCpu, HyperV, PropertyValue};
use crate::json::{JsonType, Node};
use crate::probe::error::Malformed;

/// The spellings that libvirt uses for CPU models that QEMU reports in lower case.
const PPC64_MODELS: [&str; 7] =
    ["POWER6", "POWER7", "POWER8", "POWER9", "POWER10", "POWERPC_e5500", "POWERPC_e6500"];

pub(in crate::probe) fn models(answer: Node<'_>, arch: Arch) -> Result<Vec<CpuModel>, Malformed> {
    array(answer, "CPU models")?.map(|entry| model(entry, arch)).collect()
}

fn model(entry: Node<'_>, arch: Arch) -> Result<CpuModel, Malformed> {
    let mut name = string(entry, "name")?.into_owned();
    let type_name = optional(entry, "typename", "the string", Node::as_str)?;
    let mut usable = None;
    let mut blockers = Vec::new();
    if let Some(list) = entry.get("unavailable-features").filter(|f| f.kind() == JsonType::Array) {
        for feature in strings(list, "feature names")? {
            blockers.push(if arch.is_x86() {
                crate::caps::to_libvirt(&feature).to_owned()
            } else {
                feature.into_owned()
            });
        }
        usable = Some(blockers.is_empty());
    }
    if arch.is_ppc64()
        && let Some(known) = PPC64_MODELS.iter().find(|known| known.eq_ignore_ascii_case(&name))
    {
        name = String::from(*known);
    }
    Ok(CpuModel {
        name,
        type_name: type_name.filter(|name| !name.is_empty()).map(std::borrow::Cow::into_owned),
        usable,
        blockers,
        deprecated: optional(entry, "deprecated", "the boolean", Node::as_bool)?.unwrap_or(false),
    })
}

/// The reply to an expansion. Only where `props_needed` is their absence an error.
pub(in crate::probe) fn expansion(
    answer: Node<'_>,
    props_needed: bool,
) -> Result<HostCpu, Malformed> {
    let answer = object(answer)?;
    let model = answer
        .get("model")
        .filter(|model| model.kind() == JsonType::Object)
        .ok_or_else(|| Malformed::member(answer, "model", "the object"))?;
    let name = string(model, "name")?.into_owned();
    let properties = match model.get("props").filter(|props| props.kind() == JsonType::Object) {
        Some(properties) => {
            properties.members().filter_map(|(name, value)| property(&name, value)).collect()
        }
        None if props_needed => return Err(Malformed::member(model, "props", "the object")),
        None => Vec::new(),
    };
    let deprecated = match answer.get("deprecated-props") {
        Some(list) => strings(list, "property names")?,
        None => Vec::new(),
    };
    let deprecated: Vec<String> =
        deprecated.into_iter().map(std::borrow::Cow::into_owned).collect();
    Ok(HostCpu {
        model: name,
        migratability: false,
        properties,
        deprecated_features: (!deprecated.is_empty()).then_some(deprecated),
    })
}

/// `None` for values that libvirt drops: null, arrays, objects, and numbers that are no integers of
/// 64 bits.
fn property(name: &str, value: Node<'_>) -> Option<CpuProperty> {
    let value = match value.kind() {
        JsonType::Bool => PropertyValue::Boolean(value.as_bool()?),
        JsonType::String => PropertyValue::String(value.as_str()?.into_owned()),
        JsonType::Integer => PropertyValue::Number(value.as_i64()?),
        _ => return None,
    };
    Some(CpuProperty { name: name.to_owned(), value, migratable: None })
}

/// Learns from the expansion that includes what keeps a guest from migrating.
pub(in crate::probe) fn mark_migratable(cpu: &mut HostCpu, full: &HostCpu) {
    cpu.migratability = true;
    for with in &full.properties {
        let PropertyValue::Boolean(with_value) = with.value else { continue };
        let Some(property) = cpu.properties.iter_mut().find(|p| p.name == with.name) else {
            continue;
        };
        match property.value {
            PropertyValue::Boolean(true) => property.migratable = Some(true),
            PropertyValue::Boolean(false) if with_value => {
                property.value = PropertyValue::Boolean(true);
                property.migratable = Some(false);
            }
            _ => {}
        }
    }
}

/// The enlightenments among the properties; `None` where none is supported.
pub(in crate::probe) fn hyper_v(expansion: &HostCpu) -> Option<HyperV> {
    let mut enlightenments = Vec::new();
    for property in &expansion.properties {
        let supported = match &property.value {
            PropertyValue::Boolean(on) => *on,
            PropertyValue::Number(number) => *number > 0,
            PropertyValue::String(_) => true,
        };
        let Some(name) = property.name.strip_prefix("hv-").filter(|_| supported) else { continue };
        let known = name.parse().or_else(|_| name.replace('-', "_").parse::<Enlightenment>());
        if let Ok(enlightenment) = known {
            enlightenments.push(enlightenment);
        }
    }
    enlightenments.sort_unstable();
    enlightenments.dedup();
    (!enlightenments.is_empty()).then_some(HyperV { supported: true, enlightenments })
}
