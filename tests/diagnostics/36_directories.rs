use qemu_caps::prelude::*;

#[caps_test(latest, "s390x")]
fn only_built_in(caps: &Capabilities) {}

#[caps_test(latest, "s390x", dir = ["incomplete", "captures"])]
fn in_several(caps: &Capabilities) {}

#[caps_test(latest, "unicore32", dir = ["captures", built_in])]
fn nowhere(caps: &Capabilities) {}

#[caps_test("1.0.0", "x86_64", dir = built_in)]
fn no_such_version(caps: &Capabilities) {}

#[caps_test(latest, dir = concat!(env!("CARGO_MANIFEST_DIR"), "/captures"))]
fn computed(caps: &Capabilities) {}

#[caps_test(latest, dir = [])]
fn no_directories(caps: &Capabilities) {}

#[caps_test(latest, dir = builtin)]
fn another_word(caps: &Capabilities) {}

#[caps_test(latest, dir = "empty")]
fn empty(caps: &Capabilities) {}
