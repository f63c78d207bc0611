use super::domain_type::DomainType;
use super::features::Features;
use super::modes::CpuModes;
use super::parts::{Enumeration, Group, Value};
use crate::arch::Arch;
use crate::baseline::Baseline;

/// What a QEMU can offer to guests of one machine type, architecture and domain type.
///
/// ```
/// use caps_core::domcaps::{DiskBus, DomainCapabilities, DomainType, Host, Request};
/// use caps_core::{Arch, Capabilities, Flag};
///
/// let mut caps = Capabilities::new(Arch::X86_64);
/// caps.flags.insert(Flag::Ich9Ahci);
/// let host = Host::of_test(&"10.0.0_x86_64".parse()?);
/// let request = Request::new(DomainType::Qemu).machine("pc-q35-10.0");
/// let domcaps = DomainCapabilities::new(&caps, &request, &host)?;
/// assert!(domcaps.has(DiskBus::Sata));
/// assert!(!domcaps.has(DiskBus::Ide), "a q35 machine has no built-in IDE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DomainCapabilities {
    /// The path of the binary.
    pub path: String,
    /// What runs the domain.
    pub domain_type: DomainType,
    /// The machine type by its own name; `None` when there is none.
    pub machine: Option<String>,
    /// The architecture.
    pub arch: Arch,
    /// The most vCPUs of a guest; `None` when not known.
    pub max_vcpus: Option<u32>,
    /// Firmware.
    pub os: Os,
    /// The modes of `<cpu>`.
    pub cpu: CpuModes,
    /// Where the guest's memory comes from.
    pub memory_backing: Group,
    /// Devices, by kind, in libvirt's order.
    pub devices: Vec<Group>,
    /// The rest.
    pub features: Features,
    /// The libvirt release that writes it so.
    pub baseline: Baseline,
}

/// What a guest can boot from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Os {
    /// How firmware is chosen automatically.
    pub firmware: Enumeration,
    /// What firmware there is, since libvirt 12.
    pub firmware_features: Option<Group>,
    /// The firmware images on the host.
    pub images: Vec<String>,
    /// How an image is given to a guest.
    pub loader: Group,
    /// UEFI variables can be kept by QEMU; told since libvirt 12.
    pub varstore: Option<bool>,
}

impl DomainCapabilities {
    /// Can a guest have this?
    ///
    /// ```no_run
    /// # fn f(domcaps: &caps_core::domcaps::DomainCapabilities) {
    /// use caps_core::domcaps::{FilesystemDriver, LoaderSecure};
    ///
    /// let takes_virtiofs = domcaps.has(FilesystemDriver::Virtiofs);
    /// let secure_boot = domcaps.has(LoaderSecure::Yes);
    /// # }
    /// ```
    pub fn has<V: Value>(&self, value: V) -> bool {
        self.names::<V>().is_some_and(|names| names.iter().any(|name| name == value.name()))
    }

    /// All values of a kind that a guest can have.
    pub fn values<V: Value>(&self) -> Vec<V> {
        V::ALL.iter().copied().filter(|&value| self.has(value)).collect()
    }

    /// Is a line such as `vmcoreinfo` or `ps2` there, and says yes?
    pub fn supports(&self, feature: &str) -> bool {
        self.features.toggles.iter().any(|toggle| toggle.name == feature && toggle.supported)
    }

    fn names<V: Value>(&self) -> Option<&[String]> {
        if (V::GROUP, V::ENUM) == ("os", self.os.firmware.name.as_str()) {
            return Some(&self.os.firmware.values);
        }
        let group = self.groups().find(|group| group.name == V::GROUP)?;
        group.enumeration(V::ENUM).map(|found| found.values.as_slice())
    }

    /// All groups, in the order of the document.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        let os = self.os.firmware_features.iter().chain([&self.os.loader]);
        let cpu = [&self.cpu.host_passthrough, &self.cpu.maximum];
        let features = [&self.features.gic, &self.features.launch_security];
        os.chain(cpu).chain([&self.memory_backing]).chain(&self.devices).chain(features)
    }
}
