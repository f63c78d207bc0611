use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
struct Struct;

#[caps_test(latest, "x86_64")]
mod module {}
