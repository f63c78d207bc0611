#[cfg(unix)]
#[expect(unused)]
fn command_line(id: &CaptureId, golden: Golden) -> Result<(), GoldenError> {
    golden.check("")
}
#[cfg(unix)]
#[cfg(not(test))]
const _: fn(&::renamed::testing::Case) = |case| {
    let _ = command_line(case.get(), case.get());
};
#[cfg(unix)]
#[cfg(test)]
::renamed::__private::caps_tests! {
    [::renamed] (">=8.2, <11", not_arch("sparc"), variant = any, lacks("vnc"), set("kvm",
    "tcg"), clear("sdl"), golden = "golden/{test}.{arch}-{version}{variant}.args",
    skip("caps_9.2.0_x86_64" = "slow"), dir = "tests/captures", crate = ::renamed)
    #[cfg(unix)] #[expect(unused)] #[ignore = "too slow"] fn command_line(id : &
    CaptureId, golden : Golden) -> Result < (), GoldenError >;
}

// The second stage:

#[cfg(unix)]
mod command_line {
    static SUITE: ::renamed::testing::Suite = ::renamed::testing::Suite::new(
            "command_line",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(
            ::renamed::data::DIR,
            ">=8.2, <11",
            &["8.2.0_x86_64", "9.2.0_x86_64", "10.0.0_x86_64", "9.2.0_x86_64+amdsev"],
        )
        .not_arches(&[::renamed::Arch::Sparc])
        .any_variant()
        .lacks(&[::renamed::Flag::Vnc])
        .set(&[::renamed::Flag::Kvm, ::renamed::Flag::Tcg])
        .clear(&[::renamed::Flag::Sdl])
        .dirs(&[::renamed::capture::DataDir::Path("tests/captures")])
        .goldens(&[("", "golden/{test}.{arch}-{version}{variant}.args")]);
    fn run(capture: &str) -> ::renamed::testing::Outcome {
        let case = SUITE.case().over_capture(capture);
        case.finish(super::command_line(case.get(), case.get()))
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        use super::run;
        #[test]
        #[cfg(unix)]
        #[ignore = "too slow"]
        fn v8_2_0() -> ::renamed::testing::Outcome {
            run("8.2.0_x86_64")
        }
        #[test]
        #[cfg(unix)]
        #[ignore = "slow"]
        fn v9_2_0() -> ::renamed::testing::Outcome {
            run("9.2.0_x86_64")
        }
        #[test]
        #[cfg(unix)]
        #[ignore = "too slow"]
        fn v10_0_0() -> ::renamed::testing::Outcome {
            run("10.0.0_x86_64")
        }
    }
    mod x86_64_amdsev {
        #[test]
        #[cfg(unix)]
        #[ignore = "too slow"]
        fn v9_2_0() -> ::renamed::testing::Outcome {
            super::run("9.2.0_x86_64+amdsev")
        }
    }
}
