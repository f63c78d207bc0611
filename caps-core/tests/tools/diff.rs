use caps_core::Baseline;
use caps_core::diff::{Change, DiffError, Difference, DifferenceKind, Side, diff};
use caps_core::replies::{Conversation, ConversationBuilder};
use caps_core::{Flag, FlagSet};
use serde_json::Value;

use crate::corpus::{captures, conversation, conversations};

/// A difference in one line.
fn line(difference: &Difference) -> String {
    let Difference { kind, name, change, host, .. } = difference;
    let host = if *host { " (host)" } else { "" };
    match change {
        Change::Added { detail } => format!("{kind} +{name} [{detail}]{host}"),
        Change::Removed { detail } => format!("{kind} -{name} [{detail}]{host}"),
        Change::Changed { what, from, to } => {
            format!("{kind} {name} [{what}] {from} -> {to}{host}")
        }
        _ => unreachable!("all changes are known"),
    }
}

fn compare(first: &[(&str, &str)], second: &[(&str, &str)]) -> Result<Vec<String>, DiffError> {
    let [first, second] = [first, second].map(conversation);
    let differences = diff(&Side::new(&first), &Side::new(&second))?;
    // The reverse comparison is the mirror image.
    let back = diff(&Side::new(&second), &Side::new(&first))?;
    assert_eq!(back.len(), differences.len());
    Ok(differences.iter().map(line).collect())
}

