use super::features::Features;
use super::modes::CpuModes;
use super::parts::{Enumeration, Group, Value};
use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;

/// What a QEMU offers to guests of one machine type, architecture and domain type.
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
    /// The domain type.
    pub domain_type: DomainType,
    /// The machine type, without aliases; `None` if there is none.
    pub machine: Option<String>,
    /// The architecture.
    pub arch: Arch,
    /// The maximum number of vCPUs; `None` if unknown.
    pub max_vcpus: Option<u32>,
    /// Booting and firmware.
    pub os: Os,
    /// The CPU modes.
    pub cpu: CpuModes,
    /// The sources of guest memory.
    pub memory_backing: Group,
    /// The devices by kind, in libvirt's order.
    pub devices: Vec<Group>,
    /// All other features.
    pub features: Features,
    /// The libvirt release whose format it has.
    pub baseline: Baseline,
}

/// The options for booting a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Os {
    /// The firmware types that can be selected automatically.
    pub firmware: Enumeration,
    /// The features of the available firmware; since libvirt 12.
    pub firmware_features: Option<Group>,
    /// The firmware images on the host.
    pub images: Vec<String>,
    /// The ways to load a firmware image.
    pub loader: Group,
    /// Whether QEMU can store UEFI variables; reported since libvirt 12.
    pub varstore: Option<bool>,
}

impl DomainCapabilities {
    /// Returns whether a guest can use this value.
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

    /// All values of a type that a guest can use.
    pub fn values<V: Value>(&self) -> Vec<V> {
        V::ALL.iter().copied().filter(|&value| self.has(value)).collect()
    }

    /// Returns whether a line such as `vmcoreinfo` or `ps2` exists and says yes.
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
