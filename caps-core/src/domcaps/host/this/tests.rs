use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Leaf, NativeCpu, SevIds, System, TpmVersions, Vfio, address_bits, cpuid, native_cpu};
use crate::arch::Arch;
use crate::domcaps::Host;

/// A made-up system.
struct Made {
    root: TempDir,
    arch: Arch,
    is_root: bool,
    variables: Vec<(&'static str, OsString)>,
    /// CPUID's highest extended leaf, and what it says of SEV.
    highest: u32,
}

impl Made {
    fn new() -> Self {
        Self {
            root: TempDir::new().expect("a directory"),
            arch: Arch::X86_64,
            is_root: true,
            variables: Vec::new(),
            highest: 0,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
        self
    }

    /// A program, written by another process: one that a parallel test starts could keep it open.
    fn program(self, name: &str, text: &str) -> Self {
        fs::create_dir_all(self.path("bin")).expect("a directory");
        let script = r#"printf '#!/bin/sh\n%s\n' "$1" >"$2" && chmod 755 "$2""#;
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", script, "sh", text]).arg(self.path("bin").join(name));
        assert!(shell.status().expect("a shell").success());
        self
    }

    fn variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    fn with<T>(&self, look: impl FnOnce(System<'_>) -> T) -> T {
        let variable = |name: &str| {
            let found = self.variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone())
        };
        let cpuid = |leaf: u32| match leaf {
            0x8000_0000 => Leaf { eax: self.highest, ecx: 1, edx: 2 },
            0x8000_001f => Leaf { eax: 3, ecx: 509, edx: 451 },
            _ => Leaf { eax: 4, ecx: 5, edx: 6 },
        };
        look(System {
            arch: self.arch,
            root: self.root.path(),
            is_root: self.is_root,
            variable: &variable,
            cpuid: &cpuid,
        })
    }

    fn host(&self) -> Host {
        self.with(|system| system.host().expect("a host"))
    }

    /// The directories of firmware descriptors, relative to the root where they are in it.
    fn firmware_dirs(&self) -> Vec<PathBuf> {
        let relative = |dir: PathBuf| match dir.strip_prefix(&self.root) {
            Ok(relative) => relative.to_owned(),
            Err(_) => dir,
        };
        self.with(|system| system.firmware_dirs().into_iter().map(relative).collect())
    }
}

#[test]
fn an_empty_system_has_nothing() {
    let host = Made::new().host();
    assert_eq!((host.arch, host.address_bits, &host.cpu), (Arch::X86_64, 0, &NativeCpu::Unknown));
    assert_eq!((host.swtpm, host.vfio, host.sev), (None, Vfio::Unusable, SevIds::default()));
    assert!(!(host.qemu_rdp || host.iommufd || host.secure_execution || host.secure_guests));
    assert_eq!((host.firmware, host.images, host.unusable_firmware), (vec![], None, vec![]));
}

#[test]
fn kvm_tells_its_limit_where_it_is_usable() {
    let is_usable = fs::File::options().read(true).write(true).open("/dev/kvm").is_ok();
    match super::max_vcpus() {
        None => assert!(!is_usable),
        Some(limit) => assert!(is_usable && limit > 1, "{limit}"),
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn cpuid_returns_the_registers_of_a_leaf() {
    // The vendor's name is in EBX, EDX and ECX, in this order.
    let leaf = cpuid(0);
    let name = [leaf.edx.to_le_bytes(), leaf.ecx.to_le_bytes()].concat();
    assert!(name.is_ascii() && leaf.eax > 0 && leaf.ecx != leaf.edx, "{leaf:?}");
    assert_ne!(cpuid(1).eax, leaf.eax);
}

#[test]
fn address_bits_are_those_of_some_architectures() {
    for (arch, cpuinfo, bits) in [
        (Arch::X86_64, "processor\t: 0\naddress sizes\t: 46 bits physical, 48 bits virtual\n", 46),
        (Arch::I686, "address sizes\t: 36 bits physical, 32 bits virtual", 36),
        (Arch::Loongarch64, "Address Sizes\t\t: 48 bits physical, 48 bits virtual", 48),
        (Arch::Sh4, "address sizes\t: 29 bits physical", 29),
        (Arch::Aarch64, "address sizes\t: 46 bits physical", 0),
        (Arch::X86_64, "address size\t: 46 bits physical", 0),
        (Arch::X86_64, "address sizes\t: many bits physical", 0),
        // The first of several processors.
        (Arch::X86_64, "address sizes: 39 bits\naddress sizes: 40 bits", 39),
    ] {
        assert_eq!(address_bits(arch, cpuinfo), bits, "{arch}: {cpuinfo}");
        let made = Made { arch, ..Made::new() }.file("proc/cpuinfo", cpuinfo);
        assert_eq!(made.host().address_bits, bits, "{arch}: {cpuinfo}");
    }
}

#[test]
fn power_cpus_are_told_by_their_version_register() {
    let model = |pvr: &str| {
        let cpuinfo = format!("cpu\t\t: POWER\nrevision\t: 2.1 (pvr {pvr})\n");
        match native_cpu(Arch::Ppc64le, &cpuinfo) {
            NativeCpu::Model { name, vendor, features } => {
                assert_eq!((vendor.as_deref(), features), (Some("IBM"), vec![]), "{pvr}");
                name
            }
            other => format!("{other:?}"),
        }
    };
    assert_eq!(model("004b 0201"), "POWER8");
    assert_eq!(model("004d 0200"), "POWER8");
    assert_eq!(model("004e 1203"), "POWER9");
    assert_eq!(model("0080 0200"), "POWER10");
    assert_eq!(model("ffff 0000"), "Unknown");
    assert_eq!(model("none"), "Unknown");
    assert_eq!(native_cpu(Arch::Ppc64, "cpu: POWER9"), NativeCpu::Unknown);
    assert_eq!(native_cpu(Arch::X86_64, "revision: 2.1 (pvr 004e 1203)"), NativeCpu::Unknown);
    assert_eq!(native_cpu(Arch::S390x, "revision: 2.1 (pvr 004e 1203)"), NativeCpu::Nameless);
}

#[test]
fn swtpm_needs_all_of_its_programs() {
    const FEATURES: &str = r#"echo "{\"type\": \"$1\", \"features\": [\"tpm-2.0\", \"x\"]}""#;
    let made = |programs: &[(&str, &str)]| {
        let start = Made::new();
        // A directory that does not exist is no problem.
        let path = format!("/nonexistent:{}", start.path("bin").display());
        let start = start.variable("PATH", path);
        programs.iter().fold(start, |made, (name, text)| made.program(name, text))
    };
    let all = [("swtpm", ""), ("swtpm_ioctl", ""), ("swtpm_setup", FEATURES)];
    let versions = |v1_2, v2_0| Some(TpmVersions { v1_2, v2_0 });
    assert_eq!(made(&all).host().swtpm, versions(false, true));
    for missing in 0..all.len() {
        let mut some = all.to_vec();
        some.remove(missing);
        assert_eq!(made(&some).host().swtpm, None, "without {}", all[missing].0);
    }
    let setup = |text| made(&[all[0], all[1], ("swtpm_setup", text)]).host().swtpm;
    assert_eq!(setup(r#"echo '{"features": ["tpm-1.2"]}'"#), versions(true, false));
    let only = r#"[ "$*" = --print-capabilities ] && echo '{"features": ["tpm-1.2", "tpm-2.0"]}'"#;
    assert_eq!(setup(only), versions(true, true));
    assert_eq!(setup(r#"echo '{"features": "tpm-2.0"}'"#), versions(false, false));
    assert_eq!(setup("echo nonsense"), versions(false, false));
}

#[test]
fn only_executable_files_on_the_path_are_programs() {
    let made = Made::new();
    let path = made.path("bin");
    let made = made.variable("PATH", &path).program("qemu-rdp", "");
    assert!(made.host().qemu_rdp);
    let set = |mode| {
        fs::set_permissions(path.join("qemu-rdp"), fs::Permissions::from_mode(mode)).expect("mine");
    };
    for (mode, is_program) in [(0o644, false), (0o100, true), (0o010, true), (0o001, true)] {
        set(mode);
        assert_eq!(made.host().qemu_rdp, is_program, "{mode:o}");
    }
    fs::remove_file(path.join("qemu-rdp")).expect("mine");
    fs::create_dir(path.join("qemu-rdp")).expect("a directory");
    assert!(!made.host().qemu_rdp, "a directory has these permissions, too");
    assert!(!Made::new().program("qemu-rdp", "").host().qemu_rdp, "without a PATH");
}

#[test]
fn devices_pass_through_with_a_group_and_the_driver() {
    let group = "sys/kernel/iommu_groups/0/type";
    let driver = "dev/vfio/vfio";
    assert_eq!(Made::new().file(group, "").file(driver, "").host().vfio, Vfio::Usable);
    assert_eq!(Made::new().file(group, "").host().vfio, Vfio::Unusable);
    assert_eq!(Made::new().file(driver, "").host().vfio, Vfio::Unusable);
    let no_group = Made::new().file(driver, "");
    fs::create_dir_all(no_group.path("sys/kernel/iommu_groups")).expect("a directory");
    assert_eq!(no_group.host().vfio, Vfio::Unusable);
    assert!(Made::new().file("dev/iommu", "").host().iommufd);
}

#[test]
fn ids_of_encrypted_guests_need_their_leaf() {
    let ids = |highest| Made { highest, ..Made::new() }.host().sev;
    let some = SevIds { highest: 509, lowest: 451 };
    assert_eq!(ids(0x8000_001e), SevIds::default());
    assert_eq!(ids(0x8000_001f), some);
    assert_eq!(ids(0x8000_0028), some);
}

#[test]
fn secure_execution_needs_an_ultravisor_and_its_parameter() {
    let uv = "sys/firmware/uv/query";
    for (parameter, is_on) in [
        ("prot_virt=1", true),
        ("prot_virt=y", true),
        ("prot_virt=Y", true),
        ("prot_virt=on", true),
        ("prot_virt=ON", true),
        ("prot_virt=0", false),
        ("prot_virt=off", false),
        ("prot_virt", false),
        ("no_prot_virt=1", false),
    ] {
        let line = format!("root=/dev/dasda1 {parameter} quiet\n");
        let made = || Made { arch: Arch::S390x, ..Made::new() }.file("proc/cmdline", &line);
        assert_eq!(made().file(uv, "").host().secure_execution, is_on, "{parameter}");
        assert!(!made().host().secure_execution, "{parameter} without an ultravisor");
    }
    assert!(!Made::new().file(uv, "").host().secure_execution, "without a command line");
}

#[test]
fn a_parameter_of_the_kernel_is_on_or_off() {
    for (text, is_on) in [("Y\n", true), ("y", true), ("1\n", true), ("N\n", false), ("", false)] {
        let made = Made::new().file("sys/module/kvm_intel/parameters/tdx", text);
        assert_eq!(made.host().secure_guests, is_on, "{text:?}");
    }
}

#[test]
fn firmware_is_looked_for_in_the_system_and_at_the_users() {
    let system = ["usr/share/qemu/firmware", "etc/qemu/firmware"].map(PathBuf::from);
    let with = |last: &str| [&system[..], &[PathBuf::from(last)]].concat();
    let root = Made::new().variable("HOME", "/root").variable("XDG_CONFIG_HOME", "/config");
    assert_eq!(root.firmware_dirs(), system);
    let user = || Made { is_root: false, ..Made::new() };
    assert_eq!(user().firmware_dirs(), system);
    let home = user().variable("HOME", "/home/u");
    assert_eq!(home.firmware_dirs(), with("/home/u/.config/qemu/firmware"));
    let empty = user().variable("HOME", "/home/u").variable("XDG_CONFIG_HOME", "");
    assert_eq!(empty.firmware_dirs(), with("/home/u/.config/qemu/firmware"));
    let config = user().variable("HOME", "/home/u").variable("XDG_CONFIG_HOME", "/config");
    assert_eq!(config.firmware_dirs(), with("/config/qemu/firmware"));
    assert_eq!(user().variable("HOME", "").firmware_dirs(), system);
}

#[test]
fn descriptors_are_read() {
    let host = Made::new().file("etc/qemu/firmware/50-bad.json", "{").host();
    let unusable: Vec<&Path> = host.unusable_firmware.iter().map(|e| Path::new(&e.file)).collect();
    assert_eq!(unusable.len(), 1);
    assert!(unusable[0].ends_with("50-bad.json"), "{unusable:?}");
}
