use qemu_caps::prelude::*;

#[caps_test(files("vms/*.jsn"))]
fn matches_nothing(vm: &InputFile) {}

#[caps_test(files("vm/*.json"))]
fn no_directory(vm: &InputFile) {}

#[caps_test(files("vms/{net,disk}.json"))]
fn braces(vm: &InputFile) {}

#[caps_test(files("vms/[*.json"))]
fn malformed(vm: &InputFile) {}

#[caps_test(files("/vms/*.json"))]
fn absolute(vm: &InputFile) {}

#[caps_test(files(""))]
fn empty(vm: &InputFile) {}

#[caps_test(files)]
fn without_patterns(vm: &InputFile) {}

#[caps_test(files("colliding/*"))]
fn one_name_for_two(vm: &InputFile) {}

#[caps_test(files("undecodable/*"))]
fn not_utf_8(vm: &InputFile) {}

#[caps_test(latest)]
fn no_files(vm: &InputFile) {}

#[caps_test(files("vms/*.json"), skip("dsik.json" = "slow"))]
fn skips_nothing(vm: &InputFile) {}
