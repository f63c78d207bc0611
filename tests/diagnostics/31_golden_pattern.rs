use qemu_caps::prelude::*;

#[caps_test(latest, golden = "golden/{name}.{arhc}.txt")]
fn placeholder(golden: Golden) {}

#[caps_test(latest, golden = "golden/{test.txt")]
fn brace(golden: Golden) {}

qemu_caps::caps_test!(latest, golden = "golden/{test}.txt");
