use qemu_caps::prelude::*;

#[caps_test(latest, golden = "golden/{test}.{arch}.txt")]
fn nobody_takes_it(caps: &Capabilities) {}

#[caps_test(latest)]
fn nothing_to_take(golden: &Golden) {}

#[caps_test(all, variant = any, golden = "golden/{test}.txt")]
fn shared(golden: &Golden) {}

#[caps_test(latest, "x86_64", files("vms/*.json"), golden = "golden/{test}.txt")]
fn shared_by_files(vm: &InputFile, golden: &Golden) {}

#[caps_test("10.0.0", "x86_64", values(a = ["x", "xy"], b = ["yz", "z"]), golden = "golden/{a}{b}")]
fn shared_in_the_end(a: &str, b: &str, golden: &Golden) {}

#[caps_test(latest, golden = "../../etc/{arch}")]
fn outside(golden: &Golden) {}

#[caps_test(latest, golden = "/etc/{arch}")]
fn absolute(golden: &Golden) {}

#[caps_test(latest, golden = "golden/{file}.{arch}.txt")]
fn no_files(golden: &Golden) {}

#[caps_test(latest, "x86_64", values(machine = ["pc"]), golden = "golden/{machin}.txt")]
fn mistyped_value(machine: &str, golden: &Golden) {}

#[caps_test(latest, "x86_64", golden(args = "golden/args", qpm = "golden/qmp"))]
fn named(args: &Golden, qmp: &Golden) {}

#[caps_test(latest, "x86_64", golden(args = "golden/{test}", qmp = "golden/{test}"))]
fn two_for_one(args: &Golden, qmp: &Golden) {}
