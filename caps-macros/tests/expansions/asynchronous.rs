async fn serves(capture: &Capture) -> std::io::Result<()> {
    Ok(())
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = serves(case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest(2), "x86_64", dir = "tests/captures") #[tokio::test(flavor =
    "multi_thread")] async fn serves(capture : & Capture) -> std::io::Result < () >;
}

// The second stage:

mod serves {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "serves",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(
            ::qemu_caps::data::DIR,
            "latest(2)",
            &["9.2.0_x86_64", "10.0.0_x86_64"],
        )
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")]);
    async fn run(capture: &str) -> ::qemu_caps::testing::Outcome {
        let case = SUITE.case().over_capture(capture);
        case.finish(super::serves(case.get()).await)
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod x86_64 {
        use super::run;
        #[tokio::test(flavor = "multi_thread")]
        async fn latest_minus_1() -> ::qemu_caps::testing::Outcome {
            run("9.2.0_x86_64").await
        }
        #[tokio::test(flavor = "multi_thread")]
        async fn latest() -> ::qemu_caps::testing::Outcome {
            run("10.0.0_x86_64").await
        }
    }
}
