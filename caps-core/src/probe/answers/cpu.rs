use super::{array, object, optional, string, strings};
use crate::arch::Arch;
use crate::baseline::{Baseline, HYPER_V_VALUES, POWER11, Span, TWO_DEPRECATED_LISTS};
use crate::caps::{
    CpuModel, CpuProperty, Enlightenment, FeatureNames, HostCpu, HyperV, PropertyValue,
};
use crate::hash::{NameMap, Seeded};
use crate::json::{JsonType, Node};
use crate::probe::error::Malformed;

/// libvirt's spellings of CPU models that QEMU reports in lowercase.
const PPC64_MODELS: [(&str, Span); 8] = [
    ("POWER6", Span::ALWAYS),
    ("POWER7", Span::ALWAYS),
    ("POWER8", Span::ALWAYS),
    ("POWER9", Span::ALWAYS),
    ("POWER10", Span::ALWAYS),
    ("POWER11", POWER11),
    ("POWERPC_e5500", Span::ALWAYS),
    ("POWERPC_e6500", Span::ALWAYS),
];

pub(in crate::probe) fn models(
    answer: Node<'_>,
    arch: Arch,
    baseline: Baseline,
) -> Result<Vec<CpuModel>, Malformed> {
    let mut buffer = FeatureNames::new();
    array(answer, "CPU models")?.map(|entry| model(entry, arch, baseline, &mut buffer)).collect()
}

/// Collects blockers in the buffer, so that the list takes no more memory than it needs.
fn model(
    entry: Node<'_>,
    arch: Arch,
    baseline: Baseline,
    blockers: &mut FeatureNames,
) -> Result<CpuModel, Malformed> {
    let mut name = string(entry, "name")?.into_owned();
    let type_name = optional(entry, "typename", "the string", Node::as_str)?;
    let mut usable = None;
    blockers.clear();
    if let Some(list) = entry.get("unavailable-features").filter(|f| f.kind() == JsonType::Array) {
        for feature in list.elements() {
            let name = feature.as_str().ok_or_else(|| Malformed::value(feature, "a string"))?;
            // Only x86 has features that libvirt names differently.
            blockers.push(if arch.is_x86() { crate::caps::to_libvirt(&name) } else { &name });
        }
        // Without the list, QEMU does not know whether the model works.
        usable = Some(blockers.is_empty());
    }
    let known = |(known, span): &&(&str, Span)| {
        arch.is_ppc64() && span.contains(baseline) && known.eq_ignore_ascii_case(&name)
    };
    if let Some((known, _)) = PPC64_MODELS.iter().find(known) {
        name = String::from(*known);
    }
    Ok(CpuModel {
        name,
        type_name: type_name.filter(|name| !name.is_empty()).map(std::borrow::Cow::into_owned),
        usable,
        blockers: blockers.clone(),
        deprecated: optional(entry, "deprecated", "the boolean", Node::as_bool)?.unwrap_or(false),
    })
}

/// Reads the reply to an expansion. Missing properties are an error only if `props_needed`.
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
        host_deprecated_features: None,
    })
}

/// `None` for values that libvirt drops: null, arrays, objects, and numbers other than 64-bit
/// integers.
fn property(name: &str, value: Node<'_>) -> Option<CpuProperty> {
    let value = match value.kind() {
        JsonType::Bool => PropertyValue::Boolean(value.as_bool()?),
        JsonType::String => PropertyValue::String(value.as_str()?.into_owned()),
        JsonType::Integer => PropertyValue::Number(value.as_i64()?),
        _ => return None,
    };
    Some(CpuProperty { name: name.to_owned(), value, migratable: None })
}

