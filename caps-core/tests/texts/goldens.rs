//! Golden files: their names, and what a comparison says.

use std::fs;

use caps_core::capture::{CaptureId, Label};
use caps_core::testing::{Golden, GoldenNames, GoldenPattern, Regenerate};

#[test]
fn a_pattern_names_the_file_of_each_test() {
    let id: CaptureId = "9.2.0_x86_64+hvf".parse().expect("a name");
    let values = [("disk", "a/b"), ("dots", ".."), ("none", ""), ("odd", ".a\n")];
    let mut names = GoldenNames::new("suite::commands", "starts");
    names.file = Some("dir/input");
    names.capture = Some((&id, Label::Latest(0)));
    names.values = &values;
    let known: Vec<&str> = ["module", "test", "file", "arch", "version", "variant"]
        .into_iter()
        .chain(values.map(|(name, _)| name))
        .collect();
    for (pattern, expected) in [
        ("golden/{module}/{test}.xml", "golden/suite/commands/starts.xml"),
        ("{file}.{arch}-{version}{variant}.args", "dir/input.x86_64-latest+hvf.args"),
        ("{test}", "starts"),
        ("{disk}.x/{dots}", "a_b.x/__"),
        ("{none}{odd}.a.b", "_.a_.a.b"),
        ("{test}.d/file", "starts.d/file"),
    ] {
        let parsed = GoldenPattern::parse(pattern, &known).expect(pattern);
        assert_eq!(parsed.path(&names), expected, "{pattern}");
        for name in &known {
            assert_eq!(parsed.has(name), pattern.contains(&format!("{{{name}}}")), "{pattern}");
        }
    }
    for (pattern, expected) in [
        ("", "`{a}` or `{b}`"),
        ("{", "`{a}` or `{b}`"),
        ("{aa}", "did you mean `{a}`?"),
        ("../{a}", ".."),
        ("/x", "/x"),
    ] {
        let error = GoldenPattern::parse(pattern, &["a", "b"]).expect_err(pattern).to_string();
        assert!(error.contains(expected), "{pattern}: {error}");
    }
}

#[test]
fn a_placeholder_may_have_any_name() {
    for name in ["é", "a.", ".", "日本"] {
        let (values, known) = ([(name, "1")], [name]);
        let mut names = GoldenNames::new("module", "test");
        names.values = &values;
        for (start, end) in [("x", ""), ("golden/", ".txt"), ("", ".d/x")] {
            let pattern = format!("{start}{{{name}}}{end}");
            let parsed = GoldenPattern::parse(&pattern, &known).expect(&pattern);
            assert_eq!(parsed.path(&names), format!("{start}1{end}"), "{pattern}");
        }
    }
}

#[test]
fn a_difference_is_shown_line_by_line() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("a.b.xml");
    let golden = Golden::at(&path);
    assert_eq!(golden.path(), path);
    assert_eq!(golden.with_extension("json").path(), dir.path().join("a.b.json"));
    golden.check_or_write("one\ntwo\n", Regenerate::No).expect_err("no file");
    golden.check_or_write("one\ntwo", Regenerate::Yes).expect("a file");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "one\ntwo\n", "a line ends");
    for (actual, is_same) in
        [("one\ntwo", true), ("one\ntwo\n", true), ("one\ntwo\n\n", false), ("", false)]
    {
        let checked = golden.check_or_write(actual, Regenerate::No);
        assert_eq!(checked.is_ok(), is_same, "{actual:?}");
    }
    let error = golden.check_or_write("one\n2\n", Regenerate::No).expect_err("another text");
    let error = error.to_string();
    assert!(error.contains("\n-two\n+2\n"), "{error}");
    assert!(error.contains("--- ") && error.contains("a.b.xml"), "{error}");
    golden.check_or_write("", Regenerate::Yes).expect("an empty file");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "", "nothing has no line");
}
