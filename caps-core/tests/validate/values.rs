//! What properties of devices take, and what the release of a QEMU changes.

use caps_core::json::Document;
use caps_core::validate::{JsonOption, Policy, Validator, Violation, ViolationKind};

use crate::small::{BUILTINS, qemu, sent, version};
use crate::told;

const DEVICE: &str = r#"
    {"name": "device_add", "meta-type": "command", "arg-type": "1", "ret-type": "0"},
    {"name": "1", "meta-type": "object", "members": [{"name": "driver", "type": "str"}]}"#;

const PROPERTIES: &str = r#"[
    {"name": "flag", "type": "bool"}, {"name": "i32", "type": "int32"}, {"name": "u64", "type": "uint64"},
    {"name": "i64", "type": "int64"}, {"name": "bytes", "type": "size"},
    {"name": "block", "type": "size", "description": "A power of two between 512 B and 2 MiB"},
    {"name": "uuid", "type": "QemuUUID"}, {"name": "guid", "type": "str", "description": "UUID or \"auto\""},
    {"name": "of-one", "type": "Speed", "description": "speed"},
    {"name": "odd", "type": "Speed", "description": "see 1/2?x"},
    {"name": "two", "type": "Speed", "description": "slow/fast"},
    {"name": "devno", "type": "str", "description": "Identifier of an I/O device in the channel subsystem, example: fe.1.23ab"},
    {"name": "ports", "type": "list"}, {"name": "stats-intervals", "type": "list"}, {"name": "more", "type": "list"},
    {"name": "len-ports", "type": "uint32"}, {"name": "len-stats-intervals", "type": "uint32"},
    {"name": "outputs", "type": "VirtIOGPUOutputList"}, {"name": "map", "type": "IOThreadVirtQueueMappingList"},
    {"name": "socket", "type": "SocketAddress"}]"#;

