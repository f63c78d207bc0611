use qemu_caps::prelude::*;

#[caps_test(latest, "9.2.0", "x86_64")]
fn word_and_version(caps: &Capabilities) {}

#[caps_test("9.2.0", "x86_64", oldest)]
fn version_and_word(caps: &Capabilities) {}
