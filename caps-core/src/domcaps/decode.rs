//! Finding the CPU model closest to the properties of an x86 CPU.

use std::cmp::Ordering;

use thiserror::Error;

use super::cpu_map::{CpuMap, FeatureSet, X86Model};
use super::modes::{CpuFeature, HostModel, Policy};
use super::request::Request;
use crate::caps::{Capabilities, CpuModel, FeatureNames, HostCpu, PropertyValue, to_libvirt};

/// The bits of a signature that are not reserved.
const SIGNATURE_MASK: u32 = 0x0fff_3fff;

/// No CPU model can describe the x86 CPU.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The vendor does not have the length of a CPUID string.
    #[error("the property `vendor` is `{}`, expected 12 bytes, found {}", .0.escape_debug(), .0.len())]
    Vendor(String),
    /// No CPU model qualifies as the base.
    #[error("no CPU model of libvirt and of this QEMU fits the host's CPU")]
    NoModel,
}

/// The features and identity of a CPU, as CPUID reports them.
struct Data {
    features: FeatureSet,
    vendor: Option<&'static str>,
    /// Family, model and stepping in CPUID's format; 0 if unknown.
    signature: u32,
}

/// A possible base model, with the features that the CPU has beyond it or lacks.
struct Candidate<'m> {
    model: &'m X86Model,
    required: FeatureSet,
    disabled: Vec<&'static str>,
    matches: bool,
}

/// Explains a missing host model, if QEMU describes an x86 CPU that no model fits.
pub fn host_model_problem(caps: &Capabilities, request: &Request) -> Option<DecodeError> {
    let slot = request.domain_type.slot(caps).filter(|_| caps.arch.is_x86())?;
    let cpu = slot.host_cpu.as_ref()?;
    decode(cpu, slot.cpus.as_deref(), CpuMap::of(request.baseline)).err()
}

/// The host model of an x86 CPU; `cpus` are the models that QEMU supports.
pub(super) fn decode(
    cpu: &HostCpu,
    cpus: Option<&[CpuModel]>,
    map: &CpuMap,
) -> Result<HostModel, DecodeError> {
    let data = Data::of(cpu, map)?;
    // An empty list counts as none, because the capability XML does not distinguish the two.
    let cpus = cpus.filter(|cpus| !cpus.is_empty());
    let mut best: Option<Candidate<'_>> = None;
    // libvirt tries its models from the last to the first, which decides ties.
    for model in map.x86_models().iter().rev() {
        let listed = cpus.map(|cpus| cpus.iter().find(|cpu| cpu.name == model.name));
        let blockers = match listed {
            // The QEMU lacks this model, so a guest can't use it.
            Some(None) => continue,
            Some(Some(listed)) => &listed.blockers,
            None => &FeatureNames::default(),
        };
        // A model without a vendor suits every CPU, and a CPU of unknown vendor every model.
        let is_foreign =
            data.vendor.is_some() && model.vendor.is_some() && data.vendor != model.vendor;
        if is_foreign || !model.decodes_guests {
            continue;
        }
        let candidate = Candidate::new(model, &data, blockers, map);
        if best.as_ref().is_none_or(|best| candidate.is_better_than(best, data.signature)) {
            best = Some(candidate);
        }
    }
    let best = best.ok_or(DecodeError::NoModel)?;
    let feature = |policy| move |name: &str| CpuFeature { name: name.to_owned(), policy };
    let required = map.x86_features(&best.required).map(feature(Policy::Require));
    let disabled = best.disabled.iter().copied().map(feature(Policy::Disable));
    Ok(HostModel {
        model: best.model.name.to_owned(),
        allows_fallback: false,
        vendor: data.vendor.map(str::to_owned),
        max_phys_address: None,
        features: required.chain(disabled).collect(),
    })
}

