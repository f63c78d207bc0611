fn nothing(caps: &Capabilities) {}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = nothing(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "riscv64", allow_empty, dir = "tests/captures")
    #[should_panic] fn nothing(caps : & Capabilities);
}

// The second stage:

mod nothing {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "nothing",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &[])
        .arches(&[::qemu_caps::Arch::Riscv64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    #[allow(dead_code)]
    fn run(capture: &str) {
        let case = SUITE.case().over_capture(capture);
        super::nothing(case.get())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
}
