//! What the host adds to a QEMU: a value, pretended or read.

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
/// [`Host::of_test`] is the host that libvirt's test pretends to have; `Host::this` reads the one that the
/// program runs on (with the feature `host` of the crate).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts of a host")]
pub struct Host {
    /// The architecture that runs natively.
    pub arch: Arch,
    /// The most vCPUs that KVM gives to a guest; `None` when KVM can't be used.
    pub max_vcpus: Option<u32>,
    /// Bits of a physical address; 0 when not known.
    pub address_bits: u32,
    /// The host's own CPU, which is the host model where QEMU can't tell.
    pub cpu: NativeCpu,
    /// What swtpm makes; `None` when it is not installed.
    pub swtpm: Option<TpmVersions>,
    /// The helper `qemu-rdp` is installed.
    pub qemu_rdp: bool,
    /// PCI devices can be passed through.
    pub vfio: Vfio,
    /// The kernel has iommufd.
    pub iommufd: bool,
    /// The ids for encrypted guests.
    pub sev: SevIds,
    /// An s390x host can run secure guests.
    pub secure_execution: bool,
    /// KVM can run secure guests (TDX).
    pub secure_guests: bool,
    /// The firmware descriptors, in the order of their file names.
    pub firmware: Vec<Firmware>,
    /// Firmware images that are there whatever the descriptors say; `None` where these tell.
    pub images: Option<Vec<String>>,
    /// Descriptors that can't be used, and why.
    pub unusable_firmware: Vec<FirmwareError>,
}

/// The host's own CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NativeCpu {
    /// It has no name, so there is no host model of it.
    Nameless,
    /// A CPU model with features.
    Model {
        /// The name of the model.
        name: String,
        /// The vendor.
        vendor: Option<String>,
        /// Features beyond those of the model.
        features: Vec<String>,
    },
    /// It was not read.
    Unknown,
}

/// The versions of TPM that swtpm makes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TpmVersions {
    /// TPM 1.2.
    pub v1_2: bool,
    /// TPM 2.0.
    pub v2_0: bool,
}

/// Can PCI devices be passed through?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vfio {
    /// No.
    Unusable,
    /// Yes, if the QEMU has `vfio-pci`.
    Usable,
    /// Yes, whatever the QEMU has: libvirt's test says so.
    Assumed,
}

/// The address space ids of encrypted guests: what CPUID leaf 0x8000001F has in ECX and EDX.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SevIds {
    /// The highest id; 0 when there are none.
    pub highest: u32,
    /// The lowest id of a guest without encrypted state; 0 when not told.
    pub lowest: u32,
}

/// The images that libvirt's test finds.
const TEST_IMAGES: [&str; 2] = ["/obviously/fake/firmware1.fd", "/obviously/fake/firmware2.fd"];

impl Host {
    /// The host that libvirt's test pretends to have for a capture of this name.
    ///
    /// libvirt keeps captures of a few architectures only; for the others the same host is pretended, with a
    /// CPU that has no name.
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

    /// The host on which the guests of this QEMU run without translation, as on the pretended host they
    /// always do: the name of a capture may say another architecture than what is in it.
    #[must_use]
    pub fn native_for(self, caps: &Capabilities) -> Self {
        Self { arch: caps.arch, ..self }
    }

    /// Do guests of this architecture run without translation?
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
    /// How many encrypted guests there can be, and how many of those with encrypted state.
    pub(super) fn limits(self) -> (u32, u32) {
        if self.highest == 0 || self.lowest == 0 {
            return (0, 0);
        }
        (self.highest.wrapping_sub(self.lowest).wrapping_add(1), self.lowest - 1)
    }
}
