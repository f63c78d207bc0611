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
    use ::qemu_caps::testing::Suite;
    static SUITE: Suite = Suite::new(
            "nothing",
            ::core::env!("CARGO_MANIFEST_DIR"),
            ::qemu_caps::data::DIR,
            "latest",
            &[],
        )
        .dir("tests/captures")
        .arches(&[::qemu_caps::Arch::Riscv64]);
    #[allow(dead_code)]
    fn run(capture: &str) {
        let case = SUITE.case(capture);
        super::nothing(case.get())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
}
