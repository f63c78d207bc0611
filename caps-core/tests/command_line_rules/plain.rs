//! What captures without a survey tell of command lines.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use caps_core::command_line::CommandLine;
use caps_core::replies::Conversation;
use caps_core::validate::{Policy, Validator};

use crate::{describe, shipped};

/// A capture, a command line, and the finding about it.
const LINES: &[(&str, &str, &str)] = &[
    ("7.2.22_x86_64", "-S", ""),
    (
        "7.2.22_x86_64",
        "-nosuch",
        "problem at 0, Option: this QEMU has no option `-nosuch`, did you mean `-no-shutdown`?",
    ),
    (
        "7.2.22_x86_64",
        "-perfmap",
        "problem at 0, Option: this QEMU has no option `-perfmap`: new in QEMU 8.0",
    ),
    ("10.0.13_x86_64", "-perfmap", ""),
    (
        "7.2.22_x86_64",
        "-no-hpet",
        "unchecked: -no-hpet: whether this target has -no-hpet was not asked",
    ),
    (
        "11.1.3_x86_64",
        "-no-hpet",
        "problem at 0, Option: this QEMU has no option `-no-hpet`: removed in QEMU 9.0, use `-machine hpet=off`",
    ),
    (
        "7.2.22_x86_64",
        "-device nosuch",
        "problem at 0, Type: `nosuch` is not a device type of this QEMU",
    ),
    (
        "7.2.22_ppc64",
        "-device spapr-vscsi,x=1",
        "unchecked: -device: only a survey contains what device checks need",
    ),
    ("11.1.3_aarch64", "-M virt -smp 4,clusters=2", ""),
    (
        "7.2.22_x86_64",
        "-M q35 -smp 4,clusters=2",
        "problem at 2, Value: `-smp clusters` is at most 1 on this machine, got \"2\"",
    ),
    ("10.0.13_riscv64", "-cpu nosuch", "problem at 0, Type: this QEMU has no CPU model `nosuch`"),
];

#[test]
fn plain_captures_tell_what_they_can() {
    for (capture, line, expected) in LINES {
        let words: Vec<&str> = line.split(' ').collect();
        let argv = CommandLine::parse(&words).expect("UTF-8");
        let found = describe(&plain(capture).check_command_line(&argv, &Policy::default()));
        let found: Vec<&str> =
            found.lines().map(str::trim).filter(|line| !line.starts_with("QEMU: ")).collect();
        assert_eq!(found.join("\n"), *expected, "{capture} {line}");
    }
}

#[test]
fn a_command_line_is_valid_or_fails_with_its_problems() {
    let validator = plain("11.1.3_x86_64");
    validator.command_line(&["-S"]).expect("a valid command line");
    for (word, expected) in [
        (
            &b"-nosuch"[..],
            "command line: this QEMU has no option `-nosuch`, did you mean `-no-shutdown`?",
        ),
        (b"-\xff", "argument 0 is not UTF-8: \"-\u{fffd}\""),
    ] {
        let violations = validator.command_line(&[OsStr::from_bytes(word)]).expect_err(expected);
        assert_eq!(violations.to_string(), expected);
    }
}

/// Reports of long command lines stay small: late problems don't list what is allowed.
#[test]
fn names_are_listed_up_to_a_limit() {
    let validator = shipped("11.1.3", "x86_64");
    let words: Vec<String> =
        (0..1010).flat_map(|number| ["-device".to_owned(), format!("nosuch{number}")]).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let line = CommandLine::parse(&words).expect("UTF-8");
    let report = validator.check_command_line(&line, &Policy::default());
    let allowed: Vec<usize> = report.problems.iter().map(|one| one.allowed.len()).collect();
    assert_eq!(allowed.len(), 1010);
    assert!(allowed[0] > 400, "{}", allowed[0]);
    assert_eq!(allowed.iter().sum::<usize>(), 500_000);
}

fn plain(name: &str) -> Validator {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let text = fs::read_to_string(dir.join(format!("caps_{name}.replies"))).expect(name);
    Validator::from_conversation(&Conversation::parse(&text).expect(name)).expect("a schema")
}
