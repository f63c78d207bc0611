//! Each description of a virtual machine in `vms/`, on every captured QEMU. Adding a file there
//! adds a test; `VIR_TEST_REGENERATE_OUTPUT=1 cargo test` writes its expected output.

mod support;

use std::error::Error;

use orchestrator::{Vm, attach_disk, command_line, shell};
use qemu_caps::prelude::*;
use serde_json::Value;
use support::Captured;

qemu_caps::no_unused_golden_files!("tests/vms");

/// The QMP commands that hotplug each disk of the machine.
fn hotplug(vm: &Vm, emulator: &orchestrator::Emulator) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut commands = Vec::new();
    for (disk, number) in vm.disks.iter().zip(1..) {
        commands.extend(attach_disk(number, disk, emulator)?);
    }
    Ok(commands)
}

/// Sound requires QEMU 8.2 and PCI.
#[caps_test(
    latest,
    ["x86_64", "aarch64", "s390x", "ppc64", "riscv64", "loongarch64"],
    files("vms/*.json", only("desktop.json" = ["x86_64", "aarch64", ">=8.2"])),
    golden(
        args = "tests/vms/{file}.{arch}-{version}.args",
        qmp = "tests/vms/{file}.{arch}-{version}.json"
    )
)]
fn starts(
    vm: &InputFile,
    Captured(emulator): Captured,
    args: &Golden,
    qmp: &Golden,
) -> Result<(), Box<dyn Error>> {
    let vm: Vm = vm.parse()?;
    args.check(&shell(&command_line(&vm, &emulator)?))?;
    qmp.check_json(&hotplug(&vm, &emulator)?)?;
    Ok(())
}

#[caps_test(
    all,
    ["x86_64", "aarch64", "s390x", "ppc64", "riscv64", "loongarch64"],
    files("vms/*.json")
)]
fn hotplug_is_valid(
    vm: &InputFile,
    Captured(emulator): Captured,
    validator: &Validator,
) -> Result<(), Box<dyn Error>> {
    for command in hotplug(&vm.parse()?, &emulator)? {
        validator.validate(&command)?;
    }
    Ok(())
}
