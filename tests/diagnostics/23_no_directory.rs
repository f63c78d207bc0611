use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", dir = "nowhere")]
fn missing(caps: &Capabilities) {}
