//! The table: every value of a document with its condition, in libvirt's order.
//!
//! A row without a condition always applies. Rows, enumerations and groups have the order of the
//! document.

use super::condition::{Condition, HostFact, MachineKind};
use super::parts::Value;
use super::rule::{EnumRule, GroupRule, Presence, Support, ToggleRule};
use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::flag::Flag;
use crate::names::closed_set;
use Condition::{
    All, Always, Any, Before, Firmware, FirmwareInterface, FirmwareWithout, Gic, Has, Host,
    Machine, Never, Not, Since, Type,
};

macro_rules! values {
    ($($(#[$doc:meta])* $kind:ident = $group:literal / $name:literal $(, $presence:expr)? => {
        $($variant:ident = $value:literal $(if $condition:expr)?;)*
    })*) => {$(
        closed_set! {
            $(#[$doc])*
            pub enum $kind: concat!("a value of `", $name, "` of `", $group, "`"), {
                $(#[doc = concat!("`", $value, "`")] $variant = $value,)*
            }
        }

        impl $kind {
            const RULE: EnumRule = EnumRule {
                name: $name,
                presence: values!(@presence $($presence)?),
                values: &[$(($value, values!(@condition $($condition)?)),)*],
            };
        }

        impl Value for $kind {
            const GROUP: &'static str = $group;
            const ENUM: &'static str = $name;
            const ALL: &'static [Self] = Self::ALL;

            fn name(self) -> &'static str {
                $kind::name(self)
            }
        }
    )*};
    (@presence) => { Presence::When(Always) };
    (@presence $presence:expr) => { $presence };
    (@condition) => { Always };
    (@condition $condition:expr) => { $condition };
}

const X86: Condition = Condition::Arch(&[Arch::X86_64, Arch::I686]);
const S390X: Condition = Condition::Arch(&[Arch::S390x]);
const PSERIES: Condition = Machine(MachineKind::Pseries);
const TRANSITIONAL: Condition = Has(Flag::VirtioPciTransitional);
const VIRTIO_RNG: Condition = Has(Flag::DeviceVirtioRng);
const SPICE: Condition = Has(Flag::Spice);
const TPM_EMULATOR: Condition = All(&[Host(HostFact::Swtpm), Has(Flag::DeviceTpmEmulator)]);
const VFIO: Condition = Any(&[
    Host(HostFact::VfioAssumed),
    All(&[Host(HostFact::VfioUsable), Has(Flag::DeviceVfioPci)]),
]);
const FLOPPY: Condition = All(&[Not(&PSERIES), Any(&[OLDER, Has(Flag::BusFloppy)])]);
const USB_CONTROLLER: Condition = Any(&[
    Has(Flag::Piix3UsbUhci),
    Has(Flag::Piix4UsbUhci),
    Has(Flag::UsbEhci),
    Has(Flag::Ich9UsbEhci1),
    Has(Flag::Vt82c686bUsbUhci),
    Has(Flag::PciOhci),
    Has(Flag::NecUsbXhci),
    Has(Flag::DeviceQemuXhci),
]);
const S390_PV: Condition =
    All(&[Has(Flag::S390PvGuest), Has(Flag::MachineConfidentalGuestSupport)]);
const NEWER: Condition = Since(Baseline::Libvirt12_8);
const OLDER: Condition = Before(Baseline::Libvirt12_8);

values! {
    /// Automatic firmware selection.
    OsFirmware = "os" / "firmware" => {
        Bios = "bios" if FirmwareInterface("bios");
        Efi = "efi" if FirmwareInterface("uefi");
    }
    /// Whether firmware with, or without, Secure Boot is available.
    SecureBoot = "firmwareFeatures" / "secureBoot" => {
        Yes = "yes" if Firmware("secure-boot");
        No = "no" if FirmwareWithout("secure-boot");
    }
    /// Whether firmware with, or without, enrolled keys is available.
    EnrolledKeys = "firmwareFeatures" / "enrolledKeys" => {
        Yes = "yes" if Firmware("enrolled-keys");
        No = "no" if FirmwareWithout("enrolled-keys");
    }
    /// The way a firmware image is mapped.
    LoaderType = "loader" / "type" => {
        Rom = "rom";
        Pflash = "pflash";
    }
    /// Whether the guest can write to its firmware image.
    LoaderReadonly = "loader" / "readonly" => {
        Yes = "yes";
        No = "no";
    }
    /// Whether firmware that requires System Management Mode, as Secure Boot does, is supported.
    LoaderSecure = "loader" / "secure" => {
        Yes = "yes" if Firmware("requires-smm");
        No = "no";
    }
    /// Whether a `host-passthrough` CPU can have features that prevent migration.
    HostPassthroughMigratable = "host-passthrough" / "hostPassthroughMigratable" => {
        On = "on" if Has(Flag::CpuMigratable);
        Off = "off";
    }
    /// Whether a `maximum` CPU can have features that prevent migration.
    MaximumMigratable = "maximum" / "maximumMigratable" => {
        On = "on";
        Off = "off";
    }
    /// The source of guest memory.
    MemorySource = "memoryBacking" / "sourceType" => {
        File = "file";
        Anonymous = "anonymous";
        Memfd = "memfd" if Has(Flag::ObjectMemoryMemfd);
    }
    /// The kind of disk that the guest sees.
    DiskDevice = "disk" / "diskDevice" => {
        Disk = "disk";
        Cdrom = "cdrom";
        Floppy = "floppy" if FLOPPY;
        Lun = "lun";
    }
    /// The bus of a disk.
    DiskBus = "disk" / "bus" => {
        Ide = "ide" if Machine(MachineKind::BuiltInIde);
        Fdc = "fdc" if FLOPPY;
        Scsi = "scsi";
        Virtio = "virtio";
        Usb = "usb" if Any(&[
            Has(Flag::DeviceUsbStorage),
            All(&[NEWER, Has(Flag::DeviceUsbBot)]),
        ]);
        Sata = "sata" if Has(Flag::Ich9Ahci);
        Nvme = "nvme" if All(&[NEWER, Has(Flag::DeviceNvmeNs)]);
    }
    /// The model of a virtio disk.
    DiskModel = "disk" / "model" => {
        Virtio = "virtio";
        VirtioTransitional = "virtio-transitional" if TRANSITIONAL;
        VirtioNonTransitional = "virtio-non-transitional" if TRANSITIONAL;
    }
    /// The protocol of the guest's display.
    GraphicsType = "graphics" / "type" => {
        Sdl = "sdl" if Has(Flag::Sdl);
        Vnc = "vnc" if Has(Flag::Vnc);
        Rdp = "rdp" if All(&[Has(Flag::DisplayDbus), Host(HostFact::QemuRdp)]);
        Spice = "spice" if SPICE;
        EglHeadless = "egl-headless" if Has(Flag::EglHeadless);
        Dbus = "dbus" if Has(Flag::DisplayDbus);
    }
    /// The model of a graphics card.
    VideoModel = "video" / "modelType" => {
        Vga = "vga" if Has(Flag::DeviceVga);
        Cirrus = "cirrus" if Has(Flag::DeviceCirrusVga);
        Vmvga = "vmvga" if Has(Flag::DeviceVmwareSvga);
        Qxl = "qxl" if Has(Flag::DeviceQxl);
        Virtio = "virtio" if Has(Flag::DeviceVirtioGpu);
        None = "none";
        Bochs = "bochs" if Has(Flag::DeviceBochsDisplay);
        Ramfb = "ramfb" if Has(Flag::DeviceRamfb);
    }
    /// The way a host device is assigned to a guest.
    HostdevMode = "hostdev" / "mode" => {
        Subsystem = "subsystem";
    }
    /// What happens if a host device is absent.
    HostdevStartupPolicy = "hostdev" / "startupPolicy" => {
        Default = "default";
        Mandatory = "mandatory";
        Requisite = "requisite";
        Optional = "optional";
    }
    /// The kind of a host device.
    HostdevSubsys = "hostdev" / "subsysType" => {
        Usb = "usb" if USB_CONTROLLER;
        Pci = "pci";
        Scsi = "scsi";
    }
    /// The kind of host capability for a container: none for QEMU.
    HostdevCaps = "hostdev" / "capsType" => {
        Misc = "misc" if Never;
    }
    /// The backend that assigns PCI devices.
    PciBackend = "hostdev" / "pciBackend" => {
        Default = "default" if VFIO;
        Vfio = "vfio" if VFIO;
    }
    /// Whether host devices can be assigned through iommufd.
    HostdevIommufd = "hostdev" / "iommufd", Presence::When(NEWER) => {
        Yes = "yes" if All(&[Has(Flag::ObjectIommufd), Host(HostFact::Iommufd)]);
        No = "no";
    }
    /// The model of a random number generator.
    RngModel = "rng" / "model" => {
        Virtio = "virtio" if VIRTIO_RNG;
        VirtioTransitional = "virtio-transitional" if All(&[VIRTIO_RNG, TRANSITIONAL]);
        VirtioNonTransitional = "virtio-non-transitional" if All(&[VIRTIO_RNG, TRANSITIONAL]);
    }
    /// The source of random numbers.
    RngBackend = "rng" / "backendModel" => {
        Random = "random" if Has(Flag::ObjectRngRandom);
        Egd = "egd" if Has(Flag::ObjectRngEgd);
        Builtin = "builtin" if Has(Flag::ObjectRngBuiltin);
    }
    /// The way a host directory is shared with a guest.
    FilesystemDriver = "filesystem" / "driverType" => {
        Path = "path";
        Handle = "handle" if OLDER;
        Virtiofs = "virtiofs" if Has(Flag::DeviceVhostUserFs);
    }
    /// The model of a TPM.
    TpmModel = "tpm" / "model" => {
        Tis = "tpm-tis" if Has(Flag::DeviceTpmTis);
        Crb = "tpm-crb" if Has(Flag::DeviceTpmCrb);
        Spapr = "tpm-spapr" if Has(Flag::DeviceTpmSpapr);
        SpaprProxy = "spapr-tpm-proxy" if Has(Flag::DeviceSpaprTpmProxy);
    }
    /// The backend of a TPM.
    TpmBackend = "tpm" / "backendModel" => {
        Passthrough = "passthrough" if Has(Flag::DeviceTpmPassthrough);
        Emulator = "emulator" if TPM_EMULATOR;
        External = "external" if TPM_EMULATOR;
    }
    /// The version of an emulated TPM.
    TpmVersion = "tpm" / "backendVersion", Presence::IfAny => {
        V1_2 = "1.2" if Host(HostFact::Tpm1_2);
        V2_0 = "2.0" if Host(HostFact::Tpm2_0);
    }
    /// The bus of a redirected device.
    RedirdevBus = "redirdev" / "bus" => {
        Usb = "usb";
    }
    /// The host's end of a channel.
    ChannelType = "channel" / "type" => {
        Pty = "pty";
        Unix = "unix";
        Spicevmc = "spicevmc" if SPICE;
    }
    /// The model of a crypto device.
    CryptoModel = "crypto" / "model" => {
        Virtio = "virtio" if Has(Flag::DeviceVirtioCrypto);
    }
    /// The provider of a crypto device.
    CryptoType = "crypto" / "type" => {
        Qemu = "qemu";
    }
    /// The encryption backend of a crypto device.
    CryptoBackend = "crypto" / "backendModel" => {
        Builtin = "builtin";
        Lkcf = "lkcf" if Has(Flag::ObjectCryptoLkcf);
    }
    /// The backend of a network interface in user mode.
    InterfaceBackend = "interface" / "backendType" => {
        Default = "default" if Has(Flag::NetdevUser);
        Passt = "passt" if Has(Flag::NetdevStream);
    }
    /// The way a guest reports a panic.
    PanicModel = "panic" / "model" => {
        Isa = "isa" if Has(Flag::DevicePanic);
        Pseries = "pseries" if PSERIES;
        Hyperv = "hyperv" if X86;
        S390 = "s390" if S390X;
        Pvpanic = "pvpanic" if Has(Flag::DevicePanicPci);
    }
    /// The host's end of a console.
    ConsoleType = "console" / "type" => {
        Null = "null";
        Vc = "vc";
        Pty = "pty";
        Dev = "dev";
        File = "file";
        Pipe = "pipe";
        Stdio = "stdio";
        Udp = "udp";
        Tcp = "tcp";
        Unix = "unix";
        Spicevmc = "spicevmc" if SPICE;
        Spiceport = "spiceport" if SPICE;
        QemuVdagent = "qemu-vdagent" if Has(Flag::ChardevQemuVdagent);
        Dbus = "dbus";
    }
    /// The version of an Arm interrupt controller.
    GicVersion = "gic" / "version" => {
        V2 = "2" if Gic(2);
        V3 = "3" if Gic(3);
    }
    /// The way guest memory is protected from the host.
    LaunchSecurity = "launchSecurity" / "sectype" => {
        Sev = "sev" if Has(Flag::SevGuest);
        SevSnp = "sev-snp" if Has(Flag::SevSnpGuest);
        S390Pv = "s390-pv" if S390_PV;
        Tdx = "tdx" if All(&[NEWER, Has(Flag::TdxGuest)]);
    }
}

const fn group(name: &'static str, support: Support, enums: &'static [EnumRule]) -> GroupRule {
    GroupRule { name, support, enums }
}

const ALWAYS: Support = Support::When(Always);

pub(super) const OS_FIRMWARE: EnumRule = OsFirmware::RULE;
pub(super) const FIRMWARE_FEATURES: GroupRule =
    group("firmwareFeatures", Support::When(NEWER), &[SecureBoot::RULE, EnrolledKeys::RULE]);
pub(super) const LOADER: GroupRule =
    group("loader", ALWAYS, &[LoaderType::RULE, LoaderReadonly::RULE, LoaderSecure::RULE]);
pub(super) const HOST_PASSTHROUGH: EnumRule = HostPassthroughMigratable::RULE;
pub(super) const MAXIMUM: EnumRule = MaximumMigratable::RULE;
pub(super) const MEMORY_BACKING: GroupRule = group("memoryBacking", ALWAYS, &[MemorySource::RULE]);
pub(super) const GIC: GroupRule = group("gic", Support::IfFirst, &[GicVersion::RULE]);
pub(super) const LAUNCH_SECURITY: GroupRule =
    group("launchSecurity", Support::IfFirst, &[LaunchSecurity::RULE]);

/// The devices of a document, with the releases that report them.
pub(super) const DEVICES: &[(Condition, GroupRule)] = &[
    (Always, group("disk", ALWAYS, &[DiskDevice::RULE, DiskBus::RULE, DiskModel::RULE])),
    (Always, group("graphics", ALWAYS, &[GraphicsType::RULE])),
    (Always, group("video", ALWAYS, &[VideoModel::RULE])),
    (
        Always,
        group(
            "hostdev",
            ALWAYS,
            &[
                HostdevMode::RULE,
                HostdevStartupPolicy::RULE,
                HostdevSubsys::RULE,
                HostdevCaps::RULE,
                PciBackend::RULE,
                HostdevIommufd::RULE,
            ],
        ),
    ),
    (Always, group("rng", ALWAYS, &[RngModel::RULE, RngBackend::RULE])),
    (Always, group("filesystem", ALWAYS, &[FilesystemDriver::RULE])),
    (Always, group("tpm", Support::IfFirst, &[TpmModel::RULE, TpmBackend::RULE, TpmVersion::RULE])),
    (Always, group("redirdev", Support::When(Has(Flag::UsbRedir)), &[RedirdevBus::RULE])),
    (Always, group("channel", ALWAYS, &[ChannelType::RULE])),
    (Always, group("crypto", ALWAYS, &[CryptoModel::RULE, CryptoType::RULE, CryptoBackend::RULE])),
    (Always, group("interface", ALWAYS, &[InterfaceBackend::RULE])),
    (Always, group("panic", Support::IfFirst, &[PanicModel::RULE])),
    (NEWER, group("console", ALWAYS, &[ConsoleType::RULE])),
];

const fn toggle(name: &'static str, presence: Condition, support: Condition) -> ToggleRule {
    ToggleRule { name, presence, support }
}

/// The lines between `gic` and `sev`.
pub(super) const TOGGLES: &[ToggleRule] = &[
    toggle("vmcoreinfo", Always, Has(Flag::DeviceVmcoreinfo)),
    toggle("genid", Always, Has(Flag::DeviceVmgenid)),
    toggle("backingStoreInput", Always, Always),
    toggle("backup", Always, Always),
    toggle("async-teardown", Always, Has(Flag::RunWithAsyncTeardown)),
    toggle(
        "s390-pv",
        Any(&[S390X, NEWER]),
        All(&[S390X, S390_PV, Host(HostFact::SecureExecution)]),
    ),
    toggle(
        "ps2",
        Always,
        All(&[
            Has(Flag::MachineI8042Opt),
            Any(&[
                Machine(MachineKind::I440fx),
                Machine(MachineKind::Q35),
                Machine(MachineKind::Xenfv),
                Machine(MachineKind::Isapc),
            ]),
        ]),
    ),
    toggle(
        "tdx",
        NEWER,
        All(&[Type(DomainType::Kvm), Has(Flag::TdxGuest), Host(HostFact::SecureGuests)]),
    ),
];

/// The line after the loader.
pub(super) const VARSTORE: ToggleRule =
    toggle("varstore", NEWER, All(&[Has(Flag::DeviceUefiVars), Firmware("host-uefi-vars")]));
