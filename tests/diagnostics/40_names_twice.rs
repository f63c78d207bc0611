use qemu_caps::prelude::*;

mod boots {}

#[caps_test(latest, "x86_64")]
fn boots(caps: &Capabilities) {}

mod inner {
    use qemu_caps::prelude::*;

    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}

    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}
}
