//! Conditions on parts of a document, as data, and the facts they are evaluated against.

use super::firmware::Firmware;
use super::host::{Host, TpmVersions, Vfio};

use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::flag::Flag;

/// The condition for a value, a group or a line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Condition {
    Always,
    Never,
    /// QEMU has the flag.
    Has(Flag),
    Not(&'static Condition),
    All(&'static [Condition]),
    Any(&'static [Condition]),
    /// The capture has one of these architectures.
    Arch(&'static [Arch]),
    /// The document's machine type is of this kind.
    Machine(MachineKind),
    /// The document is for this domain type.
    Type(DomainType),
    /// The host has this property.
    Host(HostFact),
    /// An applicable firmware descriptor has this feature.
    Firmware(&'static str),
    /// An applicable firmware descriptor lacks this feature.
    FirmwareWithout(&'static str),
    /// An applicable firmware descriptor has this interface.
    FirmwareInterface(&'static str),
    /// This version of the Arm interrupt controller is available.
    Gic(u32),
    /// This libvirt release or a newer one.
    Since(Baseline),
    /// A libvirt release older than this one.
    Before(Baseline),
}

/// A property of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostFact {
    Swtpm,
    Tpm1_2,
    Tpm2_0,
    QemuRdp,
    VfioUsable,
    VfioAssumed,
    Iommufd,
    SecureExecution,
    SecureGuests,
}

/// Kinds of machine types, recognized by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MachineKind {
    I440fx,
    Q35,
    Xenfv,
    Isapc,
    Pseries,
    ArmVirt,
    BuiltInIde,
}

/// The facts that conditions are evaluated against.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) caps: &'a Capabilities,
    pub(super) host: &'a Host,
    pub(super) domain_type: DomainType,
    pub(super) machine: Option<&'a str>,
    /// The architecture of the document.
    pub(super) arch: Arch,
    pub(super) baseline: Baseline,
    /// The applicable firmware descriptors.
    pub(super) firmware: Vec<&'a Firmware>,
}

impl Condition {
    pub(super) fn holds(&self, facts: &Facts<'_>) -> bool {
        match *self {
            Self::Always => true,
            Self::Never => false,
            Self::Has(flag) => facts.caps.has(flag),
            Self::Not(inner) => !inner.holds(facts),
            Self::All(list) => list.iter().all(|condition| condition.holds(facts)),
            Self::Any(list) => list.iter().any(|condition| condition.holds(facts)),
            Self::Arch(arches) => arches.contains(&facts.caps.arch),
            Self::Machine(kind) => facts.machine_is(kind),
            Self::Type(domain_type) => facts.domain_type == domain_type,
            Self::Host(fact) => fact.holds(facts.host),
            Self::Firmware(feature) => facts.firmware.iter().any(|f| f.has_feature(feature)),
            Self::FirmwareWithout(feature) => {
                facts.firmware.iter().any(|f| !f.has_feature(feature))
            }
            Self::FirmwareInterface(interface) => {
                facts.firmware.iter().any(|f| f.has_interface(interface))
            }
            Self::Gic(version) => facts.has_gic(version),
            Self::Since(baseline) => facts.baseline >= baseline,
            Self::Before(baseline) => facts.baseline < baseline,
        }
    }
}

impl HostFact {
    fn holds(self, host: &Host) -> bool {
        let makes = |wanted: fn(&TpmVersions) -> bool| host.swtpm.as_ref().is_some_and(wanted);
        match self {
            Self::Swtpm => host.swtpm.is_some(),
            Self::Tpm1_2 => makes(|versions| versions.v1_2),
            Self::Tpm2_0 => makes(|versions| versions.v2_0),
            Self::QemuRdp => host.qemu_rdp,
            Self::VfioUsable => host.vfio == Vfio::Usable,
            Self::VfioAssumed => host.vfio == Vfio::Assumed,
            Self::Iommufd => host.iommufd,
            Self::SecureExecution => host.secure_execution,
            Self::SecureGuests => host.secure_guests,
        }
    }
}

impl Facts<'_> {
    pub(super) fn machine_is(&self, kind: MachineKind) -> bool {
        let Some(name) = self.machine else { return false };
        let arch = self.caps.arch;
        let is = |known: &str, prefixes: &[&str]| {
            name == known || prefixes.iter().any(|prefix| name.starts_with(prefix))
        };
        match kind {
            MachineKind::I440fx => {
                // libvirt takes every machine type whose name begins with `rhel` for one of this kind.
                arch.is_x86() && is("pc", &["pc-0.", "pc-1.", "pc-i440fx-", "rhel"])
            }
            MachineKind::Q35 => arch.is_x86() && is("q35", &["pc-q35-"]),
            MachineKind::Xenfv => arch.is_x86() && is("xenfv", &["xenfv-"]),
            MachineKind::Isapc => name == "isapc",
            MachineKind::Pseries => arch.is_ppc64() && is("pseries", &["pseries-"]),
            MachineKind::ArmVirt => arch.has_gic() && is("virt", &["virt-"]),
            MachineKind::BuiltInIde => {
                // The boards that have an IDE controller of their own.
                self.machine_is(MachineKind::I440fx)
                    || matches!(name, "malta" | "sun4u" | "g3beige")
            }
        }
    }

    /// Returns whether KVM (for kvm) or QEMU (for qemu) provides this version of the controller.
    fn has_gic(&self, version: u32) -> bool {
        self.arch.has_gic()
            && self.machine_is(MachineKind::ArmVirt)
            && self.caps.gic.iter().filter(|gic| gic.version == version).any(|gic| {
                match self.domain_type {
                    DomainType::Kvm => gic.kernel,
                    DomainType::Qemu => gic.emulated,
                    DomainType::Hvf => false,
                }
            })
    }
}
