use qemu_caps::prelude::*;

#[caps_test(latest, "x68_64")]
fn misspelt(caps: &Capabilities) {}

#[caps_test(latest, ["x86_64", "unicore32"])]
fn without_captures(caps: &Capabilities) {}

#[caps_test(latest, not_arch("s390y"))]
fn misspelt_exception(caps: &Capabilities) {}
