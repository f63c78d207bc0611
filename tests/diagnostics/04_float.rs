use qemu_caps::prelude::*;

#[caps_test(9.2, "x86_64")]
fn float(caps: &Capabilities) {}

#[caps_test(9)]
fn integer(caps: &Capabilities) {}
