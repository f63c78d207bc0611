fn parses(file: &InputFile, golden: &Golden) {
    golden.assert(file.stem());
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = parses(case.get(), case.get());
};
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (files("tests/inputs/*.json"), golden = "golden/{file}.txt",
    skip("plain.json" = "slow")) fn parses(file : & InputFile, golden : & Golden);
}

// The second stage:

mod parses {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "parses",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .files(
            &["tests/inputs/*.json"],
            &[
                ("css.s390x", "tests/inputs/css.s390x.json"),
                ("plain", "tests/inputs/plain.json"),
            ],
        )
        .goldens(&[("", "golden/{file}.txt")]);
    fn run(file: &str) {
        let case = SUITE.case().over_file(file);
        super::parses(case.get(), case.get());
        case.assert_golden_files_compared();
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    #[test]
    fn css_s390x() {
        run("tests/inputs/css.s390x.json")
    }
    #[test]
    #[ignore = "slow"]
    fn plain() {
        run("tests/inputs/plain.json")
    }
}
