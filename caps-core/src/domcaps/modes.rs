//! The modes of a guest's CPU.

use super::parts::Group;

/// The four modes of a guest's `<cpu>`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CpuModes {
    /// The guest sees the host's CPU.
    pub host_passthrough: Group,
    /// The guest sees all that can be had.
    pub maximum: Group,
    /// The model that is nearest to the host's CPU; `None` where there is none.
    pub host_model: Option<HostModel>,
    /// Named models, sorted by name; none where the mode is not supported.
    pub custom: Vec<CustomModel>,
}

/// The named model and the features that together are the host's CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostModel {
    /// The name of the model.
    pub model: String,
    /// May a similar model take its place?
    pub allows_fallback: bool,
    /// The vendor, if known.
    pub vendor: Option<String>,
    /// Bits of a physical address, as on the host.
    pub max_phys_address: Option<u32>,
    /// What the guest has beyond the model, and lacks of it.
    pub features: Vec<CpuFeature>,
}

/// A feature of a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuFeature {
    /// libvirt's name.
    pub name: String,
    /// On or off?
    pub policy: Policy,
}

/// Whether a guest has a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Policy {
    /// It has.
    Require,
    /// It has not.
    Disable,
}

impl Policy {
    /// libvirt's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Disable => "disable",
        }
    }
}

/// A named CPU model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomModel {
    /// The name.
    pub name: String,
    /// Does it work on the host? `None` when QEMU could not tell.
    pub usable: Option<bool>,
    /// Will it be removed from QEMU?
    pub deprecated: bool,
    /// The vendor, or `unknown`.
    pub vendor: String,
    /// The name of the same model that tells its version.
    pub canonical: Option<String>,
    /// The features that keep it from working, sorted.
    pub blockers: Vec<String>,
}

impl CpuModes {
    /// The named model.
    pub fn model(&self, name: &str) -> Option<&CustomModel> {
        self.custom.iter().find(|model| model.name == name)
    }

    /// The named models that are known to work on the host.
    pub fn usable(&self) -> impl Iterator<Item = &CustomModel> {
        self.custom.iter().filter(|model| model.usable == Some(true))
    }
}
