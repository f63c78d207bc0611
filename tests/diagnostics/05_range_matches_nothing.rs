use qemu_caps::prelude::*;

#[caps_test(">=11", "x86_64")]
fn too_new(caps: &Capabilities) {}

#[caps_test("9.9.9", "x86_64")]
fn no_such_version(caps: &Capabilities) {}

#[caps_test(">=9", ["x86_64", "ppc64"])]
fn nothing_of_one_arch(caps: &Capabilities) {}
