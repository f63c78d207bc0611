//! Golden files of each kind: text, bytes and JSON.

use std::env;
use std::fmt::Write as _;
use std::fs;

use caps_core::testing::{Golden, GoldenError, Regenerate};
use serde_json::Value;

use crate::child::{Package, Run, is_child};

/// Compares the file `actual` with `golden` of the kind in the variable.
#[test]
#[ignore = "run by other tests"]
fn compares() {
    if !is_child() {
        return;
    }
    let dir = env::current_dir().expect("the package");
    let actual = fs::read(dir.join("actual")).expect("what the test makes");
    let kind = env::var("KIND").expect("a kind");
    let golden = Golden::at(dir.join("golden")).with_extension(&kind);
    match kind.as_str() {
        "wrote" => golden.check_or_write("new", Regenerate::Yes).expect("written"),
        "bin" => golden.assert_bytes(&actual),
        "json" => golden.assert_json(&serde_json::from_slice::<Value>(&actual).expect("JSON")),
        _ => golden.assert(str::from_utf8(&actual).expect("text")),
    }
}

fn compared(kind: &str, expected: &[u8], actual: &[u8], variables: &[(&str, &str)]) -> Run {
    let package = Package::new();
    package.write(&format!("golden.{kind}"), expected);
    package.write("actual", actual);
    package.run("goldens::compares", &[&[("KIND", kind)], variables].concat())
}

#[test]
fn bytes_differ_from_a_position_on() {
    let bytes: Vec<u8> = (0..20).collect();
    let changed = |at: usize| {
        let mut other = bytes.clone();
        other[at] = 0xff;
        other
    };
    assert!(compared("bin", &bytes, &bytes, &[]).success);
    assert!(compared("bin", b"", b"", &[]).success);
    for (expected, actual, difference) in [
        (
            &bytes[..],
            changed(2),
            "20 bytes, the test makes 20; from byte 2 on:\n\
             -02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 ...\n\
             +ff 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 ...\n",
        ),
        (
            &bytes,
            changed(4),
            "20 bytes, the test makes 20; from byte 4 on:\n\
             -04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13\n\
             +ff 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13\n",
        ),
        (
            &bytes,
            bytes[..19].to_vec(),
            "20 bytes, the test makes 19; from byte 19 on:\n-13\n+the end\n",
        ),
        (b"", vec![0xfe], "0 bytes, the test makes 1; from byte 0 on:\n-the end\n+fe\n"),
    ] {
        let run = compared("bin", expected, &actual, &[]);
        assert!(!run.success && run.stderr.contains(difference), "{difference}{}", run.stderr);
    }
}

#[test]
fn a_missing_file_is_shown_as_what_it_would_be() {
    let package = Package::new();
    for (actual, shown) in [
        (&b"\xff\xfe"[..], "from byte 0 on:\n-the end\n+ff fe\n"),
        (b"two\nlines\n", "@@ -0,0 +1,2 @@\n+two\n+lines\n"),
    ] {
        package.write("actual", actual);
        let run = package.run("goldens::compares", &[("KIND", "bin")]);
        assert!(!run.success && run.stderr.contains(shown), "{shown}{}", run.stderr);
        assert!(run.stderr.contains("there is no golden file"), "{}", run.stderr);
    }
    assert!(!package.path("golden.bin").exists());
}

#[test]
fn what_can_not_be_read_is_not_missing() {
    let package = Package::new();
    package.write("golden/file", "");
    let golden = Golden::at(package.path("golden"));
    for regenerate in [Regenerate::No, Regenerate::Yes] {
        let error = golden.check_or_write("text", regenerate).expect_err("a directory");
        assert!(matches!(error, GoldenError::Read { .. }), "{error}");
    }
}

#[test]
fn json_differs_by_path() {
    for (expected, actual, lines) in [
        ("{\"a\": 1, \"b\": [1, 2]}", "{\"b\":[1,2],\"a\":1}", ""),
        ("1", "2", "-the whole: 1\n+the whole: 2\n"),
        ("{}", "[]", "-the whole: {}\n+the whole: []\n"),
        ("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 3}", "-/b: 2\n+/b: 3\n"),
        ("{\"a/b~\": 1}", "{\"a/b~\": null}", "-/a~1b~0: 1\n+/a~1b~0: null\n"),
        ("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"c\": 3}", "-/a: 1\n+/c: 3\n"),
        ("[1, {\"x\": [0]}, 3]", "[1, {\"x\": [0, 5]}]", "+/1/x/1: 5\n-/2: 3\n"),
        ("[[1], 2]", "[[7], 2, 3, 4]", "-/0/0: 1\n+/0/0: 7\n+/2: 3\n+/3: 4\n"),
    ] {
        let run = compared("json", expected.as_bytes(), actual.as_bytes(), &[]);
        assert_eq!(run.success, lines.is_empty(), "{expected} {actual}");
        assert!(run.stderr.contains(lines), "{lines}{}", run.stderr);
        let shown =
            run.stderr.lines().filter(|line| line.starts_with(['-', '+']) && line.contains(": "));
        assert_eq!(shown.count(), lines.lines().count(), "{}", run.stderr);
    }
}

