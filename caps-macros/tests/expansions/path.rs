#[cfg_attr(not(test), allow(dead_code))]
fn __caps_test_everything(
    case: &::qemu_caps::testing::Case,
) -> ::qemu_caps::testing::Outcome {
    ::qemu_caps::testing::IntoOutcome::into_outcome(case.call(checks::everything))
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] ("9.2.0", dir = "tests/captures") call everything;
}

// The second stage:

mod everything {
    use ::qemu_caps::testing::Suite;
    static SUITE: Suite = Suite::new(
            "everything",
            ::core::env!("CARGO_MANIFEST_DIR"),
            ::qemu_caps::data::DIR,
            "9.2.0",
            &["9.2.0_x86_64"],
        )
        .dir("tests/captures");
    fn run(capture: &str) -> ::qemu_caps::testing::Outcome {
        super::__caps_test_everything(&SUITE.case(capture))
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        #[test]
        fn v9_2_0() -> ::qemu_caps::testing::Outcome {
            super::run("9.2.0_x86_64")
        }
    }
}
