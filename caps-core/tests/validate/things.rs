//! What exists in a QEMU: types, aliases, CPU models, and which of its answers count.

use caps_core::capture::CaptureId;
use caps_core::command_line::CommandLine;
use caps_core::validate::{Policy, Validator, Verdict};

use crate::small::{BUILTINS, qemu, sent, version};
use crate::told;

const ENTRIES: &str = r#"
    {"name": "take", "meta-type": "command", "arg-type": "9", "ret-type": "0"},
    {"name": "9", "meta-type": "object", "members": [
        {"name": "id", "type": "str"}, {"name": "qom-type", "type": "str", "default": null}]},
    {"name": "device_add", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "1", "meta-type": "object", "members": [{"name": "driver", "type": "str"}]},
    {"name": "device-list-properties", "meta-type": "command", "arg-type": "2", "ret-type": "0"},
    {"name": "2", "meta-type": "object", "members": [{"name": "typename", "type": "str"}]},
    {"name": "query-cpu-model-expansion", "meta-type": "command", "arg-type": "3", "ret-type": "0"},
    {"name": "3", "meta-type": "object", "members": [{"name": "model", "type": "4"}]},
    {"name": "4", "meta-type": "object", "members": [
        {"name": "name", "type": "str"}, {"name": "props", "type": "any", "default": null}]},
    {"name": "query-cpu-model-comparison", "meta-type": "command", "arg-type": "5", "ret-type": "0"},
    {"name": "5", "meta-type": "object", "members": [
        {"name": "modela", "type": "4"}, {"name": "modelb", "type": "4"}]}"#;

const TYPES: &str = r#"{"execute": "qom-list-types"}"#;
const TARGET: &str = r#"{"execute": "query-target"}"#;
const MODELS: &str = r#"{"execute": "query-cpu-definitions"}"#;
const LIST: &str =
    r#"{"execute": "human-monitor-command", "arguments": {"command-line": "info qdm"}}"#;

fn known(answers: &[(&str, &str)]) -> Validator {
    qemu(&format!("{ENTRIES}, {BUILTINS}"), answers)
}

