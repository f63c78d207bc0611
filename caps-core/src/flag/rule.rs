use std::fmt;

use super::Flag;
use crate::accel::Accel;
use crate::arch::Arch;
use crate::qapi::Query;

/// What shows a flag. When the question is asked that settles a rule is the plan's business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// A command is in the QAPI schema.
    Command(&'static str),
    /// A schema query holds.
    Query(Query),
    /// Both of two schema queries hold.
    BothQueries([Query; 2]),
    /// A QOM type exists.
    QomType(&'static str),
    /// A device type has a property.
    DeviceProperty {
        /// The QOM type.
        type_name: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A device type has a property, and its default value is the boolean `false`.
    DeviceDefaultFalse {
        /// The QOM type.
        type_name: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A QOM type that is no device has a property.
    ObjectProperty {
        /// The QOM type.
        type_name: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A machine type has a property.
    MachineProperty {
        /// The machine type, by alias or name.
        machine: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A command line option exists.
    Option(&'static str),
    /// A command line option has a parameter.
    OptionParameter {
        /// The option, without dash.
        option: &'static str,
        /// The parameter.
        parameter: &'static str,
    },
    /// A migration capability exists.
    MigrationCapability(&'static str),
    /// A TPM model exists.
    TpmModel(&'static str),
    /// A TPM backend type exists.
    TpmType(&'static str),
    /// A CPU model exists.
    CpuModel(&'static str),
    /// An accelerator can be used on this host.
    Accelerator(Accel),
    /// Another flag is set when all questions about flags have been asked.
    ImpliedBy(Flag),
    /// QEMU emulates one of these architectures.
    ArchIn(&'static [Arch]),
    /// Takes the flag back: the host can't do it, as the failure of a command shows, whose class is
    /// `GenericError` (or, for `query-sgx-capabilities`, a reply without `sections`).
    TakenBackBy(&'static str),
}

pub(super) const fn command(name: &'static str) -> Rule {
    Rule::Command(name)
}

pub(super) const fn query(text: &'static str) -> Rule {
    Rule::Query(Query::literal(text))
}

pub(super) const fn both_queries(one: &'static str, other: &'static str) -> Rule {
    Rule::BothQueries([Query::literal(one), Query::literal(other)])
}

pub(super) const fn qom_type(name: &'static str) -> Rule {
    Rule::QomType(name)
}

pub(super) const fn device(type_name: &'static str, property: &'static str) -> Rule {
    Rule::DeviceProperty { type_name, property }
}

pub(super) const fn device_default_false(type_name: &'static str, property: &'static str) -> Rule {
    Rule::DeviceDefaultFalse { type_name, property }
}

pub(super) const fn object(type_name: &'static str, property: &'static str) -> Rule {
    Rule::ObjectProperty { type_name, property }
}

pub(super) const fn machine(machine: &'static str, property: &'static str) -> Rule {
    Rule::MachineProperty { machine, property }
}

pub(super) const fn option(option: &'static str) -> Rule {
    Rule::Option(option)
}

pub(super) const fn option_parameter(option: &'static str, parameter: &'static str) -> Rule {
    Rule::OptionParameter { option, parameter }
}

pub(super) const fn migration(capability: &'static str) -> Rule {
    Rule::MigrationCapability(capability)
}

pub(super) const fn tpm_model(name: &'static str) -> Rule {
    Rule::TpmModel(name)
}

pub(super) const fn tpm_type(name: &'static str) -> Rule {
    Rule::TpmType(name)
}

pub(super) const fn cpu(name: &'static str) -> Rule {
    Rule::CpuModel(name)
}

pub(super) const fn accel(accel: Accel) -> Rule {
    Rule::Accelerator(accel)
}

pub(super) const fn implied_by(flag: Flag) -> Rule {
    Rule::ImpliedBy(flag)
}

pub(super) const fn arch_in(archs: &'static [Arch]) -> Rule {
    Rule::ArchIn(archs)
}

pub(super) const fn taken_back_by(command: &'static str) -> Rule {
    Rule::TakenBackBy(command)
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(name) => write!(f, "command {name}"),
            Self::Query(query) => write!(f, "schema {query}"),
            Self::BothQueries([one, other]) => write!(f, "schema {one} and {other}"),
            Self::QomType(name) => write!(f, "type {name}"),
            Self::DeviceProperty { type_name, property } => {
                write!(f, "device {type_name} has {property}")
            }
            Self::DeviceDefaultFalse { type_name, property } => {
                write!(f, "device {type_name} has {property}, off by default")
            }
            Self::ObjectProperty { type_name, property } => {
                write!(f, "object {type_name} has {property}")
            }
            Self::MachineProperty { machine, property } => {
                write!(f, "machine {machine} has {property}")
            }
            Self::Option(option) => write!(f, "option -{option}"),
            Self::OptionParameter { option, parameter } => {
                write!(f, "option -{option} has {parameter}")
            }
            Self::MigrationCapability(name) => write!(f, "migration capability {name}"),
            Self::TpmModel(name) => write!(f, "TPM model {name}"),
            Self::TpmType(name) => write!(f, "TPM type {name}"),
            Self::CpuModel(name) => write!(f, "CPU model {name}"),
            Self::Accelerator(accel) => write!(f, "accelerator {accel}"),
            Self::ImpliedBy(flag) => write!(f, "implied by flag {flag}"),
            Self::ArchIn(archs) => {
                let names: Vec<&str> = archs.iter().map(|arch| arch.name()).collect();
                write!(f, "architecture {}", names.join(", "))
            }
            Self::TakenBackBy(command) => write!(f, "not if {command} fails"),
        }
    }
}
