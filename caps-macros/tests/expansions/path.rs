#[cfg_attr(not(test), allow(dead_code))]
fn __caps_test_everything(
    case: &::qemu_caps::testing::Case,
) -> ::qemu_caps::testing::Outcome {
    case.finish(case.call(checks::everything))
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] ("9.2.0", dir = "tests/captures") call everything;
}

// The second stage:

mod everything {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "everything",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "9.2.0", &["9.2.0_x86_64"])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) -> ::qemu_caps::testing::Outcome {
        let mut case = SUITE.case().over_capture(capture);
        while case.next_document() {
            super::__caps_test_everything(&case)?;
        }
        ::core::result::Result::Ok(())
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
