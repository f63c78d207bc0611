fn has_virtiofs(domcaps: &DomainCapabilities) {
    look(domcaps)
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = has_virtiofs(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "x86_64", dir = "tests/captures") fn has_virtiofs(domcaps : &
    DomainCapabilities);
}

// The second stage:

mod has_virtiofs {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "has_virtiofs",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) {
        let mut case = SUITE.case().over_capture(capture);
        while case.next_document() {
            super::has_virtiofs(case.get())
        }
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        #[test]
        fn latest() {
            super::run("10.0.0_x86_64")
        }
    }
}
