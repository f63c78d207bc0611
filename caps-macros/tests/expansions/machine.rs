fn documents(domcaps: &(DomainCapabilities), golden: &Golden) -> ! {
    end(domcaps, golden)
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = documents(case.get(), case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "x86_64", machine = "q35", virttype = kvm, golden =
    "{test}.xml", dir = "tests/captures") fn documents(domcaps : & (DomainCapabilities),
    golden : & Golden) -> !;
}

// The second stage:

mod documents {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "documents",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .machine("q35")
        .virttype(::qemu_caps::accel::DomainType::Kvm)
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")])
        .goldens(&[("", "{test}.xml")]);
    fn run(capture: &str) {
        let case = SUITE.case().over_capture(capture);
        super::documents(case.get(), case.get());
        case.assert_golden_files_compared();
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
