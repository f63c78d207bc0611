use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", dir = "malformed")]
fn malformed(caps: &Capabilities) {}
