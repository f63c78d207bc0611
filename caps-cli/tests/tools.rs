//! The subcommands that compare and search captures: `dump`, `query`, `diff`, the filters of
//! `list`, and those about the program itself: `completions` and `man`.

mod support;

use std::fs;

use serde_json::Value;
use support::{copies, data, run, text};

/// The program with the project's captures as data directory.
fn on_data(arguments: &[&str]) -> (i32, String, String) {
    let data = data();
    run(["--data", text(&data)].into_iter().chain(arguments.iter().copied()))
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let (exit, out, errors) = on_data(&[arguments, &["--format", "json"]].concat());
    (exit, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{errors}")))
}

#[test]
fn a_mistyped_baseline_gets_the_nearest() {
    for (mistyped, hint) in [
        ("12.9", "did you mean `12.8`?"),
        ("aut", "did you mean `auto`?"),
        ("newest", "expected `auto`, `11.3`"),
    ] {
        let (exit, out, errors) = on_data(&["plan", "--baseline", mistyped]);
        let expected = format!("`{mistyped}` is not `auto` or a known release of libvirt, {hint}");
        assert_eq!((exit, out.as_str()), (2, ""));
        assert!(errors.contains(&expected), "{errors}");
    }
}

#[test]
fn explain_takes_the_architecture_of_the_host() {
    // The program has captures of every architecture.
    let (exit, out, _) = run(["--data", "built-in", "explain", "--", "-M", "none"]);
    assert_eq!(exit, 0);
    let host = caps_core::Arch::host().expect("an architecture that libvirt knows");
    let capture = out.lines().next().unwrap_or_default();
    assert!(capture.ends_with(&format!("_{host}")), "{out}");
}

#[test]
fn dump_prints_lines_and_over_several_captures_which_they_are_of() {
    let (exit, out, errors) = on_data(&["dump", "--all", "11.1.3_riscv64"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert!(
        kinds.is_sorted_by_key(|kind| ["(qmp)", "(qom)", "(dev)"].iter().position(|k| k == kind))
    );
    assert!(lines.contains(&"(qmp) blockdev-add/arg-type/+file/filename/!str"), "{out}");

    let dir = copies("_riscv64");
    let (exit, out, _) = run(["dump", "--machine-types", text(dir.path())]);
    assert_eq!(exit, 0);
    assert!(out.lines().all(|line| line.contains(".replies: (machine")), "{out}");
    let (exit, out, _) = on_data(&["dump", "--cpu-models", "--prefix", "latest:riscv64"]);
    assert_eq!(exit, 0);
    assert!(out.contains("11.1.3_riscv64: (cpu) max\n"), "{out}");
    let (exit, value) = json(&["dump", "--command-line-options", "11.1.3_riscv64"]);
    assert_eq!(exit, 0);
    let lines = value["captures"][0]["lines"].as_array().expect("lines");
    assert!(lines.contains(&Value::from("(option) accel")), "{value}");
}

#[test]
fn query_says_since_when_and_until_when() {
    let reconnect = "chardev-add/arg-type/backend/+socket/data/reconnect";
    let (exit, out, errors) = on_data(&["query", reconnect, "object-add/arg-type/+iommufd"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    let last = "  x86_64: first seen 7.2.22, last seen 10.0.13 (not in 11.1.3)\n";
    let first = "  x86_64: first seen 10.0.13 (not in 7.2.22), last seen 11.1.3\n";
    assert!(out.contains(last) && out.contains(first), "{out}");
    let row = "  x86_64       yes     deprecated  no\n";
    assert!(out.contains("               7.2.22  10.0.13     11.1.3\n"), "{out}");
    assert!(out.contains(row), "{out}");

    let (exit, value) = json(&["query", reconnect, "latest:x86_64", "10.0.13_x86_64"]);
    assert_eq!(exit, 0);
    let query = &value["queries"][0];
    assert_eq!(query["holds"], true);
    assert_eq!(query["seen"][0]["last"], "10.0.13");
    assert_eq!(query["seen"][0]["absent_after"], "11.1.3");
    assert_eq!(query["captures"][1]["features"][0], "deprecated");
    assert_eq!(query["captures"].as_array().map(Vec::len), Some(2));

    let (exit, out, _) = on_data(&["query", "query-status", "latest:x86_64", "--format", "md"]);
    assert_eq!(exit, 0);
    assert!(out.contains("|  | 11.1.3 |\n| --- | --- |\n| x86_64 | yes |\n"), "{out}");
}

#[test]
fn a_query_that_holds_nowhere_exits_with_1_and_names_the_nearest() {
    let (exit, out, _) = on_data(&["query", "blockdev-add/arg-type/+file/aio/^io_urin"]);
    assert_eq!(exit, 1);
    assert!(out.contains("  nearest: blockdev-add/arg-type/+file/aio/^io_uring\n"), "{out}");
    assert!(out.contains("  not seen in any of "), "{out}");
    let (exit, _, errors) = on_data(&["query", "--list", "blockdev-ad/arg"]);
    assert_eq!((exit, errors.contains("nearest: blockdev-add")), (1, true), "{errors}");
    let (exit, out, _) = on_data(&["query", "--list", "query-status/ret-type/", "latest:x86_64"]);
    assert_eq!(exit, 0);
    assert_eq!(out, "query-status/ret-type/running\nquery-status/ret-type/status\n");
}

#[test]
fn what_is_no_query_or_no_schema_is_an_error() {
    let (exit, _, errors) = on_data(&["query", "stop/%arg"]);
    assert_eq!(exit, 2);
    assert!(errors.starts_with("error: `stop/%arg` is not a schema query\ncaused by: component `%arg` begins with an unknown operator"), "{errors}");
    let (exit, _, errors) = on_data(&["query", "latest:x86_64"]);
    assert_eq!((exit, errors.as_str()), (2, "error: no query, only captures\n"));

    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("caps_9.0.0_x86_64.replies");
    let schema = |entries: &str| {
        let text =
            format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": [{entries}]}}\n");
        fs::write(&path, text).expect("a writable directory");
    };
    let go = r#"{"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "1"}"#;
    for (entries, expected) in [
        (go.to_owned(), "the schema has no type `1`"),
        (
            format!(r#"{go}, {{"name": "1", "meta-type": "array", "element-type": "1"}}"#),
            "the types of the schema form a loop",
        ),
    ] {
        schema(&entries);
        let (exit, out, errors) = run(["query", "go/arg-type/x", text(&path)]);
        assert_eq!(exit, 3, "{out}{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
    let (exit, _, errors) = run(["dump", "--all", text(&path)]);
    assert_eq!((exit, errors.as_str()), (0, ""), "a loop is no reason not to dump");
    fs::write(&path, "no capture").expect("a writable directory");
    for arguments in [&["query", "go"][..], &["dump", "--all"], &["edit", "--drop", "go"]] {
        let (exit, _, errors) = run(arguments.iter().copied().chain([text(&path)]));
        assert_eq!(exit, 3, "{arguments:?}");
        assert!(errors.starts_with("error: can't read the capture `"), "{errors}");
    }
}

#[test]
fn diff_lists_what_differs_by_kind() {
    let (exit, out, errors) = on_data(&["diff", "7.2.22_x86_64", "11.1.3_x86_64", "--exit-code"]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    assert!(out.starts_with("--- 7.2.22_x86_64\n+++ 11.1.3_x86_64\n\nversion ("), "{out}");
    for line in [
        "  ~ qemu: 7.2.22 -> 11.1.3\n",
        "  - virtio-blk-pci.scsi\n",
        "  + query-accelerators\n",
        "  - chardev-add/arg-type/backend/+socket/data/reconnect (optional, int)\n",
        "  ~ blockdev-create/arg-type/options/+luks/file: mandatory -> optional\n",
    ] {
        assert!(out.contains(line), "{line}{out}");
    }
    let same = on_data(&["diff", "latest:x86_64", "latest:x86_64", "--exit-code"]);
    assert_eq!(same, (0, String::new(), String::new()));

    let only = ["diff", "7.2.22_x86_64", "11.1.3_x86_64", "--only", "event,machine-type"];
    let (exit, value) = json(&only);
    assert_eq!(exit, 0);
    let kind = |difference: &Value| difference["kind"].as_str().map(str::to_owned);
    let kinds: std::collections::BTreeSet<_> =
        value["differences"].as_array().expect("a list").iter().filter_map(kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["event", "machine-type"]);
    let (_, out, _) = on_data(&[&only[..], &["--format", "md"]].concat());
    assert!(out.contains("\n### events ("), "{out}");
    let (exit, _, errors) = on_data(&["diff", "latest", "latest", "--only", "evnt"]);
    assert_eq!((exit, errors.contains("did you mean `event`?")), (2, true), "{errors}");
}

#[test]
fn diff_leaves_out_what_comes_from_the_host() {
    let dir = copies("11.1.3_x86_64");
    let path = dir.path().join("caps_11.1.3_x86_64.replies");
    let original = fs::read_to_string(&path).expect("a capture");
    let doctored = original.replacen("\"avx\": false", "\"avx\": true", 1);
    assert_ne!(doctored, original);
    fs::write(&path, doctored).expect("a writable directory");
    let arguments = ["diff", "11.1.3_x86_64", text(&path), "--exit-code"];
    let (exit, out, _) = on_data(&arguments);
    assert_eq!(exit, 1);
    assert!(out.contains("property avx false -> true [host]\n"), "{out}");
    let ignoring = on_data(&[&arguments[..], &["--ignore", "host"]].concat());
    assert_eq!(ignoring, (0, String::new(), String::new()));
}

#[test]
fn list_filters_by_name_flags_and_schema() {
    for (filters, expected) in [
        (&["--arch", "x86_64"][..], &["7.2.22_x86_64", "10.0.13_x86_64", "11.1.3_x86_64"][..]),
        (&["--arch", "x86_64", "--pick", "oldest"], &["7.2.22_x86_64"]),
        (&["--arch", "riscv64,s390x", "--pick", "latest"], &["11.1.3_riscv64", "11.1.3_s390x"]),
        (&["--arch", "x86_64", "--pick", ">=8, <11"], &["10.0.13_x86_64"]),
        (
            &["--arch", "x86_64", "--has", "netdev.stream.reconnect", "--pick", "latest"],
            &["10.0.13_x86_64"],
        ),
        (
            &["--arch", "x86_64", "--lacks", "netdev.stream.reconnect"],
            &["7.2.22_x86_64", "11.1.3_x86_64"],
        ),
        (&["--arch", "x86_64", "--schema", "query-accelerators"], &["11.1.3_x86_64"]),
        (&["--variant", "+hvf"], &[]),
    ] {
        let (exit, out, errors) = on_data(&[&["list"], filters].concat());
        let names: Vec<&str> = out.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!((names.as_slice(), errors.as_str()), (expected, ""), "{filters:?}");
        assert_eq!(exit, i32::from(expected.is_empty()), "{filters:?}");
    }
    let (exit, _, errors) = on_data(&["list", "--has", "chardev-reconect"]);
    assert_eq!((exit, errors.contains("did you mean `chardev-reconnect`?")), (2, true), "{errors}");
}

#[test]
fn completions_and_manual_pages_know_every_subcommand() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(run(["man", "--dir", text(dir.path())]).0, 0);
    let (_, help, _) = run(["--help"]);
    let (exit, bash, _) = run(["completions", "bash", "--static"]);
    assert_eq!(exit, 0);
    let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
    let mut count = 0;
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let Some(name) = line
            .split_whitespace()
            .next()
            .filter(|_| line.starts_with("  ") && !line.starts_with("   "))
        else {
            continue;
        };
        if name == "help" {
            continue;
        }
        count += 1;
        assert!(bash.contains(name), "{name}");
        let page = fs::read_to_string(dir.path().join(format!("qemu-caps-{name}.1"))).expect(name);
        let (_, printed, _) = run(["man", name]);
        assert_eq!(page, printed);
        let (exit, help, _) = run([name, "--help"]);
        assert!(exit == 0 && (help.contains("Example:") || help.contains("Examples:")), "{name}");
    }
    assert!(count >= 13, "{help}");
    assert!(dir.path().join("qemu-caps.1").exists());
    let (exit, _, errors) = run(["man", "dmup"]);
    assert_eq!((exit, errors.as_str()), (2, "error: no subcommand `dmup`, did you mean `dump`?\n"));
}

#[test]
fn help_fits_into_80_columns_and_its_examples_are_not_broken() {
    let (_, help, _) = run(["--help"]);
    let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
    let names = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help");
    for name in std::iter::once("").chain(names) {
        let help = |columns: &str| {
            let arguments = [name, "--help"].into_iter().filter(|word| !word.is_empty());
            let output = support::qemu_caps(arguments).env("COLUMNS", columns).output();
            support::finished(output.expect("it starts")).1
        };
        let [narrow, wide] = [help("80"), help("100")];
        for (help, width) in [(&narrow, 80), (&wide, 100)] {
            let long = help.lines().find(|line| line.chars().count() > width);
            assert_eq!(long, None, "{name}");
        }
        let after = |help: &str| help.split_once("Example").map(|(_, after)| after.to_owned());
        assert_eq!(after(&narrow), after(&wide), "{name}");
    }
}

#[test]
fn manual_pages_keep_the_lines_of_examples() {
    for name in ["edit", "validate", "serve", "check", "query"] {
        let (_, help, _) = run([name, "--help"]);
        let (_, page, _) = run(["man", name]);
        let page = page.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\");
        let examples = help.lines().filter(|line| line.starts_with("  qemu-caps "));
        let mut count = 0;
        for example in examples {
            assert!(
                page.lines().any(|line| line == example.trim_start()),
                "{name}: {example}\n{page}"
            );
            count += 1;
        }
        assert!(count > 0, "{name}");
        assert!(page.contains("\n.SH EXAMPLES\n.nf\nqemu-caps "), "{page}");
    }
}

/// The program's answer to a shell that completes the last word.
fn completed(words: &[&str]) -> Vec<String> {
    completed_in(&data(), words)
}

fn completed_in(data: &std::path::Path, words: &[&str]) -> Vec<String> {
    let index = words.len().to_string();
    let output = support::qemu_caps(["--", "qemu-caps"].into_iter().chain(words.iter().copied()))
        .env("QEMU_CAPS_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", index)
        .env("QEMU_CAPS_DIR", data)
        .output();
    let (exit, out, errors) = support::finished(output.expect("it starts"));
    assert_eq!((exit, errors.as_str()), (0, ""));
    out.split(['\n', '\u{b}']).map(|word| word.trim().to_owned()).collect()
}

#[test]
fn a_file_without_a_name_causes_a_warning_except_in_completions() {
    let dir = copies("_riscv64");
    fs::write(dir.path().join("caps_9_x86_64.xml"), "").expect("a file");
    let (exit, _, errors) = run(["--data", text(dir.path()), "list", "--arch", "riscv64"]);
    assert_eq!(
        (exit, errors.contains("is not named as a capture, ignored")),
        (0, true),
        "{errors}"
    );
    assert_eq!(completed_in(dir.path(), &["show", "11.1.3_r"]), ["11.1.3_riscv64"]);
}

#[test]
fn shells_complete_captures_flags_kinds_and_architectures() {
    for (words, expected) in [
        (&["show", "11.1.3_r"][..], &["11.1.3_riscv64"][..]),
        (&["diff", "latest:s"], &["latest:s390x"]),
        (&["derive", "7.2.22_aarch64", "10.0.13_pp"], &["10.0.13_ppc64"]),
        (&["list", "--has", "vnc,tpm-emu"], &["vnc,tpm-emulator"]),
        (&["check", "--lacks", "tpm-emu"], &["tpm-emulator"]),
        (&["diff", "--only", "flag,even"], &["flag,event"]),
        (&["query", "--arch", "x86"], &["x86_64"]),
        (&["list", "--form"], &["--format"]),
        (&["der"], &["derive"]),
    ] {
        assert_eq!(completed(words), expected, "{words:?}");
    }
    assert!(
        completed(&["--data", "built-in", "show", "latest"]).contains(&"latest:x86_64".to_owned())
    );
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (exit, script, errors) = run(["completions", shell]);
        assert_eq!((exit, errors.as_str()), (0, ""));
        assert!(script.contains("QEMU_CAPS_COMPLETE"), "{script}");
    }
    let (exit, script, _) = run(["completions", "bash"]);
    assert_eq!(exit, 0);
    // bash takes the script, and asks the program.
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_qemu-caps"));
    let test = format!(
        "{script}\nCOMP_WORDS=(qemu-caps show 11.1.3_r); COMP_CWORD=2; COMP_TYPE=9\n\
         _clap_complete_qemu_caps qemu-caps 11.1.3_r show\necho \"${{COMPREPLY[@]}}\""
    );
    let path = std::env::var("PATH").expect("a PATH");
    let output = std::process::Command::new("bash")
        .args(["-c", &test])
        .env("PATH", format!("{}:{path}", program.parent().expect("a directory").display()))
        .env("QEMU_CAPS_DIR", data())
        .output()
        .expect("a bash");
    assert_eq!(support::finished(output).1.trim(), "11.1.3_riscv64");
}
