//! The macros in other packages: what is compiled when, the names of tests, and the messages of a
//! stale test program.

use std::collections::BTreeSet;
use std::fs;

use support::{Package, Run};

#[path = "../support/mod.rs"]
mod support;
mod surveys;

const SUITE: &str = r#"
use qemu_caps::prelude::*;

#[caps_test(latest)]
fn newest(caps: &Capabilities) {
    assert!(caps.has(Flag::Vnc));
}

#[caps_test(latest(2), "x86_64")]
fn newest_two(capture: &Capture) -> Result<(), String> {
    capture.xml.as_ref().map(|_| ()).ok_or("no XML".to_owned())
}

#[caps_test(oldest)]
fn first(_: &CaptureId) {}

#[caps_test(all, variant = any)]
fn every(_: Version) {}

#[caps_test("10.0.13", not_arch("s390x"))]
fn exact(_: Arch) {}

qemu_caps::caps_test!("11.1.3", "x86_64");
"#;

const DIR: &str = "tests/qemucapabilitiesdata";

fn suite(name: &str) -> Package {
    let package = Package::new(name, "qemu-caps", "");
    package.write("tests/suite.rs", SUITE);
    for id in ["7.2.22_x86_64", "10.0.13_x86_64", "10.0.13_s390x", "11.1.3_x86_64"] {
        package.add_capture(DIR, id, id);
    }
    package.add_capture(DIR, "7.2.22_x86_64", "7.2.22_x86_64+amdsev");
    package
}