fn schemas(first: &str, second: &str) -> Result<Vec<String>, DiffError> {
    let command = r#"{"execute": "query-qmp-schema"}"#;
    let [first, second] = [first, second].map(|entries| format!(r#"{{"return": [{entries}]}}"#));
    compare(&[(command, &first)], &[(command, &second)])
}

#[test]
fn members_values_variants_and_features_are_named_by_their_paths() {
    let old = r#"
        {"name": "go", "meta-type": "command", "arg-type": "1", "ret-type": "2"},
        {"name": "GONE", "meta-type": "event", "arg-type": "1"},
        {"name": "1", "meta-type": "object", "tag": "kind", "members": [
            {"name": "kind", "type": "3"}, {"name": "old", "type": "str"},
            {"name": "soft", "type": "str"}, {"name": "number", "type": "int"},
            {"name": "many", "type": "str"}, {"name": "either", "type": "5"}],
         "variants": [{"case": "a", "type": "2"}]},
        {"name": "2", "meta-type": "object", "members": []},
        {"name": "3", "meta-type": "enum", "members": [{"name": "a"}, {"name": "b"}]},
        {"name": "5", "meta-type": "alternate", "members": [{"type": "str"}]},
        {"name": "str", "meta-type": "builtin", "json-type": "string"},
        {"name": "int", "meta-type": "builtin", "json-type": "int"}"#;
    let new = r#"
        {"name": "int", "meta-type": "builtin", "json-type": "int"},
        {"name": "str", "meta-type": "builtin", "json-type": "string"},
        {"name": "null", "meta-type": "builtin", "json-type": "null"},
        {"name": "go", "meta-type": "command", "arg-type": "11", "ret-type": "12",
         "features": ["deprecated"], "allow-oob": true},
        {"name": "go-on", "meta-type": "command", "arg-type": "12", "ret-type": "12"},
        {"name": "[str]", "meta-type": "array", "element-type": "str"},
        {"name": "15", "meta-type": "alternate", "members": [{"type": "null"}, {"type": "str"}]},
        {"name": "13", "meta-type": "enum", "members": [
            {"name": "c"}, {"name": "a", "features": ["unstable"]}]},
        {"name": "12", "meta-type": "object", "members": []},
        {"name": "11", "meta-type": "object", "tag": "kind", "members": [
            {"name": "many", "type": "[str]"}, {"name": "number", "type": "str"},
            {"name": "soft", "type": "str", "default": null, "features": ["deprecated"]},
            {"name": "_new", "type": "[str]", "default": null, "features": ["unstable"]},
            {"name": "kind", "type": "13"}, {"name": "either", "type": "15"}],
         "variants": [{"case": "a", "type": "12"}, {"case": "c", "type": "12"}]}"#;
    assert_eq!(
        schemas(old, new).expect("two schemas"),
        [
            "command go [allow-oob] false -> true",
            "command +go-on []",
            "event -GONE []",
            "member +go/arg-type/ _new [optional, array of str, unstable]",
            "member -go/arg-type/old [mandatory, str]",
            "member go/arg-type/soft [] mandatory -> optional",
            "variant +go/arg-type/+c []",
            "type +go/arg-type/either [accepts a JSON null]",
            "type go/arg-type/many [] str -> array of str",
            "type go/arg-type/number [] int -> str",
            "enum-value -go/arg-type/kind/^b []",
            "enum-value +go/arg-type/kind/^c []",
            "feature +go/$deprecated []",
            "feature +go/arg-type/kind/^a/$unstable []",
            "feature +go/arg-type/soft/$deprecated []",
        ]
    );
}

#[test]
fn a_shared_type_is_compared_once_at_its_shortest_path_and_recursion_ends() {
    let schema = |extra: &str| {
        format!(
            r#"{{"name": "b", "meta-type": "command", "arg-type": "1"}},
               {{"name": "a", "meta-type": "command", "arg-type": "2"}},
               {{"name": "loop", "meta-type": "command", "arg-type": "[9]"}},
               {{"name": "[9]", "meta-type": "array", "element-type": "[9]"}},
               {{"name": "1", "meta-type": "object",
                 "members": [{{"name": "self", "type": "1"}}{extra}]}},
               {{"name": "2", "meta-type": "object", "members": [{{"name": "of", "type": "1"}}]}}"#
        )
    };
    let new = schema(r#", {"name": "more", "type": "2"}"#);
    assert_eq!(
        schemas(&schema(""), &new).expect("two schemas"),
        ["member +b/arg-type/more [mandatory, object]"]
    );
    let error = schemas(&schema(""), r#"{"name": "b", "meta-type": "command", "arg-type": "7"}"#)
        .expect_err("a dangling type");
    assert_eq!(
        error.to_string(),
        "second capture, line 6: the schema has no type `7`, which `b/arg-type` refers to"
    );
}

const KVM: (&str, &str) =
    (r#"{"execute": "query-kvm"}"#, r#"{"return": {"enabled": true, "present": true}}"#);
const NO_KVM: (&str, &str) =
    (r#"{"execute": "query-kvm"}"#, r#"{"return": {"enabled": false, "present": true}}"#);
const START: (&str, &str) = (r#"{"execute": "qmp_capabilities"}"#, r#"{"return": {}}"#);

#[test]
fn tables_are_compared_by_name() {
    let device = r#"{"execute": "device-list-properties", "arguments": {"typename": "nvme"}}"#;
    let gone = r#"{"execute": "device-list-properties", "arguments": {"typename": "sga"}}"#;
    let machines = r#"{"execute": "query-machines"}"#;
    let options = r#"{"execute": "query-command-line-options"}"#;
    let migration = r#"{"execute": "query-migrate-capabilities"}"#;
    let tpm = r#"{"execute": "query-tpm-types"}"#;
    let other = r#"{"execute": "query-news"}"#;
    let differences = compare(
        &[
            (
                device,
                r#"{"return": [{"name": "logical", "type": "uint16", "description": "one"},
                               {"name": "old", "type": "bool", "default-value": false}]}"#,
            ),
            (gone, r#"{"return": [{"name": "x", "type": "bool"}]}"#),
            (
                machines,
                r#"{"return": [{"name": "pc-9.2", "alias": "pc", "cpu-max": 255, "is-default": true},
                               {"name": "none", "cpu-max": 1}]}"#,
            ),
            (
                options,
                r#"{"return": [{"option": "machine", "parameters": [
                {"name": "hpet", "type": "boolean", "help": "a"}]}]}"#,
            ),
            (migration, r#"{"return": [{"capability": "xbzrle", "state": false}]}"#),
            (tpm, r#"{"return": ["emulator"]}"#),
            (other, r#"{"return": {"news": [1, {"b": 1, "a": 2}]}}"#),
        ],
        &[
            (
                device,
                r#"{"return": [{"name": "new", "type": "bool", "default-value": true},
                               {"name": "logical", "type": "uint32", "description": "two"}]}"#,
            ),
            (gone, r#"{"error": {"class": "DeviceNotFound", "desc": "no sga"}}"#),
            (
                machines,
                r#"{"return": [{"name": "none", "cpu-max": 1, "acpi": false},
                               {"name": "pc-10.0", "alias": "pc", "cpu-max": 255, "acpi": true},
                               {"name": "pc-9.2", "cpu-max": 240, "acpi": true}]}"#,
            ),
            (
                options,
                r#"{"return": [{"option": "machine", "parameters": [
                {"name": "hpet", "type": "string", "help": "b"},
                {"name": "shim", "type": "string", "default": "no"}]}]}"#,
            ),
            (
                migration,
                r#"{"return": [{"capability": "mptcp", "state": false},
                                       {"capability": "xbzrle", "state": true}]}"#,
            ),
            (tpm, r#"{"return": []}"#),
            (other, r#"{"return": {"news": [{"a": 2, "b": 1}, 1]}}"#),
        ],
    );
    assert_eq!(
        differences.expect("two captures"),
        [
            "device-property nvme.logical [type] uint16 -> uint32",
            "device-property +nvme.new [bool, default true]",
            "device-property -nvme.old [bool, default false]",
            "device-property -sga [all of its properties]",
            "machine-type +*.acpi [a new field]",
            "machine-type default machine type [] pc -> none",
            "machine-type pc [stands for] pc-9.2 -> pc-10.0",
            "machine-type pc-9.2 [cpu-max] 255 -> 240",
            "machine-type +pc-10.0 [alias pc]",
            "option machine.hpet [type] boolean -> string",
            "option +machine.shim [string, default no]",
            "migration-capability +mptcp []",
            "tpm -emulator []",
        ]
    );
}

