//! The same properties over another directory of captures, such as libvirt's: the one that the
//! environment variable `QEMU_CAPS_CONFORMANCE_DIR` names.

mod properties;

use qemu_caps::capture::Captures;
use qemu_caps::testing::not_run;

#[test]
fn every_property_of_every_capture() {
    let Some(dir) = std::env::var_os("QEMU_CAPS_CONFORMANCE_DIR") else {
        not_run("conformance", "QEMU_CAPS_CONFORMANCE_DIR names no directory of captures");
        return;
    };
    let captures = Captures::discover(dir).expect("a directory of captures");
    assert!(!captures.is_empty(), "no captures in `{}`", captures.dir().display());
    let mut failures = Vec::new();
    for capture in &captures {
        for (name, property) in properties::ALL {
            if let Err(error) = property(capture) {
                failures.push(format!("{} {name}: {error}", capture.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
