fn boots(
    vm: &InputFile,
    machine: &str,
    memory: i64,
    args: &Golden,
    qmp: Golden,
) -> Result<(), Error> {
    boot(vm, machine, memory, args, qmp)
}
#[cfg(not(test))]
const _: fn(&::qemu_caps::testing::Case) = |case| {
    let _ = boots(
        case.get(),
        match case.value(0) {
            0 => "pc",
            _ => MACHINE,
        },
        match case.value(1) {
            0 => 512,
            _ => -1,
        },
        case.named_golden("args"),
        case.named_golden("qmp").clone(),
    );
};
#[cfg(test)]
fn __caps_test_boots(
    case: &::qemu_caps::testing::Case,
) -> ::qemu_caps::testing::Outcome {
    case.finish(
        boots(
            case.get(),
            match case.value(0) {
                0 => "pc",
                _ => MACHINE,
            },
            match case.value(1) {
                0 => 512,
                _ => -1,
            },
            case.named_golden("args"),
            case.named_golden("qmp").clone(),
        ),
    )
}
#[cfg(test)]
::qemu_caps::__private::caps_tests! {
    [::qemu_caps] (latest, ["x86_64", "s390x"], files("tests/inputs/*", only("*.s390x.*"
    = "s390x")), values(machine = ["pc", MACHINE], memory = [512, - 1]), golden(args =
    "golden/{test}.{file}.{arch}-{machine}-{memory}.args", qmp =
    "golden/{test}.{file}.{arch}-{machine}-{memory}.json"), dir = "tests/captures") fn
    boots(vm : & InputFile, machine : & str, memory : i64, args : & Golden, qmp : Golden)
    -> Result < (), Error >;
}

// The second stage:

mod boots {
    static SUITE: ::qemu_caps::testing::Suite = ::qemu_caps::testing::Suite::new(
            "boots",
            ::core::module_path!(),
            ::core::env!("CARGO_MANIFEST_DIR"),
        )
        .captures(::qemu_caps::data::DIR, "latest", &["10.0.0_s390x", "10.0.0_x86_64"])
        .arches(&[::qemu_caps::Arch::X86_64, ::qemu_caps::Arch::S390x])
        .dirs(&[::qemu_caps::capture::DataDir::Path("tests/captures")])
        .files(
            &["tests/inputs/*"],
            &[
                ("css.s390x", "tests/inputs/css.s390x.json"),
                ("net-2", "tests/inputs/net-2.toml"),
                ("plain", "tests/inputs/plain.json"),
            ],
        )
        .only(&[("*.s390x.*", &["s390x"])])
        .values(&[("machine", &["pc", "MACHINE"]), ("memory", &["512", "-1"])])
        .goldens(
            &[
                ("args", "golden/{test}.{file}.{arch}-{machine}-{memory}.args"),
                ("qmp", "golden/{test}.{file}.{arch}-{machine}-{memory}.json"),
            ],
        );
    fn run(
        file: &str,
        values: &[usize],
        capture: &str,
    ) -> ::qemu_caps::testing::Outcome {
        super::__caps_test_boots(
            &SUITE.case().over_file(file).over_values(values).over_capture(capture),
        )
    }
    #[test]
    fn listing() {
        SUITE.assert_current();
    }
    mod css_s390x {
        mod pc {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/css.s390x.json",
                            &[0, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/css.s390x.json",
                            &[0, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
            }
        }
        mod MACHINE {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/css.s390x.json",
                            &[1, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/css.s390x.json",
                            &[1, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
            }
        }
    }
    mod net_2 {
        mod pc {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[0, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[0, 0],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[0, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[0, 1],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
        }
        mod MACHINE {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[1, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[1, 0],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[1, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/net-2.toml",
                            &[1, 1],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
        }
    }
    mod plain {
        mod pc {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[0, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[0, 0],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[0, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[0, 1],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
        }
        mod MACHINE {
            mod memory_512 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[1, 0],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[1, 0],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
            mod memory_minus_1 {
                mod s390x {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[1, 1],
                            "10.0.0_s390x",
                        )
                    }
                }
                mod x86_64 {
                    #[test]
                    fn latest() -> ::qemu_caps::testing::Outcome {
                        super::super::super::super::run(
                            "tests/inputs/plain.json",
                            &[1, 1],
                            "10.0.0_x86_64",
                        )
                    }
                }
            }
        }
    }
}
