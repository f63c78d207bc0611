fn moves(caps: &Capabilities, mode: &str) {}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = moves(
        case.get(),
        match case.value(0) {
            0 => "run",
            _ => "walk",
        },
    );
};
#[cfg(test)]
fn __caps_test_moves(case: &::qemu_caps::testing::Case) {
    moves(
        case.get(),
        match case.value(0) {
            0 => "run",
            _ => "walk",
        },
    )
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (all, "x86_64", values(mode = ["run", "walk"]), dir = "tests/captures")
    fn moves(caps : & Capabilities, mode : & str);
}

// The second stage:

mod moves {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "moves",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(
            ::qemu_caps::data::DIR,
            "all",
            &["8.2.0_x86_64", "9.2.0_x86_64", "10.0.0_x86_64"],
        )
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")])
        .values(&[("mode", &["run", "walk"])]);
    fn run(values: &[usize], capture: &str) {
        super::__caps_test_moves(&SUITE.case().over_values(values).over_capture(capture))
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod run {
        mod x86_64 {
            #[test]
            fn v8_2_0() {
                super::super::run(&[0], "8.2.0_x86_64")
            }
            #[test]
            fn v9_2_0() {
                super::super::run(&[0], "9.2.0_x86_64")
            }
            #[test]
            fn v10_0_0() {
                super::super::run(&[0], "10.0.0_x86_64")
            }
        }
    }
    mod walk {
        mod x86_64 {
            use super::super::run;
            #[test]
            fn v8_2_0() {
                run(&[1], "8.2.0_x86_64")
            }
            #[test]
            fn v9_2_0() {
                run(&[1], "9.2.0_x86_64")
            }
            #[test]
            fn v10_0_0() {
                run(&[1], "10.0.0_x86_64")
            }
        }
    }
}
