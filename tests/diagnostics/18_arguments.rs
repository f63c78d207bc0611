use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
fn none() {}

struct Struct;

impl Struct {
    #[caps_test(latest, "x86_64")]
    fn method(&self) {}
}

mod calls {
    use qemu_caps::caps_test;

    caps_test!(closure: latest, "x86_64" => || {});
    caps_test!(function: latest, "x86_64" => takes_nothing);

    fn takes_nothing() {}
}
