use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", dir = "incomplete")]
fn capabilities(caps: &Capabilities) {}

#[caps_test(latest, "x86_64", has("vnc"), dir = "incomplete")]
fn filter(id: &CaptureId) {}

#[caps_test(latest, "s390x", dir = "incomplete")]
fn schema(schema: &Schema) {}

qemu_caps::caps_test!(latest, "x86_64", dir = "incomplete");
