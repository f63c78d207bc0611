//! The same tests give the same results under `cargo test`, `cargo nextest run`, its partitions,
//! and an archive run in another directory. Required with `QEMU_CAPS_REQUIRE_NEXTEST=1`.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use support::{Package, cargo_in, summary, summary_of};

mod support;

const SUITE: &str = r#"
use qemu_caps::prelude::*;

#[caps_test(all, variant = any, golden = "tests/golden/{arch}-{version}{variant}.txt")]
fn machine(caps: &Capabilities, golden: &Golden) {
    golden.assert(&caps.tcg.machines[0].name);
}

#[caps_test(latest(2), "x86_64")]
fn schema(schema: &Schema) -> Result<(), String> {
    if schema.has_command("quit") { Ok(()) } else { Err("no quit".to_owned()) }
}

qemu_caps::caps_test!(all);
qemu_caps::no_unused_golden_files!("tests/golden");
"#;

/// Parses `ok` and `FAILED` lines of cargo test, or `PASS` and `FAIL` lines of nextest, into names
/// and results.
fn results(output: &str) -> BTreeSet<(String, bool)> {
    let cargo = output.lines().filter_map(|line| {
        let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
        Some((name.to_owned(), result == "ok"))
    });
    let nextest = output.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let passed = match *words.first()? {
            "PASS" => true,
            "FAIL" => false,
            _ => return None,
        };
        Some(((*words.last()?).to_owned(), passed))
    });
    cargo.chain(nextest).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

#[test]
fn every_runner_runs_the_same_tests() {
    let package = Package::new("runners", "qemu-caps", "");
    let version = package.cargo(&["nextest", "--version"], &[]);
    if !version.success {
        let required = env::var_os("QEMU_CAPS_REQUIRE_NEXTEST").is_some_and(|value| value == "1");
        assert!(!required, "cargo-nextest is required, but not installed");
        eprintln!("not tested: cargo-nextest is not installed");
        return;
    }
    package.write("tests/suite.rs", SUITE);
    for id in ["7.2.22_x86_64", "10.0.13_s390x", "11.1.3_x86_64"] {
        package.add_capture("tests/qemucapabilitiesdata", id, id);
    }
    let regenerate = [("VIR_TEST_REGENERATE_OUTPUT", "1")];
    // Each runner ends with a single summary of all tests. The `.xml` of the three captures are
    // golden files, too.
    let files = ["s390x-10.0.13", "x86_64-11.1.3", "x86_64-7.2.22"];
    let files = files.map(|name| format!("tests/golden/{name}.txt"));
    let created = files.each_ref().map(|file| ("created", file.as_str()));
    for runner in [&["test", "--test", "suite"][..], &["nextest", "run"]] {
        let _ = fs::remove_dir_all(package.path("tests/golden"));
        let run = package.cargo(runner, &regenerate);
        assert!(run.success, "{}{}", run.stdout, run.stderr);
        assert_eq!(summary(&run.stderr), summary_of(&created, 3, &package), "{}", run.stderr);
        assert!(run.stderr.ends_with("unchanged\n"), "{}", run.stderr);
        package.write(&files[2], "one that fails\n");
        let run = package.cargo(runner, &regenerate);
        let changed = [("changed", files[2].as_str())];
        assert_eq!(summary(&run.stderr), summary_of(&changed, 5, &package), "{}", run.stderr);
    }
    package.write(&files[2], "one that fails\n");

    let run = package.cargo(&["test", "--test", "suite", "--no-fail-fast"], &[]);
    let expected = results(&run.stdout);
    assert_eq!(expected.iter().filter(|(_, passed)| !passed).count(), 1, "{expected:?}");
    assert_eq!(expected.len(), 3 + 2 + 3 + 3 + 1, "{expected:?}");

    let nextest =
        ["nextest", "run", "--no-fail-fast", "--status-level=all", "--final-status-level=none"];
    let run = package.cargo(&nextest, &[]);
    assert_eq!(results(&run.stderr), expected, "{}", run.stderr);

    let mut parts = BTreeSet::new();
    for part in 1..=4 {
        let partition = format!("--partition=hash:{part}/4");
        let run = package.cargo(&[&nextest[..], &[&partition, "--no-tests=pass"]].concat(), &[]);
        let results = results(&run.stderr);
        assert!(parts.is_disjoint(&results), "{results:?}");
        parts.extend(results);
    }
    assert_eq!(parts, expected);

    // The archive is built here, and runs on a copy of the package after the original was removed.
    let archive = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runners.tar.zst");
    let archive = archive.to_str().expect("a path in UTF-8");
    let run = package.cargo(&["nextest", "archive", "--archive-file", archive], &[]);
    assert!(run.success, "{}", run.stderr);
    let elsewhere = tempfile::tempdir().expect("a temporary directory");
    let copied = elsewhere.path().join("copied");
    copy(&package.path(""), &copied);
    fs::rename(package.path("tests"), package.path("hidden")).expect("hidden");
    let remap = copied.to_str().expect("a path in UTF-8");
    let arguments = ["--archive-file", archive, "--workspace-remap", remap];
    let run = cargo_in(elsewhere.path(), &[&nextest[..], &arguments[..]].concat(), &[]);
    assert_eq!(results(&run.stderr), expected, "{}", run.stderr);
}
