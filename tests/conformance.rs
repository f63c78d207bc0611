//! The same properties for other directories of captures, such as libvirt's, given in the
//! environment variable `QEMU_CAPS_CONFORMANCE_DIR`.

mod properties;

use caps_test_support::{conformance_dirs, figure};
use qemu_caps::capture::Captures;

#[test]
fn every_property_of_every_capture() {
    let mut failures = Vec::new();
    let (mut right, mut all) = (0, 0);
    for dir in conformance_dirs("conformance") {
        let captures = Captures::discover(dir).expect("a directory of captures");
        let dir = captures.dir().display();
        assert!(!captures.is_empty(), "no captures in `{dir}`");
        for capture in &captures {
            let before = failures.len();
            for (name, property) in properties::ALL {
                if let Err(error) = property(capture) {
                    failures.push(format!("{dir}: {} {name}: {error}", capture.id));
                }
            }
            all += 1;
            right += usize::from(failures.len() == before);
        }
    }
    if all > 0 {
        figure("captures", right, all);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
