/// VNC is there.
fn has_vnc(caps: &Capabilities) {
    assert!(caps.has(Flag::Vnc));
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = has_vnc(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, ["x86_64", "s390x"], dir = "tests/captures") #[doc =
    " VNC is there."] fn has_vnc(caps : & Capabilities);
}

// The second stage:

mod has_vnc {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "has_vnc",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_s390x", "10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64, ::qemu_caps::Arch::S390x])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) {
        let case = SUITE.case().over_capture(capture);
        super::has_vnc(case.get())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod s390x {
        /// VNC is there.
        #[test]
        fn latest() {
            super::run("10.0.0_s390x")
        }
    }
    mod x86_64 {
        /// VNC is there.
        #[test]
        fn latest() {
            super::run("10.0.0_x86_64")
        }
    }
}
