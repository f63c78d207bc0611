//! The capability model: what libvirt knows about a QEMU after probing it.
//!
//! ```
//! use caps_core::caps::{CpuModel, CpuProperty, HostCpu, MachineType, PropertyValue};
//! use caps_core::{Accel, Arch, Capabilities, Flag, xml};
//!
//! let mut machine = MachineType::new("pc-q35-11.1");
//! machine.alias = Some("q35".to_owned());
//! let mut cpu = HostCpu::new("host");
//! cpu.properties.push(CpuProperty::new("avx2", PropertyValue::Boolean(true)));
//!
//! let mut caps = Capabilities::new(Arch::X86_64);
//! caps.flags.insert(Flag::Kvm);
//! let kvm = caps.acceleration_mut(Accel::Kvm);
//! kvm.machines.push(machine);
//! kvm.cpus = Some(vec![CpuModel::new("qemu64")]);
//! kvm.host_cpu = Some(cpu);
//! assert!(xml::write(&caps).contains("alias='q35'"));
//! ```

mod cpu;
mod feature;
mod feature_names;
mod host;
mod machine;

pub use cpu::{CpuModel, CpuProperty, HostCpu, PropertyValue};
pub use feature_names::{FeatureNames, FeatureNamesIter};
pub use host::{CpuData, Element, Enlightenment, Gic, HyperV, Sev, Sgx, SgxSection};
pub use machine::MachineType;

pub(crate) use feature::{to_libvirt, to_qemu};

use crate::accel::Accel;
use crate::arch::Arch;
use crate::flag::{Flag, FlagSet, UnknownFlag};
use crate::version::Version;

/// The capabilities of one QEMU binary.
///
/// [`crate::probe::run`] makes them from a conversation; [`crate::xml`] reads and writes them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Capabilities {
    /// The path of the binary.
    pub emulator: String,
    /// The inode change time of the binary, in seconds since 1970; 0 in captures.
    pub emulator_ctime: i64,
    /// The modification time of QEMU's module directory, in seconds since 1970; 0 if there is none.
    pub module_dir_mtime: i64,
    /// The change time of the probing program, in seconds since 1970; 0 in captures.
    pub self_ctime: i64,
    /// The version of the probing program; [`Version::UNKNOWN`] in captures.
    pub self_version: Version,
    /// The capability flags.
    pub flags: FlagSet,
    /// Names of flags unknown to every baseline, in file order. Only [`crate::xml::read_lenient`]
    /// produces any.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub unknown_flags: Vec<UnknownFlag>,
    /// The QEMU version from `query-version`.
    pub version: Version,
    /// The package string from `query-version`; may be empty.
    pub package: Option<String>,
    /// The microcode version of the host CPU; in captures, a value computed from the file name.
    pub microcode_version: u32,
    /// The signature of the host CPU; live only.
    pub host_cpu_signature: Option<String>,
    /// The host kernel as `RELEASE VERSION`; live only.
    pub kernel_version: Option<String>,
    /// Raw data of the host CPU; live only.
    pub cpu_data: Option<CpuData>,
    /// The guest architecture.
    pub arch: Arch,
    /// The data for KVM. Meaningful only with [`Flag::Kvm`].
    pub kvm: Acceleration,
    /// The data for the Hypervisor.framework. Meaningful only with [`Flag::Hvf`].
    pub hvf: Acceleration,
    /// The data for Microsoft Hypervisor. Meaningful only with [`Flag::Mshv`].
    pub mshv: Acceleration,
    /// The data without acceleration.
    pub tcg: Acceleration,
    /// The interrupt controllers available to Arm machines, in reply order.
    pub gic: Vec<Gic>,
    /// AMD SEV on this host.
    pub sev: Option<Sev>,
    /// Intel SGX on this host.
    pub sgx: Option<Sgx>,
    /// Hyper-V enlightenments.
    pub hyperv: Option<HyperV>,
    /// Whether the host's kernel allows nested guests; live only.
    pub kvm_supports_nesting: bool,
    /// Whether the host allows secure guests; live only.
    pub kvm_supports_secure_guest: bool,
}

/// The data that depends on the accelerator.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Acceleration {
    /// The expansion of the CPU model `host` (accelerated) or `max`.
    pub host_cpu: Option<HostCpu>,
    /// The CPU models, in reply order; `None` if QEMU could not list them.
    pub cpus: Option<Vec<CpuModel>>,
    /// The machine types: the preferred one first, the others in reply order.
    pub machines: Vec<MachineType>,
}

impl Capabilities {
    /// Creates empty capabilities for an architecture.
    pub fn new(arch: Arch) -> Self {
        Self {
            emulator: format!("/usr/bin/qemu-system-{arch}"),
            emulator_ctime: 0,
            module_dir_mtime: 0,
            self_ctime: 0,
            self_version: Version::UNKNOWN,
            flags: FlagSet::default(),
            unknown_flags: Vec::new(),
            version: Version::UNKNOWN,
            package: None,
            microcode_version: 0,
            host_cpu_signature: None,
            kernel_version: None,
            cpu_data: None,
            arch,
            kvm: Acceleration::default(),
            hvf: Acceleration::default(),
            mshv: Acceleration::default(),
            tcg: Acceleration::default(),
            gic: Vec::new(),
            sev: None,
            sgx: None,
            hyperv: None,
            kvm_supports_nesting: false,
            kvm_supports_secure_guest: false,
        }
    }

    /// Returns whether the flag is set.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(flag)
    }

    /// Returns whether guests can be accelerated.
    pub fn is_accelerated(&self) -> bool {
        Accel::ALL.iter().any(|&a| a != Accel::Tcg && self.has(Flag::of_accel(a)))
    }

    /// The usable accelerators, according to their flags.
    pub fn accels(&self) -> impl Iterator<Item = Accel> {
        Accel::ALL.iter().copied().filter(|&accel| self.has(Flag::of_accel(accel)))
    }

    /// The accelerators with a block in the capability XML: `tcg` always, the others if their flag
    /// is set.
    pub fn blocks(&self) -> impl Iterator<Item = Accel> {
        Accel::ALL
            .iter()
            .copied()
            .filter(|&accel| accel == Accel::Tcg || self.has(Flag::of_accel(accel)))
    }

    /// The data for an accelerator.
    pub fn acceleration(&self, accel: Accel) -> &Acceleration {
        match accel {
            Accel::Kvm => &self.kvm,
            Accel::Hvf => &self.hvf,
            Accel::Mshv => &self.mshv,
            Accel::Tcg => &self.tcg,
        }
    }

    /// The data for an accelerator, mutably.
    pub fn acceleration_mut(&mut self, accel: Accel) -> &mut Acceleration {
        match accel {
            Accel::Kvm => &mut self.kvm,
            Accel::Hvf => &mut self.hvf,
            Accel::Mshv => &mut self.mshv,
            Accel::Tcg => &mut self.tcg,
        }
    }

    /// Makes machine type names independent of the version, as libvirt does for tests with the
    /// latest capture: a machine type with an alias takes the alias as its name, and its versioned
    /// name becomes a second, non-default machine type.
    pub fn strip_machine_aliases(&mut self) {
        for &accel in Accel::ALL {
            let machines = &mut self.acceleration_mut(accel).machines;
            let mut originals = Vec::new();
            for machine in machines.iter_mut() {
                if let Some(alias) = machine.alias.take() {
                    let name = std::mem::replace(&mut machine.name, alias);
                    originals.push(MachineType { name, is_default: false, ..machine.clone() });
                }
            }
            machines.append(&mut originals);
        }
    }
}
