use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
fn changes(caps: &mut Capabilities) {}

#[caps_test(latest, "x86_64")]
fn changes_for_all(schema: &mut Schema) {}

#[caps_test(files("vms/*.json"))]
fn captures_without_a_selector(vm: &InputFile, caps: &Capabilities, arch: Arch) {}
