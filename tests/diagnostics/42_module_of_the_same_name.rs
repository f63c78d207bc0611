use qemu_caps::prelude::*;

mod has_vnc {
    pub fn helper() -> bool {
        true
    }
}

#[caps_test(latest, "x86_64")]
fn has_vnc(caps: &Capabilities) {
    assert!(has_vnc::helper() && caps.has(Flag::Vnc));
}
