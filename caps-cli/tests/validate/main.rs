//! The subcommand `validate`: verdicts, formats, expectations, and bad input.

mod bad_input;
#[path = "../support/mod.rs"]
mod support;

use std::fs;

use serde_json::Value;
use support::{data, run};
use tempfile::TempDir;

const COMMANDS: &str = r#"{"execute":"query-status"}
{"source":"a/b:c","command":{"execute":"chardev-add","arguments":{"id":"c","backend":{"type":"socket","data":{"addr":{"type":"unix","data":{"path":"/x"}},"reconnect":10}}}}}

{"execute":"device_add","arguments":{"driver":"vfio-pci","multifunction":"off"}}
{"execute":"device_add","arguments":{"driver":"usb-bot"}}
"#;
const ARGS: &str = "LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=x \\\n\
    -blockdev '{\"driver\":\"file\",\"filename\":\"/x\",\"node-name\":\"n\"}' \\\n\
    -netdev user,id=n \\\n-device '{\"driver\":\"scsi-hd\",\"lun\":\"1\"}'\n";

struct Files {
    dir: TempDir,
    data: String,
}

impl Files {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("commands.jsonl"), COMMANDS).expect("a file");
        fs::write(dir.path().join("guest.args"), ARGS).expect("a file");
        Self { dir, data: data().display().to_string() }
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.dir.path().join(name), text).expect("a file");
        self.path(name)
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    /// Runs `validate FILE ARGUMENTS`, and removes the paths of the test from the output.
    fn run(&self, file: &str, arguments: &[&str]) -> (i32, String, String) {
        let path = self.path(file);
        let mut all = vec!["--data", &self.data, "validate", &path];
        all.extend(arguments);
        let (code, out, err) = run(all);
        let prefix = format!("{}/", self.dir.path().display());
        (code, out.replace(&prefix, ""), err.replace(&prefix, ""))
    }
}

const X86: &[&str] = &["--arch", "x86_64"];

#[test]
fn the_table_has_commands_and_versions() {
    let (code, out, _) = Files::new().run("commands.jsonl", X86);
    assert_eq!(code, 1);
    let expected = "\
x86_64                   7.2.22  10.0.13   11.1.3
   1 query-status            ok       ok       ok
   2 chardev-add socket      ok     warn     FAIL
   4 device_add vfio-pci   warn     FAIL     FAIL
   5 device_add usb-bot       ?        ?        ?

commands.jsonl:2: warning: chardev-add: `backend.data.reconnect` is deprecated (10.0.13_x86_64)
commands.jsonl:2: error: chardev-add: `backend.data.reconnect` is unexpected, did you mean `reconnect-ms`? (11.1.3_x86_64)
commands.jsonl:4: warning: device_add vfio-pci: `multifunction` is bool, got string \"off\": tolerated before QEMU 9.2, rejected since (7.2.22_x86_64)
commands.jsonl:4: error: device_add vfio-pci: `multifunction` is bool, got string \"off\": tolerated before QEMU 9.2, rejected since (10.0.13_x86_64, 11.1.3_x86_64)
4 commands in 3 captures: 6 valid, 3 invalid, 3 unknown
";
    let trim = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(trim(&out), trim(expected));
}

#[test]
fn json_has_an_object_for_each_command_and_capture() {
    let files = Files::new();
    let (code, out, _) = files.run("commands.jsonl", &["--arch", "x86_64", "--format", "json"]);
    assert_eq!(code, 1);
    let objects: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!(objects.len(), 12);
    let last = objects.iter().find(|o| o["line"] == 4 && o["capture"] == "11.1.3_x86_64");
    let last = last.expect("the fourth line");
    assert_eq!(last["verdict"], "invalid");
    assert_eq!(last["problems"][0]["path"], "arguments.multifunction");
    assert_eq!(last["problems"][0]["kind"], "type");
    let message = last["problems"][0]["message"].as_str().expect("a message");
    assert!(message.ends_with("tolerated before QEMU 9.2, rejected since"), "{message}");
    let verdicts: Vec<&str> = objects.iter().filter_map(|o| o["verdict"].as_str()).collect();
    let expected = [
        ["valid"; 3],
        ["valid", "valid", "invalid"],
        ["valid", "invalid", "invalid"],
        ["unknown"; 3],
    ];
    assert_eq!(verdicts, expected.concat());
    assert_eq!(objects[3]["source"], "a/b:c");
}

