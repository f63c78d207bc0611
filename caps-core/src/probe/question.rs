use std::fmt;

use crate::accel::Accel;
use crate::baseline::Span;
use crate::flag::{DeviceQuestion, Flag, HostCheck, RuleKind};
use crate::qmp::{Command, ErrorClass};

/// A question with its conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The question.
    pub ask: Ask,
    /// The conditions, all of which must hold.
    pub when: &'static [Condition],
    /// The baselines that have the step.
    pub span: Span,
}

/// A question. The few that have no command draw conclusions from earlier answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// Completes capability negotiation.
    Negotiation,
    /// The version and package.
    Version,
    /// The guest architecture.
    Target,
    /// The QAPI schema.
    Schema,
    /// Whether KVM is usable.
    Kvm,
    /// Whether the Hypervisor.framework is usable; answered by the host, not by QEMU.
    Hvf,
    /// Which accelerator runs guests.
    Accelerators,
    /// Determines the accelerator of the session.
    Accelerator,
    /// All QOM types.
    QomTypes,
    /// The properties of a device type.
    DeviceProperties(DeviceQuestion),
    /// The properties of a QOM type other than a device.
    ObjectProperties(&'static str),
    /// The machine types.
    Machines,
    /// The properties of a machine type, found by alias or name.
    MachineProperties(&'static str),
    /// The CPU models.
    CpuDefinitions,
    /// The TPM models.
    TpmModels,
    /// The TPM backend types.
    TpmTypes,
    /// The command line options.
    CommandLineOptions,
    /// The migration capabilities.
    MigrationCapabilities,
    /// The interrupt controllers of Arm machines.
    Gic,
    /// AMD SEV.
    Sev,
    /// Intel SGX.
    Sgx,
    /// Whether guests can be Intel TDX trust domains; answered by the host, not by QEMU.
    Tdx,
    /// Sets the flags that follow from other flags and the architecture.
    Implications,
    /// The properties of the CPU model `host` (accelerated) or `max`.
    ExpandCpu(Expansion),
}

/// The purpose of a CPU model expansion. The first two use the expansion type suited to the
/// architecture, the others request all properties (`full`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expansion {
    /// The plain model.
    Base,
    /// Includes the properties that prevent migration.
    NonMigratable,
    /// Reveals deprecated properties.
    Deprecated,
    /// Reveals the Hyper-V enlightenments that the host supports.
    HyperV,
}

