//! Parsing and formatting command lines.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use caps_core::command_line::{CommandLine, ParseError, Value};

fn parse(argv: &[&str]) -> CommandLine {
    CommandLine::parse(argv).expect("UTF-8")
}

#[test]
fn takes_options_and_their_arguments() {
    let argv = [
        "/usr/bin/qemu-system-x86_64",
        "--M",
        "q35,accel=kvm:tcg",
        "-S",
        "disk.img",
        "-append",
        "-S console=ttyS0",
        "-device",
        "{'driver': \"virtio-net-pci\"}",
        "-fsdev",
        "local,id=f,path=/a,,b,readonly,nowriteout,",
        "-soundhw",
        "hda",
        "-no-such-thing",
        "-name",
    ];
    let line = parse(&argv);
    assert_eq!(line.to_argv(), argv);
    assert_eq!((line.program(), line.target()), (Some(argv[0]), Some("x86_64")));
    let names: Vec<&str> = line.arguments().iter().map(|a| a.name.as_str()).collect();
    let expected =
        ["M", "S", "hda", "append", "device", "fsdev", "soundhw", "no-such-thing", "name"];
    assert_eq!(names, expected);
    let indices: Vec<usize> = line.arguments().iter().map(|argument| argument.index).collect();
    assert_eq!(indices, [1, 3, 4, 5, 7, 9, 11, 13, 14]);
    assert!(matches!(line.arguments()[8].value, Value::Missing));
    let Value::Json { document: Ok(document), .. } = &line.arguments()[4].value else {
        panic!("single quotes are read: {:?}", line.arguments()[4].value)
    };
    assert!(document.root().get_str("driver").is_some_and(|driver| driver == "virtio-net-pci"));
}

#[test]
fn machines_accelerators_and_cpus_are_never_json() {
    for option in ["-machine", "-accel", "-numa", "-chardev", "-drive", "-smp"] {
        let line = parse(&[option, "{\"id\":\"c\"}"]);
        assert!(line.arguments()[0].pairs().is_some(), "{option}");
    }
}

#[test]
fn tells_the_word_that_is_not_utf8() {
    let argv = [OsStr::new("-kernel"), OsStr::from_bytes(b"a\xff")];
    let error = CommandLine::parse(&argv).expect_err("no UTF-8");
    assert!(matches!(error, ParseError::NotUtf8 { index: 1, .. }), "{error}");
    assert_eq!(error.to_string(), "argument 1 is not UTF-8: `a\u{fffd}`");
}

#[test]
fn large_command_lines_are_read() {
    let long = format!("a={}", ",,".repeat(500_000));
    let mut argv = vec!["-device", &long];
    argv.extend(std::iter::repeat_n("-S", 100_000));
    assert_eq!(parse(&argv).to_argv(), argv);
    assert!(parse(&[]).arguments().is_empty());
}
