use qemu_caps::prelude::*;

struct Answer;

#[caps_test(latest, "x86_64")]
fn returns_a_number(caps: &Capabilities) -> u32 {
    7
}

#[caps_test(latest, "x86_64")]
fn returns_a_result_without_debug(caps: &Capabilities) -> Result<(), Answer> {
    Err(Answer)
}
