//! Reading surveys, and rejecting what is not a survey.

use caps_core::Baseline;
use caps_core::probe::{Answer, Host, Launch};
use caps_core::qmp::Command;
use caps_core::survey::{Properties, Survey, SurveyHost, unpack};

/// A survey of an imaginary QEMU, assembled from one-line exchanges.
fn survey(exchanges: &[(&str, &str)]) -> Survey {
    let mut text = String::from("{\"execute\":\"qmp_capabilities\"}\n\n{\"return\":{}}\n");
    for (command, reply) in exchanges {
        text = format!("{text}\n{command}\n\n{reply}\n");
    }
    Survey::parse(&text).expect("a conversation")
}

fn qdm(text: &str) -> Survey {
    let text = text.replace('"', "\\\"").replace('\n', "\\r\\n");
    survey(&[(
        r#"{"execute":"human-monitor-command","arguments":{"command-line":"info qdm"}}"#,
        &format!("{{\"return\":\"{text}\"}}"),
    )])
}

#[test]
fn device_types_have_buses_aliases_and_users() {
    let survey = qdm("Storage devices:\n\
         name \"virtio-blk-pci\", bus PCI, alias \"virtio-blk\"\n\
         name \"ich9-ahci\", bus PCI, alias \"ahci\", desc \"a, b, no-user \"c\"\"\n\
         name \"isa-fdc\", bus ISA, desc \"floppy\", no-user\n\
         name \"floppy\"\n\nUncategorized devices:\nname \"floppy\"\nname \"loader\", no-user\n");
    let described = |name: &str| {
        let device = survey.device(name).expect(name);
        (device.name.as_str(), device.bus.as_deref(), device.is_user_creatable)
    };
    assert_eq!(described("virtio-blk"), ("virtio-blk-pci", Some("PCI"), true));
    assert_eq!(described("ahci"), ("ich9-ahci", Some("PCI"), true));
    assert_eq!(described("isa-fdc"), ("isa-fdc", Some("ISA"), false));
    assert_eq!(described("loader"), ("loader", None, false));
    let description = survey.device("ich9-ahci").and_then(|device| device.description.as_deref());
    assert_eq!(description, Some("a, b, no-user \"c"));
    let category = survey.device("floppy").and_then(|device| device.category.as_deref());
    assert_eq!(category, Some("Storage"));
    assert_eq!((survey.devices().len(), survey.device("blk")), (5, None));
}

