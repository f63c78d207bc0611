use qemu_caps::prelude::*;

#[caps_test(lates, "x86_64")]
fn selector(caps: &Capabilities) {}

#[caps_test(latest, allowempty)]
fn item(caps: &Capabilities) {}
