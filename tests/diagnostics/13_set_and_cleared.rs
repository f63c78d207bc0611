use qemu_caps::prelude::*;

#[caps_test(latest, set("vnc", "kvm"), clear("tcg", "vnc"))]
fn both(caps: &Capabilities) {}
