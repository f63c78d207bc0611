use std::fmt;

use super::name::Flag;
use crate::accel::Accel;
use crate::arch::Arch;
use crate::baseline::{Baseline, Span};
use crate::qapi::Query;

/// A condition that shows a flag. When the question behind it is asked is up to the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The condition.
    pub kind: RuleKind,
    /// The baselines that have the rule.
    pub span: Span,
    /// The accelerator of the session in which the rule counts; `None` for any session.
    pub accel: Option<Accel>,
}

/// A question about the properties of a device type. libvirt asks about some types twice, each time
/// for different properties, and an answer counts only for the properties it was requested for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceQuestion {
    /// The QOM type.
    pub type_name: &'static str,
    /// Whether it is the second question about the type.
    pub again: bool,
}

/// A check of the host that can revoke a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostCheck {
    /// `query-sev-capabilities` fails.
    Sev,
    /// `query-sgx-capabilities` fails, or its reply lacks `sections`.
    Sgx,
    /// The host's KVM does not support TDX virtual machines.
    Tdx,
}

/// The condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleKind {
    /// The QAPI schema has a command.
    Command(&'static str),
    /// A schema query matches.
    Query(Query),
    /// Two schema queries both match.
    BothQueries([Query; 2]),
    /// A QOM type exists.
    QomType(&'static str),
    /// A device type has a property.
    DeviceProperty {
        /// The type, and which question about it.
        device: DeviceQuestion,
        /// The property.
        property: &'static str,
    },
    /// A device type has a property, and its default value is the boolean `false`.
    DeviceDefaultFalse {
        /// The type, and which question about it.
        device: DeviceQuestion,
        /// The property.
        property: &'static str,
    },
    /// A QOM type other than a device has a property.
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
        /// The option, without its dash.
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
    /// An accelerator is usable on this host.
    Accelerator(Accel),
    /// Another flag is set, once all questions about flags were asked.
    ImpliedBy(Flag),
    /// The guest architecture is one of these.
    ArchIn(&'static [Arch]),
    /// Revokes the flag: the host lacks the feature.
    TakenBackBy(HostCheck),
}

impl Rule {
    const fn new(kind: RuleKind) -> Self {
        Self { kind, span: Span::ALWAYS, accel: None }
    }

    /// Restricts the rule to this baseline and later ones.
    pub(super) const fn since(mut self, first: Baseline) -> Self {
        self.span = self.span.since(first);
        self
    }

    /// Restricts the rule to earlier baselines.
    pub(super) const fn until(mut self, end: Baseline) -> Self {
        self.span = self.span.until(end);
        self
    }

    /// Restricts the rule to sessions with this accelerator: without it, a property can be visible
    /// and still prove nothing.
    #[allow(dead_code, reason = "at times no flag needs it")]
    pub(crate) const fn with(mut self, accel: Accel) -> Self {
        self.accel = Some(accel);
        self
    }
}

impl DeviceQuestion {
    /// The first question about a type.
    pub const fn new(type_name: &'static str) -> Self {
        Self { type_name, again: false }
    }

    /// The second question about a type.
    pub const fn again(type_name: &'static str) -> Self {
        Self { type_name, again: true }
    }
}

impl RuleKind {
    /// The name that the rule looks up in the list that answers its question.
    pub(crate) const fn listed_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::QomType(name)
            | Self::DeviceProperty { property: name, .. }
            | Self::ObjectProperty { property: name, .. }
            | Self::MachineProperty { property: name, .. }
            | Self::MigrationCapability(name)
            | Self::TpmModel(name)
            | Self::TpmType(name)
            | Self::CpuModel(name) => name,
            _ => return None,
        })
    }
}

pub(super) const fn command(name: &'static str) -> Rule {
    Rule::new(RuleKind::Command(name))
}

pub(super) const fn query(text: &'static str) -> Rule {
    Rule::new(RuleKind::Query(Query::literal(text)))
}

pub(super) const fn both_queries(one: &'static str, other: &'static str) -> Rule {
    Rule::new(RuleKind::BothQueries([Query::literal(one), Query::literal(other)]))
}

pub(super) const fn qom_type(name: &'static str) -> Rule {
    Rule::new(RuleKind::QomType(name))
}

pub(super) const fn device(type_name: &'static str, property: &'static str) -> Rule {
    Rule::new(RuleKind::DeviceProperty { device: DeviceQuestion::new(type_name), property })
}

pub(super) const fn device_again(type_name: &'static str, property: &'static str) -> Rule {
    Rule::new(RuleKind::DeviceProperty { device: DeviceQuestion::again(type_name), property })
}

pub(super) const fn device_default_false(type_name: &'static str, property: &'static str) -> Rule {
    Rule::new(RuleKind::DeviceDefaultFalse { device: DeviceQuestion::new(type_name), property })
}

pub(super) const fn object(type_name: &'static str, property: &'static str) -> Rule {
    Rule::new(RuleKind::ObjectProperty { type_name, property })
}

pub(super) const fn machine(machine: &'static str, property: &'static str) -> Rule {
    Rule::new(RuleKind::MachineProperty { machine, property })
}

pub(super) const fn option(option: &'static str) -> Rule {
    Rule::new(RuleKind::Option(option))
}

pub(super) const fn option_parameter(option: &'static str, parameter: &'static str) -> Rule {
    Rule::new(RuleKind::OptionParameter { option, parameter })
}

pub(super) const fn migration(capability: &'static str) -> Rule {
    Rule::new(RuleKind::MigrationCapability(capability))
}

pub(super) const fn tpm_model(name: &'static str) -> Rule {
    Rule::new(RuleKind::TpmModel(name))
}

pub(super) const fn tpm_type(name: &'static str) -> Rule {
    Rule::new(RuleKind::TpmType(name))
}

pub(super) const fn cpu(name: &'static str) -> Rule {
    Rule::new(RuleKind::CpuModel(name))
}

pub(super) const fn accel(accel: Accel) -> Rule {
    Rule::new(RuleKind::Accelerator(accel))
}

pub(super) const fn implied_by(flag: Flag) -> Rule {
    Rule::new(RuleKind::ImpliedBy(flag))
}

pub(super) const fn arch_in(archs: &'static [Arch]) -> Rule {
    Rule::new(RuleKind::ArchIn(archs))
}

pub(super) const fn taken_back_by(check: HostCheck) -> Rule {
    Rule::new(RuleKind::TakenBackBy(check))
}

impl fmt::Display for DeviceQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let again = if self.again { " again" } else { "" };
        write!(f, "{}{again}", self.type_name)
    }
}

impl fmt::Display for HostCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sev => "query-sev-capabilities",
            Self::Sgx => "query-sgx-capabilities",
            Self::Tdx => "the host check for TDX",
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(accel) = self.accel {
            write!(f, " with {accel}")?;
        }
        write!(f, "{}", self.span)
    }
}

impl fmt::Display for RuleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(name) => write!(f, "command {name}"),
            Self::Query(query) => write!(f, "schema {query}"),
            Self::BothQueries([one, other]) => write!(f, "schema {one} and {other}"),
            Self::QomType(name) => write!(f, "type {name}"),
            Self::DeviceProperty { device, property } => {
                write!(f, "device {device} has {property}")
            }
            Self::DeviceDefaultFalse { device, property } => {
                write!(f, "device {device} has {property}, off by default")
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
            Self::TakenBackBy(check) => write!(f, "not if {check} fails"),
        }
    }
}
