use caps_core::json::Document;
use caps_core::validate::{JsonOption, Policy, Verdict, ViolationKind};

use crate::{NEW, OLD, check, told, x86};

#[test]
fn devices_are_judged_by_their_properties() {
    let (old, new) = (x86(OLD), x86(NEW));
    let tolerated = "tolerated before QEMU 9.2, rejected since";
    for (arguments, in_old, in_new) in [
        (
            r#""virtio-net-pci","mq":true,"vectors":4,"mac":"02:00:00:00:00:01","addr":"06.0""#,
            "valid: ",
            "valid: ",
        ),
        (
            r#""vfio-pci","host":"0000:65:00.0","multifunction":"off""#,
            "valid: ",
            &*format!("invalid: `multifunction` is bool, got string \"off\": {tolerated}"),
        ),
        (
            r#""virtio-net-pci","disable-legacy":true"#,
            "valid: ",
            &format!("invalid: `disable-legacy` is OnOffAuto, got boolean true: {tolerated}"),
        ),
        (
            r#""virtio-net-pci","vectors":"0x4""#,
            "valid: ",
            &format!("invalid: `vectors` is uint32, got string \"0x4\": {tolerated}"),
        ),
        (
            r#""virtio-net-pci","vectors":"4k""#,
            "invalid: `vectors` is uint32, got string \"4k\"",
            "invalid: `vectors` is uint32, got string \"4k\"",
        ),
        (
            r#""virtio-net-pci","mq":1"#,
            "invalid: `mq` is bool, got number 1",
            "invalid: `mq` is bool, got number 1",
        ),
        (r#""virtio-net-pci","mq":null"#, "valid: ", "invalid: `mq` is bool, got null"),
        (
            r#""virtio-net-pci","tx_queue_size":70000"#,
            "invalid: `tx_queue_size` is uint16 (0 to 65535), got number 70000",
            "invalid: `tx_queue_size` is uint16 (0 to 65535), got number 70000",
        ),
        (
            r#""virtio-net-pci","addr":"20""#,
            "invalid: `addr` is a PCI address such as `06.0`, got string \"20\"",
            "invalid: `addr` is a PCI address such as `06.0`, got string \"20\"",
        ),
        (
            r#""virtio-net-pci","virtio-backend":"x""#,
            "invalid: `virtio-backend` can't be set",
            "invalid: `virtio-backend` can't be set",
        ),
        (
            r#""virtio-net-pci","vector":4"#,
            "invalid: `vector` is not a property of `virtio-net-pci`, did you mean `vectors`?",
            "invalid: `vector` is not a property of `virtio-net-pci`, did you mean `vectors`?",
        ),
        (
            r#""virtio-blk","vectors":true"#,
            "invalid: `vectors` is uint32, got boolean true",
            "invalid: `vectors` is uint32, got boolean true",
        ),
        (
            r#""virtio-blk-pci","werror":"stopp""#,
            "invalid: `werror` does not accept string \"stopp\", expected `report`, `ignore`, `enospc`, `stop` or `auto`, did you mean `stop`?",
            "invalid: `werror` does not accept string \"stopp\", expected `report`, `ignore`, `enospc`, `stop` or `auto`, did you mean `stop`?",
        ),
        (
            r#""virtio-mem-ccw""#,
            "invalid: `virtio-mem-ccw` is not a valid device model name, did you mean `virtio-mem`?",
            "invalid: `virtio-mem-ccw` is not a valid device model name, did you mean `virtio-mem`?",
        ),
        (
            r#""pci-device""#,
            "invalid: `pci-device` is not a type that devices can be made of",
            "invalid: `pci-device` is not a type that devices can be made of",
        ),
        (
            "5",
            "invalid: `driver` is the name of a device type, got number 5",
            "invalid: `driver` is the name of a device type, got number 5",
        ),
        (
            r#""virtio-blk-pci","iothread-vq-mapping":[{"iothread":"a","vqs":[0]},{"iothreads":1}]"#,
            "valid: ",
            "invalid: `iothread-vq-mapping[1].iothread` is missing, expected a string; \
             `iothread-vq-mapping[1].iothreads` is unexpected, did you mean `iothread`?",
        ),
        // Known, but its properties are not: neither yes nor no.
        (r#""usb-bot","x":1"#, "unknown: ", "unknown: "),
    ] {
        let command = format!(r#"{{"execute":"device_add","arguments":{{"driver":{arguments}}}}}"#);
        for (validator, expected) in [(&old, in_old), (&new, in_new)] {
            assert_eq!(
                told(&check(validator, &command, &Policy::default())),
                expected,
                "{command}"
            );
        }
    }
}

/// Before 9.2, a number was text as well, so 20 was the slot 0x20.
#[test]
fn addresses_have_their_forms() {
    let (old, new) = (x86(OLD), x86(NEW));
    let slot = "`addr` is a PCI address such as `06.0`, got";
    for (arguments, is_valid_in_new, message) in [
        (r#""virtio-net-pci","addr":255"#, true, format!("{slot} number 255")),
        (r#""virtio-net-pci","addr":-1"#, true, format!("{slot} number -1")),
        (r#""virtio-net-pci","addr":256"#, false, format!("{slot} number 256")),
        (r#""virtio-net-pci","addr":-2"#, false, format!("{slot} number -2")),
        (r#""virtio-net-pci","addr":true"#, false, format!("{slot} boolean true")),
        (
            r#""virtio-net-pci","mac":"x""#,
            false,
            "`mac` is an Ethernet address, got string \"x\"".to_owned(),
        ),
        (
            r#""vfio-pci","host":"x""#,
            false,
            "`host` is a PCI address such as `0000:65:00.0`, got string \"x\"".to_owned(),
        ),
    ] {
        let command = format!(r#"{{"execute":"device_add","arguments":{{"driver":{arguments}}}}}"#);
        let invalid = format!("invalid: {message}");
        let in_new = if is_valid_in_new { "valid: " } else { &invalid };
        for (validator, expected) in [(&old, &*invalid), (&new, in_new)] {
            let found = told(&check(validator, &command, &Policy::default()));
            assert_eq!(found, expected, "{command}");
        }
    }
}

#[test]
fn a_device_needs_a_driver() {
    let command = r#"{"execute":"device_add","arguments":{"bus":"b"}}"#;
    assert_eq!(
        told(&check(&x86(OLD), command, &Policy::default())),
        "invalid: `driver` is missing, expected the name of a device type"
    );
}

#[test]
fn the_command_line_always_took_json_types() {
    let old = x86(OLD);
    let argument = Document::parse(r#"{"driver":"vfio-pci","multifunction":"off"}"#).expect("JSON");
    let report = old.check_option(JsonOption::Device, argument.root(), &Policy::default());
    assert_eq!(told(&report), "invalid: `multifunction` is bool, got string \"off\"");
    let argument = Document::parse(r#"{"driver":"file","filename":1}"#).expect("JSON");
    let report = old.check_option(JsonOption::Blockdev, argument.root(), &Policy::default());
    assert_eq!(report.problems[0].path, "arguments.filename");
    assert_eq!(report.problems[0].kind, ViolationKind::Type);
}

#[test]
fn what_a_device_can_not_be_given_or_be_without_is_known() {
    for (arguments, message) in [
        (r#"{"driver": "nvdimm", "size": 5}"#, "size"),
        (r#"{"driver": "virtio-mem-pci", "size": 5}"#, "size"),
        (r#"{"driver": "usb-redir"}"#, "`chardev` is missing"),
    ] {
        let command = format!(r#"{{"execute": "device_add", "arguments": {arguments}}}"#);
        let told = told(&check(&x86(NEW), &command, &Policy::default()));
        assert!(told.starts_with("invalid: ") && told.contains(message), "{told}");
    }
}

#[test]
fn types_that_are_no_devices_are_no_device_models() {
    for version in [OLD, "10.0.13", NEW] {
        let validator = x86(version);
        for (driver, expected) in [
            ("memory-backend-ram", Verdict::Invalid),
            ("cryptodev-backend-builtin", Verdict::Invalid),
            ("iothread", Verdict::Invalid),
            ("tcg-accel", Verdict::Invalid),
            ("PCIE", Verdict::Invalid),
            ("nvme", Verdict::Unknown),
            ("qemu64-x86_64-cpu", Verdict::Unknown),
            ("scsi-hd", Verdict::Valid),
        ] {
            let command =
                format!(r#"{{"execute": "device_add", "arguments": {{"driver": "{driver}"}}}}"#);
            let report = check(&validator, &command, &Policy::default());
            assert_eq!(report.verdict(), expected, "{version} {driver}: {}", told(&report));
        }
    }
}
