//! What `listing`, the first test of each suite, checks: captures, files and golden files.

use std::env;

use caps_core::Arch;
use caps_core::testing::{Suite, assert_no_unused_golden_files};

use crate::child::{Package, Run, is_child};

static VALUES: Suite = Suite::new("values", "suites::values", "/compiled")
    .values(&[("verb", &["run", "walk"]), ("n", &["1", "2"])])
    .goldens(&[("", "golden/{module}/{test}.{verb}{n}.txt"), ("more", "golden/{verb}-{n}")]);

static OVER: Suite = Suite::new("over", "suites::over", "/compiled")
    .files(&["vms/*.json"], &[("disk", "vms/disk.json"), ("net", "vms/net.json")])
    .only(&[("vms/net.json", &["s390x"]), ("vms/disk.json", &[">=10"])])
    .captures("/none", "latest", &["10.0.0_s390x", "8.2.0_x86_64", "10.0.0_x86_64"])
    .goldens(&[("", "golden/{file}.{arch}-{version}{variant}.xml")]);

static FIRST: Suite = Suite::new("first", "suites::first", "/compiled")
    .files(&["vms/*.json"], &[("disk", "vms/disk.json"), ("net", "vms/net.json")])
    .values(&[("verb", &["run", "walk"])])
    .goldens(&[("", "golden/shared.{verb}.txt")]);

static SECOND: Suite = Suite::new("second", "suites::second", "/compiled")
    .captures("/none", "all", &["10.0.0_x86_64"])
    .any_variant()
    .goldens(&[("", "golden/shared.walk.txt")]);

static STALE: Suite = Suite::new("stale", "suites::stale", "/compiled").captures(
    "/none",
    "all",
    &["10.0.0_s390x", "8.2.0_x86_64"],
);

static ONLY: Suite = Suite::new("only", "suites::only", "/compiled")
    .captures("/none", "all", &["10.0.0_x86_64"])
    .arches(&[Arch::X86_64]);

static EXCEPT: Suite = Suite::new("except", "suites::except", "/compiled")
    .captures("/none", "all", &["10.0.0_x86_64"])
    .not_arches(&[Arch::S390x]);

static FILES: Suite = Suite::new("files", "suites::files", "/compiled")
    .files(&["*.json", "vms/*.json"], &[("a", "a.json"), ("gone", "gone.json")]);

macro_rules! listings {
    ($($module:ident: $suite:ident;)*) => {
        $(
            mod $module {
                #[test]
                #[ignore = "run by other tests"]
                fn listing() {
                    if super::is_child() {
                        super::$suite.assert_current();
                    }
                }
            }
        )*
    };
}

listings! {
    values: VALUES;
    over: OVER;
    first: FIRST;
    second: SECOND;
    stale: STALE;
    only: ONLY;
    except: EXCEPT;
    files: FILES;
}

#[test]
#[ignore = "run by other tests"]
fn unused() {
    if is_child() {
        assert_no_unused_golden_files("/compiled", &env::var("GOLDEN").expect("a directory"));
    }
}

/// A package with the captures and files of the suites.
fn package() -> Package {
    let package = Package::new();
    for name in ["8.2.0_x86_64", "10.0.0_s390x", "10.0.0_x86_64"] {
        package.write(&format!("qemucapabilitiesdata/caps_{name}.xml"), "");
    }
    package.write("vms/disk.json", "");
    package.write("vms/net.json", "");
    package
}

fn listing(package: &Package, module: &str) -> Run {
    package.run(&format!("listings::{module}::listing"), &[])
}

#[test]
fn no_other_suite_has_the_golden_files() {
    let package = package();
    for suite in ["values", "only", "except"] {
        let run = listing(&package, suite);
        let expected = suite == "values";
        assert_eq!(run.success, expected, "{suite}: {}", run.stderr);
    }
    let run = listing(&package, "first");
    let expected = "`golden/shared.run.txt` is the golden file of two tests";
    assert!(!run.success && run.stderr.contains(expected), "{}", run.stderr);
    // A suite whose tests share a file with each other, too, names the first.
    let expected = "suites::first, file `vms/disk.json`, verb run; and suites::first, file \
                    `vms/net.json`, verb run\n\
                    add `{test}` or `{module}` to the names of golden files";
    assert!(run.stderr.contains(expected), "{}", run.stderr);

    let other = Package::new();
    other.write("qemucapabilitiesdata/caps_10.0.0_x86_64.xml", "");
    let run = listing(&other, "second");
    let expected = "`golden/shared.walk.txt` is the golden file of two tests, expected one: \
                    suites::second, on 10.0.0_x86_64; and suites::first, file `vms/";
    assert!(!run.success && run.stderr.contains(expected), "{}", run.stderr);
}