impl Data {
    fn of(cpu: &HostCpu, map: &CpuMap) -> Result<Self, DecodeError> {
        let mut features = FeatureSet::default();
        let mut vendor = None;
        let [mut family, mut model, mut stepping] = [0u32; 3];
        for property in &cpu.properties {
            match (property.name.as_str(), &property.value) {
                (name, PropertyValue::Boolean(true)) => {
                    // Features that libvirt has no name for can't be part of a host model.
                    if let Some(index) = map.feature(to_libvirt(name)) {
                        features.insert(index);
                    }
                }
                ("vendor", PropertyValue::String(id)) => {
                    if id.len() != 12 {
                        return Err(DecodeError::Vendor(id.clone()));
                    }
                    vendor = map.vendor(id.as_bytes());
                }
                ("family", PropertyValue::Number(number)) => family = low_bits(*number),
                ("model", PropertyValue::Number(number)) => model = low_bits(*number),
                ("stepping", PropertyValue::Number(number)) => stepping = low_bits(*number),
                _ => {}
            }
        }
        let signature = signature(family, model, stepping);
        let mut data = Self { features, vendor, signature };
        if data.has_broken_tsx() {
            // A guest must not use them, so libvirt treats them as absent.
            for name in ["hle", "rtm"] {
                map.feature(name).into_iter().for_each(|index| data.features.remove(index));
            }
        }
        Ok(data)
    }

    /// Intel CPUs that advertise transactional memory but have it broken.
    fn has_broken_tsx(&self) -> bool {
        let (family, model, stepping) = parts(self.signature);
        self.vendor == Some("Intel")
            && family == 6
            && (matches!(model, 60 | 69 | 70) || (model == 63 && stepping < 4))
    }
}

/// libvirt stores the numbers in 32 bits.
fn low_bits(number: i64) -> u32 {
    (number & i64::from(u32::MAX)).try_into().unwrap_or(0)
}

/// Packs family, model and stepping as in CPUID leaf 1.
fn signature(family: u32, model: u32, stepping: u32) -> u32 {
    let extended = family.saturating_sub(15) << 20;
    let signature =
        extended | family.min(15) << 8 | (model >> 4) << 16 | (model & 15) << 4 | (stepping & 15);
    signature & SIGNATURE_MASK
}

/// Unpacks the family, model and stepping of a signature.
fn parts(signature: u32) -> (u32, u32, u32) {
    let bits = |from: u32, mask: u32| signature >> from & mask;
    (bits(20, 0xff) + bits(8, 15), bits(16, 15) * 16 + bits(4, 15), bits(0, 15))
}

impl<'m> Candidate<'m> {
    fn new(model: &'m X86Model, data: &Data, blockers: &FeatureNames, map: &'m CpuMap) -> Self {
        let required = data.features.without(&model.features);
        let blocked: FeatureSet = blockers.iter().filter_map(|name| map.feature(name)).collect();
        // QEMU decides: features it reports as unavailable in the model are disabled even if the
        // CPU has them.
        let lacking = model.features.without(&data.features).union(&blocked.without(&required));
        let mut disabled: Vec<&'static str> = map.x86_features(&lacking).collect();
        // Other QEMU versions may still include these features in the model, so a host model states
        // that they are off.
        for name in &model.removed {
            let is_listed = map.feature(name).is_some_and(|index| required.contains(index));
            if !is_listed && !disabled.contains(name) {
                disabled.push(name);
            }
        }
        let (family, number, stepping) = parts(data.signature);
        let matches = model.signatures.iter().any(|s| s.matches(family, number, stepping));
        Self { model, required, disabled, matches }
    }

    /// On a tie, the earlier candidate wins.
    fn is_better_than(&self, best: &Self, signature: u32) -> bool {
        if signature != 0 && self.matches != best.matches {
            // A model for exactly this family and model beats any number of matching features.
            return self.matches;
        }
        match self.cost().cmp(&best.cost()) {
            Ordering::Less => true,
            Ordering::Equal => self.disabled_cost() < best.disabled_cost(),
            Ordering::Greater => false,
        }
    }

    /// The number of features counted as disabled. libvirt moves the end of its list towards the
    /// front at each disabled feature, so it counts only half of them; they come last.
    fn weighed(&self) -> usize {
        self.disabled.len().div_ceil(2)
    }

    /// Features counted as disabled cost 2, 3, 4, ...
    fn disabled_cost(&self) -> usize {
        let weighed = self.weighed();
        weighed * (weighed + 3) / 2
    }

    fn cost(&self) -> usize {
        self.required.len() + self.disabled.len() - self.weighed() + self.disabled_cost()
    }
}