fn device(of: &str) -> Validator {
    let (command, answer) = version(of);
    qemu(
        &format!("{DEVICE}, {BUILTINS}"),
        &[
            (command, &answer),
            (r#"{"execute": "qom-list-types"}"#, r#"[{"name": "dev", "parent": "device"}]"#),
            (
                r#"{"execute": "device-list-properties", "arguments": {"typename": "dev"}}"#,
                PROPERTIES,
            ),
        ],
    )
}

/// What QEMU before 9.2 and since says of a property.
const VALUES: &[(&str, &str, &str)] = &[
    (r#""i32": -2147483648"#, "valid: ", "valid: "),
    (
        r#""i32": -2147483649"#,
        "invalid: `i32` is int32 (-2147483648 to 2147483647), got number -2147483649",
        "invalid: `i32` is int32 (-2147483648 to 2147483647), got number -2147483649",
    ),
    (
        r#""i32": 2147483648"#,
        "invalid: `i32` is int32 (-2147483648 to 2147483647), got number 2147483648",
        "invalid: `i32` is int32 (-2147483648 to 2147483647), got number 2147483648",
    ),
    (r#""i64": -9223372036854775808"#, "valid: ", "valid: "),
    (r#""u64": 18446744073709551615"#, "valid: ", "valid: "),
    (r#""u64": -1"#, "valid: ", "valid: "),
    (
        r#""u64": 18446744073709551616"#,
        "invalid: `u64` is uint64, got number 18446744073709551616",
        "invalid: `u64` is uint64, got number 18446744073709551616",
    ),
    (r#""block": 0"#, "valid: ", "valid: "),
    (r#""block": 512"#, "valid: ", "valid: "),
    (r#""block": 2097152"#, "valid: ", "valid: "),
    (
        r#""block": 256"#,
        "invalid: `block` is size, got number 256",
        "invalid: `block` is a power of two between 512 and 2097152, got number 256",
    ),
    (
        r#""block": 1000"#,
        "invalid: `block` is size, got number 1000",
        "invalid: `block` is a power of two between 512 and 2097152, got number 1000",
    ),
    (
        r#""block": 4194304"#,
        "invalid: `block` is size, got number 4194304",
        "invalid: `block` is a power of two between 512 and 2097152, got number 4194304",
    ),
    (
        r#""bytes": "16b""#,
        "valid: ",
        "invalid: `bytes` is size, got string \"16b\": tolerated before QEMU 9.2, rejected since",
    ),
    (
        r#""bytes": "16x""#,
        "invalid: `bytes` is size, got string \"16x\"",
        "invalid: `bytes` is size, got string \"16x\"",
    ),
    (r#""uuid": "6cf4a5d4-6a2e-4f4b-9c0e-0d3f0a2b7c11""#, "valid: ", "valid: "),
    (r#""guid": "6cf4a5d4-6a2e-4f4b-9c0e-0d3f0a2b7c11""#, "valid: ", "valid: "),
    (r#""guid": "auto""#, "valid: ", "valid: "),
    (
        r#""uuid": "auto""#,
        "invalid: `uuid` is a UUID, got string \"auto\"",
        "invalid: `uuid` is a UUID, got string \"auto\"",
    ),
    (
        r#""guid": "none""#,
        "invalid: `guid` is a UUID or `auto`, got string \"none\"",
        "invalid: `guid` is a UUID or `auto`, got string \"none\"",
    ),
    (r#""two": "fast""#, "valid: ", "valid: "),
    (
        r#""two": "x""#,
        "invalid: `two` does not accept string \"x\", expected `slow` or `fast`",
        "invalid: `two` does not accept string \"x\", expected `slow` or `fast`",
    ),
    // A description with one word lists no values.
    (r#""of-one": "x""#, "unknown: ", "unknown: "),
    (r#""odd": "x""#, "unknown: ", "unknown: "),
    (
        r#""ports[0]": "a", "ports[12]": "b", "stats-intervals[0]": 4294967295"#,
        "valid: ",
        "valid: ",
    ),
    (
        r#""ports[0]": 5"#,
        "valid: ",
        "invalid: `ports[0]` is element of ports, got number 5: tolerated before QEMU 9.2, rejected since",
    ),
    (
        r#""stats-intervals[0]": 4294967296"#,
        "invalid: `stats-intervals[0]` is uint32 (0 to 4294967295), got number 4294967296",
        "invalid: `stats-intervals[0]` is uint32 (0 to 4294967295), got number 4294967296",
    ),
    (
        r#""more[0]": "a""#,
        "invalid: `more[0]` is not a property of `dev`",
        "invalid: `more[0]` is not a property of `dev`",
    ),
    (
        r#""ports[x]": "a""#,
        "invalid: `ports[x]` is not a property of `dev`",
        "invalid: `ports[x]` is not a property of `dev`",
    ),
    (r#""ports": ["a"], "stats-intervals": [0, 4294967295]"#, "valid: ", "valid: "),
    (r#""ports": ["a", 1]"#, "valid: ", "invalid: `ports[1]` is a string, got number 1"),
    (
        r#""stats-intervals": ["a", 4294967296]"#,
        "valid: ",
        "invalid: `stats-intervals[0]` is an integer, got string \"a\"; `stats-intervals[1]` is uint32 \
         (0 to 4294967295), got number 4294967296",
    ),
    (r#""more": [1]"#, "valid: ", "unknown: "),
    (
        r#""more": 1"#,
        "invalid: `more` is an array, got number 1",
        "invalid: `more` is an array, got number 1",
    ),
    (r#""devno": "fe.1.23ab""#, "valid: ", "valid: "),
    (
        r#""devno": "5""#,
        "invalid: `devno` is an address such as `fe.0.0005`, got string \"5\"",
        "invalid: `devno` is an address such as `fe.0.0005`, got string \"5\"",
    ),
    (r#""outputs": [{"name": "a"}]"#, "valid: ", "valid: "),
    (r#""outputs": [{}]"#, "valid: ", "invalid: `outputs[0].name` is missing, expected a string"),
    (r#""outputs": [1]"#, "valid: ", "invalid: `outputs[0]` is an object, got number 1"),
    (
        r#""map": [{"iothread": "t", "vqs": [65535, 65536]}, {"iothread": "u", "vqs": 1}]"#,
        "valid: ",
        "invalid: `map[0].vqs[1]` is uint16 (0 to 65535), got number 65536; `map[1].vqs` is an array, got \
         number 1",
    ),
    (r#""socket": {"type": "unix", "path": "/x", "abstract": true}"#, "valid: ", "valid: "),
    (
        r#""socket": {"type": "unix", "path": "/x", "tight": 1}"#,
        "valid: ",
        "invalid: `socket.tight` is a boolean, got number 1",
    ),
];

#[test]
fn properties_of_devices_take_the_values_of_their_types() {
    let (old, new) = (device("7.2.0"), device("11.1.0"));
    for (property, in_old, in_new) in VALUES {
        let command = format!(r#"device_add {{"driver": "dev", {property}}}"#);
        for (qemu, expected) in [(&old, in_old), (&new, in_new)] {
            let found = told(&sent(qemu, &command, &Policy::default()));
            let found = found.split(", did you mean").next();
            assert_eq!(found, Some(*expected), "{command}");
        }
    }
}

#[test]
fn a_release_decides_whether_text_passes_for_other_types() {
    for (of, is_text) in [
        ("7.2.0", true),
        ("8.2.50", true),
        ("9.1.49", true),
        ("9.1.50", false),
        ("9.1.93", false),
        ("9.2.0", false),
        ("9.2.3", false),
        ("10.0.0", false),
    ] {
        let command = r#"device_add {"driver": "dev", "flag": "on"}"#;
        let report = sent(&device(of), command, &Policy::default());
        let kinds = |violations: &[Violation]| {
            violations.iter().map(|violation| violation.kind).collect::<Vec<_>>()
        };
        let found = (kinds(&report.problems), kinds(&report.warnings));
        let expected = if is_text {
            (vec![], vec![ViolationKind::Tolerated])
        } else {
            (vec![ViolationKind::Type], vec![])
        };
        assert_eq!(found, expected, "{of}");
    }
}

#[test]
fn a_release_decides_whether_ids_of_devices_are_checked() {
    let refused = "invalid: `id` is an identifier, got string \"1x\"";
    for (of, by_command, by_option) in [
        ("7.2.0", refused, "valid: "),
        ("9.1.0", refused, "valid: "),
        ("9.2.0", "valid: ", "valid: "),
        ("11.0.1", "valid: ", "valid: "),
        ("11.1.0", refused, refused),
        ("11.1.3", refused, refused),
    ] {
        let (qemu, policy) = (device(of), Policy::default());
        let arguments = r#"{"driver": "dev", "id": "1x"}"#;
        let command = format!("device_add {arguments}");
        assert_eq!(told(&sent(&qemu, &command, &policy)), by_command, "{of}");
        let document = Document::parse(arguments).expect("JSON");
        let report = qemu.check_option(JsonOption::Device, document.root(), &policy);
        assert_eq!(told(&report), by_option, "{of}");
        let fine = r#"device_add {"driver": "dev", "id": "x1.y_z-2"}"#;
        assert_eq!(told(&sent(&qemu, fine, &policy)), "valid: ", "{of}");
    }
}

/// What QEMU before 9.2 lets pass and newer ones reject is told in a warning.
#[test]
fn tolerance_is_told() {
    for (property, message) in [
        (
            r#""flag": "on""#,
            "`flag` is bool, got string \"on\": tolerated before QEMU 9.2, rejected since",
        ),
        (
            r#""flag": null"#,
            "`flag` is a scalar, got null: ignored before QEMU 9.2, rejected since",
        ),
        (
            r#""unknown": []"#,
            "`unknown` is a scalar, got an array: ignored before QEMU 9.2, rejected since",
        ),
    ] {
        let command = format!(r#"device_add {{"driver": "dev", {property}}}"#);
        let report = sent(&device("9.1.0"), &command, &Policy::default());
        let warnings: Vec<String> = report.warnings.iter().map(Violation::message).collect();
        assert_eq!((told(&report).as_str(), warnings), ("valid: ", vec![message.to_owned()]));
    }
}
