use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", skip("caps_10.0.0_x86-64" = "slow"))]
fn malformed(caps: &Capabilities) {}

#[caps_test(latest, "x86_64", skip("caps_9.2.0_x86_64" = "slow"))]
fn not_the_latest(caps: &Capabilities) {}
