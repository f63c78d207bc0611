use qemu_caps::prelude::*;

#[caps_test(latest, fails)]
#[should_panic]
fn both(caps: &Capabilities) -> Result<(), String> {
    Ok(())
}
