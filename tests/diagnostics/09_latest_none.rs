use qemu_caps::prelude::*;

#[caps_test(latest(0), "x86_64")]
fn none(caps: &Capabilities) {}

#[caps_test(latest("2"))]
fn string(caps: &Capabilities) {}

#[caps_test(oldest(2))]
fn not_latest(caps: &Capabilities) {}
