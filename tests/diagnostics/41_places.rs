use qemu_caps::prelude::*;

fn outer() {
    #[caps_test(latest, "x86_64")]
    fn in_a_body(caps: &Capabilities) {}
}

struct Vm;

impl Vm {
    #[caps_test(latest, "x86_64")]
    fn in_an_impl(caps: &Capabilities) {}
}
