//! The firmware descriptors in libvirt's test.

use super::{Firmware, Target};
use crate::arch::Arch;

/// File, interface, features, targets, image.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(Arch, &'static [&'static str])],
    &'static str,
);

const ROWS: [Row; 19] = [
    (
        "20-bios.json",
        "bios",
        &["acpi-s3", "acpi-s4"],
        &[(Arch::I686, &["pc-i440fx-*", "pc-q35-*"]), (Arch::X86_64, &["pc-i440fx-*", "pc-q35-*"])],
        "/usr/share/seabios/bios-256k.bin",
    ),
    (
        "30-edk2-ovmf-4m-qcow2-x64-sb-enrolled.json",
        "uefi",
        &["acpi-s3", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2",
    ),
    (
        "31-edk2-ovmf-2m-raw-x64-sb-enrolled.json",
        "uefi",
        &["acpi-s3", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd",
    ),
    (
        "40-edk2-ovmf-4m-qcow2-x64-sb.json",
        "uefi",
        &["acpi-s3", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE_4M.secboot.qcow2",
    ),
    (
        "41-edk2-ovmf-2m-raw-x64-sb.json",
        "uefi",
        &["acpi-s3", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd",
    ),
    (
        "50-edk2-aarch64-qcow2.json",
        "uefi",
        &[],
        &[(Arch::Aarch64, &["virt-*"])],
        "/usr/share/edk2/aarch64/QEMU_EFI-silent-pflash.qcow2",
    ),
    (
        "50-edk2-loongarch64.json",
        "uefi",
        &[],
        &[(Arch::Loongarch64, &["virt", "virt-*"])],
        "/usr/share/edk2/loongarch64/QEMU_EFI.fd",
    ),
    (
        "50-edk2-ovmf-4m-qcow2-x64-nosb.json",
        "uefi",
        &["acpi-s3", "amd-sev", "amd-sev-es", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-i440fx-*", "pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE_4M.qcow2",
    ),
    (
        "50-edk2-ovmf-x64-microvm.json",
        "uefi",
        &[],
        &[(Arch::X86_64, &["microvm"])],
        "/usr/share/edk2/ovmf/MICROVM.fd",
    ),
    (
        "50-edk2-riscv-qcow2.json",
        "uefi",
        &[],
        &[(Arch::Riscv64, &["virt", "virt-*"])],
        "/usr/share/edk2/riscv/RISCV_VIRT_CODE.qcow2",
    ),
    (
        "51-edk2-aarch64-raw.json",
        "uefi",
        &[],
        &[(Arch::Aarch64, &["virt-*"])],
        "/usr/share/edk2/aarch64/QEMU_EFI-silent-pflash.raw",
    ),
    (
        "51-edk2-ovmf-2m-raw-x64-nosb.json",
        "uefi",
        &["acpi-s3", "amd-sev", "amd-sev-es", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-i440fx-*", "pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF_CODE.fd",
    ),
    (
        "52-edk2-aarch64-verbose-qcow2.json",
        "uefi",
        &["verbose-static"],
        &[(Arch::Aarch64, &["virt-*"])],
        "/usr/share/edk2/aarch64/QEMU_EFI-pflash.qcow2",
    ),
    (
        "53-edk2-aarch64-verbose-raw.json",
        "uefi",
        &["verbose-static"],
        &[(Arch::Aarch64, &["virt-*"])],
        "/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw",
    ),
    (
        "59-combined.json",
        "uefi",
        &["acpi-s3", "amd-sev", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF.secboot.fd",
    ),
    (
        "60-edk2-ovmf-x64-amdsev.json",
        "uefi",
        &["amd-sev", "amd-sev-es", "amd-sev-snp", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF.amdsev.fd",
    ),
    (
        "60-edk2-ovmf-x64-inteltdx.json",
        "uefi",
        &["enrolled-keys", "intel-tdx", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF.inteltdx.secboot.fd",
    ),
    (
        "90-combined.json",
        "uefi",
        &["acpi-s3", "amd-sev", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"],
        &[(Arch::X86_64, &["pc-q35-*"])],
        "/usr/share/edk2/ovmf/OVMF.secboot.fd",
    ),
    (
        "91-bios.json",
        "bios",
        &["acpi-s3", "acpi-s4"],
        &[(Arch::I686, &["pc-i440fx-*", "pc-q35-*"]), (Arch::X86_64, &["pc-i440fx-*", "pc-q35-*"])],
        "/usr/share/seabios/bios-256k.bin",
    ),
];

impl Firmware {
    /// The firmware descriptors in libvirt's test, in order.
    pub fn of_test() -> Vec<Self> {
        ROWS.iter()
            .map(|&(file, interface, features, targets, image)| Self {
                file: file.to_owned(),
                interfaces: vec![interface.to_owned()],
                features: owned(features),
                targets: targets
                    .iter()
                    .map(|&(arch, machines)| Target { arch: Some(arch), machines: owned(machines) })
                    .collect(),
                image: Some(image.to_owned()),
                image_exists: true,
            })
            .collect()
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
