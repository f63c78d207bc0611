use qemu_caps::prelude::*;

#[caps_test(latest, has("virtio-blk.queue-sise"))]
fn has(caps: &Capabilities) {}

#[caps_test(latest, lacks("vncc"))]
fn lacks(caps: &Capabilities) {}

#[caps_test(latest, set("kvn"), clear("tgc"))]
fn edits(caps: &Capabilities) {}
