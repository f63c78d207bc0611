//! The orchestrator on every captured QEMU. Uses each selector and each item of `caps_test` at
//! least once.

mod support;

use orchestrator::{Channel, Disk, Unsupported, Vm, attach_disk, command_line, detach_disk, shell};
use qemu_caps::prelude::*;
use qemu_caps::testing::GoldenError;
use support::Captured;

qemu_caps::no_unused_golden_files!("tests/golden");

/// Validates the captures before relying on them.
mod captures {
    qemu_caps::caps_test!(all, variant = any);
    qemu_caps::caps_test!(know_their_name: latest(2), not_arch("sparc") => super::knows_its_name);
    qemu_caps::caps_test!(have_a_schema: "10.0.13", "s390x" => |schema: &qemu_caps::qapi::Schema| {
        assert!(schema.has_event("DEVICE_DELETED"));
    });
}

fn knows_its_name(caps: &Capabilities, capture: &Capture, case: &Case) {
    assert_eq!(caps.arch, capture.id.arch);
    assert_eq!(caps.version, capture.id.version, "{} in {}", case.test(), case.label());
}

/// The simplest machine, on every architecture that the orchestrator knows.
#[caps_test(
    all,
    ["x86_64", "aarch64", "s390x", "ppc64", "riscv64", "loongarch64"],
    golden = "tests/golden/plain/{arch}-{version}{variant}.args"
)]
fn plain(Captured(emulator): Captured, golden: Golden) {
    let vm = Vm::new("plain").disk(Disk::empty());
    golden.assert(&shell(&command_line(&vm, &emulator).expect("any QEMU can do this")));
}

/// QEMU 8.2 introduced sound, so the newest versions have it, except on the machine without PCI.
#[caps_test(
    latest,
    ["x86_64", "aarch64", "ppc64", "riscv64", "loongarch64"],
    has("virtio-sound"),
    golden = "tests/golden/{test}.{arch}-{version}.args"
)]
fn sound(Captured(emulator): Captured, golden: Golden) -> Result<(), Box<dyn std::error::Error>> {
    let mut vm = Vm::new("sound");
    vm.sound = true;
    golden.check(&shell(&command_line(&vm, &emulator)?))?;
    Ok(())
}

#[caps_test(oldest, lacks("virtio-sound"), fails = "has no sound card")]
fn no_sound(Captured(emulator): Captured) -> Result<Vec<String>, Unsupported> {
    let mut vm = Vm::new("silent");
    vm.sound = true;
    command_line(&vm, &emulator)
}

/// A distributor may build QEMU without it.
#[caps_test(latest, "x86_64", clear("virtio-sound"), fails)]
fn sound_taken_away(Captured(emulator): Captured) -> Result<Vec<String>, Unsupported> {
    let mut vm = Vm::new("silent");
    vm.sound = true;
    command_line(&vm, &emulator)
}

fn served(threads: u32) -> Disk {
    Disk { image: Some("/var/lib/images/served.qcow2".to_owned()), threads }
}

/// The command line of a full-featured machine is the same for every QEMU that supports it.
#[caps_test(">=10, <12", ["x86_64", "aarch64"], golden = "tests/golden/{test}.{arch}-{version}.args")]
fn everything(Captured(emulator): Captured, golden: Golden) -> Result<(), GoldenError> {
    let mut vm = Vm::new("everything").disk(served(2)).disk(served(1));
    vm.network = Some(Channel { socket: "/run/net.sock".to_owned(), reconnect: 500 });
    vm.sound = true;
    golden.check(&shell(&command_line(&vm, &emulator).expect("new enough")))
}

/// With a flag of a later version, an old QEMU gets the new command line.
#[caps_test(
    "7.2.22",
    "x86_64",
    set("netdev-stream-reconnect-miliseconds"),
    golden = "tests/golden/{test}.{arch}-{version}.args"
)]
fn backported(Captured(emulator): Captured, golden: Golden) {
    let mut vm = Vm::new("backported");
    vm.network = Some(Channel { socket: "/run/net.sock".to_owned(), reconnect: 500 });
    golden.assert(&shell(&command_line(&vm, &emulator).expect("a stream")));
}

/// Hotplug as QMP commands; the QEMU would accept each of them with its arguments.
#[caps_test(latest, ["x86_64", "s390x"], golden = "tests/golden/{test}.{arch}-{version}.json")]
fn hotplug(
    Captured(emulator): Captured,
    validator: &Validator,
    golden: Golden,
) -> Result<(), Violations> {
    let mut commands = attach_disk(1, &served(1), &emulator).expect("one thread");
    commands.extend(detach_disk(1));
    let mut text = String::new();
    for command in &commands {
        validator.validate(command)?;
        text.push_str(&format!("{command}\n"));
    }
    golden.assert(&text);
    Ok(())
}

/// A missing format is detected before QEMU is started.
#[caps_test(all, ["x86_64", "aarch64"])]
fn formats(schema: &Schema, id: &CaptureId) -> Result<(), qemu_caps::qapi::query::ParseQueryError> {
    for driver in ["qcow2", "null-co"] {
        let query = format!("blockdev-add/arg-type/driver/^{driver}").parse()?;
        assert!(schema.holds(&query), "{driver} on {id}");
    }
    Ok(())
}

#[caps_test(
    ">=7, <8",
    ["x86_64", "ppc64"],
    skip("caps_7.2.22_ppc64" = "KVM was not there when it was captured")
)]
fn accelerated(Captured(emulator): Captured) {
    assert!(emulator.kvm);
}

/// A data directory of your own in another place, which is still empty.
#[caps_test(latest, "lm32", dir = "../../qemucapabilitiesdata", crate = ::qemu_caps, allow_empty)]
fn exotic(_: Version, _: Arch, _: &Conversation) {}

#[caps_test(latest, "x86_64")]
#[should_panic(expected = "at most two")]
fn attributes_are_those_of_a_test(mut caps: Capabilities) {
    caps.tcg.machines.truncate(3);
    assert!(caps.tcg.machines.len() <= 2, "at most two");
}