/// The verdict, problems and line of a file's command in a capture.
fn command_lines(files: &Files, file: &str, capture: &str) -> Vec<(u64, String, Vec<String>)> {
    let (_, out, err) = files.run(file, &["--captures", capture, "--format", "json"]);
    assert!(!out.is_empty(), "{err}");
    let objects = out.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let read = |object: Value| {
        let problems = object["problems"].as_array().expect("problems").iter();
        let problems = problems.map(|problem| problem["path"].as_str().expect("a path").to_owned());
        let verdict = object["verdict"].as_str().expect("a verdict").to_owned();
        (object["line"].as_u64().expect("a line"), verdict, problems.collect())
    };
    objects.map(read).collect()
}

#[test]
fn command_lines_are_checked_whole() {
    let files = Files::new();
    // JSON is typed in every version, unlike in `device_add`.
    let found = command_lines(&files, "guest.args", "7.2.22_x86_64");
    assert_eq!(found, [(2, "invalid".to_owned(), vec!["-device lun".to_owned()])]);
}

#[test]
fn command_lines_have_many_forms() {
    let files = Files::new();
    let bad = "-no-such-option";
    for (file, text) in [
        ("object.jsonl", format!(r#"{{"argv": ["{bad}"], "arch": "x86_64", "source": "a"}}"#)),
        ("target.jsonl", format!(r#"{{"argv": ["qemu-system-x86_64", "{bad}"]}}"#)),
        ("shell.sh", format!("X=1 /usr/bin/qemu-system-x86_64 -name 'a b' \\\n  {bad}\n")),
        ("words.txt", format!("qemu-system-x86_64\n-name\na b\n{bad}\n")),
        ("cmdline", format!("qemu-system-x86_64\0-name\0a b\0{bad}\0")),
    ] {
        files.write(file, &text);
        let found = command_lines(&files, file, "10.0.13_x86_64");
        assert_eq!(found.len(), 1, "{file}");
        assert_eq!((found[0].0, found[0].1.as_str()), (1, "invalid"), "{file}");
        assert_eq!(found[0].2, [bad], "{file}");
        // Captures of other architectures say nothing of it, and are no columns.
        let both = ["--captures", "10.0.13_s390x", "--captures", "10.0.13_x86_64"];
        let (code, out, _) = files.run(file, &both);
        assert!(code == 1 && !out.contains("s390x"), "{file}: {out}");
        let (code, _, errors) = files.run(file, &both[..2]);
        assert!(code == 2 && errors.contains("no capture of `x86_64` is selected"), "{errors}");
    }
    files.write(
        "two.jsonl",
        "{\"argv\": [\"-S\"], \"arch\": \"mips\"}\n{\"argv\": [\"-S\"], \"arch\": \"x86_64\"}\n",
    );
    let (_, out, _) = files.run("two.jsonl", &["--captures", "10.0.13_x86_64"]);
    assert!(out.contains("0 unknown, 1 not checked (no capture of `mips`)"), "{out}");
}

#[test]
fn words_of_a_command_line_can_be_given() {
    let arguments = ["validate", "--captures", "10.0.13_x86_64", "--argv", "--", "-no-hpet"];
    let data = data().display().to_string();
    let (code, out, err) = run([["--data", &data].as_slice(), &arguments].concat());
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("removed in QEMU 9.0, use `-machine hpet=off`"), "{out}");
}

#[test]
fn a_summary_tells_what_it_leaves_open_and_why_a_value_is_refused() {
    let data = data().display().to_string();
    for (argv, code, words) in [
        (
            ["-readconfig", "a.cfg"],
            0,
            "7.2.22 to 11.1.3 leave open `-readconfig`: the options in `a.cfg` were not read",
        ),
        (["-soundhw", "hda"], 1, "reject `-soundhw`: use `-device` or `-audio`"),
        (["-device", "ivshmem"], 1, "11.1.3 reject `ivshmem`: use `-device ivshmem-plain`"),
        (["-rtc", "base=never"], 1, "7.2.22 to 11.1.3 reject it: `-rtc base` "),
    ] {
        let options =
            ["--data", &data, "validate", "--arch", "x86_64", "--summary", "--argv", "--"];
        let (exit, out, err) = run([options.as_slice(), &argv].concat());
        assert_eq!(exit, code, "{out}{err}");
        assert!(out.contains(words), "{out}");
    }
}

#[test]
fn removed_keys_name_their_replacement() {
    let argv = ["--argv", "--", "-M", "pc", "-chardev", "socket,id=c,path=s,reconnect=5"];
    let data = data().display().to_string();
    let run = |options: &[&str]| {
        let all = [&["--data", &data, "validate", "--arch", "x86_64"], options, &argv].concat();
        let (code, out, err) = run(all);
        assert_eq!(code, 1, "{err}");
        out
    };
    let out = run(&[]);
    assert!(out.contains("removed in QEMU 10.2, use `reconnect-ms=`"), "{out}");
    let out = run(&["--summary"]);
    let line = "up to 10.0.13; 11.1.3 rejects `-chardev ...,reconnect=`: use `reconnect-ms=`";
    assert!(out.contains(line), "{out}");
    let out = run(&["--format", "json"]);
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let invalid: Vec<Value> = lines.filter(|line| line["verdict"] == "invalid").collect();
    assert_eq!(invalid.len(), 1, "{out}");
    let problem = &invalid[0]["problems"][0];
    assert_eq!(
        (&problem["removed"], &problem["instead"]),
        (&"10.2".into(), &"reconnect-ms=".into())
    );
}

#[test]
fn captures_are_selected() {
    let files = Files::new();
    let captures = |arguments: &[&str]| {
        let (code, out, err) =
            files.run("commands.jsonl", &[arguments, &["--format", "json"]].concat());
        assert!(code <= 1, "{err}");
        let mut captures: Vec<String> = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect(line)["capture"].to_string())
            .collect();
        captures.sort();
        captures.dedup();
        captures.join(" ").replace('"', "")
    };
    let s390x = data().join("caps_10.0.13_s390x.replies").display().to_string();
    let directory = data().display().to_string();
    for (arguments, expected) in [
        (&["--arch", "x86_64", "--versions", ">=10"][..], "10.0.13_x86_64 11.1.3_x86_64"),
        (&["--arch", "s390x,ppc64", "--versions", "7.2.22"], "7.2.22_ppc64 7.2.22_s390x"),
        (&["--captures", &s390x, "--captures", "latest:x86_64"], "10.0.13_s390x 11.1.3_x86_64"),
        (&["--captures", &s390x, "--captures", "10.0.13_s390x"], "10.0.13_s390x"),
        (&["--captures", &directory, "--arch", "riscv64", "--versions", "<8"], "7.2.22_riscv64"),
    ] {
        assert_eq!(captures(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn a_summary_lists_versions() {
    let files = Files::new();
    let (_, out, _) = files.run("commands.jsonl", &["--arch", "x86_64", "--summary"]);
    assert_eq!(
        out,
        "commands.jsonl:2: chardev-add socket: up to 10.0.13\n\
         commands.jsonl:4: device_add vfio-pci: up to 7.2.22\nwhole set: up to 7.2.22\n"
    );
    files.write("new.jsonl", r#"{"execute":"migrate","arguments":{"channels":[]}}"#);
    let (code, out, _) = files.run("new.jsonl", &["--arch", "x86_64", "--summary"]);
    assert!(out.ends_with("whole set: 10.0.13 and newer\n"), "{out}");
    assert_eq!(code, 1);
    files.write("all.jsonl", r#"{"execute":"stop"}"#);
    let (code, out, _) = files.run("all.jsonl", &["--arch", "x86_64", "--summary"]);
    assert_eq!((code, out.as_str()), (0, "whole set: all versions, 7.2.22 and newer\n"));
}

#[test]
fn policy_denies_and_allows() {
    let files = Files::new();
    files.write("kvm.jsonl", "{\"execute\":\"query-kvm\"}\n{\"execute\":\"x-vendor\"}\n");
    let new = ["--captures", "11.1.3_x86_64"];
    let code = |arguments: &[&str]| files.run("kvm.jsonl", &[&new, arguments].concat()).0;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--vendor", "x-vendor"]), 0);
    assert_eq!(code(&["--vendor", "x-vendor", "--deny", "unstable"]), 0);
    assert_eq!(code(&["--vendor", "x-vendor", "--deny", "deprecated,unstable"]), 1);
    let exception = ["--vendor", "x-vendor", "--deny", "deprecated", "--exception"];
    assert_eq!(code(&[&exception[..], &["query-kvm=until all hosts are new"]].concat()), 0);
    assert_eq!(code(&[&exception[..], &["query-kvm"]].concat()), 2);
    assert_eq!(code(&["--vendor", "x-vendor", "--rules", "libvirt"]), 1);
}

#[test]
fn expected_failures_fail_once_they_pass() {
    let files = Files::new();
    let run = |text: &str| {
        let path = files.write("expect.toml", text);
        files.run("commands.jsonl", &["--arch", "x86_64", "--expect", &path])
    };
    let expected = "[[expect]]\nline = 2\nversions = \">=11\"\nexpect = \"fail\"\nreason = \"gone\"\n\
        [[expect]]\ncommand = \"device_add vfio-pci\"\ncaptures = [\"10.0.13_x86_64\", \"11.1.3_x86_64\"]\nexpect = \"fail\"\n";
    let (code, out, err) = run(expected);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("xfail") && !out.contains("FAIL"), "{out}");
    let (code, _, err) =
        run(&format!("{expected}[[expect]]\nline = 1\nexpect = \"fail\"\narch = [\"x86_64\"]\n"));
    assert_eq!(code, 1);
    assert_eq!(
        err,
        "`expect.toml` line 10: expected to fail, but passes: commands.jsonl:1 in \
         7.2.22_x86_64, commands.jsonl:1 in 10.0.13_x86_64, commands.jsonl:1 in 11.1.3_x86_64\n"
    );
    let (code, _, err) = run(&format!("{expected}[[expect]]\nline = 77\nexpect = \"fail\"\n"));
    assert_eq!(code, 1);
    assert!(err.contains("`expect.toml` line 10: is for no command and capture of these"), "{err}");
    for (text, message) in [
        (
            "\n[[expect]]\nline = 1\nexpect = \"fial\"\n",
            "line 4: `expect`: unknown word `fial`, did you mean `fail`?",
        ),
        ("[[expect]]\nexpect = \"fail\"\n", "line 1: the entry names no command"),
        ("[[expects]]\n", "line 1: unknown key `expects`, did you mean `expect`?"),
        (
            "[[expect]]\nline = 1\nexpect = \"fail\"\nversions = \"9.2\"\n",
            "line 4: `9.2` can be a version or a range, write \"9.2.0\" or \">=9.2, <9.3\"",
        ),
        ("[[exception]]\nplace = \"*\"\nreason = \"r\"\n", "`expect.toml` line 1: "),
        ("x =\n", "line 1: "),
    ] {
        let (code, _, err) = run(text);
        assert_eq!(code, 3, "{text}: {err}");
        assert!(err.contains(message), "{text}: {err}");
    }
}

#[test]
fn other_formats_have_every_problem() {
    let files = Files::new();
    let format =
        |format: &str| files.run("commands.jsonl", &["--arch", "x86_64", "--format", format]).1;
    let junit = format("junit");
    assert!(
        junit.contains(
            "<testsuite name=\"11.1.3_x86_64\" tests=\"4\" failures=\"2\" skipped=\"1\">"
        ),
        "{junit}"
    );
    assert!(junit.contains("got string &quot;off&quot;: tolerated before QEMU 9.2"), "{junit}");
    let sarif: Value = serde_json::from_str(&format("sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    assert_eq!(results[1]["ruleId"], "unexpected");
    assert_eq!(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    let md = format("md");
    assert!(md.contains("| 4 | `device_add vfio-pci` | warn | FAIL | FAIL |"), "{md}");
}

#[test]
fn arguments_are_explained() {
    let words = ["-drive", "if=none,nosuch=1", "-run-with", "user=a", "-soundhw", "hda", "-nosuch"];
    let data = data().display().to_string();
    let arguments = ["explain", "--captures", "11.1.3_x86_64", "--"];
    let (code, out, err) = run([&["--data", &data], &arguments[..], &words[..]].concat());
    assert_eq!(code, 0, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines[1].starts_with("-drive if=none,nosuch=1: a block device with its image"),
        "{out}"
    );
    assert!(lines[2].starts_with("  if=none: text; interface"), "{out}");
    assert!(lines[2].ends_with("; since 7.2.22 or earlier"), "{out}");
    assert_eq!(lines[3], "  nosuch=1: unknown to this QEMU");
    assert!(lines[4].starts_with("-run-with user=a: how to run the process"), "{out}");
    assert_eq!(lines[5], "  user=a: text; since 10.0.13 (7.2.22 lacks it)");
    assert!(lines[6].ends_with("removed in QEMU 7.1, use `-device` or `-audio`"), "{out}");
    assert_eq!(lines[7], "-nosuch: not an option of any QEMU");
}
