use qemu_caps::caps_test;
use qemu_caps::prelude::*;

fn outer() {
    #[caps_test(latest, "x86_64")]
    fn in_a_body(caps: &Capabilities) {}

    caps_test!(latest, "x86_64");

    mod inner {
        use qemu_caps::prelude::*;

        #[caps_test(latest, "x86_64")]
        fn deeper(caps: &Capabilities) {}
    }
}

struct Vm;

impl Vm {
    #[caps_test(latest, "x86_64")]
    fn in_an_impl(caps: &Capabilities) {}

    fn in_a_method() { #[caps_test(latest, "x86_64")] fn nested(caps: &Capabilities) {} }
}

trait Machine {
    #[caps_test(latest, "x86_64")]
    fn in_a_trait(caps: &Capabilities) {}
}

mod tests {
    use qemu_caps::prelude::*;

    #[caps_test(latest, "x86_64")]
    fn fits(caps: &Capabilities) {}
}
