use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", fails)]
fn number(_: &Capabilities) -> u32 {
    5
}

#[caps_test(latest, "x86_64", fails = "text")]
fn option(_: &Capabilities) -> Option<u32> {
    None
}
