//! Command lines for QEMUs that answer what no real one does, or that nobody has recorded.

use std::fmt::Write as _;

use caps_core::command_line::CommandLine;
use caps_core::replies::Conversation;
use caps_core::validate::{Policy, Validator};

use crate::describe;

const SCHEMA: &str = r#"[
    {"name": "blockdev-add", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "0", "meta-type": "object", "members": []},
    {"name": "1", "meta-type": "object", "members": [
        {"name": "driver", "type": "str"},
        {"name": "node-name", "type": "str", "default": null},
        {"name": "real", "type": "number", "default": null},
        {"name": "nil", "type": "null", "default": null}]},
    {"name": "str", "meta-type": "builtin", "json-type": "string"},
    {"name": "number", "meta-type": "builtin", "json-type": "number"},
    {"name": "null", "meta-type": "builtin", "json-type": "null"}]"#;

/// Devices whose properties are not known.
const DEVICES: (&str, &str) = (
    r#"{"execute": "human-monitor-command", "arguments": {"command-line": "info qdm"}}"#,
    r#""name \"virtio-odd-pci\", bus PCI\r\nname \"odd-gl-pci\", bus PCI\r\nname \"virtio-gpu-gl-pci\", bus PCI\r\nname \"odd-blk\"\r\n""#,
);

const DRIVE: (&str, &str) = (
    r#"{"execute": "device-list-properties", "arguments": {"typename": "odd-blk"}}"#,
    r#"[{"name": "drive", "type": "str"}]"#,
);

const NO_SMP_KEYS: (&str, &str) = (
    r#"{"execute": "query-command-line-options"}"#,
    r#"[{"option": "smp-opts", "parameters": []}]"#,
);

const HELP: (&str, &str) = (
    r#"{"execute": "qemu-caps:run", "arguments": {"argv": ["-help"]}}"#,
    r#"{"status": 0, "stdout": ["-S              freeze CPU at startup"], "stderr": []}"#,
);

const VERSION: (&str, &str) = (
    r#"{"execute": "query-version"}"#,
    r#"{"qemu": {"micro": 0, "minor": 0, "major": 10}, "package": ""}"#,
);

fn qemu(answers: &[(&str, &str)]) -> Validator {
    let mut text = format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": {SCHEMA}}}\n");
    for (command, answer) in [&[VERSION], answers].concat() {
        write!(text, "\n{command}\n\n{{\"return\": {answer}}}\n").expect("a string");
    }
    let conversation = Conversation::parse(&text).expect("a conversation");
    Validator::from_conversation(&conversation).expect("a schema")
}

#[test]
fn what_qemus_do_not_answer_is_not_made_up() {
    for (answers, line, expected) in [
        (
            &[DEVICES][..],
            "-device virtio-odd-pci",
            "unchecked: -device: the properties of `virtio-odd-pci` were not captured",
        ),
        (
            &[DEVICES],
            "-device odd-gl-pci",
            "unchecked: -device: the properties of `odd-gl-pci` were not captured",
        ),
        (
            &[DEVICES],
            "-device virtio-gpu-gl-pci",
            "problem at 0, Build: `-device driver`: its module is not installed",
        ),
        (
            &[DEVICES, DRIVE],
            "-drive id=d,file=null-co:// -device odd-blk,drive=d",
            "unchecked: -drive: the keys of the option were not captured\nunchecked: -device drive: whether the machine takes a drive without `if=none` for itself is not known",
        ),
        (
            &[],
            "-device nosuch",
            "unchecked: -device: only a survey contains what device checks need",
        ),
        (&[NO_SMP_KEYS], "-smp 4,sockets=2", ""),
        (
            &[HELP],
            "-perfmap",
            "problem at 0, Option: this QEMU has no option `-perfmap`: this target does not have it",
        ),
        (&[HELP], "-S", ""),
        (&[], "-blockdev driver=x,node-name=n,real=1.5,nil=", ""),
        (&[], "-blockdev driver=x,node-name=n,real=2", ""),
        (
            &[],
            "-blockdev driver=x,node-name=n,real=y",
            "problem at 0, Value: `-blockdev real` is a number, got string \"y\"",
        ),
        (
            &[],
            "-blockdev driver=x,node-name=n,nil=0",
            "problem at 0, Value: `-blockdev nil` is null, got string \"0\"",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let argv = CommandLine::parse(&words).expect("UTF-8");
        let found = describe(&qemu(answers).check_command_line(&argv, &Policy::default()));
        let is_beside_the_point = |line: &&str| {
            line.starts_with("QEMU: ") || line.ends_with("the machine types were not captured")
        };
        let found: Vec<&str> =
            found.lines().map(str::trim).filter(|line| !is_beside_the_point(line)).collect();
        assert_eq!(found.join("\n"), expected, "{line}");
    }
}
