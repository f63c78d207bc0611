//! Tests over input files and values: their names, their arguments, and the files they notice.

use std::collections::BTreeSet;
use std::fs;

use support::{Package, Run};

mod support;

const SUITE: &str = r#"
#![deny(warnings)]

use qemu_caps::prelude::*;

#[derive(serde::Deserialize)]
struct Vm {
    name: String,
}

const MACHINE: &str = "q35";

#[caps_test(latest, ["x86_64", "s390x"], files("vms/*.*", only("*.s390x.json" = "s390x")))]
fn boots(vm: &InputFile, caps: &Capabilities) -> Result<(), qemu_caps::testing::InputError> {
    let Vm { name } = vm.parse()?;
    assert_eq!(name, vm.stem());
    assert!(name != "css.s390x" || caps.arch == Arch::S390x);
    Ok(())
}

#[caps_test(files("vms/**/*.json", "vms/Odd-2.toml"), skip("net.json" = "another time"))]
fn is_read(file: &InputFile) {
    assert!(file.path().is_absolute());
    assert_eq!(file.bytes(), file.text().unwrap().as_bytes());
}

#[caps_test(
    latest,
    "x86_64",
    files("vms/net.json"),
    values(machine = ["pc", MACHINE], memory = [512, -1], kvm = [Some(true), None]),
    golden(args = "golden/{module}/{test}/{file}.{machine}-{memory}-{kvm}.args", bytes = "golden/{file}-{machine}-{memory}-{kvm}.bin")
)]
fn has_values(
    machine: &str,
    args: &Golden,
    bytes: Golden,
    kvm: Option<bool>,
    memory: i64,
    vm: &InputFile,
) {
    args.assert(&format!("{} {machine} {memory} {kvm:?}", vm.name()));
    bytes.assert_bytes(&[0xff, 0x00, u8::try_from(machine.len()).unwrap()]);
}

#[caps_test(values(machine = ["pc", "q35"]), golden = "golden/{machine}.json")]
fn only_values(machine: &str, golden: &Golden) {
    golden.assert_json(&serde_json::json!({"machine": machine, "disks": [1, 2]}));
}

qemu_caps::caps_test!(closure: values(kind = [1, 2]), files("vms/net.json") => |file: &InputFile, kind: u8| {
    assert!(kind > 0 && file.stem() == "net");
});

/// It borrows from the case.
struct Fixture<'c> {
    caps: &'c Capabilities,
    file: &'c InputFile,
}

impl<'c> FromCase<'c> for Fixture<'c> {
    fn from_case(case: &'c Case) -> Result<Self, qemu_caps::testing::CaseError> {
        Ok(Self { caps: case.capabilities()?, file: case.file()? })
    }
}

#[caps_test(latest, "x86_64", files("vms/net.json"))]
fn takes_a_fixture<'c>(fixture: Fixture<'c>)
where
    Arch: Copy,
{
    assert!(fixture.caps.has(Flag::Vnc) && fixture.file.stem() == "net");
}

/// The names of files must not clash with those of the expansion.
#[caps_test(files("taken/*"))]
fn run(_: &InputFile) {}

qemu_caps::no_unused_golden_files!("golden");
"#;

const DEPENDENCIES: &str =
    "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";

