#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (all, dir = "tests/captures") derive unnamed_caps_test;
}

// The second stage:

mod unnamed_caps_test {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "unnamed_caps_test",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(
            ::qemu_caps::data::DIR,
            "all",
            &[
                "10.0.0_s390x",
                "9.0.0_sparc",
                "8.2.0_x86_64",
                "9.2.0_x86_64",
                "10.0.0_x86_64",
            ],
        )
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    fn run(capture: &str) -> ::qemu_caps::testing::Outcome {
        let case = SUITE.case().over_capture(capture);
        case.finish(case.check_derives_xml())
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod s390x {
        #[test]
        fn v10_0_0() -> ::qemu_caps::testing::Outcome {
            super::run("10.0.0_s390x")
        }
    }
    mod sparc {
        #[test]
        fn v9_0_0() -> ::qemu_caps::testing::Outcome {
            super::run("9.0.0_sparc")
        }
    }
    mod x86_64 {
        use super::run;
        #[test]
        fn v8_2_0() -> ::qemu_caps::testing::Outcome {
            run("8.2.0_x86_64")
        }
        #[test]
        fn v9_2_0() -> ::qemu_caps::testing::Outcome {
            run("9.2.0_x86_64")
        }
        #[test]
        fn v10_0_0() -> ::qemu_caps::testing::Outcome {
            run("10.0.0_x86_64")
        }
    }
}
