//! Golden files: compared, written, and reported once no test uses them.

use std::fs;
use std::thread;

use qemu_caps::testing::{Golden, GoldenError, Regenerate};
use support::{Package, summary, summary_of};

mod support;

const SUITE: &str = r#"
use qemu_caps::prelude::*;
use qemu_caps::testing::GoldenError;

#[caps_test(latest, ["x86_64", "s390x"], golden = "tests/golden/{test}.{arch}-{version}{variant}.txt")]
fn machines(caps: &Capabilities, golden: Golden) {
    golden.assert(&caps.tcg.machines[0].name);
    golden.with_extension("arch").assert(caps.arch.name());
}

#[caps_test(">=10", "x86_64", golden = "tests/golden/by-version/{arch}-{version}")]
#[ignore = "slow"]
fn versions(caps: &Capabilities, golden: Golden) -> Result<(), GoldenError> {
    golden.check(&caps.version.to_string())
}

#[caps_test(latest, "x86_64")]
fn without(_: &CaptureId) {}

qemu_caps::no_unused_golden_files!("tests/golden");
"#;

const FILES: [&str; 6] = [
    "tests/golden/by-version/x86_64-10.0.13",
    "tests/golden/by-version/x86_64-11.1.3",
    "tests/golden/machines.s390x-latest.arch",
    "tests/golden/machines.s390x-latest.txt",
    "tests/golden/machines.x86_64-latest.arch",
    "tests/golden/machines.x86_64-latest.txt",
];

#[test]
fn a_suite_writes_and_compares_its_golden_files() {
    let package = Package::new("golden", "qemu-caps", "");
    package.write("tests/suite.rs", SUITE);
    let test = |value: Option<&str>| {
        let variables: Vec<_> =
            value.map(|value| ("VIR_TEST_REGENERATE_OUTPUT", value)).into_iter().collect();
        package.cargo(&["test", "--test", "suite", "--", "--include-ignored"], &variables)
    };

    let run = test(None);
    let missing = format!("there is no golden file `{}`", package.path(FILES[5]).display());
    assert!(!run.success && run.stdout.contains(&missing), "{}", run.stdout);
    assert!(run.stdout.contains("\n+pc\n"), "{}", run.stdout);

    let run = test(Some("yes"));
    let message = "`VIR_TEST_REGENERATE_OUTPUT` is `yes`, expected 0 or 1";
    assert!(!run.success && run.stdout.contains(message), "{}", run.stdout);

    fs::create_dir_all(package.path("tests/golden")).expect("a directory");
    let run = test(Some("1"));
    assert_eq!(summary(&run.stderr), summary_of(&FILES.map(|file| ("created", file)), 0, &package));
    let read = |file| fs::read_to_string(package.path(file)).expect(file);
    assert_eq!(read(FILES[1]), "11.1.3\n");
    assert_eq!(read(FILES[2]), "s390x\n");
    assert_eq!(read(FILES[5]), "pc\n");
    let run = test(Some("0"));
    assert!(run.success && summary(&run.stderr).is_empty(), "{}{}", run.stdout, run.stderr);
    package.write(FILES[5], "q35\n");
    fs::remove_file(package.path(FILES[2])).expect("removed");
    let run = test(Some("1"));
    let written = [("created", FILES[2]), ("changed", FILES[5])];
    assert_eq!(summary(&run.stderr), summary_of(&written, 4, &package));

    let run = test(Some("1"));
    assert_eq!(summary(&run.stderr), "golden files: 0 created, 0 changed, 6 unchanged\n");

    // Different text, a surplus file, and a file without a line feed, which never matches.
    package.write(FILES[5], "q35\n");
    package.write(FILES[1], "11.1.3");
    package.write("tests/golden/machines.sparc-latest.txt", "SS-5\n");
    package.write("tests/golden/by-version/x86_64-7.2.22", "7.2.22\n");
    let run = test(None);
    assert!(!run.success);
    let path = package.path(FILES[5]);
    let expected = [
        format!("--- {}\n+++ what the test makes\n@@ -1 +1 @@\n-q35\n+pc\n", path.display()),
        "-11.1.3\n\\ No newline at end of file\n+11.1.3\n".to_owned(),
        format!(
            "no test has these golden files any more, remove them\nunused file: {}\nunused file: {}\n",
            package.path("tests/golden/by-version/x86_64-7.2.22").display(),
            package.path("tests/golden/machines.sparc-latest.txt").display()
        ),
    ];
    for expected in expected {
        assert!(run.stdout.contains(&expected), "expected {expected} in {}", run.stdout);
    }
}

#[test]
fn many_threads_write_one_file() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("threads");
    let _ = fs::remove_dir_all(&dir);
    let text = "a line\n".repeat(50_000);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let golden = Golden::at(dir.join("deep/down/golden.txt"));
                golden.check_or_write(&text, Regenerate::Yes).expect("written");
                golden.check_or_write(&text, Regenerate::No).expect("whole at any moment");
            });
        }
    });
    let entries = fs::read_dir(dir.join("deep/down")).expect("the directory");
    assert_eq!(entries.count(), 1, "no temporary file is left");
}

#[test]
fn texts_end_with_a_line_feed_unless_empty() {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("texts");
    let _ = fs::remove_dir_all(&dir);
    let golden = Golden::at(dir.join("golden.txt"));
    let missing = golden.check_or_write("text", Regenerate::No);
    assert!(matches!(missing, Err(GoldenError::Missing { .. })), "{missing:?}");
    golden.check_or_write("text", Regenerate::Yes).expect("written");
    golden.check_or_write("text\n", Regenerate::No).expect("the same");
    let differs = golden.check_or_write("", Regenerate::No);
    assert!(matches!(differs, Err(GoldenError::Differs { .. })), "{differs:?}");
    golden.check_or_write("", Regenerate::Yes).expect("written");
    assert_eq!(fs::read(golden.path()).expect("the file"), b"");
}
