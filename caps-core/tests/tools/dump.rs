use caps_core::dump::{DumpError, Part, dump};
use sha2::{Digest, Sha256};

use crate::corpus::{captures, conversation, conversations};

/// Lines of each part and the beginning of the SHA-256 of them all, for captures of libvirt 11.3.0.
const VECTORS: &[(&str, [usize; 3], &str)] = &[
    ("10.0.0_s390x", [23830, 393, 849], "3b52c3aa3d4ba316"),
    ("10.0.0_x86_64+amdsev", [24202, 695, 876], "5572458da75be5c5"),
    ("10.0.0_x86_64", [24014, 695, 876], "0579aca35d3a2044"),
    ("6.2.0_ppc64", [19478, 843, 532], "c028874cebbc9c51"),
    ("6.2.0_x86_64", [19967, 593, 660], "094f1eb500c3b9f3"),
    ("7.0.0_ppc64", [19943, 848, 600], "1a95dadbe41d7adf"),
    ("7.0.0_x86_64", [20238, 599, 701], "6d522b0e7084bb14"),
    ("7.1.0_ppc64", [20288, 857, 604], "4d04e20d19852aa7"),
    ("7.1.0_x86_64", [20594, 610, 706], "74c754c84b9b3d64"),
    ("7.2.0_ppc", [21268, 723, 595], "bf8b819be3247533"),
    ("7.2.0_x86_64+hvf", [21352, 616, 725], "f0bce6ac96c9d546"),
    ("7.2.0_x86_64", [21352, 616, 725], "f0bce6ac96c9d546"),
    ("8.0.0_x86_64", [22172, 641, 727], "73f8a77ae39904df"),
    ("8.1.0_s390x", [21594, 360, 700], "6439e0d6efce970f"),
    ("8.1.0_x86_64", [22408, 655, 759], "cbc70f1acbef93a1"),
    ("8.2.0_aarch64", [22208, 1121, 642], "7c813088df4d592d"),
    ("8.2.0_armv7l", [22845, 1061, 642], "c3506f863213937d"),
    ("8.2.0_loongarch64", [22494, 355, 596], "33088be2b4aa192f"),
    ("8.2.0_s390x", [21950, 371, 709], "ff5b133b4f29e7ad"),
    ("8.2.0_x86_64", [22732, 669, 790], "a4585ba17d34e27f"),
    ("9.0.0_sparc", [23849, 150, 38], "f5f4d31384417bbb"),
    ("9.0.0_x86_64", [23777, 676, 797], "cd970b7ec12bc65b"),
    ("9.1.0_riscv64", [23710, 545, 613], "e838d79ce8bad9b9"),
    ("9.1.0_s390x", [23727, 389, 772], "37df8bd372bc7ce7"),
    ("9.1.0_x86_64", [23816, 683, 818], "e99cdfd5dda6904c"),
    ("9.2.0_aarch64+hvf", [22157, 1063, 576], "2aa8c7dad2d756d6"),
    ("9.2.0_s390x", [23830, 388, 798], "115533e17fee926f"),
    ("9.2.0_x86_64+amdsev", [24112, 690, 866], "e5c9c36bbf6d610a"),
    ("9.2.0_x86_64", [23919, 684, 866], "b8149f50f5068dc7"),
];

#[test]
fn conformance_all_parts_of_libvirts_tool_are_what_it_prints() {
    let Some(captures) = captures("dump of all parts") else { return };
    let mut checked = 0;
    for (id, conversation) in conversations(&captures) {
        let name = id.to_string();
        let Some((_, lines, hash)) = VECTORS.iter().find(|vector| vector.0 == name) else {
            continue;
        };
        let mut text = String::new();
        dump(&conversation, Part::LIBVIRT, |line| {
            text.push_str(line);
            text.push('\n');
        })
        .expect("a whole capture");
        let count = |prefix: &str| text.lines().filter(|line| line.starts_with(prefix)).count();
        assert_eq!([count("(qmp) "), count("(qom) "), count("(dev) ")], *lines, "{name}");
        let digest = Sha256::digest(text.as_bytes());
        let beginning = digest[..8].iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        let found = format!("{beginning:016x}");
        assert_eq!(found, *hash, "{name}");
        checked += 1;
    }
    if checked == 0 {
        caps_test_support::not_run("dump", "none of the captures has a known hash");
    }
}

pub(crate) fn lines(exchanges: &[(&str, &str)], parts: &[Part]) -> Result<Vec<String>, DumpError> {
    let mut lines = Vec::new();
    dump(&conversation(exchanges), parts, |line| lines.push(line.to_owned()))?;
    Ok(lines)
}

