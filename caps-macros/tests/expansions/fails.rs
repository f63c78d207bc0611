fn refuses(caps: &Capabilities) -> Result<Vm, Error> {
    vm(caps)
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = refuses(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (oldest, "x86_64", fails = "no such device", dir = "tests/captures") fn
    refuses(caps : & Capabilities) -> Result < Vm, Error >;
}

// The second stage:

mod refuses {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "refuses",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "oldest", &["8.2.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) {
        let case = SUITE.case().over_capture(capture);
        case.assert_fails_with("no such device", super::refuses(case.get()));
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        #[test]
        fn oldest() {
            super::run("8.2.0_x86_64")
        }
    }
}
