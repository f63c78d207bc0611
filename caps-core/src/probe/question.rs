use std::fmt;

use crate::accel::Accel;
use crate::baseline::Span;
use crate::flag::{DeviceQuestion, Flag, HostCheck, RuleKind};
use crate::qmp::Command;

/// A question with its conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The question.
    pub ask: Ask,
    /// The conditions; it is asked when all hold.
    pub when: &'static [Condition],
    /// The baselines that ask it.
    pub span: Span,
}

/// A question; the few without a command conclude something from the answers so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// Leaves the negotiation of capabilities.
    Negotiation,
    /// Version and package.
    Version,
    /// The guest architecture.
    Target,
    /// The QAPI schema.
    Schema,
    /// Can KVM be used?
    Kvm,
    /// Can the Hypervisor.framework be used? The host is asked, not QEMU.
    Hvf,
    /// Which accelerator runs guests?
    Accelerators,
    /// Concludes which accelerator this session is about.
    Accelerator,
    /// All QOM types.
    QomTypes,
    /// The properties of a device type.
    DeviceProperties(DeviceQuestion),
    /// The properties of a QOM type that is no device.
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
    /// Can guests be trust domains of Intel TDX? The host is asked, not QEMU.
    Tdx,
    /// Concludes which flags follow from other flags and the architecture.
    Implications,
    /// The properties of the CPU model `host` (accelerated) or `max`.
    ExpandCpu(Expansion),
}

/// What a CPU model expansion is made for. The first two ask for the kind that suits the
/// architecture, the others for all properties (`full`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expansion {
    /// The model as it is.
    Base,
    /// Including what keeps a guest from migrating.
    NonMigratable,
    /// To learn which properties are deprecated.
    Deprecated,
    /// To learn which Hyper-V enlightenments the host supports.
    HyperV,
}

/// A condition.
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
    /// A machine type has this alias or name, or the architecture is an x86.
    MachineOrX86(&'static str),
    /// The architecture is an x86.
    X86,
    /// The architecture is an x86 or an Arm.
    X86OrArm,
    /// The architecture is an Arm with a generic interrupt controller.
    HasGic,
    /// `query-tpm-models` exists.
    TpmModelsKnown,
    /// The session is not one for TCG. It is none, either, when no accelerator was found: TCG's flag
    /// is not known yet when the first session's accelerator is fixed.
    Accelerated,
    /// The base expansion of the CPU model gave data.
    CpuExpanded,
}

impl Ask {
    /// The name of the command that asks; `None` for the questions that QEMU is not asked.
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

    /// Does the answer to the question settle whether a rule holds?
    pub fn settles(self, rule: &RuleKind) -> bool {
        match rule {
            RuleKind::Command(_) | RuleKind::Query(_) | RuleKind::BothQueries(_) => {
                self == Self::Schema
            }
            RuleKind::QomType(_) => self == Self::QomTypes,
            RuleKind::DeviceProperty { device, .. }
            | RuleKind::DeviceDefaultFalse { device, .. } => {
                self == Self::DeviceProperties(*device)
            }
            RuleKind::ObjectProperty { type_name, .. } => self == Self::ObjectProperties(type_name),
            RuleKind::MachineProperty { machine, .. } => self == Self::MachineProperties(machine),
            RuleKind::Option(_) | RuleKind::OptionParameter { .. } => {
                self == Self::CommandLineOptions
            }
            RuleKind::MigrationCapability(_) => self == Self::MigrationCapabilities,
            RuleKind::TpmModel(_) => self == Self::TpmModels,
            RuleKind::TpmType(_) => self == Self::TpmTypes,
            RuleKind::CpuModel(_) => self == Self::CpuDefinitions,
            RuleKind::Accelerator(accel) => match self {
                Self::Kvm => *accel == Accel::Kvm,
                Self::Hvf => *accel == Accel::Hvf,
                Self::Accelerators => true,
                _ => false,
            },
            RuleKind::ImpliedBy(_) | RuleKind::ArchIn(_) => self == Self::Implications,
            RuleKind::TakenBackBy(HostCheck::Sev) => self == Self::Sev,
            RuleKind::TakenBackBy(HostCheck::Sgx) => self == Self::Sgx,
            RuleKind::TakenBackBy(HostCheck::Tdx) => self == Self::Tdx,
        }
    }

    /// The command, where it does not depend on earlier answers.
    pub(super) fn fixed_command(self) -> Option<Command> {
        let command = Command::new(self.command_name()?);
        Some(match self {
            Self::DeviceProperties(DeviceQuestion { type_name, .. })
            | Self::ObjectProperties(type_name) => command.with_strings(&[("typename", type_name)]),
            Self::MachineProperties(_) | Self::ExpandCpu(_) => return None,
            _ => command,
        })
    }
}

impl Expansion {
    /// The properties that are asked for with the model, in their order.
    pub const fn properties(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Base | Self::Deprecated => &[],
            Self::NonMigratable => &[("migratable", false)],
            Self::HyperV => &[("migratable", false), ("hv-passthrough", true)],
        }
    }

    /// Is the expansion always a full one, whatever the architecture?
    pub const fn is_full(self) -> bool {
        matches!(self, Self::Deprecated | Self::HyperV)
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hvf => return f.write_str("(is the Hypervisor.framework usable?)"),
            Self::Tdx => return f.write_str("(does the host have TDX?)"),
            Self::Accelerator => return f.write_str("(fix the accelerator)"),
            Self::Implications => return f.write_str("(set the implied flags)"),
            _ => f.write_str(self.command_name().unwrap_or_default())?,
        }
        match self {
            Self::DeviceProperties(device) => write!(f, " {device}"),
            Self::ObjectProperties(name) => write!(f, " {name}"),
            Self::MachineProperties(name) => write!(f, " {name}-machine"),
            Self::ExpandCpu(expansion) => {
                write!(f, " {} host|max", if expansion.is_full() { "full" } else { "static" })?;
                for (name, value) in expansion.properties() {
                    write!(f, " {name}={value}")?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::NoFlag(flag) => write!(f, "no flag {flag}"),
            Self::EitherFlag(one, other) => write!(f, "flag {one} or {other}"),
            Self::Machine(name) => write!(f, "machine {name}"),
            Self::MachineOrX86(name) => write!(f, "machine {name} or x86"),
            Self::X86 => f.write_str("x86"),
            Self::X86OrArm => f.write_str("x86 or arm"),
            Self::HasGic => f.write_str("arm with gic"),
            Self::TpmModelsKnown => f.write_str("query-tpm-models exists"),
            Self::Accelerated => f.write_str("not a tcg session"),
            Self::CpuExpanded => f.write_str("base expansion gave data"),
        }
    }
}