fn schema_lines(entries: &str) -> Result<Vec<String>, DumpError> {
    let reply = format!(r#"{{"return": [{entries}]}}"#);
    lines(&[(r#"{"execute": "query-qmp-schema"}"#, &reply)], Part::LIBVIRT)
}

#[test]
fn every_path_of_a_schema_is_a_line() {
    let lines = schema_lines(
        r#"{"name": "stop", "meta-type": "command", "arg-type": "1", "ret-type": "[1]",
            "features": ["deprecated"]},
           {"name": "CHANGE", "meta-type": "event", "arg-type": "3"},
           {"name": "[1]", "meta-type": "array", "element-type": "1"},
           {"name": "1", "meta-type": "object", "features": ["typed"], "tag": "kind",
            "members": [{"name": "self", "type": "1", "default": null},
                        {"name": "kind", "type": "2", "features": ["unstable"]}],
            "variants": [{"case": "b", "type": "3"}, {"case": "a", "type": "4"}]},
           {"name": "2", "meta-type": "enum", "values": ["b", "a"],
            "members": [{"name": "b"}, {"name": "a", "features": ["deprecated"]}]},
           {"name": "3", "meta-type": "object", "members": [{"name": "x", "type": "5"}]},
           {"name": "4", "meta-type": "object", "members": [{"name": "old", "type": "6"}]},
           {"name": "5", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "null"}]},
           {"name": "6", "meta-type": "enum", "values": ["v"]},
           {"name": "str", "meta-type": "builtin", "json-type": "string"},
           {"name": "null", "meta-type": "builtin", "json-type": "null"}"#,
    )
    .expect("a schema");
    let below = |path: &str| {
        [
            "/$typed",
            "/kind",
            "/kind/$unstable",
            "/kind/^a",
            "/kind/^a/$deprecated",
            "/kind/^b",
            "/self",
            "/*self",
            "/+a",
            "/+a/old",
            "/+b",
            "/+b/x",
            "/+b/x/!str",
            "/+b/x/!null",
        ]
        .map(|line| format!("(qmp) stop/{path}{line}"))
    };
    let mut expected =
        vec!["(qmp) CHANGE", "(qmp) CHANGE/arg-type/x", "(qmp) CHANGE/arg-type/x/!str"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
    expected.push("(qmp) CHANGE/arg-type/x/!null".to_owned());
    expected.extend(["(qmp) stop".to_owned(), "(qmp) stop/$deprecated".to_owned()]);
    expected.extend(below("arg-type"));
    expected.extend(below("ret-type"));
    assert_eq!(lines, expected);
}

#[test]
fn a_schema_that_does_not_hold_together_is_an_error_with_its_line() {
    let command = r#"{"name": "stop", "meta-type": "command", "arg-type": "1", "ret-type": "0"},"#;
    let member = |name: u32, of: u32| {
        format!(
            r#"{{"name": "{name}", "meta-type": "object",
                 "members": [{{"name": "m", "type": "{of}"}}]}}"#
        )
    };
    let dangling = format!("{command} {}", member(1, 2));
    assert_eq!(
        schema_lines(&dangling).expect_err("a dangling type").to_string(),
        "line 6: the schema has no type `2`, which `stop/arg-type/m` refers to"
    );
    let deep: Vec<String> = (1..10_000).map(|name| member(name, name + 1)).collect();
    let error = schema_lines(&format!("{command} {}", deep.join(","))).expect_err("too deep");
    assert!(error.to_string().contains("nested more than 400 deep"), "{error}");
    // Each of twelve types refers to all of them: a path for each order of any of them.
    let members: Vec<String> =
        (1..=12).map(|of| format!(r#"{{"name": "m{of}", "type": "{of}"}}"#)).collect();
    let knot: Vec<String> = (1..=12)
        .map(|name| {
            let members = members.join(",");
            format!(r#"{{"name": "{name}", "meta-type": "object", "members": [{members}]}}"#)
        })
        .collect();
    let error = schema_lines(&format!("{command} {}", knot.join(","))).expect_err("a knot");
    let message = "line 6: the schema has more than 500000 paths, the types at `stop/arg-type/m";
    assert!(error.to_string().starts_with(message), "{error}");
    let twice = [member(1, 2), member(2, 2), member(1, 1)].join(",");
    let error = schema_lines(&format!("{command} {twice}")).expect_err("a name of two entries");
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("line 34: schema entry `1` is there twice"));
    let error = schema_lines(r#"{"meta-type": "event"}"#).expect_err("an entry without name");
    let message = "line 8: a schema entry without name: expected the key `name`";
    assert_eq!(error.to_string(), message);
    let error =
        schema_lines(r#"{"name": "a", "meta-type": "enumm"}"#).expect_err("a new meta-type");
    assert!(error.to_string().contains("unknown meta-type `enumm`"), "{error}");
}

#[test]
fn defaults_are_spelled_as_python_does() {
    let reply = r#"{"return": [
        {"name": "b", "type": "bool", "default-value": false, "description": "on/off"},
        {"name": "a", "type": "uint64", "default-value": 18446744073709551615},
        {"name": "c", "type": "str", "default-value": "it's"},
        {"name": "d", "type": "list", "default-value": []},
        {"name": "e", "type": "list", "default-value": ["it's", "x", 1.0, null, {"k": true}]},
        {"name": "f", "type": "str"}]}"#;
    let command = r#"{"execute": "device-list-properties", "arguments": {"typename": "nvme"}}"#;
    let failed = r#"{"error": {"class": "DeviceNotFound", "desc": "gone"}}"#;
    let lines = lines(&[(command, reply), (command, failed)], Part::LIBVIRT).expect("properties");
    assert_eq!(
        lines,
        [
            "(dev) nvme a uint64 (18446744073709551615)",
            "(dev) nvme b bool (False)",
            "(dev) nvme c str (it's)",
            "(dev) nvme d list ([])",
            "(dev) nvme e list ([\"it's\", 'x', 1.0, None, {'k': True}])",
            "(dev) nvme f str",
        ]
    );
}

#[test]
fn the_further_parts_list_names_once_and_by_version() {
    let machines = (
        r#"{"execute": "query-machines"}"#,
        r#"{"return": [{"name": "pc-q35-10.0", "alias": "q35"},
                       {"name": "pc-q35-9.2", "deprecated": true}]}"#,
    );
    let exchanges = [
        machines,
        (
            r#"{"execute": "query-cpu-definitions"}"#,
            r#"{"return": [{"name": "b", "alias-of": "b-v1"}]}"#,
        ),
        (
            r#"{"execute": "query-command-line-options"}"#,
            r#"{"return": [{"option": "machine", "parameters": [
                {"name": "hpet", "type": "boolean"},
                {"name": "size", "type": "size", "default": "1G"}]}]}"#,
        ),
        (
            r#"{"execute": "query-migrate-capabilities"}"#,
            r#"{"return": [{"capability": "xbzrle", "state": false}]}"#,
        ),
        machines,
    ];
    assert_eq!(
        lines(&exchanges, Part::ALL).expect("a capture"),
        [
            "(machine alias) q35 -> pc-q35-10.0",
            "(machine) pc-q35-9.2 (deprecated)",
            "(machine) pc-q35-10.0",
            "(cpu alias) b -> b-v1",
            "(cpu) b",
            "(option) machine",
            "(option) machine hpet boolean",
            "(option) machine size size (1G)",
            "(migration) xbzrle",
        ]
    );
    assert!(lines(&exchanges, Part::LIBVIRT).expect("a capture").is_empty());
    let malformed = [(r#"{"execute": "query-machines"}"#, r#"{"return": [{"alias": "pc"}]}"#)];
    assert_eq!(
        lines(&malformed, &[Part::MachineTypes]).expect_err("no name").to_string(),
        "line 8: expected an object with a string `name` in the reply to `query-machines`"
    );
}

#[test]
fn numbers_in_names_are_sorted_by_value() {
    let machines = ["m-10", "m-2", "m-11", "m-01", "m-1.20", "m-1.3", "m"];
    let list: Vec<String> = machines.iter().map(|n| format!(r#"{{"name": "{n}"}}"#)).collect();
    let reply = format!(r#"{{"return": [{}]}}"#, list.join(", "));
    let exchanges = [(r#"{"execute": "query-machines"}"#, reply.as_str())];
    let lines = lines(&exchanges, &[Part::MachineTypes]).expect("lines");
    let names: Vec<&str> =
        lines.iter().map(|line| line.rsplit(' ').next().unwrap_or_default()).collect();
    assert_eq!(names, ["m", "m-01", "m-1.3", "m-1.20", "m-2", "m-10", "m-11"]);
}

#[test]
fn an_entry_without_its_name_is_an_error_that_says_which() {
    let device = r#"{"execute": "device-list-properties", "arguments": {"typename": "nvme"}}"#;
    for (command, entry, parts, expected) in [
        (device, r#"{"type": "str"}"#, Part::LIBVIRT, "`name`"),
        (device, r#"{"name": "serial"}"#, Part::LIBVIRT, "`type`"),
        (r#"{"execute": "query-machines"}"#, "{}", &[Part::MachineTypes], "`name`"),
        (
            r#"{"execute": "query-command-line-options"}"#,
            r#"{"parameters": []}"#,
            &[Part::CommandLineOptions],
            "`option`",
        ),
        (
            r#"{"execute": "query-migrate-capabilities"}"#,
            "{}",
            &[Part::MigrationCapabilities],
            "`capability`",
        ),
    ] {
        let reply = format!(r#"{{"return": [{entry}]}}"#);
        let error = lines(&[(command, &reply)], parts).expect_err(entry).to_string();
        assert!(error.contains(&format!("an object with a string {expected}")), "{error}");
    }
}
