//! The same test over `inputs/*.json`, once for each harness: the text of the file must not be "bad".

/// A harness and how it is used.
pub struct Harness {
    pub name: &'static str,
    /// What the package depends on.
    pub dependency: &'static str,
    /// Does it bring a `main` of its own?
    pub has_main: bool,
    pub source: &'static str,
    /// The same for each of two values, if there is a way to write that.
    pub product: Option<&'static str>,
}

/// `PATH` is the project's directory.
pub const HARNESSES: [Harness; 7] = [
    Harness {
        name: "caps_test",
        dependency: "qemu-caps = { path = \"PATH\" }",
        has_main: false,
        source: r#"
use qemu_caps::prelude::*;

#[caps_test(files("inputs/*.json"))]
fn check(file: &InputFile) {
    assert_ne!(file.text().unwrap(), "bad");
}
"#,
        product: Some(
            r#"
use qemu_caps::prelude::*;

#[caps_test(files("inputs/*.json"), values(machine = ["pc", "q35"]))]
fn check(file: &InputFile, machine: &str) {
    assert_ne!(file.text().unwrap(), machine);
}
"#,
        ),
    },
    Harness {
        name: "rstest `#[files]`",
        dependency: "rstest = \"0.26\"",
        has_main: false,
        source: r#"
use rstest::rstest;

#[rstest]
fn check(#[files("inputs/*.json")] path: std::path::PathBuf) {
    assert_ne!(std::fs::read_to_string(path).unwrap(), "bad");
}
"#,
        product: Some(
            r#"
use rstest::rstest;

#[rstest]
fn check(#[files("inputs/*.json")] path: std::path::PathBuf, #[values("pc", "q35")] machine: &str) {
    assert_ne!(std::fs::read_to_string(path).unwrap(), machine);
}
"#,
        ),
    },
    Harness {
        name: "dir-test",
        dependency: "dir-test = \"0.4\"",
        has_main: false,
        source: r#"
use dir_test::{Fixture, dir_test};

#[dir_test(dir: "$CARGO_MANIFEST_DIR/inputs", glob: "*.json")]
fn check(fixture: Fixture<&str>) {
    assert_ne!(*fixture.content(), "bad");
}
"#,
        product: None,
    },
    Harness {
        name: "test_each_file",
        dependency: "test_each_file = \"0.3\"",
        has_main: false,
        source: r#"
use test_each_file::test_each_file;

test_each_file! { in "./inputs" as check => check }

fn check(content: &str) {
    assert_ne!(content, "bad");
}
"#,
        product: None,
    },
    Harness {
        name: "datatest-stable",
        dependency: "datatest-stable = \"0.3\"",
        has_main: true,
        source: r#"
fn check(_: &std::path::Path, content: String) -> datatest_stable::Result<()> {
    if content == "bad" { Err("bad".into()) } else { Ok(()) }
}

datatest_stable::harness! {
    { test = check, root = "inputs", pattern = r"^.*\.json$" },
}
"#,
        product: None,
    },
    Harness {
        name: "insta `glob!`",
        dependency: "insta = { version = \"1\", features = [\"glob\"] }",
        has_main: false,
        source: r#"
#[test]
fn check() {
    insta::glob!("../inputs", "*.json", |path| {
        assert_ne!(std::fs::read_to_string(path).unwrap(), "bad");
    });
}
"#,
        product: None,
    },
    Harness {
        name: "test-case",
        dependency: "test-case = \"3\"",
        has_main: false,
        source: r#"
use test_case::test_case;

#[test_case("inputs/a.json"; "a")]
#[test_case("inputs/b.json"; "b")]
fn check(path: &str) {
    assert_ne!(std::fs::read_to_string(path).unwrap(), "bad");
}
"#,
        product: None,
    },
];
