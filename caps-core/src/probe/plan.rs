//! The plan: libvirt's questions in their order, each with its conditions, as data.

use std::fmt;

use crate::flag::Flag;
use crate::qmp::Command;
use crate::version::Version;

/// The questions that one release of libvirt asks.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The release, such as `libvirt 11.3.0`.
    pub name: &'static str,
    /// The oldest QEMU that is probed, whatever its micro version.
    pub minimum: Version,
    /// The first session, with acceleration if there is any.
    pub accelerated: &'static [Step],
    /// The second session, with TCG alone; there is one when the first had acceleration and TCG.
    pub tcg: &'static [Step],
}

/// A question with its conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The question.
    pub ask: Ask,
    /// The conditions; it is asked when all hold.
    pub when: &'static [Condition],
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
    /// Concludes which accelerator this session is about.
    Accelerator,
    /// All QOM types.
    QomTypes,
    /// The properties of a device type.
    DeviceProperties(&'static str),
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

const fn always(ask: Ask) -> Step {
    Step { ask, when: &[] }
}

const fn when(ask: Ask, when: &'static [Condition]) -> Step {
    Step { ask, when }
}

const fn device(type_name: &'static str) -> Step {
    always(Ask::DeviceProperties(type_name))
}

const fn device_if(type_name: &'static str, conditions: &'static [Condition]) -> Step {
    when(Ask::DeviceProperties(type_name), conditions)
}

/// The questions of libvirt 11.3.0.
pub const LIBVIRT_11_3: Plan = Plan {
    name: "libvirt 11.3.0",
    minimum: Version::from_number(6_002_000),
    accelerated: ACCELERATED,
    tcg: TCG,
};

const CPU_EXPANSION: Condition = Condition::Flag(Flag::QueryCpuModelExpansion);

const EXPAND_BASE: Step = when(Ask::ExpandCpu(Expansion::Base), &[CPU_EXPANSION]);
const EXPAND_NON_MIGRATABLE: Step = when(
    Ask::ExpandCpu(Expansion::NonMigratable),
    &[CPU_EXPANSION, Condition::X86, Condition::CpuExpanded],
);
const EXPAND_DEPRECATED: Step = when(
    Ask::ExpandCpu(Expansion::Deprecated),
    &[CPU_EXPANSION, Condition::Flag(Flag::QueryCpuModelExpansionDeprecatedProps)],
);
const EXPAND_HYPER_V: Step = when(
    Ask::ExpandCpu(Expansion::HyperV),
    &[CPU_EXPANSION, Condition::Accelerated, Condition::X86OrArm],
);

const ACCELERATED: &[Step] = &[
    always(Ask::Negotiation),
    always(Ask::Version),
    always(Ask::Target),
    always(Ask::Schema),
    always(Ask::Kvm),
    always(Ask::Hvf),
    always(Ask::Accelerator),
    always(Ask::QomTypes),
    device("virtio-blk-pci"),
    device_if("virtio-net-pci", &[Condition::Flag(Flag::DeviceVirtioNet)]),
    device_if("virtio-scsi-pci", &[Condition::Flag(Flag::VirtioScsi)]),
    device_if("virtio-blk-ccw", &[Condition::Flag(Flag::VirtioCcw)]),
    device_if("virtio-net-ccw", &[Condition::Flag(Flag::DeviceVirtioNet)]),
    device_if("virtio-scsi-ccw", &[Condition::Flag(Flag::VirtioScsi)]),
    device_if("vfio-pci", &[Condition::Flag(Flag::DeviceVfioPci)]),
    device("scsi-hd"),
    device("ide-hd"),
    device("PIIX4_PM"),
    device_if("usb-redir", &[Condition::Flag(Flag::UsbRedir)]),
    device_if("usb-storage", &[Condition::Flag(Flag::DeviceUsbStorage)]),
    device("kvm-pit"),
    device_if("VGA", &[Condition::Flag(Flag::DeviceVga)]),
    device_if("vmware-svga", &[Condition::Flag(Flag::DeviceVmwareSvga)]),
    device_if("qxl", &[Condition::Flag(Flag::DeviceQxl)]),
    device_if("virtio-gpu-pci", &[Condition::Flag(Flag::DeviceVirtioGpu)]),
    device_if("virtio-gpu-device", &[Condition::Flag(Flag::DeviceVirtioGpu)]),
    device("ICH9-LPC"),
    device("virtio-balloon-pci"),
    device("virtio-balloon-ccw"),
    device("virtio-balloon-device"),
    device_if("intel-iommu", &[Condition::Flag(Flag::DeviceIntelIommu)]),
    device_if("spapr-pci-host-bridge", &[Condition::Flag(Flag::DeviceSpaprPciHostBridge)]),
    device_if("virtio-gpu-ccw", &[Condition::Flag(Flag::DeviceVirtioGpuCcw)]),
    device_if("mch", &[Condition::Flag(Flag::DeviceMch)]),
    device_if("nvdimm", &[Condition::Flag(Flag::DeviceNvdimm)]),
    device_if("pcie-root-port", &[Condition::Flag(Flag::DevicePcieRootPort)]),
    device("usb-host"),
    device_if("vhost-user-fs-device", &[Condition::Flag(Flag::DeviceVhostUserFs)]),
    device_if("virtio-mem-pci", &[Condition::Flag(Flag::DeviceVirtioMemPci)]),
    device_if("virtio-iommu-pci", &[Condition::Flag(Flag::DeviceVirtioIommuPci)]),
    // The second time for this type: two of libvirt's tables name it.
    device_if("virtio-blk-ccw", &[Condition::Flag(Flag::VirtioCcw)]),
    always(Ask::ObjectProperties("memory-backend-file")),
    when(
        Ask::ObjectProperties("memory-backend-memfd"),
        &[Condition::Flag(Flag::ObjectMemoryMemfd)],
    ),
    when(Ask::ObjectProperties("max-x86_64-cpu"), &[Condition::Flag(Flag::X86MaxCpu)]),
    when(Ask::ObjectProperties("max-arm-cpu"), &[Condition::Flag(Flag::ArmMaxCpu)]),
    always(Ask::Machines),
    when(Ask::MachineProperties("pseries"), &[Condition::Machine("pseries")]),
    when(Ask::MachineProperties("virt"), &[Condition::Machine("virt")]),
    always(Ask::MachineProperties("none")),
    when(Ask::MachineProperties("generic-pc"), &[Condition::MachineOrX86("generic-pc")]),
    when(Ask::CpuDefinitions, &[Condition::Flag(Flag::QueryCpuDefinitions)]),
    always(Ask::TpmModels),
    when(Ask::TpmTypes, &[Condition::TpmModelsKnown]),
    always(Ask::CommandLineOptions),
    always(Ask::MigrationCapabilities),
    when(Ask::Gic, &[Condition::HasGic]),
    when(Ask::Sev, &[Condition::EitherFlag(Flag::SevGuest, Flag::SevSnpGuest)]),
    when(Ask::Sgx, &[Condition::Flag(Flag::SgxEpc)]),
    always(Ask::Implications),
    EXPAND_BASE,
    EXPAND_NON_MIGRATABLE,
    EXPAND_DEPRECATED,
    EXPAND_HYPER_V,
];

const TCG: &[Step] = &[
    always(Ask::Negotiation),
    when(Ask::CpuDefinitions, &[Condition::Flag(Flag::QueryCpuDefinitions)]),
    EXPAND_BASE,
    EXPAND_NON_MIGRATABLE,
    EXPAND_DEPRECATED,
    EXPAND_HYPER_V,
    always(Ask::Machines),
];

impl Ask {
    /// The name of the command that asks; `None` for the questions that QEMU is not asked.
    pub const fn command_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Negotiation => "qmp_capabilities",
            Self::Version => "query-version",
            Self::Target => "query-target",
            Self::Schema => "query-qmp-schema",
            Self::Kvm => "query-kvm",
            Self::Hvf | Self::Accelerator | Self::Implications => return None,
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

    /// The command, where it does not depend on earlier answers.
    pub(super) fn fixed_command(self) -> Option<Command> {
        let command = Command::new(self.command_name()?);
        Some(match self {
            Self::DeviceProperties(type_name) | Self::ObjectProperties(type_name) => {
                command.with_strings(&[("typename", type_name)])
            }
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
            Self::Accelerator => return f.write_str("(fix the accelerator)"),
            Self::Implications => return f.write_str("(set the implied flags)"),
            _ => f.write_str(self.command_name().unwrap_or_default())?,
        }
        match self {
            Self::DeviceProperties(name) | Self::ObjectProperties(name) => write!(f, " {name}"),
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
