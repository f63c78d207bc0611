//! The same properties over another directory of captures, such as libvirt's: the one that the
//! environment variable `QEMU_CAPS_CONFORMANCE_DIR` names.

mod properties;

use caps_test_support::conformance_dir;
use qemu_caps::capture::Captures;

#[test]
fn every_property_of_every_capture() {
    let Some(dir) = conformance_dir("conformance") else { return };
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