fn package(name: &str) -> Package {
    let package = Package::with_features(name, &["toml"], DEPENDENCIES);
    package.write("tests/suite.rs", SUITE);
    package.write("vms/net.json", r#"{"name": "net"}"#);
    package.write("vms/css.s390x.json", r#"{"name": "css.s390x"}"#);
    package.write("vms/Odd-2.toml", "name = \"Odd-2\"\n");
    package.write("vms/.hidden.json", "{}");
    package.write("vms/deep/er/disk.json", "{}");
    package.write("taken/listing.txt", "");
    package.write("taken/run.txt", "");
    package.write("taken/SUITE.txt", "");
    package.write("taken/fn.txt", "");
    fs::create_dir(package.path("vms/directory.json")).expect("a directory");
    package
}

/// The tests with their outcomes.
fn results(run: &Run) -> BTreeSet<String> {
    let lines = run.stdout.lines().filter(|line| line.contains(" ... "));
    // Output of a test on standard error can be in between, and is then on the last line.
    lines.filter_map(|line| line.strip_prefix("test ")).map(str::to_owned).collect()
}

const TEST: [&str; 3] = ["test", "--test", "suite"];

#[test]
fn files_and_values_are_multiplied_by_captures() {
    let package = package("files");
    let regenerated = package.cargo(&TEST, &[("VIR_TEST_REGENERATE_OUTPUT", "1")]);
    assert!(regenerated.success, "{}{}", regenerated.stdout, regenerated.stderr);
    let first = package.cargo(&TEST, &[]);
    assert!(first.success, "{}{}", first.stdout, first.stderr);
    let expected = [
        "boots::Odd_2::s390x::latest ... ok",
        "boots::Odd_2::x86_64::latest ... ok",
        "boots::css_s390x::s390x::latest ... ok",
        "boots::listing ... ok",
        "boots::net::s390x::latest ... ok",
        "boots::net::x86_64::latest ... ok",
        "closure::listing ... ok",
        "closure::net::kind_1 ... ok",
        "closure::net::kind_2 ... ok",
        "has_values::listing ... ok",
        "has_values::net::MACHINE::memory_512::None::x86_64::latest ... ok",
        "has_values::net::MACHINE::memory_512::Some_true::x86_64::latest ... ok",
        "has_values::net::MACHINE::memory_minus_1::None::x86_64::latest ... ok",
        "has_values::net::MACHINE::memory_minus_1::Some_true::x86_64::latest ... ok",
        "has_values::net::pc::memory_512::None::x86_64::latest ... ok",
        "has_values::net::pc::memory_512::Some_true::x86_64::latest ... ok",
        "has_values::net::pc::memory_minus_1::None::x86_64::latest ... ok",
        "has_values::net::pc::memory_minus_1::Some_true::x86_64::latest ... ok",
        "is_read::Odd_2 ... ok",
        "is_read::css_s390x ... ok",
        "is_read::deep_er_disk ... ok",
        "is_read::listing ... ok",
        "is_read::net ... ignored, another time",
        "no_unused_golden_files ... ok",
        "only_values::listing ... ok",
        "only_values::pc ... ok",
        "only_values::q35 ... ok",
        "run::SUITE_ ... ok",
        "run::fn_ ... ok",
        "run::listing ... ok",
        "run::listing_ ... ok",
        "run::run_ ... ok",
        "takes_a_fixture::listing ... ok",
        "takes_a_fixture::net::x86_64::latest ... ok",
    ];
    assert_eq!(results(&first), expected.map(str::to_owned).into());
    let args = "golden/suite/has_values/net.MACHINE--1-Some_true.args";
    let text = fs::read_to_string(package.path(args)).expect(args);
    assert_eq!(text, "net q35 -1 Some(true)\n");

    // Another layout of the same JSON is equal; other data differs by path.
    package.write("golden/pc.json", r#"{"disks":[1,2],"machine":"pc"}"#);
    package.write("golden/q35.json", r#"{"disks": [1, 3, 4], "machine": "q35", "old/er": null}"#);
    package.write("golden/net-pc-512-None.bin", "text");
    package.write("golden/suite/has_values/gone.txt", "");
    let run = package.cargo(&TEST, &[]);
    assert!(!run.success);
    for expected in [
        "\n-/disks/1: 3\n+/disks/1: 2\n-/disks/2: 4\n-/old~1er: null\n",
        "expected 4 bytes, the test makes 3; from byte 0 on:\n-74 65 78 74\n+ff 00 02\n",
        "golden/suite/has_values/gone.txt\n",
    ] {
        assert!(run.stdout.contains(expected), "expected {expected} in {}", run.stdout);
    }
    let failed = results(&run).iter().filter(|line| line.ends_with("FAILED")).count();
    assert_eq!(failed, 3, "{}", run.stdout);

    // Added and removed files are noticed, and rename nothing.
    package.write("vms/usb.json", r#"{"name": "usb"}"#);
    fs::remove_file(package.path("vms/css.s390x.json")).expect("removed");
    let run = package.cargo(&TEST, &[]);
    let message = "  added: vms/usb.json\n  removed: vms/css.s390x.json\n";
    assert!(run.stdout.contains(message), "{}", run.stdout);
    let line = "println!(\"cargo::rerun-if-changed=vms\");";
    assert!(run.stdout.contains(line), "{}", run.stdout);
    package.write("vms/css.s390x.json", r#"{"name": "css.s390x"}"#);
    package.write("build.rs", &format!("fn main() {{ {line} }}\n"));
    let regenerated = package.cargo(&TEST, &[("VIR_TEST_REGENERATE_OUTPUT", "1")]);
    fs::remove_file(package.path("golden/suite/has_values/gone.txt")).expect("removed");
    let after = package.cargo(&TEST, &[]);
    assert!(after.success, "{}{}{}", regenerated.stdout, after.stdout, after.stderr);
    let (before, after) = (results(&first), results(&after));
    assert_eq!(before.difference(&after).count(), 0, "{after:?}");
    let new: Vec<&str> = after.difference(&before).map(String::as_str).collect();
    let expected = [
        "boots::usb::s390x::latest ... ok",
        "boots::usb::x86_64::latest ... ok",
        "is_read::usb ... ok",
    ];
    assert_eq!(new, expected);
}

const LIARS: &str = r#"
use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", golden = "golden/{arch}.txt")]
fn one(golden: &Golden) {
    golden.assert("one");
}

mod inner {
    use qemu_caps::prelude::*;

    #[caps_test(latest, ["x86_64", "s390x"], golden = "golden/{arch}.txt")]
    fn two(golden: Golden) -> Result<(), qemu_caps::testing::GoldenError> {
        golden.check("one")
    }
}

#[caps_test(latest, "x86_64", golden = "golden/{module}-{test}.txt")]
fn forgets(_: &Golden) {}

#[caps_test(latest, "x86_64", fails, golden = "golden/{module}-{test}.txt")]
fn forgets_and_fails(_: &Golden) -> Result<(), ()> {
    Err(())
}

#[caps_test(latest, "x86_64", golden(a = "golden/a-{test}.txt", b = "golden/b-{test}.txt"))]
fn forgets_one(a: &Golden, b: &Golden) -> Result<(), qemu_caps::testing::GoldenError> {
    let _ = b;
    a.with_extension("json").check_json(&1)
}

struct Own;

impl FromCase<'_> for Own {
    fn from_case(_: &Case) -> Result<Self, qemu_caps::testing::CaseError> {
        Ok(Self)
    }
}

#[caps_test(latest, "x86_64", golden = "golden/{test}.txt")]
fn takes_something_else(_: Own) {}

#[caps_test(latest, "x86_64", golden = "golden/{test}.txt")]
#[should_panic(expected = "before")]
fn panics_before(_: &Golden) {
    panic!("before");
}
"#;

#[test]
fn golden_files_cannot_lie() {
    let package = Package::new("liars", "qemu-caps", "");
    package.write("tests/suite.rs", LIARS);
    let regenerate = [("VIR_TEST_REGENERATE_OUTPUT", "1")];
    for variables in [&regenerate[..], &[]] {
        let run = package.cargo(&[&TEST[..], &["--no-fail-fast"]].concat(), variables);
        assert!(!run.success);
        let shared = "`golden/x86_64.txt` is the golden file of two tests, expected one: ";
        for expected in [
            &format!(
                "{shared}suite::one, on 11.1.3_x86_64; and suite::inner::two, on 11.1.3_x86_64\n"
            ),
            &format!(
                "{shared}suite::inner::two, on 11.1.3_x86_64; and suite::one, on 11.1.3_x86_64\n"
            ),
            "`forgets` succeeds without comparing its golden file `",
            "/golden/suite-forgets.txt`, expected `golden.assert(...)`, on 11.1.3_x86_64",
            "`forgets_and_fails` succeeds without comparing",
            "`forgets_one` succeeds without comparing",
            "/golden/b-forgets_one.txt`",
            "`takes_something_else` succeeds without comparing",
        ] {
            assert!(run.stdout.contains(expected), "expected {expected} in {}", run.stdout);
        }
        let failed = run.stdout.lines().filter(|line| line.ends_with("... FAILED")).count();
        assert_eq!(failed, 6, "{}", run.stdout);
    }
}
