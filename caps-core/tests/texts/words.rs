//! What public types say of themselves: names, errors and debugging output.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use caps_core::capture::{CaptureId, CaptureVariant, SearchDir};
use caps_core::command_line::scalar::size;
use caps_core::inputs::{FilePattern, Only};
use caps_core::json::{Document, Text, compact_range, pretty_range};
use caps_core::located::{Json, Located, OneOrMany, from_json};
use caps_core::probe::Ended;
use caps_core::testing::{Golden, Regenerate};
use caps_core::{Accel, Arch, Flag, FlagSet};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

#[test]
fn an_unknown_name_comes_with_the_known_ones() {
    let error = "z".parse::<Accel>().expect_err("no accelerator");
    assert_eq!((error.name(), error.what()), ("z", "an accelerator"));
    assert_eq!(error.expected(), ["kvm", "hvf", "mshv", "tcg"]);
}

#[test]
fn architectures_have_the_names_of_qemus_targets() {
    for (arch, target) in [
        (Arch::I686, "i386"),
        (Arch::Armv6l, "arm"),
        (Arch::Armv7l, "arm"),
        (Arch::Openrisc, "or32"),
        (Arch::X86_64, "x86_64"),
        (Arch::S390x, "s390x"),
    ] {
        assert_eq!(arch.qemu_target(), target);
    }
}

#[test]
fn captures_are_compared_and_their_variants_looked_up_as_text() {
    let id = |name: &str| name.parse::<CaptureId>().expect(name);
    assert!(id("9.2.0_x86_64") < id("10.0.0_x86_64"));
    assert!(id("9.2.0_x86_64") > id("9.2.0_aarch64"));
    let variants: BTreeSet<CaptureVariant> = ["+hvf", "+amd"].map(|v| v.parse().expect(v)).into();
    assert!(variants.contains("+hvf") && !variants.contains("xyzzy") && !variants.contains(""));
}

#[test]
fn directories_that_are_missing_are_named() {
    let package = Path::new("/no/such");
    let search = SearchDir::of_package(package).named(Some(Path::new("data")));
    let error = search.find().expect_err("no directory");
    assert_eq!(error.to_string(), "no directory of captures, tried `/no/such/data`");
}

#[test]
fn sizes_have_units_and_limits() {
    assert_eq!(size("1P", 1), Ok(1 << 50));
    assert_eq!(size("2p", 1), Ok(2 << 50));
    for (text, expected) in [
        ("x", "not a number with one of the units b, k, M, G, T, P, E"),
        ("16E", "out of the range of 64 bits"),
    ] {
        assert_eq!(size(text, 1).map_err(|error| error.to_string()), Err(expected.to_owned()));
    }
}

#[test]
fn a_restriction_is_printed_as_its_pattern() {
    let only = Only::parse("a*.json", &["s390x"]).expect("a restriction");
    assert_eq!(format!("{only}|{only:>9}"), "a*.json|  a*.json");
}

#[test]
fn a_file_whose_name_is_no_text_is_named_in_escapes() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let name = OsStr::from_bytes(b"a\x1b\xff.txt");
    std::fs::write(dir.path().join(name), "").expect("a file");
    let pattern: FilePattern = "*.txt".parse().expect("a pattern");
    let error = pattern.files(dir.path()).expect_err("no text").to_string();
    assert!(error.contains("a\\u{1b}\u{fffd}.txt` has a name that is not UTF-8"), "{error}");
}

#[test]
fn a_pattern_looks_only_where_its_files_can_be() {
    let names = |dir: &Path, pattern: &str| {
        let files = pattern.parse::<FilePattern>().expect(pattern).files(dir).ok()?;
        Some(files.into_iter().map(|file| file.name).collect::<Vec<_>>().join(", "))
    };
    let dir = tempfile::tempdir().expect("a temporary directory");
    for file in ["there/x.txt", "other/y.txt", ".hidden/z.txt"] {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, "").expect("a file");
    }
    std::os::unix::fs::symlink("there", dir.path().join("link")).expect("a link");
    // Where it looks, this one is an error.
    std::fs::write(dir.path().join("other").join(OsStr::from_bytes(b"\xff")), "").expect("a file");
    for (pattern, expected) in [
        ("*", Some("")),
        ("o*", Some("")),
        ("other", Some("")),
        ("t*/*.txt", Some("there/x")),
        ("t*/*/*.txt", Some("")),
        ("there/**/*.txt", Some("x")),
        ("?*/*.txt", None),
        ("o*/*", None),
        ("**", None),
        ("**/*.txt", None),
        // Links to directories are followed, but not in search of more of them.
        ("l*/*.txt", Some("link/x")),
        (".h*/*", Some(".hidden/z")),
    ] {
        assert_eq!(names(dir.path(), pattern).as_deref(), expected, "{pattern}");
    }
    std::fs::remove_dir_all(dir.path().join("other")).expect("a directory");
    assert_eq!(names(dir.path(), "**/*.txt").as_deref(), Some("there/x"));
}

