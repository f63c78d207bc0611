//! The CPU modes of a document.

use super::parts::Group;
use crate::names::closed_set;

/// The four modes of a guest's `<cpu>`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CpuModes {
    /// The guest gets the host's CPU.
    pub host_passthrough: Group,
    /// The guest gets every supported feature.
    pub maximum: Group,
    /// The model closest to the host's CPU; `None` if there is none.
    pub host_model: Option<HostModel>,
    /// Named models, sorted by name; empty if the mode is not supported.
    pub custom: Vec<CustomModel>,
}

/// A named model and features that together describe the host's CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostModel {
    /// The name of the model.
    pub model: String,
    /// Whether a similar model may replace it.
    pub allows_fallback: bool,
    /// The vendor, if known.
    pub vendor: Option<String>,
    /// The number of physical address bits, as on the host.
    pub max_phys_address: Option<u32>,
    /// Features added to or removed from the model.
    pub features: Vec<CpuFeature>,
}

/// A feature of a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuFeature {
    /// libvirt's name.
    pub name: String,
    /// Whether it is on or off.
    pub policy: Policy,
}

closed_set! {
    /// Whether the guest has a feature.
    pub enum Policy: "a policy", {
        /// The guest has it.
        Require = "require",
        /// The guest lacks it.
        Disable = "disable",
    }
}

/// A named CPU model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomModel {
    /// The name.
    pub name: String,
    /// Whether it works on the host; `None` if QEMU did not report it.
    pub usable: Option<bool>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The vendor, or `unknown`.
    pub vendor: String,
    /// The versioned name of the same model.
    pub canonical: Option<String>,
    /// The features that prevent it from working, sorted.
    pub blockers: Vec<String>,
}

impl CpuModes {
    /// The named model with this name.
    pub fn model(&self, name: &str) -> Option<&CustomModel> {
        self.custom.iter().find(|model| model.name == name)
    }

    /// The named models known to work on the host.
    pub fn usable(&self) -> impl Iterator<Item = &CustomModel> {
        self.custom.iter().filter(|model| model.usable == Some(true))
    }
}