#[test]
fn twenty_differences_of_json_are_listed() {
    let array = |numbers: std::ops::Range<usize>| format!("{:?}", numbers.collect::<Vec<_>>());
    for (count, more) in [(20, None), (21, Some(1)), (45, Some(25))] {
        // Each number that is missing is one difference.
        let run = compared("json", array(0..count).as_bytes(), b"[]", &[]);
        let mut expected = String::new();
        for number in 0..20 {
            writeln!(expected, "-/{number}: {number}").expect("a string takes everything");
        }
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
        assert!(!run.stderr.contains("-/20: "), "{}", run.stderr);
        match more {
            Some(more) => {
                assert!(
                    run.stderr.contains(&format!("-/19: 19\nand {more} more\n")),
                    "{}",
                    run.stderr
                );
            }
            None => assert!(!run.stderr.contains(" more"), "{}", run.stderr),
        }
    }
}

#[test]
fn only_malformed_json_that_is_kept_is_an_error() {
    let run = compared("json", b"{", b"{}", &[]);
    assert!(!run.success && run.stderr.contains("golden.json"), "{}", run.stderr);
    assert!(run.stderr.contains("EOF while parsing"), "{}", run.stderr);
    let run = compared("json", b"{", b"{}", &[("VIR_TEST_REGENERATE_OUTPUT", "1")]);
    assert!(run.success && run.stderr.contains(" 1 changed, "), "{}", run.stderr);
}

#[test]
fn the_variable_tells_whether_to_write() {
    let variable = "VIR_TEST_REGENERATE_OUTPUT";
    for (value, success) in [("0", false), ("1", true), ("2", false), ("", false)] {
        let run = compared("txt", b"old\n", b"new", &[(variable, value)]);
        assert_eq!(run.success, success, "{value:?}: {}", run.stderr);
        let is_known = !run.stderr.contains("expected 0 or 1");
        assert_eq!(is_known, ["0", "1"].contains(&value), "{value:?}: {}", run.stderr);
    }
    assert!(compared("txt", b"same\n", b"same", &[(variable, "0")]).success);
}

#[test]
fn what_equals_is_not_written_again() {
    let regenerate = [("VIR_TEST_REGENERATE_OUTPUT", "1")];
    for (kind, expected, actual, written) in [
        ("txt", "a\n", "a", "a\n"),
        ("txt", "b\n", "a", "a\n"),
        ("bin", "a", "a", "a"),
        ("bin", "b", "a", "a"),
        ("json", "{ \"b\":1,\"a\":[] }", "{\"a\": [], \"b\": 1}", "{ \"b\":1,\"a\":[] }"),
        ("json", "[1]", "[1,2]", "[\n  1,\n  2\n]\n"),
        ("json", "nonsense", "[]", "[]\n"),
    ] {
        let package = Package::new();
        let file = format!("golden.{kind}");
        package.write(&file, expected);
        package.write("actual", actual);
        let run = package.run("goldens::compares", &[&[("KIND", kind)], &regenerate[..]].concat());
        assert!(run.success, "{}", run.stderr);
        assert_eq!(package.read(&file), written, "{kind}");
        let change =
            if expected == written { "0 changed, 1 unchanged" } else { "1 changed, 0 unchanged" };
        assert!(run.stderr.contains(change), "{kind} {expected}: {}", run.stderr);
    }
}

#[test]
fn a_file_that_is_written_is_announced() {
    for (old, is_announced) in [("new\n", false), ("old\n", true)] {
        let run = compared("wrote", old.as_bytes(), b"", &[]);
        assert!(run.success, "{}", run.stderr);
        assert_eq!(run.stderr.contains("golden.wrote\n"), is_announced, "{old}: {}", run.stderr);
        assert_eq!(run.stderr.contains("wrote "), is_announced, "{old}: {}", run.stderr);
    }
}
