//! The model: what is known of a QEMU after probing it, as libvirt keeps it.

mod cpu;
mod feature;
mod host;
mod machine;

pub use cpu::{CpuModel, CpuProperty, HostCpu, PropertyValue};
pub use host::{CpuData, Element, Enlightenment, Gic, HyperV, Sev, Sgx, SgxSection};
pub use machine::MachineType;

pub(crate) use feature::{to_libvirt, to_qemu};

use crate::accel::Accel;
use crate::arch::Arch;
use crate::flag::{Flag, FlagSet, UnknownFlag};
use crate::version::Version;

/// The capabilities of one QEMU binary.
///
/// [`crate::xml`] reads and writes them; [`crate::probe::run`] makes them out of a conversation.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Capabilities {
    /// The path of the binary.
    pub emulator: String,
    /// When the binary's inode changed, in seconds since 1970; 0 in captures.
    pub emulator_ctime: i64,
    /// When QEMU's module directory was modified, in seconds since 1970; 0 when there is none.
    pub module_dir_mtime: i64,
    /// When the program that probed was changed, in seconds since 1970; 0 in captures.
    pub self_ctime: i64,
    /// The version of the program that probed, as [`Version::number`]; 0 in captures.
    pub self_version: u32,
    /// The capability flags.
    pub flags: FlagSet,
    /// Names of flags that no baseline knows, in the order of the file that
    /// [`crate::xml::read_lenient`] read them from; otherwise there are none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub unknown_flags: Vec<UnknownFlag>,
    /// The version that QEMU reported, as [`Version::number`].
    pub version: u32,
    /// What the packager added to the version; may be empty.
    pub package: Option<String>,
    /// The version of the host CPU's microcode; a value computed from the file name in captures.
    pub microcode_version: u32,
    /// Signature of the host CPU; live only.
    pub host_cpu_signature: Option<String>,
    /// `RELEASE VERSION` of the host's kernel; live only.
    pub kernel_version: Option<String>,
    /// Raw data of the host CPU; live only.
    pub cpu_data: Option<CpuData>,
    /// The guest architecture.
    pub arch: Arch,
    /// What holds with KVM. Meaningful only with [`Flag::Kvm`].
    pub kvm: Acceleration,
    /// What holds with the Hypervisor.framework. Meaningful only with [`Flag::Hvf`].
    pub hvf: Acceleration,
    /// What holds with Microsoft's hypervisor. Meaningful only with [`Flag::Mshv`].
    pub mshv: Acceleration,
    /// What holds without acceleration.
    pub tcg: Acceleration,
    /// The interrupt controllers that an Arm machine can have, in the order of the reply.
    pub gic: Vec<Gic>,
    /// AMD SEV on this host.
    pub sev: Option<Sev>,
    /// Intel SGX on this host.
    pub sgx: Option<Sgx>,
    /// Hyper-V enlightenments.
    pub hyperv: Option<HyperV>,
    /// The host's kernel allows nesting; live only.
    pub kvm_supports_nesting: bool,
    /// The host allows secure guests; live only.
    pub kvm_supports_secure_guest: bool,
}

/// What depends on the accelerator.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Acceleration {
    /// The expansion of the CPU model `host` (accelerated) or `max`.
    pub host_cpu: Option<HostCpu>,
    /// The CPU models, in the order of the reply; `None` when QEMU could not tell.
    pub cpus: Option<Vec<CpuModel>>,
    /// The machine types: the preferred one first, then in the order of the reply.
    pub machines: Vec<MachineType>,
}

impl Capabilities {
    /// Capabilities of which nothing is known but the architecture.
    pub fn new(arch: Arch) -> Self {
        Self {
            emulator: format!("/usr/bin/qemu-system-{arch}"),
            emulator_ctime: 0,
            module_dir_mtime: 0,
            self_ctime: 0,
            self_version: 0,
            flags: FlagSet::default(),
            unknown_flags: Vec::new(),
            version: 0,
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

    /// Is the flag set?
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(flag)
    }

    /// The version that QEMU reported.
    pub fn qemu_version(&self) -> Version {
        Version::from_number(self.version)
    }

    /// Do guests run with acceleration?
    pub fn is_accelerated(&self) -> bool {
        Accel::ALL.iter().any(|&a| a != Accel::Tcg && self.has(Flag::of_accel(a)))
    }

    /// The accelerators that can be used, each by its flag.
    pub fn accels(&self) -> impl Iterator<Item = Accel> {
        Accel::ALL.iter().copied().filter(|&accel| self.has(Flag::of_accel(accel)))
    }

    /// The accelerators that have a block in the capability XML: `tcg` always, the others by their
    /// flags.
    pub fn blocks(&self) -> impl Iterator<Item = Accel> {
        Accel::ALL
            .iter()
            .copied()
            .filter(|&accel| accel == Accel::Tcg || self.has(Flag::of_accel(accel)))
    }

    /// What is known for an accelerator.
    pub fn acceleration(&self, accel: Accel) -> &Acceleration {
        match accel {
            Accel::Kvm => &self.kvm,
            Accel::Hvf => &self.hvf,
            Accel::Mshv => &self.mshv,
            Accel::Tcg => &self.tcg,
        }
    }

    /// What is known for an accelerator, to be changed.
    pub fn acceleration_mut(&mut self, accel: Accel) -> &mut Acceleration {
        match accel {
            Accel::Kvm => &mut self.kvm,
            Accel::Hvf => &mut self.hvf,
            Accel::Mshv => &mut self.mshv,
            Accel::Tcg => &mut self.tcg,
        }
    }

    /// Makes the data of every accelerator independent of the version, as libvirt does for tests that
    /// ask for the latest capture: a machine type with an alias takes the alias as its name, and its
    /// own name follows as a further machine type that is no default.
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