#[test]
fn debugging_output_is_legible() {
    let document = Document::parse(" {\"a\": 1} ").expect("JSON");
    assert_eq!(format!("{document:?}"), r#"Document("{\"a\": 1}")"#);
    assert_eq!(format!("{:?}", Text::from("a\n")), r#""a\n""#);
    let flags = FlagSet::from_iter([Flag::Kvm, Flag::Vnc]);
    assert_eq!(format!("{flags:?}"), r#"{"kvm", "vnc"}"#);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let golden = Golden::at(dir.path().join("golden.txt"));
    let error = golden.check_or_write("new", Regenerate::No).expect_err("no file");
    assert!(format!("{error:?}").contains("golden.txt"), "{error:?}");
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn a_part_of_a_text_is_formatted_by_itself() {
    let text = "x [1, {\"a\" : []}] y";
    let pretty = "[\n  1,\n  {\n    \"a\": []\n  }\n]";
    assert_eq!(pretty_range(text, 2..17).as_deref(), Ok(pretty));
    assert_eq!(compact_range(text, 2..17).as_deref(), Ok("[1,{\"a\":[]}]"));
    let error = compact_range(text, 2..19).expect_err("two values").to_string();
    assert!(error.starts_with("line 1, column 19: "), "{error}");
}

#[test]
fn floats_are_spelled_as_python_spells_them() {
    for (text, expected) in [
        ("1e999", "Infinity"),
        ("-1e999", "-Infinity"),
        ("0.10", "0.1"),
        ("-0", "0"),
        ("-0.0", "-0.0"),
    ] {
        assert_eq!(caps_core::json::pretty(text).as_deref(), Ok(expected));
    }
}

#[test]
fn the_end_of_a_process_names_its_signal() {
    for (signal, name) in [
        (1, " (SIGHUP)"),
        (2, " (SIGINT)"),
        (4, " (SIGILL)"),
        (5, " (SIGTRAP)"),
        (6, " (SIGABRT)"),
        (8, " (SIGFPE)"),
        (9, " (SIGKILL)"),
        (11, " (SIGSEGV)"),
        (13, " (SIGPIPE)"),
        (15, " (SIGTERM)"),
        (64, ""),
    ] {
        let words = format!("was killed by signal {signal}{name}");
        assert_eq!(Ended::Killed(signal).to_string(), words);
    }
    assert_eq!(Ended::Exited(3).to_string(), "exited with status 3");
}

/// A number whose error has words of its own before those of the reader.
#[derive(Debug)]
struct Port;

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer);
        number.map(|_| Self).map_err(|error| D::Error::custom(format!("no port: {error}")))
    }
}

#[test]
fn values_of_other_types_are_rejected_in_words() {
    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> String {
        from_json::<T>(text).err().expect("an error").to_string()
    }
    assert_eq!(
        read::<OneOrMany<Arch>>("5"),
        "line 1: expected a string or a list of strings, found the integer `5`"
    );
    assert_eq!(read::<Port>("\n\"a\""), "line 2: no port: expected u16, found the string `a`");
    // Only the functions of the module keep lines and exact values.
    let error = serde_json::from_str::<Located<u16>>("5").expect_err("another reader");
    assert!(error.to_string().ends_with("expected a value with its line"), "{error}");
    let error = serde_json::from_str::<Json>("5").expect_err("another reader");
    assert!(error.to_string().ends_with("expected a value"), "{error}");
}

#[test]
fn streams_are_read_up_to_a_limit() {
    assert_eq!(caps_core::fs::read_to_end(&b"abc"[..]).expect("a stream"), b"abc");
    let error = caps_core::fs::read_to_end(std::io::repeat(b' ')).expect_err("no end");
    assert!(error.to_string().contains("256 MiB"), "{error}");
}