fn properties(command: &str, of: &str) -> String {
    format!(r#"{{"execute": "{command}", "arguments": {{"typename": "{of}"}}}}"#)
}

#[track_caller]
fn assert_told(qemu: &Validator, table: &[(&str, &str)]) {
    for (command, expected) in table {
        assert_eq!(told(&sent(qemu, command, &Policy::default())), *expected, "{command}");
    }
}

#[test]
fn types_are_devices_by_their_ancestors() {
    let qemu = known(&[
        (
            TYPES,
            r#"[{"name": "nic", "parent": "pci-device"}, {"name": "ram", "parent": "memory-backend"},
                {"name": "disk-pci", "parent": "pci-device"}, {"name": "a", "parent": "b"},
                {"name": "b", "parent": "a"}, {"name": "usb-redir", "parent": "device"}]"#,
        ),
        (
            TYPES,
            r#"[{"name": "pci-device", "abstract": true, "parent": "device"},
                {"name": "device", "abstract": true, "parent": "object"},
                {"name": "object", "abstract": true},
                {"name": "memory-backend", "abstract": true, "parent": "object"}]"#,
        ),
        (&properties("device-list-properties", "nic"), "[]"),
        (
            &properties("device-list-properties", "usb-redir"),
            r#"[{"name": "chardev", "type": "str"}]"#,
        ),
    ]);
    assert_told(
        &qemu,
        &[
            (r#"device_add {"driver": "nic"}"#, "valid: "),
            (r#"device_add {"driver": "ram"}"#, "invalid: `ram` is not a valid device model name"),
            // No type to suggest, because `ram` is not a device.
            (r#"device_add {"driver": "rom"}"#, "invalid: `rom` is not a valid device model name"),
            (
                r#"device_add {"driver": "nik"}"#,
                "invalid: `nik` is not a valid device model name, did you mean `nic`?",
            ),
            // Only some names are aliases of a type with `-pci`.
            (
                r#"device_add {"driver": "disk"}"#,
                "invalid: `disk` is not a valid device model name, did you mean `disk-pci`?",
            ),
            (
                r#"device_add {"driver": "pci-device"}"#,
                "invalid: `pci-device` is not a type that devices can be made of",
            ),
            (r#"device_add {"driver": "a"}"#, "unknown: "),
            (r#"device_add {"driver": "usb-redir", "chardev": "c"}"#, "valid: "),
            (
                r#"device_add {"driver": "usb-redir"}"#,
                "invalid: `chardev` is missing, expected a value",
            ),
            (r#"device-list-properties {"typename": "nic"}"#, "valid: "),
            (
                r#"device-list-properties {"typename": "nik"}"#,
                "invalid: `nik` is not a device type of this QEMU, did you mean `nic`?",
            ),
            (
                r#"device-list-properties {"typename": "ram"}"#,
                "invalid: `ram` is not a type that devices can be made of",
            ),
        ],
    );
}

#[test]
fn what_was_not_captured_is_not_judged() {
    let qemu = known(&[(&properties("device-list-properties", "nic"), "[]")]);
    for (command, reason) in [
        (r#"device_add {"driver": "nic"}"#, "the device types were not captured"),
        (r#"device-list-properties {"typename": "nic"}"#, "the types were not captured"),
        (
            r#"query-cpu-model-expansion {"model": {"name": "max", "props": {"avx": 1}}}"#,
            "the CPU models were not captured",
        ),
    ] {
        let report = sent(&qemu, command, &Policy::default());
        assert_eq!(report.verdict(), Verdict::Unknown, "{command}");
        let reasons: Vec<&str> = report.unchecked.iter().map(|part| part.reason.as_str()).collect();
        assert_eq!(reasons, [reason], "{command}");
    }
    let line = CommandLine::parse(&["-S"]).expect("UTF-8");
    let report = qemu.check_command_line(&line, &Policy::default());
    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!((qemu.label(), qemu.explain(&line).len()), (None, 1));
}

#[test]
fn all_problems_are_printed_a_line_each() {
    let error = known(&[])
        .validate(&serde_json::json!({"execute": "take", "arguments": {"ids": 1}}))
        .expect_err("neither member fits");
    assert_eq!(
        error.to_string(),
        "take: `id` is missing, expected a string\ntake: `ids` is unexpected, did you mean `id`?"
    );
    let id = CaptureId::from_file_stem("caps_10.0.0_x86_64").expect("a name");
    let qemu = known(&[]).named(&id);
    assert_eq!(qemu.label(), Some("caps_10.0.0_x86_64"));
    let command = serde_json::json!({"execute": "take", "arguments": {"id": 1}});
    let error = qemu.validate(&command).expect_err("a number for a string");
    assert_eq!(error.to_string(), "take: `id` is a string, got number 1 (caps_10.0.0_x86_64)");
    assert_eq!((error.label(), error.subject()), (Some("caps_10.0.0_x86_64"), "take"));
}

#[test]
fn the_target_decides_about_aliases() {
    let types = r#"[{"name": "virtio-net-pci", "parent": "device"}, {"name": "virtio-net-ccw", "parent": "device"},
        {"name": "virtio-sound-pci", "parent": "device"}, {"name": "virtio-sound-ccw", "parent": "device"}]"#;
    let alike = r#"[{"name": "virtio-net-pci", "parent": "device"}]"#;
    let pci = properties("device-list-properties", "virtio-net-pci");
    let ccw = properties("device-list-properties", "virtio-net-ccw");
    let (of_pci, of_ccw) =
        (r#"[{"name": "addr", "type": "bool"}]"#, r#"[{"name": "devno", "type": "bool"}]"#);
    for (answers, expected) in [
        (vec![(TYPES, types), (TARGET, r#"{"arch": "s390x"}"#)], "virtio-net-ccw"),
        (vec![(TYPES, types), (TARGET, r#"{"arch": "x86_64"}"#)], "virtio-net-pci"),
        // Without the target, the types tell.
        (vec![(TYPES, types)], "virtio-net-ccw"),
        (vec![(TYPES, alike)], "virtio-net-pci"),
        // The first answer counts.
        (
            vec![
                (TYPES, types),
                (TARGET, r#"{"arch": "s390x"}"#),
                (TARGET, r#"{"arch": "x86_64"}"#),
            ],
            "virtio-net-ccw",
        ),
    ] {
        let mut all = answers.clone();
        all.extend([(pci.as_str(), of_pci), (ccw.as_str(), of_ccw)]);
        let command = r#"device_add {"driver": "virtio-net", "x": true}"#;
        let found = told(&sent(&known(&all), command, &Policy::default()));
        assert_eq!(found, format!("invalid: `x` is not a property of `{expected}`"), "{answers:?}");
    }
    let qemu = known(&[(TYPES, types), (TARGET, r#"{"arch": "s390x"}"#)]);
    let report = sent(&qemu, r#"device_add {"driver": "virtio-sound"}"#, &Policy::default());
    assert_eq!(report.verdict(), Verdict::Invalid);
}

#[test]
fn the_first_answer_counts() {
    let (command, old) = version("7.2.0");
    let (_, new) = version("11.1.0");
    let device = properties("device-list-properties", "nic");
    let types = r#"[{"name": "nic", "parent": "device"}, {"name": "nac", "parent": "device"}]"#;
    let entry = |name: &str| format!(r#""name \"{name}\", bus PCI, alias \"n\"\r\n""#);
    let (nic, nac) = (entry("nic"), entry("nac"));
    let flag = r#"[{"name": "flag", "type": "bool"}]"#;
    let other = r#"[{"name": "other", "type": "bool"}]"#;
    let qemu = known(&[
        (command, &old),
        (command, &new),
        (TYPES, types),
        (LIST, &nic),
        (LIST, &nac),
        (&device, flag),
        (&device, other),
    ]);
    assert_told(
        &qemu,
        &[
            (r#"device_add {"driver": "nic", "flag": "on"}"#, "valid: "),
            (r#"device_add {"driver": "n", "flag": true}"#, "valid: "),
            (
                r#"device_add {"driver": "nic", "other": true}"#,
                "invalid: `other` is not a property of `nic`",
            ),
        ],
    );
}

const OBJECTS: &str = r#"
    {"name": "object-add", "meta-type": "command", "arg-type": "20", "ret-type": "0"},
    {"name": "20", "meta-type": "object", "tag": "qom-type", "members": [
        {"name": "qom-type", "type": "21"}, {"name": "id", "type": "str"}],
        "variants": [{"case": "good", "type": "0"}]},
    {"name": "21", "meta-type": "enum", "values": ["good", "gone"]},
    {"name": "netdev_add", "meta-type": "command", "arg-type": "22", "ret-type": "0"},
    {"name": "22", "meta-type": "object", "tag": "type", "members": [
        {"name": "type", "type": "21"}, {"name": "id", "type": "str"}], "variants": []}"#;
/// Before QEMU 6.0.
const UNTYPED: &str = r#"
    {"name": "object-add", "meta-type": "command", "arg-type": "20", "ret-type": "0"},
    {"name": "20", "meta-type": "object", "members": [
        {"name": "qom-type", "type": "str"}, {"name": "id", "type": "str"}]}"#;

#[test]
fn objects_are_of_types_that_exist() {
    let types = r#"[{"name": "good", "parent": "object"}]"#;
    let of_enum = qemu(&format!("{OBJECTS}, {ENTRIES}, {BUILTINS}"), &[(TYPES, types)]);
    assert_told(
        &of_enum,
        &[
            (r#"object-add {"qom-type": "good", "id": "a"}"#, "valid: "),
            (
                r#"object-add {"qom-type": "gone", "id": "a"}"#,
                "invalid: this QEMU has no object type `gone`",
            ),
            // Said once.
            (
                r#"object-add {"qom-type": "none", "id": "a"}"#,
                "invalid: `qom-type` does not accept string \"none\", expected `good` or `gone`, did you mean `gone`?",
            ),
            (
                r#"object-add {"qom-type": "good", "id": "1a"}"#,
                "invalid: `id` is an identifier, got string \"1a\"",
            ),
            (
                r#"object-add {"qom-type": "good", "id": "a", "x": 1}"#,
                "invalid: `x` is unexpected, no member is due here",
            ),
            (
                r#"netdev_add {"type": "good", "id": "1a"}"#,
                "invalid: `id` is an identifier, got string \"1a\"",
            ),
            (r#"netdev_add {"type": "good", "id": "a"}"#, "valid: "),
            (r#"take {"id": "1a", "qom-type": "gone"}"#, "valid: "),
        ],
    );
    let of_text = qemu(&format!("{UNTYPED}, {ENTRIES}, {BUILTINS}"), &[(TYPES, types)]);
    assert_told(
        &of_text,
        &[
            (r#"object-add {"qom-type": "good", "id": "a", "x": 1}"#, "unknown: "),
            (
                r#"object-add {"qom-type": "gone", "id": "a"}"#,
                "invalid: this QEMU has no object type `gone`",
            ),
            (r#"take {"id": "1a", "x": 1}"#, "invalid: `x` is unexpected, expected `qom-type`"),
        ],
    );
}

/// Without the types of a QEMU, nothing tells whether it has the one that an alias stands for.
#[test]
fn aliases_stand_for_types_that_are_known() {
    let types = r#"[{"name": "lsi53c895a", "parent": "pci-device"}]"#;
    for (qemu, name) in [(known(&[(TYPES, types)]), "lsi53c895a"), (known(&[]), "lsi")] {
        let report = sent(&qemu, r#"device_add {"driver": "lsi"}"#, &Policy::default());
        let reasons: Vec<&str> = report.unchecked.iter().map(|one| one.reason.as_str()).collect();
        let expected = format!("the properties of `{name}` were not captured");
        assert!(reasons.contains(&expected.as_str()), "{reasons:?}");
    }
}

#[test]
fn cpu_models_have_the_properties_of_their_types() {
    let models = r#"[{"name": "max", "typename": "max-x86_64-cpu"}, {"name": "small", "typename": "small-cpu"},
        {"name": "own", "typename": "own-cpu"}, {"name": "bare", "typename": ""}, {"name": "untold"}]"#;
    let of_max = properties("qom-list-properties", "max-x86_64-cpu");
    let of_own = properties("qom-list-properties", "own-cpu");
    let listed = r#"[{"name": "avx", "type": "bool"}, {"name": "migratable", "type": "bool"},
        {"name": "family", "type": "uint8"}, {"name": "words", "type": "X86CPUFeatureWordInfo"},
        {"name": "odd", "type": "Odd"}]"#;
    let own = r#"[{"name": "migratable", "type": "bool"}, {"name": "te", "type": "bool"}]"#;
    let expand = |model: &str, props: &str| {
        let model = format!(r#"{{"model": {{"name": "{model}", "props": {{{props}}}}}}}"#);
        format!("query-cpu-model-expansion {model}")
    };
    let (valid, open) = ("valid: ", "unknown: ");
    for (arch, table) in [
        (
            "x86_64",
            vec![
                ("small", r#""avx": true, "family": 255"#, valid),
                ("bare", r#""avx": true"#, valid),
                ("untold", r#""avx": true"#, valid),
                ("small", r#""avx": 1"#, "invalid: `model.props.avx` is bool, got number 1"),
                (
                    "small",
                    r#""family": 256"#,
                    "invalid: `model.props.family` is uint8 (0 to 255), got number 256",
                ),
                (
                    "small",
                    r#""axv": true"#,
                    "invalid: `model.props.axv` is not a property of `small`, did you mean `avx`?",
                ),
                ("max", r#""migratable": true"#, valid),
                ("own", r#""migratable": true"#, valid),
                ("own", r#""te": true"#, valid),
                ("own", r#""avx": true"#, "invalid: `model.props.avx` is not a property of `own`"),
                ("small", r#""words": 1"#, "invalid: `model.props.words` can't be set"),
                ("small", r#""odd": 1"#, open),
                (
                    "smaal",
                    r#""axv": true"#,
                    "invalid: this QEMU has no CPU model `smaal`, did you mean `small`?",
                ),
            ],
        ),
        (
            "s390x",
            vec![
                ("own", r#""te": true"#, valid),
                ("own", r#""te": 1"#, "invalid: `model.props.te` is bool, got number 1"),
                ("small", r#""avx": true"#, open),
            ],
        ),
        // Some of a model's properties can't be given here, so only what is wrong is certain.
        (
            "aarch64",
            vec![
                ("own", r#""te": true"#, open),
                ("own", r#""te": 1"#, "invalid: `model.props.te` is bool, got number 1"),
                ("small", r#""avx": true"#, open),
            ],
        ),
    ] {
        let target = format!(r#"{{"arch": "{arch}"}}"#);
        let qemu = known(&[(TARGET, &target), (MODELS, models), (&of_max, listed), (&of_own, own)]);
        for (model, props, expected) in table {
            let found = told(&sent(&qemu, &expand(model, props), &Policy::default()));
            assert_eq!(found, expected, "{arch} {model} {props}");
        }
    }
    let qemu = known(&[(TARGET, r#"{"arch": "x86_64"}"#), (MODELS, models)]);
    assert_told(
        &qemu,
        &[
            (&expand("small", r#""avx": true"#), open),
            (
                r#"query-cpu-model-comparison {"modela": {"name": "small"}, "modelb": {"name": "nomodel"}}"#,
                "invalid: this QEMU has no CPU model `nomodel`",
            ),
            (
                r#"query-cpu-model-comparison {"modela": {"name": "nomodel"}, "modelb": {"name": "small"}}"#,
                "invalid: this QEMU has no CPU model `nomodel`",
            ),
        ],
    );
}
