fn moves(mode: &str) {}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = moves(
        match case.value(0) {
            0 => "run",
            _ => "walk",
        },
    );
};
#[cfg(test)]
fn __caps_test_moves(case: &::qemu_caps::testing::Case) {
    moves(
        match case.value(0) {
            0 => "run",
            _ => "walk",
        },
    )
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (values(mode = ["run", "walk"])) fn moves(mode : & str);
}

// The second stage:

mod moves {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "moves",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .values(&[("mode", &["run", "walk"])]);
    fn run(values: &[usize]) {
        super::__caps_test_moves(&SUITE.case().over_values(values))
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    #[test]
    fn run_() {
        run(&[0])
    }
    #[test]
    fn walk() {
        run(&[1])
    }
}
