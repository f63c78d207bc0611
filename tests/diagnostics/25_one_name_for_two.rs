use qemu_caps::prelude::*;

#[caps_test(all, "x86_64", variant = any, dir = "colliding")]
fn colliding(caps: &Capabilities) {}
