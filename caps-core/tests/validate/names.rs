//! Names that QEMU looks up when it runs a command: types, aliases, CPU models and their properties.

use std::fs;

use caps_core::json::Document;
use caps_core::replies::Conversation;
use caps_core::validate::{JsonOption, Policy, Report, Validator, Verdict, ViolationKind};

use crate::{NEW, OLD, captures, check, told, validator, x86};

fn of(version: &str, arch: &str) -> Validator {
    validator(&captures().join(format!("caps_{version}_{arch}.replies")))
}

/// Checks a table of commands with the expected messages, or only the verdict where the message is
/// not the point.
fn assert_table(validator: &Validator, table: &[(&str, &str)]) {
    for (command, expected) in table {
        let (execute, arguments) = command.split_once(' ').expect("a command with arguments");
        let command = format!(r#"{{"execute":"{execute}","arguments":{arguments}}}"#);
        let found = told(&check(validator, &command, &Policy::default()));
        assert!(found.starts_with(expected), "{command}\n  found {found}\n  expected {expected}");
    }
}

#[test]
fn every_recorded_command_is_judged_as_qemu_answered_it() {
    let (mut accepted, mut refused) = (0, 0);
    for entry in fs::read_dir(captures()).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "replies") {
            continue;
        }
        let validator = validator(&path);
        let text = fs::read_to_string(&path).expect("a capture");
        for exchange in Conversation::parse(&text).expect("a conversation").exchanges() {
            let command = exchange.command_document().expect("a command");
            let report = validator.check(command.root(), &Policy::default());
            let reply = exchange.reply().expect("a reply");
            let invalid = report.verdict() == Verdict::Invalid;
            match reply.result() {
                Ok(_) => {
                    accepted += 1;
                    assert!(!invalid, "{}: {}", path.display(), told(&report));
                }
                Err(error) if error.class.name() == "DeviceNotFound" => {
                    refused += 1;
                    assert!(invalid, "{}: {}", path.display(), command.root().compact());
                }
                Err(_) => {}
            }
        }
    }
    assert!(accepted > 500 && refused > 50, "{accepted} accepted, {refused} refused");
}

#[test]
fn types_are_looked_up() {
    for version in [OLD, NEW] {
        assert_table(
            &x86(version),
            &[
                (r#"device-list-properties {"typename":"virtio-blk-pci"}"#, "valid: "),
                (
                    r#"device-list-properties {"typename":"virtio-vgaa"}"#,
                    "invalid: `virtio-vgaa` is not a device type of this QEMU, did you mean `virtio-vga",
                ),
                // No aliases here.
                (r#"device-list-properties {"typename":"virtio-net"}"#, "invalid: "),
                (
                    r#"device-list-properties {"typename":"pci-device"}"#,
                    "invalid: `pci-device` is not a type that devices can be made of",
                ),
                (r#"device-list-properties {"typename":"memory-backend-ram"}"#, "invalid: "),
                (r#"qom-list-properties {"typename":"memory-backend-ram"}"#, "valid: "),
                (r#"qom-list-properties {"typename":"generic-pc-machine"}"#, "valid: "),
                (r#"qom-list-properties {"typename":"memory-backend-ramm"}"#, "unknown: "),
            ],
        );
    }
}

#[test]
fn cpu_models_and_their_properties_are_looked_up() {
    for version in [OLD, NEW] {
        assert_table(
            &x86(version),
            &[
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"kvm64"}}"#,
                    "valid: ",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"kvm46"}}"#,
                    "invalid: this QEMU has no CPU model `kvm46`",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"qemu64","props":{"avx":true}}}"#,
                    "valid: ",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"qemu64","props":{"avx":"on"}}}"#,
                    "invalid: `model.props.avx` is bool, got string \"on\"",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"qemu64","props":{"awx":true}}}"#,
                    "invalid: `model.props.awx` is not a property of `qemu64`",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"qemu64","props":{"migratable":true}}}"#,
                    "invalid: `model.props.migratable` is not a property of `qemu64`",
                ),
                (
                    r#"query-cpu-model-expansion {"type":"full","model":{"name":"max","props":{"migratable":true}}}"#,
                    "valid: ",
                ),
            ],
        );
        assert_table(
            &of(version, "s390x"),
            &[
                (
                    r#"query-cpu-model-comparison {"modela":{"name":"z14-base"},"modelb":{"name":"z99"}}"#,
                    "invalid: this QEMU has no CPU model `z99`",
                ),
                (
                    r#"query-cpu-model-baseline {"modela":{"name":"z14-base"},"modelb":{"name":"z13"}}"#,
                    "valid: ",
                ),
            ],
        );
    }
}

