use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
fn generic<T>(caps: &Capabilities) {}

#[caps_test(latest, "x86_64")]
fn constantly_generic<'c, const N: usize>(caps: &'c Capabilities) {}

#[caps_test(latest, "x86_64")]
fn implicitly_generic(caps: impl Sized) {}

#[caps_test(latest, "x86_64")]
const fn constant(caps: &Capabilities) {}

#[caps_test(latest, "x86_64")]
extern "C" fn foreign(caps: &Capabilities) {}

#[caps_test(latest, "x86_64")]
unsafe fn dangerous(caps: &Capabilities) {}