#[test]
fn properties_are_listed_refused_ended_or_unasked() {
    let question = |name: &str| {
        format!(r#"{{"execute":"device-list-properties","arguments":{{"typename":"{name}"}}}}"#)
    };
    let survey = survey(&[
        (&question("a"), r#"{"return":[{"name":"x","type":"uint8","default-value":-1}]}"#),
        (&question("b"), r#"{"error":{"class":"DeviceNotFound","desc":"no b"}}"#),
        (
            &question("c"),
            r#"{"error":{"class":"qemu-caps:Ended","desc":"d"},"qemu-caps:ended":{"how":"was killed by signal 6 (SIGABRT)","last-words":["**"]}}"#,
        ),
        (
            &question("d"),
            r#"{"return":[],"qemu-caps:ended":{"how":"exited with status 1","last-words":[]}}"#,
        ),
    ]);
    let x = survey.device_properties("a");
    let x = &x.listed().expect("properties")[0];
    assert_eq!((x.type_name.as_str(), x.default.as_deref()), ("uint8", Some("-1")));
    assert!(matches!(survey.device_properties("b"), Properties::Refused(_)));
    let Properties::Ended(end) = survey.device_properties("c") else { panic!("it ended QEMU") };
    assert_eq!(end.last_words, ["**"]);
    assert_eq!(survey.device_properties("d").listed(), Some(&[][..]));
    assert_eq!(survey.device_properties("e"), Properties::Unasked);
    let ends = survey.ends();
    let ends: Vec<&str> = ends.iter().map(|(_, end)| end.how.as_str()).collect();
    assert_eq!(ends, ["was killed by signal 6 (SIGABRT)", "exited with status 1"]);
}

/// The lists of each option, in the formats of QEMU 7.2 to 11.1.
#[test]
fn lists_are_read_in_every_form() {
    type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);
    let cases: &[Case] = &[
        (
            "accel",
            &["Accelerators supported in QEMU binary:", "tcg", "kvm"],
            &[("tcg", ""), ("kvm", "")],
        ),
        ("object", &["List of user creatable objects:", "  secret"], &[("secret", "")]),
        ("vga", &["std                  standard VGA"], &[("std", "standard VGA")]),
        ("smp", &["smp-opts options:", "  cpus=<num>"], &[("cpus", "<num>")]),
        (
            "cpu",
            &["Available CPUs:", "x86 486      old", "", "Recognized CPUID flags:", "  vme"],
            &[("486", "old")],
        ),
        ("cpu", &["Available CPUs:", "  x86-ish    (alias of a)"], &[("x86-ish", "(alias of a)")]),
        ("cpu", &["PowerPC 603   PVR 00030100"], &[("603", "PVR 00030100")]),
        (
            "machine",
            &["Supported machines are:", "none   empty machine"],
            &[("none", "empty machine")],
        ),
        ("vga", &["=odd", "std  standard VGA"], &[("std", "standard VGA")]),
        (
            "display",
            &["Available display backend types:", "none", "", "Some display backends"],
            &[("none", "")],
        ),
        (
            "device",
            &["A devices:", "name \"a\", bus PCI", "", "B devices:", "name \"b\""],
            &[("a", "bus PCI"), ("b", "")],
        ),
        (
            "drive",
            &["Supported formats: raw vdi", "Supported formats (read-only): dmg raw"],
            &[("raw", ""), ("vdi", ""), ("dmg", "read-only")],
        ),
    ];
    for (option, lines, expected) in cases {
        let argv = match *option {
            "drive" => r#"["-machine","none","-drive","format=help"]"#.to_owned(),
            "machine" => r#"["-machine","help"]"#.to_owned(),
            option => format!(r#"["-machine","none","-{option}","help"]"#),
        };
        let lines: Vec<String> =
            lines.iter().map(|line| format!("\"{}\"", line.replace('"', "\\\""))).collect();
        let reply =
            format!(r#"{{"return":{{"status":0,"stdout":[{}],"stderr":[]}}}}"#, lines.join(","));
        let command = format!(r#"{{"execute":"qemu-caps:run","arguments":{{"argv":{argv}}}}}"#);
        let listed = survey(&[(&command, &reply)]).listed(option).expect("a list");
        let listed: Vec<(&str, &str)> =
            listed.iter().map(|one| (one.name.as_str(), one.description.as_str())).collect();
        assert_eq!(listed, *expected, "{option}");
    }
}

#[test]
fn a_probe_reports_what_was_not_asked() {
    let survey = survey(&[]);
    let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
    host.start(Launch::Accelerated).expect("a session");
    let error = host.ask(&Command::new("query-version")).expect_err("unasked");
    assert_eq!(error.to_string(), "the survey does not contain the question `query-version`");
    let error = host.start(Launch::Tcg).expect_err("no session");
    assert_eq!(error.to_string(), "the survey has no session with TCG alone");
}

/// QEMU 11.1 has one target for both byte orders, and libvirt does not know all targets.
#[test]
fn a_capture_is_named_after_the_target_and_the_binary() {
    let name = |target: &str, binary: &str| {
        let version = r#"{"return":{"qemu":{"major":11,"minor":1,"micro":3},"package":""}}"#;
        let target = format!("{{\"return\":{{\"arch\":\"{target}\"}}}}");
        let exchanges = [
            (r#"{"execute":"query-version"}"#, version),
            (r#"{"execute":"query-target"}"#, target.as_str()),
        ];
        let id = survey(&exchanges).capture_id(binary.as_ref());
        id.map_or_else(|error| error.to_string(), |id| id.to_string())
    };
    for (target, binary, expected) in [
        ("mips", "/usr/bin/qemu-system-mips", "11.1.3_mips"),
        ("mips", "/usr/bin/qemu-system-mipsel", "11.1.3_mips+mipsel"),
        ("sh4", "qemu-system-sh4eb", "11.1.3_sh4+sh4eb"),
        ("arm", "qemu-system-arm", "11.1.3_armv7l"),
        ("i386", "qemu-system-i386", "11.1.3_i686"),
        ("x86_64", "/usr/libexec/qemu-kvm", "11.1.3_x86_64"),
        ("x86_64", "qemu-system-mine", "11.1.3_x86_64"),
    ] {
        assert_eq!(name(target, binary), expected, "{binary}");
    }
    for target in ["avr", "rx", "tricore", "hppa", "or1k"] {
        let unnamed = format!(
            "libvirt has no name for QEMU's target `{target}`, so a capture of it can't be named"
        );
        assert_eq!(name(target, &format!("qemu-system-{target}")), unnamed);
    }
}

/// A later release of libvirt asks about types that a survey shows not to exist.
#[test]
fn a_type_that_does_not_exist_has_no_properties() {
    let survey = survey(&[(
        r#"{"execute":"qom-list-types","arguments":{"abstract":true}}"#,
        r#"{"return":[{"name":"device"},{"name":"e1000","parent":"device"}]}"#,
    )]);
    let mut host = SurveyHost::new(&survey, Baseline::NEWEST);
    host.start(Launch::Accelerated).expect("a session");
    let mut ask = |execute: &'static str, name: &str| {
        let arguments = format!("{{\"typename\":\"{name}\"}}");
        let command = Command::new(execute).with_arguments(&arguments).expect("an object");
        match host.ask(&command).map_err(|error| error.to_string())? {
            Answer::Reply(reply) => Ok(reply.document().root().compact()),
            Answer::Missing => panic!("a survey has an answer or an error"),
        }
    };
    for (execute, kind) in [("device-list-properties", "Device"), ("qom-list-properties", "Class")]
    {
        let error: Result<String, String> = ask(execute, "e1001");
        let desc = format!("{kind} 'e1001' not found");
        let expected =
            format!(r#"{{"id":"libvirt-1","error":{{"class":"DeviceNotFound","desc":"{desc}"}}}}"#);
        assert_eq!(error, Ok(expected), "in the order in which QEMU prints it");
        let error = ask(execute, "e1000").expect_err("it exists, but was not asked");
        assert!(error.starts_with("the survey does not contain the question"), "{error}");
    }
}

#[test]
fn what_did_not_start_is_no_survey() {
    let text = "{\"execute\":\"qmp_capabilities\"}\n\n\
                {\"error\":{\"class\":\"qemu-caps:NotStarted\",\"desc\":\"no /dev/kvm\"}}\n";
    let error = Survey::parse(text).expect_err("no session");
    assert_eq!(error.to_string(), "line 3: expected a session that began, found: no /dev/kvm");
}

/// Frames from other programs, one of which declares too small a size.
#[test]
fn damaged_files_are_refused() {
    let raw = |length: u8, content: &[u8]| {
        // One segment with its size in a byte; one block, the last, that is not compressed.
        let header = u32::from(length) << 3 | 1;
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(content);
        frame
    };
    let whole = raw(5, b"hello");
    assert_eq!(unpack(whole.clone()).expect("a frame"), b"hello");
    assert_eq!(unpack([&*whole, &*whole].concat()).expect("two frames"), b"hellohello");
    assert_eq!(unpack(b"hello".to_vec()).expect("text"), b"hello");
    for damaged in [&whole[..whole.len() - 1], &whole[..6], &whole[..4], &[&*whole, b"x"].concat()]
    {
        let error = unpack(damaged.to_vec()).expect_err("damaged").to_string();
        assert!(error.starts_with("expected a packed survey, found damaged data"), "{error}");
    }
}

/// A block of one repeated byte expands to 128 kB, so 40 kB of file can expand to gigabytes.
#[test]
fn a_bomb_does_not_go_off() {
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    let blocks = 268_435_456 >> 17;
    for _ in 0..blocks + 64 {
        let header = (1_u32 << 17) << 3 | 1 << 1;
        bomb.extend_from_slice(&header.to_le_bytes()[..3]);
        bomb.push(b'x');
    }
    let error = unpack(bomb).expect_err("too large").to_string();
    assert_eq!(error, "expected at most 268435456 bytes of text, found more");
}

#[cfg(feature = "pack")]
#[test]
fn what_is_packed_is_unpacked() {
    let text = "hello ".repeat(1_000_000);
    let packed = caps_core::survey::pack(&text).expect("memory");
    assert!(packed.len() < 2000, "{}", packed.len());
    assert_eq!(unpack(packed.clone()).expect("packed"), text.as_bytes());
}

/// Truncation or a changed byte, anywhere, gives an error or exactly the same text.
#[cfg(feature = "pack")]
#[test]
fn a_packed_survey_is_whole_or_refused() {
    let survey =
        survey(&[(r#"{"execute":"query-version"}"#, r#"{"return":{"qemu":{"major":11}}}"#)]);
    let text = survey.text().repeat(50);
    let packed = caps_core::survey::pack(&text).expect("memory");
    for length in 1..packed.len() {
        // Less than the magic number is read as text, but no survey starts like that.
        let error = match unpack(packed[..length].to_vec()) {
            Err(error) => error.to_string(),
            Ok(text) => {
                assert!(length < 4, "cut off at {length}: {} bytes", text.len());
                continue;
            }
        };
        assert!(error.contains("found damaged data"), "cut off at {length}: {error}");
    }
    for at in 0..packed.len() {
        for bit in [0x01, 0x10, 0x80] {
            let mut altered = packed.clone();
            altered[at] ^= bit;
            match unpack(altered.clone()) {
                Err(_) => {}
                Ok(unpacked) => {
                    let is_text = at < 4 && unpacked == altered;
                    assert!(is_text || unpacked == text.as_bytes(), "byte {at} altered");
                    assert!(!is_text || Survey::from_bytes(&altered).is_err(), "byte {at} altered");
                }
            }
        }
    }
}
