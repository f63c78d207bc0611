//! Reading the host that the program runs on.

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

/// Where firmware descriptors of the system are, the least specific first.
const FIRMWARE_DIRS: [&str; 2] = ["/usr/share/qemu/firmware", "/etc/qemu/firmware"];

/// The most that is read of what a program prints.
const MAX_OUTPUT: u64 = 1 << 20;

/// How long `swtpm_setup` may take to say what it can do.
const SWTPM_TIMEOUT: Duration = Duration::from_secs(10);

/// The host can't be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HostError {
    /// The processor is none that libvirt knows.
    #[error("`{}` is no architecture that libvirt knows", env::consts::ARCH)]
    Arch,
    /// A directory of firmware descriptors can't be read.
    #[error(transparent)]
    Firmware(#[from] FirmwareDirError),
}

impl Host {
    /// The host that this program runs on.
    ///
    /// Descriptors of firmware that can't be used are in [`Host::unusable_firmware`].
    ///
    /// # Errors
    ///
    /// When the architecture is unknown, or a directory of firmware descriptors can't be read.
    pub fn this() -> Result<Self, HostError> {
        let arch = Arch::host().ok_or(HostError::Arch)?;
        let (firmware, unusable_firmware) = Firmware::in_dirs(&firmware_dirs())?;
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        Ok(Self {
            arch,
            max_vcpus: max_vcpus(),
            address_bits: address_bits(arch, &cpuinfo),
            cpu: native_cpu(arch, &cpuinfo),
            swtpm: swtpm(),
            qemu_rdp: on_path("qemu-rdp").is_some(),
            vfio: vfio(),
            iommufd: Path::new("/dev/iommu").exists(),
            sev: sev_ids(),
            secure_execution: secure_execution(),
            secure_guests: is_on("/sys/module/kvm_intel/parameters/tdx"),
            firmware,
            images: None,
            unusable_firmware,
        })
    }
}

/// What KVM allows; `None` when it can't be used.
fn max_vcpus() -> Option<u32> {
    let kvm = kvm_ioctls::Kvm::new().ok()?;
    u32::try_from(kvm.get_max_vcpus()).ok()
}

/// Bits of a physical address, where `/proc/cpuinfo` has them.
fn address_bits(arch: Arch, cpuinfo: &str) -> u32 {
    if !(arch.is_x86() || matches!(arch, Arch::Sh4 | Arch::Loongarch64)) {
        return 0;
    }
    let value = field(cpuinfo, &["address sizes", "Address Sizes"]);
    value.and_then(|text| text.split(' ').next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// The first value of a line of `/proc/cpuinfo`.
fn field<'c>(cpuinfo: &'c str, names: &[&str]) -> Option<&'c str> {
    cpuinfo
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| names.contains(&name.trim()))
        .map(|(_, value)| value.trim())
}

/// The CPU of a POWER host, by its version register. That of an x86 host would need registers that only the
/// kernel reads; QEMU tells it, too.
fn native_cpu(arch: Arch, cpuinfo: &str) -> NativeCpu {
    if !arch.is_ppc64() {
        return if arch.is_x86() { NativeCpu::Unknown } else { NativeCpu::Nameless };
    }
    let pvr = field(cpuinfo, &["revision"])
        .and_then(|text| text.split_once("(pvr "))
        .and_then(|(_, pvr)| u32::from_str_radix(&pvr.replace([' ', ')'], ""), 16).ok());
    let models = CpuMap::of(Baseline::Libvirt12_8).ppc64_models();
    let found = pvr.and_then(|pvr| {
        models.iter().find(|m| m.pvr.iter().any(|&(value, mask)| pvr & mask == value))
    });
    found.map_or(NativeCpu::Unknown, |model| NativeCpu::Model {
        name: model.name.to_owned(),
        vendor: Some(model.vendor.to_owned()),
        features: Vec::new(),
    })
}

/// A program on `PATH`.
fn on_path(name: &str) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let is_program = |path: &PathBuf| {
        fs::metadata(path)
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(is_program)
}

/// What swtpm makes, if all of its programs are there.
fn swtpm() -> Option<TpmVersions> {
    on_path("swtpm")?;
    on_path("swtpm_ioctl")?;
    let setup = on_path("swtpm_setup")?;
    let told = output(&setup, "--print-capabilities").unwrap_or_default();
    let features = serde_json::from_str::<serde_json::Value>(&told).unwrap_or_default();
    let has = |name: &str| {
        let list = features["features"].as_array();
        list.is_some_and(|list| list.iter().any(|feature| feature == name))
    };
    Some(TpmVersions { v1_2: has("tpm-1.2"), v2_0: has("tpm-2.0") })
}

/// What a program prints; `None` if it does not end in time.
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
        // What can't be read says nothing.
        let read = stdout.read_to_string(&mut text);
        let _ = sender.send(read.map(|_| text));
    });
    let text = receiver.recv_timeout(SWTPM_TIMEOUT);
    // A program that has ended can't be killed, which is fine.
    let _ = child.kill();
    let _ = child.wait();
    text.ok()?.ok()
}

fn vfio() -> Vfio {
    let has_group =
        fs::read_dir("/sys/kernel/iommu_groups").is_ok_and(|mut dir| dir.next().is_some());
    if has_group && Path::new("/dev/vfio/vfio").exists() { Vfio::Usable } else { Vfio::Unusable }
}

#[cfg(target_arch = "x86_64")]
fn sev_ids() -> SevIds {
    use std::arch::x86_64::{__cpuid, __cpuid_count};
    const EXTENDED: u32 = 0x8000_0000;
    const SEV: u32 = 0x8000_001f;
    if __cpuid(EXTENDED).eax < SEV {
        return SevIds::default();
    }
    let told = __cpuid_count(SEV, 0);
    SevIds { highest: told.ecx, lowest: told.edx }
}

#[cfg(not(target_arch = "x86_64"))]
fn sev_ids() -> SevIds {
    SevIds::default()
}

/// An s390x host with an ultravisor, which the kernel was told to use.
fn secure_execution() -> bool {
    let cmdline = fs::read_to_string("/proc/cmdline").unwrap_or_default();
    Path::new("/sys/firmware/uv").is_dir()
        && cmdline.split_whitespace().any(|word| {
            word.strip_prefix("prot_virt=").is_some_and(|value| {
                matches!(value, "1" | "y" | "Y") || value.eq_ignore_ascii_case("on")
            })
        })
}

fn is_on(parameter: &str) -> bool {
    fs::read_to_string(parameter).is_ok_and(|text| matches!(text.trim(), "Y" | "y" | "1"))
}

/// The directories of firmware descriptors, the least specific first; a user has one, too.
fn firmware_dirs() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = FIRMWARE_DIRS.map(PathBuf::from).to_vec();
    if !rustix::process::geteuid().is_root() {
        let absolute = |name| env::var_os(name).filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let home = || absolute("HOME").map(|home| home.join(".config"));
        dirs.extend(absolute("XDG_CONFIG_HOME").or_else(home).map(|dir| dir.join("qemu/firmware")));
    }
    dirs
}