#[test]
fn the_versions_of_a_machine_type_are_compared_as_one() {
    let machines = r#"{"execute": "query-machines"}"#;
    let properties = |name: &str| {
        format!(
            r#"{{"execute": "qom-list-properties", "arguments": {{"typename": "{name}-machine"}}}}"#
        )
    };
    let [old, new, q35_old, q35_new, none] =
        ["virt-9.2", "virt-10.0", "pc-q35-9.2", "pc-q35-10.0", "none"].map(properties);
    let list = |names: &[&str]| {
        let list: Vec<String> = names.iter().map(|n| format!(r#"{{"name": "{n}"}}"#)).collect();
        format!(r#"{{"return": [{}]}}"#, list.join(", "))
    };
    let differences = compare(
        &[
            (
                machines,
                r#"{"return": [{"name": "virt-9.2", "alias": "virt", "cpu-max": 255, "is-default": true},
                               {"name": "pc-q35-9.2", "cpu-max": 1}]}"#,
            ),
            (&old, &list(&["highmem", "its"])),
            (&q35_old, &list(&["smm"])),
            (&none, &list(&["memory"])),
        ],
        &[
            (&none, &list(&["memory", "new"])),
            (
                machines,
                r#"{"return": [{"name": "virt-9.2", "cpu-max": 255},
                               {"name": "virt-10.0", "alias": "virt", "cpu-max": 512, "is-default": true},
                               {"name": "pc-q35-10.0", "cpu-max": 1}]}"#,
            ),
            (&new, &list(&["highmem", "cxl"])),
            (&q35_new, &list(&["smm", "vmport"])),
        ],
    );
    assert_eq!(
        differences.expect("two captures"),
        [
            "object-property +none-machine.new []",
            // Without an alias, the name counts.
            "object-property +pc-q35-machine.vmport []",
            "object-property +virt-machine.cxl []",
            "object-property -virt-machine.its []",
            "machine-type -pc-q35-9.2 []",
            "machine-type +pc-q35-10.0 []",
            "machine-type virt [cpu-max] 255 -> 512",
            "machine-type virt [stands for] virt-9.2 -> virt-10.0",
            "machine-type +virt-10.0 [alias virt]",
        ]
    );
}

