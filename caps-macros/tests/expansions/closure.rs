#[cfg_attr(not(test), allow(dead_code))]
fn __caps_test_closure(
    case: &::qemu_caps::testing::Case,
) -> ::qemu_caps::testing::Outcome {
    case.finish(case.assert_fails((|caps: &Capabilities| build(caps))(case.get())))
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "x86_64", fails, dir = "tests/captures") call closure;
}

// The second stage:

mod closure {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "closure",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) -> ::qemu_caps::testing::Outcome {
        let mut case = SUITE.case().over_capture(capture);
        while case.next_document() {
            super::__caps_test_closure(&case)?;
        }
        ::core::result::Result::Ok(())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        #[test]
        fn latest() -> ::qemu_caps::testing::Outcome {
            super::run("10.0.0_x86_64")
        }
    }
}
