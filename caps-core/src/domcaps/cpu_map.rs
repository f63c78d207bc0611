//! The CPU map: the CPU features and models known to libvirt.
//!
//! The facts for both baselines are in `cpu_map/map.txt`. A test generates that file from the
//! reference tables and fails if it is stale.

mod parse;
mod set;

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

pub use set::FeatureSet;

use crate::baseline::Baseline;

/// The CPU features and models known to one libvirt release.
///
/// ```
/// use caps_core::Baseline;
/// use caps_core::domcaps::CpuMap;
///
/// let map = CpuMap::of(Baseline::Libvirt11_3);
/// let rome = map.x86_model("EPYC-Rome").expect("a model of libvirt");
/// assert_eq!(rome.vendor, Some("AMD"));
/// assert!(map.x86_features(&rome.features).any(|name| name == "sse4a"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct CpuMap {
    vendors: Vec<Vendor>,
    features: Vec<&'static str>,
    by_name: HashMap<&'static str, usize>,
    in_msr: FeatureSet,
    never_passed: Vec<&'static str>,
    models: Vec<X86Model>,
    ppc64: Vec<Ppc64Model>,
}

/// A vendor of x86 CPUs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Vendor {
    /// The name in the map.
    key: &'static str,
    /// libvirt's name.
    name: &'static str,
    /// The 12 characters returned by CPUID.
    id: &'static str,
}

/// An x86 CPU model defined by libvirt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct X86Model {
    /// The name.
    pub name: &'static str,
    /// The vendor, by libvirt's name.
    pub vendor: Option<&'static str>,
    /// Its features.
    pub features: FeatureSet,
    /// Former features, in libvirt's order.
    pub removed: Vec<&'static str>,
    /// The versioned name of the same model.
    pub canonical: Option<&'static str>,
    /// The CPUs that the model describes.
    pub(super) signatures: Vec<Signature>,
    /// Whether it can be the base of a host model.
    pub(super) decodes_guests: bool,
}

/// The family, model and steppings of CPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) family: u32,
    pub(super) model: u32,
    /// Ranges; empty for any.
    pub(super) steppings: Vec<(u32, u32)>,
}

/// A CPU model of 64-bit POWER.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ppc64Model {
    /// The name.
    pub name: &'static str,
    /// The vendor.
    pub vendor: &'static str,
    /// Values and masks of the processor version register (PVR).
    pub pvr: Vec<(u32, u32)>,
}

impl CpuMap {
    /// The CPU map of a libvirt release.
    pub fn of(baseline: Baseline) -> &'static Self {
        static MAPS: [OnceLock<CpuMap>; Baseline::ALL.len()] =
            [const { OnceLock::new() }; Baseline::ALL.len()];
        MAPS[baseline as usize]
            .get_or_init(|| parse::parse(include_str!("cpu_map/map.txt"), baseline))
    }

    /// The x86 CPU models, in libvirt's order.
    pub fn x86_models(&self) -> &[X86Model] {
        &self.models
    }

    /// The x86 CPU model with this name.
    pub fn x86_model(&self, name: &str) -> Option<&X86Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The names of x86 features, in libvirt's order.
    pub fn x86_features(&self, set: &FeatureSet) -> impl Iterator<Item = &'static str> {
        set.iter().filter_map(|index| self.features.get(index).copied())
    }

    /// All x86 features.
    pub fn all_x86_features(&self) -> FeatureSet {
        (0..self.features.len()).collect()
    }

    /// The 64-bit POWER models.
    pub fn ppc64_models(&self) -> &[Ppc64Model] {
        &self.ppc64
    }

    /// The position of an x86 feature in libvirt's order.
    pub(super) fn feature(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Returns whether the feature is reported by a model-specific register instead of CPUID.
    pub(super) fn is_in_msr(&self, name: &str) -> bool {
        self.feature(name).is_some_and(|index| self.in_msr.contains(index))
    }

    /// Returns whether the feature is omitted from a host model taken from the host's own CPU.
    pub(super) fn is_never_passed(&self, name: &str) -> bool {
        self.never_passed.contains(&name)
    }

    /// libvirt's name of the vendor with this CPUID string. Every bit of the vendor's string must
    /// be set.
    pub(super) fn vendor(&self, id: &[u8]) -> Option<&'static str> {
        let fits = |vendor: &&Vendor| {
            vendor.id.len() == id.len()
                && vendor.id.bytes().zip(id).all(|(expected, found)| expected & found == expected)
        };
        self.vendors.iter().find(fits).map(|vendor| vendor.name)
    }
}

impl X86Model {
    /// The family, model and steppings of the CPUs that the model describes, as in `6/85/0-4`.
    pub fn signatures(&self) -> Vec<String> {
        self.signatures.iter().map(Signature::to_string).collect()
    }

    /// Returns whether a host model can be based on the model.
    pub fn decodes_guests(&self) -> bool {
        self.decodes_guests
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family, self.model)?;
        for (index, (first, last)) in self.steppings.iter().enumerate() {
            let separator = if index == 0 { '/' } else { ',' };
            if first == last {
                write!(f, "{separator}{first}")?;
            } else {
                write!(f, "{separator}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

impl Signature {
    /// Returns whether this family, model and stepping is included.
    pub(super) fn matches(&self, family: u32, model: u32, stepping: u32) -> bool {
        let steppings = &self.steppings;
        self.family == family
            && self.model == model
            && (steppings.is_empty()
                || steppings.iter().any(|&(first, last)| (first..=last).contains(&stepping)))
    }
}
