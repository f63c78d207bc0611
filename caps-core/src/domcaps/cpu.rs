//! Deriving the CPU modes of a document.

use super::condition::Facts;
use super::cpu_map::CpuMap;
use super::decode::decode;
use super::host::NativeCpu;
use super::modes::{CpuFeature, CpuModes, CustomModel, HostModel, Policy};
use super::parts::Group;
use super::request::DomcapsError;
use super::rule::EnumRule;
use super::table;
use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::{Acceleration, Capabilities, CpuModel, HostCpu, PropertyValue};
use crate::flag::Flag;

/// Machine types that support no CPU other than the host's.
const OLD_S390X_MACHINES: [&str; 4] =
    ["s390-ccw-virtio-2.4", "s390-ccw-virtio-2.5", "s390-ccw-virtio-2.6", "s390-ccw-virtio-2.7"];

pub(super) fn modes(facts: &Facts<'_>) -> Result<CpuModes, DomcapsError> {
    let caps = facts.caps;
    let is_native = facts.host.runs_natively(caps.arch);
    let passthrough = facts.domain_type.is_accelerated() && is_native;
    let is_old = caps.arch == Arch::S390x
        && facts.domain_type == DomainType::Kvm
        && facts.machine.is_some_and(|name| OLD_S390X_MACHINES.contains(&name));
    let slot = facts.domain_type.slot(caps).filter(|_| !is_old);
    let maximum = !is_old && caps.has(Flag::CpuMax);
    Ok(CpuModes {
        host_passthrough: mode("host-passthrough", passthrough, &table::HOST_PASSTHROUGH, facts),
        maximum: mode("maximum", maximum, &table::MAXIMUM, facts),
        host_model: match slot {
            Some(slot) if is_native => host_model(facts, slot)?,
            _ => None,
        },
        custom: slot.map(|slot| custom(facts, slot)).unwrap_or_default(),
    })
}

fn host_model(facts: &Facts<'_>, slot: &Acceleration) -> Result<Option<HostModel>, DomcapsError> {
    let arch = facts.caps.arch;
    let map = CpuMap::of(facts.baseline);
    let found = match &slot.host_cpu {
        cpu if arch.is_s390() => cpu.as_ref().map(s390_host_model),
        _ if arch.is_arm() || arch == Arch::Loongarch64 => None,
        Some(cpu) if arch.is_x86() => decode(cpu, slot.cpus.as_deref(), map).ok(),
        _ => native(facts, map)?,
    };
    let Some(mut model) = found else { return Ok(None) };
    if arch.is_x86() && !facts.caps.has(Flag::CpuUnavailableFeatures) {
        model.features.retain(|feature| !map.is_in_msr(&feature.name));
    }
    if facts.baseline >= Baseline::Libvirt12_8 {
        model.features.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let bits = facts.host.address_bits;
    let is_told = facts.domain_type.is_accelerated() && bits > 0;
    model.max_phys_address = is_told.then_some(bits);
    Ok(Some(model))
}

/// QEMU itself reports the CPU of an s390x host as a model with features.
fn s390_host_model(cpu: &HostCpu) -> HostModel {
    let feature = |name: &str, on| CpuFeature {
        name: name.to_owned(),
        policy: if on { Policy::Require } else { Policy::Disable },
    };
    HostModel {
        model: cpu.model.clone(),
        allows_fallback: false,
        vendor: None,
        max_phys_address: None,
        features: cpu
            .properties
            .iter()
            .filter_map(|property| match property.value {
                PropertyValue::Boolean(on) => Some(feature(&property.name, on)),
                _ => None,
            })
            .collect(),
    }
}

/// The host model taken from the host's own CPU.
fn native(facts: &Facts<'_>, map: &CpuMap) -> Result<Option<HostModel>, DomcapsError> {
    let arch = facts.caps.arch;
    match &facts.host.cpu {
        NativeCpu::Nameless => Ok(None),
        // libvirt has no CPU names for the other architectures.
        NativeCpu::Unknown if !arch.is_x86() && !arch.is_ppc64() => Ok(None),
        NativeCpu::Unknown => Err(DomcapsError::HostCpu { arch }),
        NativeCpu::Model { name, vendor, features } => Ok(Some(HostModel {
            model: name.clone(),
            allows_fallback: true,
            vendor: vendor.clone(),
            max_phys_address: None,
            features: features
                .iter()
                .filter(|name| !map.is_never_passed(name))
                .map(|name| CpuFeature { name: name.clone(), policy: Policy::Require })
                .collect(),
        })),
    }
}

fn custom(facts: &Facts<'_>, slot: &Acceleration) -> Vec<CustomModel> {
    // The document's architecture determines which models are allowed.
    let arch = facts.arch;
    if !has_cpu_driver(arch) {
        return Vec::new();
    }
    let map = CpuMap::of(facts.baseline);
    let models = slot.cpus.iter().flatten().filter(|model| model.name != "host");
    let mut custom: Vec<CustomModel> =
        models.filter_map(|model| custom_model(model, arch, map)).collect();
    custom.sort_by(|a, b| a.name.cmp(&b.name));
    custom
}

fn custom_model(model: &CpuModel, arch: Arch, map: &CpuMap) -> Option<CustomModel> {
    let name = model.name.as_str();
    let mut canonical = None;
    let vendor = if arch.is_x86() {
        let known = map.x86_model(name)?;
        canonical = known.canonical.map(str::to_owned);
        known.vendor
    } else if arch.is_ppc64() {
        Some(map.ppc64_models().iter().find(|known| known.name == name)?.vendor)
    } else if arch.is_s390() && (name.starts_with('z') || name.starts_with("gen")) {
        Some("IBM")
    } else {
        None
    };
    let mut blockers: Vec<String> = model.blockers.iter().map(str::to_owned).collect();
    blockers.sort_unstable();
    blockers.dedup();
    Some(CustomModel {
        name: name.to_owned(),
        usable: model.usable,
        deprecated: model.deprecated,
        vendor: vendor.unwrap_or("unknown").to_owned(),
        canonical,
        blockers,
    })
}

impl CpuModes {
    /// Disables deprecated features in the host model.
    pub(super) fn disable_deprecated(&mut self, domain_type: DomainType, caps: &Capabilities) {
        let host_cpu = domain_type.slot(caps).and_then(|slot| slot.host_cpu.as_ref());
        let deprecated = host_cpu.and_then(|cpu| cpu.deprecated_features.as_ref());
        let (Some(model), Some(deprecated)) = (&mut self.host_model, deprecated) else { return };
        for name in deprecated {
            match model.features.iter_mut().find(|feature| feature.name == *name) {
                Some(feature) => feature.policy = Policy::Disable,
                None => {
                    model.features.push(CpuFeature { name: name.clone(), policy: Policy::Disable });
                }
            }
        }
    }
}

/// A `<cpu>` mode with one enumeration.
fn mode(name: &str, supported: bool, rule: &EnumRule, facts: &Facts<'_>) -> Group {
    let enums = if supported { rule.make(facts).into_iter().collect() } else { Vec::new() };
    Group { name: name.to_owned(), supported, enums }
}

/// Returns whether libvirt has a CPU driver for the architecture.
fn has_cpu_driver(arch: Arch) -> bool {
    arch.is_x86()
        || arch.is_ppc64()
        || arch.is_s390()
        || arch.is_arm()
        || matches!(arch, Arch::Riscv64 | Arch::Loongarch64)
}
