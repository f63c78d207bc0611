use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", "aarch64")]
fn arches(caps: &Capabilities) {}

#[caps_test(latest, "x86_64", not_arch("sparc"))]
fn arch_and_exception(caps: &Capabilities) {}

#[caps_test(latest, has("vnc"), lacks("kvm"), has("tcg"))]
fn flags(caps: &Capabilities) {}

#[caps_test(latest, ["x86_64", "x86_64"])]
fn one_arch(caps: &Capabilities) {}
