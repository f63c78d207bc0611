//! The plan: libvirt's questions in order, with their conditions, as data.
//!
//! All baselines share one list. Steps that only some of them have are marked: `.since(..)` for the
//! first baseline that asks, `.until(..)` for the first that no longer does.

use super::host::Launch;
use super::question::{Ask, Condition, Expansion, Step};
use crate::baseline::Baseline::{self, Libvirt12_8 as V12_8};
use crate::baseline::Span;
use crate::flag::{DeviceQuestion, Flag};

/// The questions that a libvirt release asks in a session, in order.
///
/// ```
/// use caps_core::Baseline;
/// use caps_core::probe::{Ask, Launch, plan};
///
/// let asked = |baseline| plan::steps(baseline, Launch::Accelerated).any(|s| s.ask == Ask::TpmModels);
/// assert!(asked(Baseline::Libvirt11_3) && !asked(Baseline::Libvirt12_8));
/// ```
pub fn steps(baseline: Baseline, launch: Launch) -> impl Iterator<Item = &'static Step> {
    all_steps(launch).filter(move |step| step.span.contains(baseline))
}

/// The questions of all baselines in a session, in order.
///
/// ```
/// use caps_core::probe::{Ask, Launch, plan};
///
/// let first = plan::all_steps(Launch::Accelerated).next().expect("a question");
/// assert_eq!(first.ask, Ask::Negotiation);
/// ```
pub fn all_steps(launch: Launch) -> impl Iterator<Item = &'static Step> {
    match launch {
        Launch::Accelerated => ACCELERATED.iter(),
        Launch::Tcg => TCG.iter(),
    }
}

const fn always(ask: Ask) -> Step {
    when(ask, &[])
}

const fn when(ask: Ask, when: &'static [Condition]) -> Step {
    Step { ask, when, span: Span::ALWAYS }
}

const fn device(type_name: &'static str) -> Step {
    always(Ask::DeviceProperties(DeviceQuestion::new(type_name)))
}

const fn device_if(type_name: &'static str, conditions: &'static [Condition]) -> Step {
    when(Ask::DeviceProperties(DeviceQuestion::new(type_name)), conditions)
}

impl Step {
    /// Marks a question as new in a baseline.
    const fn since(self, first: Baseline) -> Self {
        Self { span: self.span.since(first), ..self }
    }

    /// Marks a question as dropped in a baseline.
    const fn until(self, end: Baseline) -> Self {
        Self { span: self.span.until(end), ..self }
    }
}

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
    always(Ask::Kvm).until(V12_8),
    always(Ask::Hvf).until(V12_8),
    when(Ask::Accelerators, &[Condition::Flag(Flag::QueryAccelerators)]).since(V12_8),
    when(Ask::Kvm, &[Condition::NoFlag(Flag::QueryAccelerators)]).since(V12_8),
    when(Ask::Hvf, &[Condition::NoFlag(Flag::QueryAccelerators)]).since(V12_8),
    always(Ask::Accelerator),
    always(Ask::QomTypes),
    device("virtio-blk-pci"),
    device_if("virtio-net-pci", &[Condition::Flag(Flag::DeviceVirtioNet)]),
    device_if("virtio-scsi-pci", &[Condition::Flag(Flag::VirtioScsi)]),
    device_if("virtio-blk-ccw", &[Condition::Flag(Flag::VirtioCcw)]),
    // The flags of these two are shared with PCI, so PCI targets are asked about CCW as well.
    device_if("virtio-net-ccw", &[Condition::Flag(Flag::DeviceVirtioNet)]),
    device_if("virtio-scsi-ccw", &[Condition::Flag(Flag::VirtioScsi)]),
    device_if("vfio-pci", &[Condition::Flag(Flag::DeviceVfioPci)]),
    device("scsi-hd"),
    device("ide-hd"),
    // libvirt asks about a few types unconditionally, on targets that can't have them, too.
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
    device_if("virtio-mem-ccw", &[Condition::Flag(Flag::DeviceVirtioMemCcw)]).since(V12_8),
    device_if("virtio-iommu-pci", &[Condition::Flag(Flag::DeviceVirtioIommuPci)]),
    when(
        // The type has two rows in libvirt's table.
        Ask::DeviceProperties(DeviceQuestion::again("virtio-blk-ccw")),
        &[Condition::Flag(Flag::VirtioCcw)],
    ),
    device_if("amd-iommu", &[Condition::Flag(Flag::AmdIommu)]).since(V12_8),
    device_if("arm-smmuv3", &[Condition::Flag(Flag::ArmSmmuv3)]).since(V12_8),
    device("scsi-block").since(V12_8),
    device("scsi-generic").since(V12_8),
    always(Ask::ObjectProperties("memory-backend-file")),
    when(
        Ask::ObjectProperties("memory-backend-memfd"),
        &[Condition::Flag(Flag::ObjectMemoryMemfd)],
    ),
    when(Ask::ObjectProperties("max-x86_64-cpu"), &[Condition::Flag(Flag::X86MaxCpu)]),
    when(Ask::ObjectProperties("max-arm-cpu"), &[Condition::Flag(Flag::ArmMaxCpu)]),
    always(Ask::Machines),
    // Its answer shows no flag, and is recorded all the same.
    when(Ask::MachineProperties("pseries"), &[Condition::Machine("pseries")]),
    when(Ask::MachineProperties("virt"), &[Condition::Machine("virt")]),
    // Every target has this machine type.
    always(Ask::MachineProperties("none")),
    when(Ask::MachineProperties("generic-pc"), &[Condition::MachineOrX86("generic-pc")]),
    when(Ask::CpuDefinitions, &[Condition::Flag(Flag::QueryCpuDefinitions)]),
    always(Ask::TpmModels).until(V12_8),
    when(Ask::TpmTypes, &[Condition::TpmModelsKnown]).until(V12_8),
    always(Ask::CommandLineOptions),
    always(Ask::MigrationCapabilities).until(V12_8),
    when(Ask::Gic, &[Condition::HasGic]),
    when(Ask::Sev, &[Condition::EitherFlag(Flag::SevGuest, Flag::SevSnpGuest)]),
    when(Ask::Sgx, &[Condition::Flag(Flag::SgxEpc)]),
    when(Ask::Tdx, &[Condition::Flag(Flag::TdxGuest)]).since(V12_8),
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
