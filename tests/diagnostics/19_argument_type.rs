use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
fn number(caps: &Capabilities, number: u32) {}

qemu_caps::caps_test!(function: latest, "x86_64" => takes_a_number);

fn takes_a_number(_: u32) {}