#[test]
fn a_question_is_the_same_in_any_order_of_its_arguments() {
    let ask = |arguments: &str| format!(r#"{{"execute": "query-x", "arguments": {arguments}}}"#);
    let [a, b] = [r#"{"a": 1, "b": {"c": 2, "d": 3}}"#, r#"{"b": {"d": 3, "c": 2}, "a": 1}"#];
    let [a, b] = [ask(a), ask(b)];
    let differences = compare(&[(&a, r#"{"return": 1}"#)], &[(&b, r#"{"return": 2}"#)]);
    let expected = [r#"answer query-x {"a":1,"b":{"c":2,"d":3}} [] 1 -> 2"#];
    assert_eq!(differences.expect("two captures"), expected);
}

/// Surveys recorded on different days, one with an answer in another order for one release.
#[test]
fn how_a_survey_was_recorded_is_no_difference() {
    let walk = r#"{"execute": "qemu-caps:walk", "arguments": {"baseline": "12.8", "command": {"execute": "query-x"}}}"#;
    let origin = r#"{"execute": "qemu-caps:provenance"}"#;
    let run = r#"{"execute": "qemu-caps:run", "arguments": {"argv": ["-help"]}}"#;
    let first = [(run, r#"{"return": 1}"#), (origin, r#"{"return": {"recorded": "2026-11-25"}}"#)];
    let second = [
        (run, r#"{"return": 2}"#),
        (walk, r#"{"return": [2, 1]}"#),
        (origin, r#"{"return": {"recorded": "2026-11-26"}}"#),
    ];
    let differences = compare(&first, &second).expect("two captures");
    assert_eq!(differences, [r#"answer qemu-caps:run {"argv":["-help"]} [] 1 -> 2"#]);
}

#[test]
fn differences_of_the_host_are_marked() {
    let version = |package: &str| {
        format!(
            r#"{{"return": {{"qemu": {{"major": 9, "minor": 2, "micro": 0}}, "package": "{package}"}}}}"#
        )
    };
    let cpus = |blocked: &str| {
        format!(r#"{{"return": [{{"name": "max", "unavailable-features": [{blocked}]}}]}}"#)
    };
    let expansion = |value: &str| {
        format!(r#"{{"return": {{"model": {{"name": "max", "props": {{"avx": {value}}}}}}}}}"#)
    };
    let ask_version = r#"{"execute": "query-version"}"#;
    let ask_cpus = r#"{"execute": "query-cpu-definitions"}"#;
    let expand = r#"{"execute": "query-cpu-model-expansion", "arguments": {"type": "full"}}"#;
    let sev = r#"{"execute": "query-sev-capabilities"}"#;
    let differences = compare(
        &[
            START,
            (ask_version, &version("a")),
            KVM,
            (ask_cpus, &cpus("")),
            (sev, r#"{"return": {"cbitpos": 47}}"#),
            START,
            (ask_cpus, &cpus(r#""b", "a""#)),
            (expand, &expansion("true")),
        ],
        &[
            START,
            (ask_version, &version("b")),
            NO_KVM,
            (ask_cpus, &cpus(r#""a""#)),
            (sev, r#"{"error": {"class": "GenericError", "desc": "none"}}"#),
            (expand, &expansion("false")),
        ],
    );
    assert_eq!(
        differences.expect("two captures"),
        [
            "version package [] a -> b (host)",
            r#"answer query-kvm [] {"enabled":true,"present":true} -> {"enabled":false,"present":true} (host)"#,
            r#"answer query-sev-capabilities [] {"cbitpos":47} -> GenericError: none (host)"#,
            "answer -session with kvm [] (host)",
            "cpu-blocker max [unavailable-features] a b -> a (host)",
            r#"cpu-expansion query-cpu-model-expansion {"type":"full"} [property avx] true -> false (host)"#,
        ]
    );
}

#[test]
fn flags_are_compared_where_both_sides_have_them() {
    let conversation = conversation(&[START]);
    let old: FlagSet = [Flag::Kvm, Flag::Vnc].into_iter().collect();
    let new: FlagSet = [Flag::Vnc, Flag::Sdl].into_iter().collect();
    let plain = Side::new(&conversation);
    let differences = diff(
        &plain.with_flags(old, Baseline::Libvirt11_3),
        &plain.with_flags(new, Baseline::Libvirt12_8),
    )
    .expect("two captures");
    let lines: Vec<String> = differences.iter().map(line).collect();
    assert_eq!(lines, ["flag -kvm [] (host)", "flag +sdl []"]);
    assert_eq!(diff(&plain.with_flags(old, Baseline::Libvirt11_3), &plain), Ok(Vec::new()));
}

#[test]
fn a_malformed_reply_is_an_error_that_names_the_capture() {
    let command = r#"{"execute": "query-machines"}"#;
    let good = [(command, r#"{"return": []}"#)];
    let bad = [(command, r#"{"return": [{"alias": "pc"}]}"#)];
    let message =
        |first: &[_], second: &[_]| compare(first, second).expect_err("no name").to_string();
    assert_eq!(
        message(&good, &bad),
        "second capture, line 8: expected elements with a string as name in the reply to `query-machines`"
    );
    assert!(message(&bad, &good).starts_with("first capture, line 8: "));
}

/// The same value with other type numbers, and with the elements of all lists in another order.
fn shuffled(mut value: Value) -> Value {
    match &mut value {
        Value::Array(elements) => {
            elements.reverse();
            *elements = std::mem::take(elements).into_iter().map(shuffled).collect();
        }
        Value::Object(members) => {
            let entry = members.contains_key("meta-type");
            for (key, member) in members {
                let of_type = key.ends_with("type") && key != "meta-type" || entry && key == "name";
                *member = match shuffled(member.take()) {
                    Value::String(name) if of_type => Value::String(renumbered(&name)),
                    other => other,
                };
            }
        }
        _ => {}
    }
    value
}

/// Types are named by their numbers, arrays by the numbers of their elements in brackets.
fn renumbered(name: &str) -> String {
    let inner = name.trim_start_matches('[').trim_end_matches(']');
    match inner.parse::<u32>() {
        Ok(number) => name.replace(inner, &(number + 1000).to_string()),
        Err(_) => name.to_owned(),
    }
}

#[test]
fn conformance_renumbered_types_and_reordered_replies_are_no_difference() {
    let Some(captures) = captures("diff of shuffled captures") else { return };
    for (id, conversation) in conversations(&captures) {
        let mut builder = ConversationBuilder::default();
        for exchange in conversation.exchanges() {
            let reply = serde_json::from_str(exchange.reply_text()).expect("JSON");
            builder.push(exchange.command_text(), &shuffled(reply).to_string()).expect("JSON");
        }
        let other = Conversation::parse(builder.text()).expect("a conversation");
        assert_ne!(other.text(), conversation.text());
        let differences = diff(&Side::new(&conversation), &Side::new(&other)).expect("captures");
        let lines: Vec<String> = differences.iter().map(line).collect();
        assert!(lines.is_empty(), "{id}: {lines:#?}");
    }
}

#[test]
fn conformance_what_9_2_and_10_0_differ_in_on_x86_64() {
    let Some(captures) = captures("diff of 9.2.0 and 10.0.0") else { return };
    let conversations = conversations(&captures);
    let [old, new] = ["9.2.0_x86_64", "10.0.0_x86_64"].map(|name| {
        let found = conversations.iter().find(|(id, _)| id.to_string() == name);
        Side::new(&found.expect(name).1)
    });
    let differences = diff(&old, &new).expect("captures");
    let lines: Vec<String> = differences.iter().filter(|d| !d.host).map(line).collect();
    for expected in [
        "version qemu [] 9.2.0 -> 10.0.0",
        "command +blockdev-set-active []",
        "event +NETDEV_VHOST_USER_CONNECTED []",
        "member +blockdev-add/arg-type/active [optional, bool]",
        "variant +chardev-add/arg-type/backend/+hub []",
        "enum-value +migrate/arg-type/channels/channel-type/^cpr []",
        "qom-type -sysbus-ahci []",
        "device-property intel-iommu.aw-bits [default-value] 39 -> 48",
        "device-property VGA.addr [type] int32 -> str",
        "machine-type q35 [stands for] pc-q35-9.2 -> pc-q35-10.0",
        "cpu-model +YongFeng [alias-of YongFeng-v1]",
        "option overcommit.mem-lock [type] boolean -> string",
    ] {
        assert!(lines.contains(&expected.to_owned()), "{expected} is not among {lines:#?}");
    }
    assert!(differences.iter().all(|d| d.kind != DifferenceKind::Feature), "{lines:#?}");
}
