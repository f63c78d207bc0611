use qemu_caps::prelude::*;

#[caps_test]
fn nothing(caps: &Capabilities) {}

#[caps_test("x86_64")]
fn only_an_arch(caps: &Capabilities) {}

#[caps_test(allow_empty, latest)]
fn an_item_first(caps: &Capabilities) {}

mod call {
    qemu_caps::caps_test!();
}
