fn prints(domcaps: &DomainCapabilities, value: &dyn ToString) {
    print(domcaps, value)
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = prints(
        case.get(),
        match case.value(0) {
            0 => 'c',
            1 => true,
            2 => 1.5,
            3 => (2),
            4 => Some(THREE),
            5 => Pair(4, false),
            _ => "handed on",
        },
    );
};
#[cfg(test)]
fn __caps_test_prints(case: &::qemu_caps::testing::Case) {
    prints(
        case.get(),
        match case.value(0) {
            0 => 'c',
            1 => true,
            2 => 1.5,
            3 => (2),
            4 => Some(THREE),
            5 => Pair(4, false),
            _ => "handed on",
        },
    )
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, "x86_64", dir = "tests/captures", values(value = ['c', true,
    1.5, (2), Some(THREE), Pair(4, false), "handed on"])) fn prints(domcaps : &
    DomainCapabilities, value : & dyn ToString);
}

// The second stage:

mod prints {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "prints",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")])
        .values(
            &[
                (
                    "value",
                    &["c", "true", "1.5", "2", "Some_THREE", "Pair_4_false", "handed on"],
                ),
            ],
        );
    fn run(values: &[usize], capture: &str) {
        let mut case = SUITE.case().over_values(values).over_capture(capture);
        while case.next_document() {
            super::__caps_test_prints(&case)
        }
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod c {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[0], "10.0.0_x86_64")
            }
        }
    }
    mod true_ {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[1], "10.0.0_x86_64")
            }
        }
    }
    mod value_1_5 {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[2], "10.0.0_x86_64")
            }
        }
    }
    mod value_2 {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[3], "10.0.0_x86_64")
            }
        }
    }
    mod Some_THREE {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[4], "10.0.0_x86_64")
            }
        }
    }
    mod Pair_4_false {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[5], "10.0.0_x86_64")
            }
        }
    }
    mod handed_on {
        mod x86_64 {
            #[test]
            fn latest() {
                super::super::run(&[6], "10.0.0_x86_64")
            }
        }
    }
}
