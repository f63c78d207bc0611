use qemu_caps::prelude::*;

mod boots {}

#[caps_test(latest, "x86_64")]
fn boots(caps: &Capabilities) {}

mod inner {
    use qemu_caps::caps_test;
    use qemu_caps::prelude::*;

    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}

    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}

    #[caps_test(latest, "x86_64")]
    fn plain(caps: &Capabilities) {}

    fn plain() {}

    caps_test!(starts: latest, "x86_64");
    caps_test!(stops: latest, "x86_64");
    caps_test!(stops: latest, "aarch64");

    struct stops;
}

// Different modules, and conditions.
mod other {
    use qemu_caps::prelude::*;

    #[cfg(unix)]
    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}

    #[cfg(not(unix))]
    #[caps_test(latest, "x86_64")]
    fn starts(caps: &Capabilities) {}
}