/// A condition for asking a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// A flag is set.
    Flag(Flag),
    /// A flag is not set.
    NoFlag(Flag),
    /// One of two flags is set.
    EitherFlag(Flag, Flag),
    /// A machine type has this alias or name.
    Machine(&'static str),
    /// A machine type has this alias or name, or the architecture is x86.
    MachineOrX86(&'static str),
    /// The architecture is x86.
    X86,
    /// The architecture is x86 or Arm.
    X86OrArm,
    /// The architecture is Arm with a generic interrupt controller.
    HasGic,
    /// `query-tpm-models` exists.
    TpmModelsKnown,
    /// The session is not for TCG. This also holds if no accelerator was found, because TCG's flag
    /// is not known yet when the first session's accelerator is determined.
    Accelerated,
    /// The base expansion of the CPU model succeeded.
    CpuExpanded,
}

impl Ask {
    /// The name of the question's command; `None` if QEMU is not asked.
    pub const fn command_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Negotiation => "qmp_capabilities",
            Self::Version => "query-version",
            Self::Target => "query-target",
            Self::Schema => "query-qmp-schema",
            Self::Kvm => "query-kvm",
            Self::Hvf | Self::Accelerator | Self::Tdx | Self::Implications => return None,
            Self::Accelerators => "query-accelerators",
            Self::QomTypes => "qom-list-types",
            Self::DeviceProperties(_) => "device-list-properties",
            Self::ObjectProperties(_) | Self::MachineProperties(_) => "qom-list-properties",
            Self::Machines => "query-machines",
            Self::CpuDefinitions => "query-cpu-definitions",
            Self::TpmModels => "query-tpm-models",
            Self::TpmTypes => "query-tpm-types",
            Self::CommandLineOptions => "query-command-line-options",
            Self::MigrationCapabilities => "query-migrate-capabilities",
            Self::Gic => "query-gic-capabilities",
            Self::Sev => "query-sev-capabilities",
            Self::Sgx => "query-sgx-capabilities",
            Self::ExpandCpu(_) => "query-cpu-model-expansion",
        })
    }

    /// Returns whether the answer decides if a rule holds.
    pub fn settles(self, rule: &RuleKind) -> bool {
        match rule {
            RuleKind::Command(_) | RuleKind::Query(_) | RuleKind::BothQueries(_) => {
                matches!(self, Self::Schema)
            }
            RuleKind::QomType(_) => matches!(self, Self::QomTypes),
            RuleKind::DeviceProperty { device, .. }
            | RuleKind::DeviceDefaultFalse { device, .. } => {
                matches!(self, Self::DeviceProperties(asked) if asked == *device)
            }
            RuleKind::ObjectProperty { type_name, .. } => {
                matches!(self, Self::ObjectProperties(asked) if asked == *type_name)
            }
            RuleKind::MachineProperty { machine, .. } => {
                matches!(self, Self::MachineProperties(asked) if asked == *machine)
            }
            RuleKind::Option(_) | RuleKind::OptionParameter { .. } => {
                matches!(self, Self::CommandLineOptions)
            }
            RuleKind::MigrationCapability(_) => matches!(self, Self::MigrationCapabilities),
            RuleKind::TpmModel(_) => matches!(self, Self::TpmModels),
            RuleKind::TpmType(_) => matches!(self, Self::TpmTypes),
            RuleKind::CpuModel(_) => matches!(self, Self::CpuDefinitions),
            RuleKind::Accelerator(accel) => match self {
                Self::Kvm => *accel == Accel::Kvm,
                Self::Hvf => *accel == Accel::Hvf,
                // One answer lists them all.
                Self::Accelerators => true,
                _ => false,
            },
            RuleKind::ImpliedBy(_) | RuleKind::ArchIn(_) => matches!(self, Self::Implications),
            RuleKind::TakenBackBy(HostCheck::Sev) => matches!(self, Self::Sev),
            RuleKind::TakenBackBy(HostCheck::Sgx) => matches!(self, Self::Sgx),
            RuleKind::TakenBackBy(HostCheck::Tdx) => matches!(self, Self::Tdx),
        }
    }

    /// Returns whether an error of this class means that QEMU lacks a feature rather than that the
    /// query failed.
    pub(super) fn accepts(self, class: &ErrorClass) -> bool {
        match self {
            // A type that does not exist has no properties.
            Self::DeviceProperties(_) | Self::ObjectProperties(_) | Self::MachineProperties(_) => {
                *class == ErrorClass::DeviceNotFound
            }
            // Some targets can't list models; without the hardware, SEV and SGX fail.
            Self::CpuDefinitions | Self::Sev | Self::Sgx => *class == ErrorClass::GenericError,
            // The command is missing where TPM or Arm support is not compiled in.
            Self::TpmModels | Self::TpmTypes | Self::Gic => *class == ErrorClass::CommandNotFound,
            _ => false,
        }
    }

    /// The command, without arguments that depend on earlier answers; `None` if QEMU is not asked.
    pub(super) fn command(self) -> Option<Command> {
        let command = Command::new(self.command_name()?);
        Some(match self {
            Self::DeviceProperties(DeviceQuestion { type_name, .. })
            | Self::ObjectProperties(type_name) => command.with_strings(&[("typename", type_name)]),
            _ => command,
        })
    }
}

impl Expansion {
    /// The properties sent along with the model, in order.
    pub const fn properties(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Base | Self::Deprecated => &[],
            Self::NonMigratable => &[("migratable", false)],
            Self::HyperV => &[("migratable", false), ("hv-passthrough", true)],
        }
    }

    /// Returns whether the expansion is full on every architecture.
    pub const fn is_full(self) -> bool {
        matches!(self, Self::Deprecated | Self::HyperV)
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command_name().unwrap_or_default();
        let text = match self {
            Self::Hvf => "(is the Hypervisor.framework usable?)".to_owned(),
            Self::Tdx => "(does the host have TDX?)".to_owned(),
            Self::Accelerator => "(fix the accelerator)".to_owned(),
            Self::Implications => "(set the implied flags)".to_owned(),
            Self::DeviceProperties(device) => format!("{command} {device}"),
            Self::ObjectProperties(name) => format!("{command} {name}"),
            Self::MachineProperties(name) => format!("{command} {name}-machine"),
            Self::ExpandCpu(expansion) => {
                let kind = if expansion.is_full() { "full" } else { "static" };
                let properties = expansion.properties().iter();
                let properties = properties.map(|(name, value)| format!(" {name}={value}"));
                format!("{command} {kind} host|max{}", properties.collect::<String>())
            }
            _ => command.to_owned(),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Flag(flag) => format!("flag {flag}"),
            Self::NoFlag(flag) => format!("no flag {flag}"),
            Self::EitherFlag(one, other) => format!("flag {one} or {other}"),
            Self::Machine(name) => format!("machine {name}"),
            Self::MachineOrX86(name) => format!("machine {name} or x86"),
            Self::X86 => "x86".to_owned(),
            Self::X86OrArm => "x86 or arm".to_owned(),
            Self::HasGic => "arm with gic".to_owned(),
            Self::TpmModelsKnown => "query-tpm-models exists".to_owned(),
            Self::Accelerated => "not a tcg session".to_owned(),
            Self::CpuExpanded => "base expansion gave data".to_owned(),
        };
        f.pad(&text)
    }
}