/// Determines which properties prevent migration, from an expansion that includes them.
pub(in crate::probe) fn mark_migratable(cpu: &mut HostCpu, full: &HostCpu) {
    cpu.migratability = true;
    let mut positions = NameMap::with_capacity_and_hasher(cpu.properties.len(), Seeded::default());
    for (position, property) in cpu.properties.iter().enumerate() {
        // The first of repeated properties counts.
        positions.entry(property.name.as_str()).or_insert(position);
    }
    // Only switches can prevent migration.
    let switch = |with: &CpuProperty| match with.value {
        PropertyValue::Boolean(on) => Some((*positions.get(with.name.as_str())?, on)),
        _ => None,
    };
    let switches: Vec<(usize, bool)> = full.properties.iter().filter_map(switch).collect();
    for (position, with_value) in switches {
        let property = &mut cpu.properties[position];
        match property.value {
            PropertyValue::Boolean(true) => property.migratable = Some(true),
            // Off only because it prevents migration: the host has it, so record it as on.
            PropertyValue::Boolean(false) if with_value => {
                property.value = PropertyValue::Boolean(true);
                property.migratable = Some(false);
            }
            _ => {}
        }
    }
}

/// Interprets the model's own list of deprecated properties according to the baseline.
pub(in crate::probe) fn keep_deprecated(cpu: HostCpu, baseline: Baseline) -> HostCpu {
    if !TWO_DEPRECATED_LISTS.contains(baseline) {
        return cpu;
    }
    HostCpu { host_deprecated_features: cpu.deprecated_features, deprecated_features: None, ..cpu }
}

/// The enlightenments among the properties, with their values; `None` if none is supported.
pub(in crate::probe) fn hyper_v(expansion: &HostCpu, baseline: Baseline) -> Option<HyperV> {
    let mut found = HyperV { supported: true, ..HyperV::default() };
    for property in &expansion.properties {
        let Some(name) = property.name.strip_prefix("hv-") else { continue };
        // Older baselines treat properties with values like switches.
        if HYPER_V_VALUES.contains(baseline) && hyper_v_value(name, &property.value, &mut found) {
            continue;
        }
        let supported = match &property.value {
            PropertyValue::Boolean(on) => *on,
            PropertyValue::Number(number) => *number > 0,
            PropertyValue::String(_) => true,
        };
        // QEMU uses dashes in property names where libvirt has underscores.
        let known = Enlightenment::from_name(name)
            .or_else(|| Enlightenment::from_name(&name.replace('-', "_")));
        if let (true, Some(enlightenment)) = (supported, known) {
            found.enlightenments.push(enlightenment);
        }
    }
    found.enlightenments.sort_unstable();
    found.enlightenments.dedup();
    (!found.enlightenments.is_empty()).then_some(found)
}

/// Stores one of the properties that have a value, unless the value has another type; returns
/// `false` for all other properties.
fn hyper_v_value(name: &str, value: &PropertyValue, found: &mut HyperV) -> bool {
    match (name, value) {
        ("stimer-direct", PropertyValue::Boolean(on)) => found.stimer_direct = Some(*on),
        ("tlbflush-direct", PropertyValue::Boolean(on)) => found.tlbflush_direct = Some(*on),
        ("tlbflush-ext", PropertyValue::Boolean(on)) => found.tlbflush_extended = Some(*on),
        ("spinlocks", PropertyValue::Number(number)) => {
            // libvirt keeps the low 32 bits; all of them set means no limit.
            let retries = u32::try_from(number & i64::from(u32::MAX)).unwrap_or(u32::MAX);
            found.spinlocks = Some(retries).filter(|&retries| !matches!(retries, 0 | u32::MAX));
            if *number > 0 {
                found.enlightenments.push(Enlightenment::Spinlocks);
            }
        }
        ("vendor-id", PropertyValue::String(id)) => {
            found.vendor_id = Some(id.clone()).filter(|id| !id.is_empty());
            found.enlightenments.push(Enlightenment::VendorId);
        }
        ("stimer-direct" | "tlbflush-direct" | "tlbflush-ext" | "spinlocks" | "vendor-id", _) => {}
        _ => return false,
    }
    true
}
