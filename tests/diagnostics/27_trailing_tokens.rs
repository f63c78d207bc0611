use qemu_caps::prelude::*;

#[caps_test(latest "x86_64")]
fn no_comma(caps: &Capabilities) {}

#[caps_test(latest => check)]
fn body_of_attribute(caps: &Capabilities) {}

qemu_caps::caps_test!(no_body: latest, "x86_64" =>);
qemu_caps::caps_test!(number: latest, "x86_64" => 17);
qemu_caps::caps_test!(too_much: latest, "x86_64" => check, check);

fn check(_: &Capabilities) {}