#[test]
fn aliases_depend_on_the_target() {
    for version in [OLD, "10.0.13", NEW] {
        assert_table(
            &of(version, "s390x"),
            &[
                (r#"device_add {"driver":"virtio-blk","drive":"x"}"#, "valid: "),
                (r#"device_add {"driver":"virtio-net"}"#, "valid: "),
                (r#"device_add {"driver":"virtio-iommu"}"#, "invalid: "),
                (r#"device_add {"driver":"virtio-sound"}"#, "invalid: "),
                (r#"device_add {"driver":"virtio-gpu-gl"}"#, "invalid: "),
                (r#"device_add {"driver":"virtio-input-host"}"#, "invalid: "),
                (r#"device_add {"driver":"virtio-net-pci"}"#, "valid: "),
            ],
        );
        assert_table(
            &of(version, "aarch64"),
            &[
                (r#"device_add {"driver":"virtio-net"}"#, "valid: "),
                (r#"device_add {"driver":"virtio-input-host"}"#, "unknown: "),
            ],
        );
    }
}

#[test]
fn cold_devices_are_in_doubt_for_a_running_machine_only() {
    for version in [OLD, NEW] {
        let validator = x86(version);
        for driver in ["VGA", "virtio-gpu-pci", "intel-iommu", "virtio-iommu-pci", "virtio-gpu"] {
            let arguments = format!(r#"{{"driver":"{driver}"}}"#);
            let command = format!("device_add {arguments}");
            assert_table(&validator, &[(&command, "unknown: ")]);
            let argument = Document::parse(arguments.as_str()).expect("JSON");
            let report =
                validator.check_option(JsonOption::Device, argument.root(), &Policy::default());
            assert_ne!(report.verdict(), Verdict::Invalid, "{driver}: {}", told(&report));
            let cold = |report: &Report| {
                report.unchecked.iter().any(|part| part.reason.contains("running machine"))
            };
            let running = format!(r#"{{"execute":"device_add","arguments":{arguments}}}"#);
            assert!(cold(&check(&validator, &running, &Policy::default())), "{driver}");
            assert!(!cold(&report), "{driver}");
        }
        assert_table(&validator, &[(r#"device_add {"driver":"virtio-net-pci"}"#, "valid: ")]);
    }
}

/// The survey's list decides: here, for a capture with the list of device types as printed by `info
/// qdm`.
#[test]
fn a_list_of_device_types_decides() {
    let path = captures().join(format!("caps_{NEW}_x86_64.replies"));
    let text = fs::read_to_string(path).expect("a capture");
    let list = [
        "Display devices:",
        r#"name \"VGA\", bus PCI"#,
        r#"name \"virtio-net-pci\", bus PCI, alias \"virtio-net\""#,
        r#"name \"isa-serial\", bus ISA"#,
        r#"name \"fw_cfg_io\", bus System, no-user"#,
    ];
    let list = list.join("\\r\\n");
    let asked = format!(
        "{}\n\n{{\"execute\":\"human-monitor-command\",\"arguments\":{{\"command-line\":\"info qdm\"}}}}\n\n\
         {{\"return\":\"{list}\\r\\n\"}}\n",
        text.trim_end()
    );
    let conversation = Conversation::parse(&asked).expect("a conversation");
    let validator = Validator::from_conversation(&conversation).expect("a schema");
    assert_table(
        &validator,
        &[
            (
                r#"device_add {"driver":"VGA"}"#,
                "invalid: `VGA` is not a device type that can be added to a running machine",
            ),
            (
                r#"device_add {"driver":"isa-serial"}"#,
                "invalid: `isa-serial` is not a device type whose bus takes devices",
            ),
            (
                r#"device_add {"driver":"fw_cfg_io"}"#,
                "invalid: `fw_cfg_io` is not a device type that users can create",
            ),
            (r#"device_add {"driver":"virtio-net"}"#, "valid: "),
            // Only the aliases in the list exist.
            (r#"device_add {"driver":"virtio-blk"}"#, "invalid: "),
        ],
    );
}

#[test]
fn each_kind_of_violation_is_described_in_its_own_sentence() {
    let sentences: std::collections::BTreeSet<&str> =
        ViolationKind::ALL.iter().map(|kind| kind.description()).collect();
    assert_eq!(sentences.len(), ViolationKind::ALL.len());
    assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{sentences:?}");
}
