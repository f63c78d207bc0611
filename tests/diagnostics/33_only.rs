use qemu_caps::prelude::*;

#[caps_test(latest, files("vms/*.json", only("*.s390x.json" = "s390x")))]
fn matches_nothing(vm: &InputFile) {}

#[caps_test(latest, files("vms/*.json", only("net.json" = ["ppc64", "x86_46"])))]
fn unknown_arch(vm: &InputFile) {}

#[caps_test(latest, "x86_64", files("vms/*.json", only("net.json" = "ppc64")))]
fn goes_with_none(vm: &InputFile) {}

#[caps_test(latest, files("vms/*.json", only("net.json" = ["9.2"])))]
fn ambiguous_version(vm: &InputFile) {}

#[caps_test(latest, files("vms/*.json", only("net.json")))]
fn without_captures(vm: &InputFile) {}
