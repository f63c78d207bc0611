use qemu_caps::prelude::*;

#[caps_test(latest, values(machin = ["pc", "q35"]))]
fn no_argument(caps: &Capabilities, machine: &str) {}

#[caps_test(values(machine = []))]
fn none(machine: &str) {}

#[caps_test(values(machine = ["pc", "pc"]))]
fn one_twice(machine: &str) {}

#[caps_test(values(machine = ["pc-1", "pc.1"]))]
fn one_name_for_two(machine: &str) {}

#[caps_test(values(machine = ["pc", if true { "q35" } else { "virt" }]))]
fn without_a_name(machine: &str) {}

#[caps_test(values(memory = ["much"]))]
fn another_type(memory: u32) {}

#[caps_test(latest, "x86_64", values(a = [1, 2, 3], b = [1, 2, 3]), max_tests = 8)]
fn too_many(caps: &Capabilities, a: u8, b: u8) {}

#[caps_test(values(version = [1]), golden = "golden/{version}.txt")]
fn taken_name(version: u8, golden: &Golden) {}

qemu_caps::caps_test!(path: values(machine = ["pc"]) => takes_a_machine);

fn takes_a_machine(_: &str) {}
