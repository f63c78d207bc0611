use qemu_caps::prelude::*;

#[caps_test(latest, crate = "::qemu_caps")]
fn string(caps: &Capabilities) {}

#[caps_test(latest, crate)]
fn nothing(caps: &Capabilities) {}
