use qemu_caps::prelude::*;

const NEWEST: &str = "10.0.0";

#[caps_test(latest, arch = "x86_64")]
fn word_for_arches(caps: &Capabilities) {}

#[caps_test(version = "10.0.0")]
fn word_for_versions(caps: &Capabilities) {}

#[caps_test(NEWEST)]
fn constant(caps: &Capabilities) {}

#[caps_test(latest, self::NEWEST)]
fn path(caps: &Capabilities) {}

#[caps_test(latest, arches)]
fn nothing_like_it(caps: &Capabilities) {}

#[caps_test("x86_64", latest)]
fn selector_late(caps: &Capabilities) {}

#[caps_test(files("vms/*.json"), latest)]
fn selector_after_files(vm: &InputFile) {}

#[caps_test(files("vms/*.json"), variant = any, "x86_64")]
fn no_selector(vm: &InputFile) {}
