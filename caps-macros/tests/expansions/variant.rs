fn seals(caps: &Capabilities) {}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = seals(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "x86_64", variant = "+amdsev", has("kvm"), dir =
    "tests/captures") fn seals(caps : & Capabilities);
}

// The second stage:

mod seals {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "seals",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["9.2.0_x86_64+amdsev"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .variant("+amdsev")
        .has(&[::qemu_caps::Flag::Kvm])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) {
        let case = SUITE.case().over_capture(capture);
        super::seals(case.get())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64_amdsev {
        #[test]
        fn latest() {
            super::run("9.2.0_x86_64+amdsev")
        }
    }
}
