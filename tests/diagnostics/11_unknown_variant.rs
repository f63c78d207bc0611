use qemu_caps::prelude::*;

#[caps_test(latest, variant = "+hfv")]
fn misspelt(caps: &Capabilities) {}

#[caps_test(latest, "aarch64", variant = "+hvf")]
fn not_of_this_arch(caps: &Capabilities) {}
