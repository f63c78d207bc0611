//! Detecting the host that the program runs on.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use thiserror::Error;

use super::{Host, NativeCpu, SevIds, TpmVersions, Vfio};
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::domcaps::cpu_map::CpuMap;
use crate::domcaps::firmware::{Firmware, FirmwareDirError};

/// The system's directories for firmware descriptors; later ones take precedence.
const FIRMWARE_DIRS: [&str; 2] = ["usr/share/qemu/firmware", "etc/qemu/firmware"];

/// How much of a program's output to read.
const MAX_OUTPUT: u64 = 1 << 20;

/// How long `swtpm_setup` may take to print its features.
const SWTPM_TIMEOUT: Duration = Duration::from_secs(10);

/// The host can't be detected.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HostError {
    /// The architecture is unknown to libvirt.
    #[error("`{}` is not an architecture that libvirt knows", env::consts::ARCH)]
    Arch,
    /// A directory of firmware descriptors can't be read.
    #[error(transparent)]
    Firmware(#[from] FirmwareDirError),
}

impl Host {
    /// Detects the host that this program runs on.
    ///
    /// Unusable firmware descriptors are listed in [`Host::unusable_firmware`].
    ///
    /// # Errors
    ///
    /// Fails if the architecture is unknown or a directory of firmware descriptors can't be read.
    pub fn this() -> Result<Self, HostError> {
        let system = System {
            arch: Arch::host().ok_or(HostError::Arch)?,
            root: Path::new("/"),
            is_root: rustix::process::geteuid().is_root(),
            variable: &|name| env::var_os(name),
            cpuid: &cpuid,
        };
        system.host()
    }
}

/// What a host is detected from.
#[derive(Clone, Copy)]
struct System<'s> {
    arch: Arch,
    /// The directory that contains the system's files.
    root: &'s Path,
    /// Whether the program runs as root.
    is_root: bool,
    /// The value of an environment variable.
    variable: &'s dyn Fn(&str) -> Option<OsString>,
    cpuid: &'s dyn Fn(u32) -> Leaf,
}

/// Registers that CPUID returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Leaf {
    eax: u32,
    ecx: u32,
    edx: u32,
}

impl System<'_> {
    fn host(self) -> Result<Host, HostError> {
        let (firmware, unusable_firmware) = Firmware::in_dirs(&self.firmware_dirs())?;
        let cpuinfo = fs::read_to_string(self.file("proc/cpuinfo")).unwrap_or_default();
        Ok(Host {
            arch: self.arch,
            max_vcpus: max_vcpus(),
            address_bits: address_bits(self.arch, &cpuinfo),
            cpu: native_cpu(self.arch, &cpuinfo),
            swtpm: self.swtpm(),
            qemu_rdp: self.on_path("qemu-rdp").is_some(),
            vfio: self.vfio(),
            iommufd: self.file("dev/iommu").exists(),
            sev: self.sev_ids(),
            secure_execution: self.secure_execution(),
            secure_guests: self.is_on("sys/module/kvm_intel/parameters/tdx"),
            firmware,
            images: None,
            unusable_firmware,
        })
    }

    fn file(self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Finds a program on `PATH`.
    fn on_path(self, name: &str) -> Option<PathBuf> {
        use std::os::unix::fs::PermissionsExt as _;
        let is_program = |path: &PathBuf| {
            fs::metadata(path)
                .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
        };
        env::split_paths(&(self.variable)("PATH")?).map(|dir| dir.join(name)).find(is_program)
    }

    /// The TPM versions that swtpm supports, if all of its programs exist.
    fn swtpm(self) -> Option<TpmVersions> {
        self.on_path("swtpm")?;
        self.on_path("swtpm_ioctl")?;
        let setup = self.on_path("swtpm_setup")?;
        let told = output(&setup, "--print-capabilities").unwrap_or_default();
        let features = serde_json::from_str::<serde_json::Value>(&told).unwrap_or_default();
        let has = |name: &str| {
            let list = features["features"].as_array();
            list.is_some_and(|list| list.iter().any(|feature| feature == name))
        };
        Some(TpmVersions { v1_2: has("tpm-1.2"), v2_0: has("tpm-2.0") })
    }

    fn vfio(self) -> Vfio {
        let has_group = fs::read_dir(self.file("sys/kernel/iommu_groups"))
            .is_ok_and(|mut dir| dir.next().is_some());
        if has_group && self.file("dev/vfio/vfio").exists() { Vfio::Usable } else { Vfio::Unusable }
    }

    fn sev_ids(self) -> SevIds {
        const EXTENDED: u32 = 0x8000_0000;
        const SEV: u32 = 0x8000_001f;
        if (self.cpuid)(EXTENDED).eax < SEV {
            return SevIds::default();
        }
        let told = (self.cpuid)(SEV);
        SevIds { highest: told.ecx, lowest: told.edx }
    }

    /// Returns whether an s390x host has an ultravisor and the kernel was booted to use it.
    fn secure_execution(self) -> bool {
        let cmdline = fs::read_to_string(self.file("proc/cmdline")).unwrap_or_default();
        self.file("sys/firmware/uv").is_dir()
            && cmdline.split_whitespace().any(|word| {
                word.strip_prefix("prot_virt=").is_some_and(|value| {
                    matches!(value, "1" | "y" | "Y") || value.eq_ignore_ascii_case("on")
                })
            })
    }

    fn is_on(self, parameter: &str) -> bool {
        fs::read_to_string(self.file(parameter))
            .is_ok_and(|text| matches!(text.trim(), "Y" | "y" | "1"))
    }

    /// The directories of firmware descriptors, including the user's; later ones take precedence.
    fn firmware_dirs(self) -> Vec<PathBuf> {
        let mut dirs = FIRMWARE_DIRS.map(|dir| self.file(dir)).to_vec();
        if !self.is_root {
            let absolute =
                |name| (self.variable)(name).filter(|dir| !dir.is_empty()).map(PathBuf::from);
            let home = || absolute("HOME").map(|home| home.join(".config"));
            dirs.extend(
                absolute("XDG_CONFIG_HOME").or_else(home).map(|dir| dir.join("qemu/firmware")),
            );
        }
        dirs
    }
}