/// The names of the tests, after marking a source as changed for the compiler.
fn names(package: &Package) -> BTreeSet<String> {
    let run = package.cargo(&["test", "--test", "suite", "--", "--list", "--format", "terse"], &[]);
    assert!(run.success, "{}", run.stderr);
    run.stdout.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// The tests with their outcomes.
fn results(run: &Run) -> BTreeSet<String> {
    let lines =
        run.stdout.lines().filter(|line| line.starts_with("test ") && line.contains(" ... "));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_newer_capture_renames_nothing() {
    let package = suite("newer");
    let before = names(&package);
    let expected = [
        "every::listing",
        "every::s390x::v10_0_13",
        "every::x86_64::v10_0_13",
        "every::x86_64::v11_1_3",
        "every::x86_64::v7_2_22",
        "every::x86_64_amdsev::v7_2_22",
        "exact::listing",
        "exact::x86_64::v10_0_13",
        "first::listing",
        "first::s390x::oldest",
        "first::x86_64::oldest",
        "newest::listing",
        "newest::s390x::latest",
        "newest::x86_64::latest",
        "newest_two::listing",
        "newest_two::x86_64::latest",
        "newest_two::x86_64::latest_minus_1",
        "unnamed_caps_test::listing",
        "unnamed_caps_test::x86_64::v11_1_3",
    ];
    assert_eq!(before, expected.map(str::to_owned).into());

    package.add_capture(DIR, "11.1.3_x86_64", "12.0.0_x86_64");
    package.write("tests/suite.rs", &format!("{SUITE}// changed\n"));
    let after = names(&package);
    assert_eq!(before.difference(&after).count(), 0, "{after:?}");
    let new: Vec<&String> = after.difference(&before).collect();
    assert_eq!(new, ["every::x86_64::v12_0_0"]);
}

#[test]
fn a_stale_test_program_says_so_and_how_to_fix_it() {
    let package = suite("stale");
    let test = ["test", "--test", "suite"];
    let run = package.cargo(&test, &[]);
    assert!(run.success, "{}{}", run.stdout, run.stderr);

    // Nothing notifies cargo of the new capture.
    package.add_capture(DIR, "11.1.3_x86_64", "12.0.0_x86_64");
    for ending in ["replies", "xml"] {
        fs::remove_file(package.path(&format!("{DIR}/caps_10.0.13_s390x.{ending}"))).expect("gone");
    }
    let run = package.cargo(&test, &[]);
    assert!(!run.success);
    let dir = package.path(DIR);
    let message = format!(
        "the tests of `newest` were compiled from another listing of `{}`\n  \
         added: 12.0.0_x86_64\n  removed: 10.0.13_s390x\n  removed: 11.1.3_x86_64\n\
         this time: touch the file that the test is in, and compile again\n\
         for good: let cargo watch the directory, with a build script (`build.rs`) that says\n\n    \
         fn main() {{\n        println!(\"cargo::rerun-if-changed={DIR}\");\n    }}\n",
        dir.display()
    );
    assert!(run.stdout.contains(&message), "expected {message}\nfound {}", run.stdout);
    let listings: Vec<String> =
        results(&run).into_iter().filter(|line| line.contains("::listing ")).collect();
    assert!(listings.contains(&"test newest::listing ... FAILED".to_owned()), "{listings:?}");
    assert!(listings.contains(&"test exact::listing ... ok".to_owned()), "{listings:?}");

    // The advice works: with the build script, another capture becomes a test at once.
    let line = format!("fn main() {{ println!(\"cargo::rerun-if-changed={DIR}\"); }}\n");
    package.write("build.rs", &line);
    let run = package.cargo(&test, &[]);
    assert!(run.success, "{}{}", run.stdout, run.stderr);
    package.add_capture(DIR, "11.1.3_x86_64", "12.1.0_x86_64");
    let run = package.cargo(&test, &[]);
    assert!(run.success, "{}", run.stdout);
    assert!(results(&run).contains("test every::x86_64::v12_1_0 ... ok"), "{}", run.stdout);
}

#[test]
fn a_build_without_tests_reads_no_directory() {
    let package = Package::new("absent", "qemu-caps", "");
    package.write("src/lib.rs", SUITE);
    let nowhere = [("QEMU_CAPS_DIR", "nowhere")];
    let run = package.cargo(&["build"], &nowhere);
    assert!(run.success, "{}", run.stderr);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let run = package.cargo(&["test", "--no-run"], &nowhere);
    assert!(!run.success);
    assert!(run.stderr.contains("error: no directory of captures, tried `"), "{}", run.stderr);
}

#[test]
fn names_of_the_user_and_of_the_macro_do_not_meet() {
    let package = Package::new(
        "hygiene",
        "renamed",
        "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n",
    );
    package.write(
        "tests/suite.rs",
        r#"
#![deny(warnings, missing_docs, clippy::all)]
//! Names that the expansion has or could have.

mod std {}
mod core {}
mod qemu_caps {}
mod testing {}

#[derive(Debug, PartialEq)]
struct Suite;
struct Result;
struct Option;
struct Ok;

fn run(id: &CaptureId) -> impl Sized {
    assert!(id.version > Version::from_number(0));
}

const SUITE: Suite = Suite;

use renamed::caps_test;
use renamed::prelude::*;

/// A documented one.
#[caps_test(latest, "x86_64", crate = ::renamed)]
#[allow(unused_variables)]
fn listing(caps: &Capabilities, case: &Case) {
    assert_eq!(SUITE, Suite);
    let _ = (Result, Option, Ok);
}

#[caps_test(all, "x86_64", crate = ::renamed)]
#[tokio::test]
async fn x86_64(schema: &Schema, _: Arch) -> ::std::result::Result<(), String> {
    tokio::task::yield_now().await;
    if schema.has_command("quit") { ::std::result::Result::Ok(()) } else { Err("no quit".to_owned()) }
}

#[caps_test(latest, "x86_64", crate = ::renamed, set("sdl"), clear("vnc"))]
#[cfg(unix)]
#[should_panic(expected = "not this one")]
fn panics(caps: &Capabilities) {
    assert!(!caps.has(Flag::Sdl), "not this one");
}

#[caps_test(latest, "x86_64", crate = ::renamed)]
#[ignore = "takes long"]
fn ignored(_: Capabilities) {}

#[caps_test(latest, "x86_64", crate = ::renamed)]
#[cfg(windows)]
fn elsewhere(_: NoSuchType) {}

#[caps_test(latest, ["x86_64", "s390x"], skip("caps_11.1.3_s390x" = "not now"), crate = ::renamed)]
fn skipped(_: &CaptureId) {}

struct Machines(usize);

impl FromCase<'_> for Machines {
    fn from_case(case: &Case) -> ::std::result::Result<Self, renamed::testing::CaseError> {
        ::std::result::Result::Ok(Self(case.capabilities()?.tcg.machines.len()))
    }
}

#[caps_test(latest, crate = ::renamed)]
fn own_type(Machines(count): Machines, _: &Conversation) {
    assert_ne!(count, 0);
}

caps_test!(latest, "x86_64");
caps_test!(called: latest, "x86_64" => self::inner::check);
caps_test!(closure: latest, "x86_64", fails = "11.1.3" => |id: &CaptureId| -> ::std::result::Result<(), String> {
    Err(id.to_string())
});

mod inner {
    use renamed::prelude::*;

    pub(super) fn check(a: &Case, _: &Capture, _: &Schema, _: &CaptureId, _: Version, _: Arch) {
        assert_eq!(a.test(), "called");
    }
}

#[test]
fn plain() {
    let _ = run(&"1.0.0_x86_64".parse().expect("a name"));
}
"#,
    );
    let run = package.cargo(&["test", "--test", "suite"], &[]);
    assert!(run.success, "{}{}", run.stdout, run.stderr);
    let results = results(&run);
    for line in [
        "test x86_64::x86_64::v7_2_22 ... ok",
        "test panics::x86_64::latest - should panic ... ok",
        "test ignored::x86_64::latest ... ignored, takes long",
        "test skipped::s390x::latest ... ignored, not now",
        "test skipped::x86_64::latest ... ok",
        "test own_type::riscv64::latest ... ok",
        "test listing::listing ... ok",
        "test closure::x86_64::latest ... ok",
    ] {
        assert!(results.contains(line), "no {line} in {results:#?}");
    }
    let elsewhere = results.iter().find(|line| line.contains("elsewhere"));
    assert_eq!(elsewhere, None);
}

#[test]
fn a_renamed_crate_is_suggested_by_name() {
    let package = Package::new("forgotten", "renamed", "");
    package.write(
        "tests/suite.rs",
        "use renamed::prelude::*;\n\n#[caps_test(latest)]\nfn tested(_: Arch) {}\n",
    );
    let run = package.cargo(&["check", "--tests"], &[]);
    let message = "error: `qemu-caps` is called `renamed` in Cargo.toml, write `crate = ::renamed`\n \
                   --> tests/suite.rs:3:1\n";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    assert!(!run.stderr.contains("E0433"), "{}", run.stderr);

    // The name can come from the workspace.
    let manifest = fs::read_to_string(package.path("Cargo.toml")).expect("the manifest");
    let (rest, dependency) = manifest.split_once("[dependencies]\n").expect("the dependencies");
    let workspace = format!(
        "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n\n[workspace.dependencies]\n{dependency}"
    );
    package.write("Cargo.toml", &workspace);
    let rest = rest.replace("\n[workspace]\n", "");
    package.write(
        "member/Cargo.toml",
        &format!("{rest}[dev-dependencies]\nrenamed.workspace = true\n"),
    );
    package.write("member/src/lib.rs", "");
    fs::rename(package.path("tests"), package.path("member/tests")).expect("moved");
    let run = package.cargo(&["check", "--tests", "--workspace"], &[]);
    let message = message.replace("tests/suite.rs", "member/tests/suite.rs");
    assert!(run.stderr.contains(&message), "{}", run.stderr);
}

#[test]
fn failures_are_those_of_the_function() {
    let package = Package::new("failures", "qemu-caps", "");
    package.write(
        "tests/suite.rs",
        r#"
use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64")]
fn returns_an_error(_: &CaptureId) -> Result<(), std::num::ParseIntError> {
    "x".parse::<u8>().map(|_| ())
}

#[caps_test(latest, "x86_64", fails)]
fn succeeds(_: &CaptureId) -> Result<(), String> {
    Ok(())
}

#[caps_test(latest, "x86_64", fails = "no disk")]
fn fails_otherwise(_: &CaptureId) -> Result<(), String> {
    Err("no network".to_owned())
}

fn without_pattern(golden: Golden) {
    golden.assert("");
}

qemu_caps::caps_test!(path: latest, "x86_64" => without_pattern);

#[caps_test(latest, "x86_64", dir = "data")]
fn no_conversation(case: &Case) {
    case.conversation().unwrap();
}

qemu_caps::caps_test!(latest, "x86_64", dir = "data");
"#,
    );
    package.add_capture("data", "11.1.3_x86_64", "11.1.3_x86_64");
    let xml = package.path("data/caps_11.1.3_x86_64.xml");
    let text = fs::read_to_string(&xml).expect("the capture");
    fs::write(&xml, text.replacen("  <flag name='vnc'/>\n", "", 1)).expect("doctored");
    let run = package.cargo(&["test", "--test", "suite", "--no-fail-fast"], &[]);
    assert!(!run.success);
    for expected in [
        "Error: ParseIntError { kind: InvalidDigit }",
        "`succeeds` succeeds, expected an error, on 11.1.3_x86_64",
        "`fails_otherwise` fails with `no network`, expected an error with `no disk`, on 11.1.3_x86_64",
        "`path` takes a `Golden`, expected `golden = \"tests/golden/",
        "\n+  <flag name='vnc'/>\n",
    ] {
        assert!(run.stdout.contains(expected), "expected {expected} in {}", run.stdout);
    }
}
