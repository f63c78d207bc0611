use qemu_caps::prelude::*;

#[caps_test("9.2", "x86_64")]
fn two_numbers(caps: &Capabilities) {}

#[caps_test("9")]
fn one_number(caps: &Capabilities) {}
