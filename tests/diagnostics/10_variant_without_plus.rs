use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", variant = "hvf")]
fn no_plus(caps: &Capabilities) {}

#[caps_test(latest, variant = all)]
fn not_any(caps: &Capabilities) {}
