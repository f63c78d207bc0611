use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
async fn asynchronous(caps: &Capabilities) {}
