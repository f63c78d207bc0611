//! The host's part of domain capabilities, simulated or detected.

#[cfg(feature = "host")]
#[expect(clippy::disallowed_methods, reason = "reads the host")]
mod this;

#[cfg(feature = "host")]
pub use this::HostError;

use super::firmware::{Firmware, FirmwareError};
use crate::arch::Arch;
use crate::caps::Capabilities;
use crate::capture::CaptureId;

/// What domain capabilities depend on besides the QEMU.
///
/// [`Host::of_test`] is the host that libvirt's test simulates; `Host::this` (with the crate's
/// feature `host`) detects the one that the program runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts of a host")]
pub struct Host {
    /// The native architecture.
    pub arch: Arch,
    /// KVM's limit for vCPUs; `None` if KVM is unusable.
    pub max_vcpus: Option<u32>,
    /// The number of physical address bits; 0 if unknown.
    pub address_bits: u32,
    /// The host's own CPU, which is the host model if QEMU can't determine one.
    pub cpu: NativeCpu,
    /// The TPM versions that swtpm supports; `None` if it is not installed.
    pub swtpm: Option<TpmVersions>,
    /// Whether the helper `qemu-rdp` is installed.
    pub qemu_rdp: bool,
    /// Whether PCI devices can be passed through.
    pub vfio: Vfio,
    /// Whether the kernel supports iommufd.
    pub iommufd: bool,
    /// The ids for encrypted guests.
    pub sev: SevIds,
    /// Whether an s390x host can run secure guests.
    pub secure_execution: bool,
    /// Whether KVM can run secure guests (TDX).
    pub secure_guests: bool,
    /// The firmware descriptors, in the order of file names.
    pub firmware: Vec<Firmware>,
    /// Firmware images that exist regardless of descriptors; `None` to rely on descriptors.
    pub images: Option<Vec<String>>,
    /// Unusable descriptors, with the reason.
    pub unusable_firmware: Vec<FirmwareError>,
}

/// The host's own CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NativeCpu {
    /// A CPU without a name, so it has no host model.
    Nameless,
    /// A CPU model with features.
    Model {
        /// The name of the model.
        name: String,
        /// The vendor.
        vendor: Option<String>,
        /// Features in addition to the model's.
        features: Vec<String>,
    },
    /// Not detected.
    Unknown,
}

/// The TPM versions that swtpm supports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TpmVersions {
    /// TPM 1.2.
    pub v1_2: bool,
    /// TPM 2.0.
    pub v2_0: bool,
}

/// Support for passing PCI devices through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vfio {
    /// Not supported.
    Unusable,
    /// Supported if QEMU has `vfio-pci`.
    Usable,
    /// Supported regardless of QEMU, as libvirt's test assumes.
    Assumed,
}

/// The address space ids of encrypted guests, from ECX and EDX of CPUID leaf 0x8000001F.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SevIds {
    /// The highest id; 0 if there are none.
    pub highest: u32,
    /// The lowest id of a guest without encrypted state; 0 if not reported.
    pub lowest: u32,
}

/// The firmware images that libvirt's test finds.
const TEST_IMAGES: [&str; 2] = ["/obviously/fake/firmware1.fd", "/obviously/fake/firmware2.fd"];

impl Host {
    /// The host that libvirt's test simulates for a capture of this name.
    ///
    /// libvirt has captures for a few architectures only; others get the same simulated host, with
    /// a nameless CPU.
    pub fn of_test(id: &CaptureId) -> Self {
        let model = |name: &str| NativeCpu::Model {
            name: name.to_owned(),
            vendor: None,
            features: Vec::new(),
        };
        let cpu = match id.arch {
            arch if arch.is_x86() => model("Broadwell"),
            arch if arch.is_ppc64() => model("POWER8"),
            _ => NativeCpu::Nameless,
        };
        Self {
            arch: id.arch,
            max_vcpus: Some(i32::MAX.unsigned_abs()),
            address_bits: if id.arch == Arch::S390x { 0 } else { 64 },
            cpu,
            swtpm: Some(TpmVersions {
                v1_2: (3..=6).contains(&id.version.major()),
                v2_0: !(3..=5).contains(&id.version.major()),
            }),
            qemu_rdp: true,
            vfio: Vfio::Assumed,
            iommufd: true,
            sev: SevIds { highest: 509, lowest: 451 },
            secure_execution: true,
            secure_guests: true,
            firmware: Firmware::of_test(),
            images: Some(TEST_IMAGES.map(str::to_owned).to_vec()),
            unusable_firmware: Vec::new(),
        }
    }

    /// Makes guests of this QEMU run natively, as they always do on the simulated host: a capture's
    /// name can have another architecture than its content.
    #[must_use]
    pub fn native_for(self, caps: &Capabilities) -> Self {
        Self { arch: caps.arch, ..self }
    }

    /// Returns whether guests of this architecture run natively.
    pub fn runs_natively(&self, guest: Arch) -> bool {
        self.arch == guest
            || matches!(
                (guest, self.arch),
                (Arch::I686, Arch::X86_64) | (Arch::Armv7l, Arch::Aarch64)
            )
            || (guest.is_ppc64() && self.arch.is_ppc64())
    }
}

impl SevIds {
    /// The maximum numbers of encrypted guests and of guests with encrypted state.
    pub(super) fn limits(self) -> (u32, u32) {
        if self.highest == 0 || self.lowest == 0 {
            return (0, 0);
        }
        (self.highest.wrapping_sub(self.lowest).wrapping_add(1), self.lowest - 1)
    }
}
