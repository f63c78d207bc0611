use qemu_caps::prelude::*;

#[caps_test(">=8.2 <10", "x86_64")]
fn no_comma(caps: &Capabilities) {}

#[caps_test("9.2.0.1")]
fn four_numbers(caps: &Capabilities) {}
