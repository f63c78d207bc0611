use qemu_caps::prelude::*;

#[caps_test(latest, fails)]
fn nothing(caps: &Capabilities) {}

#[caps_test(latest, fails = "text")]
fn unit(caps: &Capabilities) -> () {}
