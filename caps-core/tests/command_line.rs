//! Parsing and formatting command lines.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use caps_core::command_line::{
    CommandLine, OPTIONS, OptionSpec, Pairs, ParseError, Tree, Value, scalar,
};

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

#[test]
fn the_first_word_is_a_program_only_by_its_name() {
    for (word, is_program) in [
        ("qemu", true),
        ("/usr/libexec/qemu-kvm", true),
        ("kvm", true),
        ("bin/qemu-system-ppc64", true),
        ("disk.img", false),
        ("/images/kvm.img", false),
        ("qemu-img", false),
        ("-qemu", false),
        ("-kernel/qemu-system-x86_64", false),
    ] {
        let line = parse(&[word, "-S"]);
        assert_eq!(line.program(), is_program.then_some(word), "{word}");
        assert_eq!(line.arguments().len(), if is_program { 1 } else { 2 }, "{word}");
        let is_image = line.arguments()[0].is_image();
        assert_eq!(is_image, !is_program && !word.starts_with('-'), "{word}");
    }
}

#[test]
fn values_are_read_as_their_options_take_them() {
    let line = parse(&[
        "-no-such-thing",
        "x",
        "-device",
        "{\"driver\":\"nvme\"}",
        "-netdev",
        "user,id=n",
        "-S",
    ]);
    let arguments = line.arguments();
    assert!(matches!(&arguments[0].value, Value::Text(text) if text == "x"));
    assert!(matches!(&arguments[1].value, Value::Json { document: Ok(_), .. }));
    assert!(matches!(&arguments[2].value, Value::Pairs(_)));
    // A flag takes no argument, not even at the end.
    assert!(matches!(arguments[3].value, Value::None), "{:?}", arguments[3].value);
    let types: Vec<Option<String>> = arguments
        .iter()
        .map(|argument| argument.type_name().map(std::borrow::Cow::into_owned))
        .collect();
    assert_eq!(types, [None, Some("nvme".to_owned()), Some("user".to_owned()), None]);
}

#[test]
fn keys_that_make_no_tree_are_told() {
    let tree = |text: &str| Tree::from_pairs(&Pairs::parse(text, "driver"));
    for (text, key, message) in [
        ("raw,x", "x", "`x` has no value, expected `x=`"),
        ("raw,a..b=1", "a..b", "`a..b` is not a key"),
        ("raw,a=1,a.b=2", "a", "`a` is used inconsistently, once with and once without members"),
        (
            "raw,a.b=1,a.b.c=2",
            "a.b",
            "`a.b` is used inconsistently, once with and once without members",
        ),
        ("raw,l.0=1,l.2=2", "l.1", "the element `l.1` is missing"),
    ] {
        let error = tree(text).expect_err(text);
        assert_eq!((error.key(), error.to_string().as_str()), (key, message), "{text}");
    }
    for (length, is_key) in [(1, true), (127, true), (128, false)] {
        let key = "k".repeat(length);
        assert_eq!(tree(&format!("raw,{key}=1")).is_ok(), is_key, "{length}");
    }
    for (levels, is_key) in [(63, true), (64, true), (65, false), (66, false)] {
        let key = vec!["k"; levels].join(".");
        assert_eq!(tree(&format!("raw,{key}=1")).is_ok(), is_key, "{levels}");
    }
}

#[test]
fn a_removal_names_what_replaces_it() {
    for (option, message) in [
        ("soundhw", "removed in QEMU 7.1, use `-device` or `-audio`"),
        ("no-acpi", "removed in QEMU 9.0, use `-machine acpi=off`"),
    ] {
        let removal = OptionSpec::find(option).and_then(|option| option.removed).expect(option);
        assert_eq!(removal.to_string(), message);
    }
    let without =
        OPTIONS.iter().filter_map(|option| option.removed).find(|one| one.instead.is_empty());
    let without = without.expect("one without a replacement");
    assert_eq!(without.to_string(), format!("removed in QEMU {}", without.release));
}

#[test]
fn sizes_have_units() {
    for (text, expected) in [
        ("16", Some(16 << 20)),
        ("16b", Some(16)),
        ("16B", Some(16)),
        ("1.5k", Some(1536)),
        ("1.5b", None),
        ("-0", Some(0)),
        ("-0.0k", Some(0)),
        ("-0.5k", None),
        ("-1", None),
        ("+1", Some(1 << 20)),
    ] {
        assert_eq!(scalar::size(text, 1 << 20).ok(), expected, "{text}");
    }
}