#[test]
fn files_that_no_test_has_are_listed() {
    let package = package();
    let used = [
        "golden/suites/values.run1.txt",
        "golden/suites/values.walk2.other",
        "golden/run-1",
        "golden/walk-2.txt",
        // Each file only with the captures that it is meant for.
        "golden/disk.x86_64-latest.xml",
        "golden/disk.s390x-latest.xml",
        "golden/net.s390x-latest.xml",
        "golden/shared.walk.txt",
        "golden/.hidden",
    ];
    for file in used {
        package.write(file, "");
    }
    let run = package.run("listings::unused", &[("GOLDEN", "golden")]);
    assert!(run.success, "{}", run.stderr);
    let surplus = [
        "golden/disk.x86_64-latest-1.xml",
        "golden/net.x86_64-latest.xml",
        "golden/other",
        "golden/run-3",
        "golden/suites/values.run3.txt",
        "golden/values.run1.txt",
    ];
    for file in surplus {
        package.write(file, "");
    }
    let run = package.run("listings::unused", &[("GOLDEN", "golden")]);
    let lines: Vec<String> =
        surplus.map(|file| format!("unused file: {}\n", package.path(file).display())).to_vec();
    let expected =
        format!("no test has these golden files any more, remove them\n{}", lines.concat());
    assert!(!run.success && run.stderr.contains(&expected), "{expected}{}", run.stderr);
    let run = package.run("listings::unused", &[("GOLDEN", "golden/none")]);
    assert!(run.success, "a directory that nobody has written: {}", run.stderr);
    let run = package.run("listings::unused", &[("GOLDEN", "golden/other")]);
    assert!(
        !run.success && run.stderr.contains("can't list the golden files in"),
        "{}",
        run.stderr
    );
}

#[test]
fn captures_are_those_of_compile_time() {
    let run = listing(&package(), "stale");
    assert!(!run.success);
    let package = Package::new();
    for name in ["8.2.0_x86_64", "10.0.0_s390x", "10.0.0_s390x+v"] {
        package.write(&format!("qemucapabilitiesdata/caps_{name}.xml"), "");
    }
    let run = listing(&package, "stale");
    assert!(run.success, "variants are not among plain captures: {}", run.stderr);
    package.write("qemucapabilitiesdata/caps_9.0.0_aarch64.xml", "");
    std::fs::remove_file(package.path("qemucapabilitiesdata/caps_8.2.0_x86_64.xml")).expect("mine");
    let run = listing(&package, "stale");
    let dir = package.path("qemucapabilitiesdata");
    let expected = format!(
        "the tests of `stale` were compiled from another listing of `{}`\n  \
         added: 9.0.0_aarch64\n  removed: 8.2.0_x86_64\n\
         this time: touch the file that the test is in, and compile again\n\
         for good: let cargo watch the directory, with a build script (`build.rs`) that says\n\
         \n    fn main() {{\n        println!(\"cargo::rerun-if-changed=qemucapabilitiesdata\");\n    }}\n",
        dir.display()
    );
    assert!(!run.success && run.stderr.contains(&expected), "{expected}{}", run.stderr);
}

#[test]
fn captures_of_some_architectures_are_compared() {
    let package = Package::new();
    package.write("qemucapabilitiesdata/caps_10.0.0_x86_64.xml", "");
    for suite in ["only", "except"] {
        let run = listing(&package, suite);
        assert!(run.success, "{suite}: {}", run.stderr);
    }
    package.write("qemucapabilitiesdata/caps_10.0.0_s390x.xml", "");
    for suite in ["only", "except"] {
        let run = listing(&package, suite);
        assert!(run.success, "{suite}: {}", run.stderr);
    }
    package.write("qemucapabilitiesdata/caps_10.0.0_aarch64.xml", "");
    for (suite, success) in [("only", true), ("except", false)] {
        let run = listing(&package, suite);
        assert_eq!(run.success, success, "{suite}: {}", run.stderr);
    }
}

#[test]
fn files_are_those_of_compile_time() {
    let package = Package::new();
    package.write("a.json", "");
    package.write("gone.json", "");
    package.write("vms/.hidden.json", "");
    let run = listing(&package, "files");
    assert!(run.success, "{}", run.stderr);
    package.write("vms/new.json", "");
    std::fs::remove_file(package.path("gone.json")).expect("mine");
    let run = listing(&package, "files");
    let expected = format!(
        "the tests of `files` were compiled from another listing of `{}`, `{}`\n  \
         added: vms/new.json\n  removed: gone.json\n",
        package.dir().display(),
        package.path("vms").display()
    );
    assert!(!run.success && run.stderr.contains(&expected), "{expected}{}", run.stderr);
    let lines = "        println!(\"cargo::rerun-if-changed=.\");\n        \
                 println!(\"cargo::rerun-if-changed=vms\");\n";
    assert!(run.stderr.contains(lines), "{}", run.stderr);
}