#[cfg(target_arch = "x86_64")]
fn cpuid(leaf: u32) -> Leaf {
    let found = std::arch::x86_64::__cpuid_count(leaf, 0);
    Leaf { eax: found.eax, ecx: found.ecx, edx: found.edx }
}

#[cfg(not(target_arch = "x86_64"))]
fn cpuid(_leaf: u32) -> Leaf {
    Leaf::default()
}

/// KVM's limit; `None` if KVM is unusable.
fn max_vcpus() -> Option<u32> {
    let kvm = kvm_ioctls::Kvm::new().ok()?;
    u32::try_from(kvm.get_max_vcpus()).ok()
}

/// The number of physical address bits in `/proc/cpuinfo`, if any.
fn address_bits(arch: Arch, cpuinfo: &str) -> u32 {
    if !(arch.is_x86() || matches!(arch, Arch::Sh4 | Arch::Loongarch64)) {
        return 0;
    }
    let value = field(cpuinfo, &["address sizes", "Address Sizes"]);
    value.and_then(|text| text.split(' ').next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// The first value of a line in `/proc/cpuinfo`.
fn field<'c>(cpuinfo: &'c str, names: &[&str]) -> Option<&'c str> {
    cpuinfo
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| names.contains(&name.trim()))
        .map(|(_, value)| value.trim())
}

/// Identifies the CPU of a POWER host by its version register. On x86 that would need registers
/// that only the kernel can read; QEMU reports them anyway.
fn native_cpu(arch: Arch, cpuinfo: &str) -> NativeCpu {
    if !arch.is_ppc64() {
        return if arch.is_x86() { NativeCpu::Unknown } else { NativeCpu::Nameless };
    }
    let pvr = field(cpuinfo, &["revision"])
        .and_then(|text| text.split_once("(pvr "))
        .and_then(|(_, pvr)| u32::from_str_radix(&pvr.replace([' ', ')'], ""), 16).ok());
    let models = CpuMap::of(Baseline::NEWEST).ppc64_models();
    let found = pvr.and_then(|pvr| {
        models.iter().find(|m| m.pvr.iter().any(|&(value, mask)| pvr & mask == value))
    });
    found.map_or(NativeCpu::Unknown, |model| NativeCpu::Model {
        name: model.name.to_owned(),
        vendor: Some(model.vendor.to_owned()),
        features: Vec::new(),
    })
}

/// Runs a program and returns its output; `None` on timeout.
fn output(program: &Path, argument: &str) -> Option<String> {
    let mut child = Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdout = child.stdout.take()?.take(MAX_OUTPUT);
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        // Unreadable output counts as empty.
        let read = stdout.read_to_string(&mut text);
        let _ = sender.send(read.map(|_| text));
    });
    let text = receiver.recv_timeout(SWTPM_TIMEOUT);
    // Killing fails if the program has already exited.
    let _ = child.kill();
    let _ = child.wait();
    text.ok()?.ok()
}
