//! Differences outside of the schema: machine types and other tables, what depends on the host, flags.

use caps_core::diff::{Side, diff};
use caps_core::{Baseline, Flag, FlagSet};

use crate::corpus::conversation;
use crate::diff::{compare, line};

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
fn a_table_without_entries_has_no_fields_to_miss() {
    let machines = r#"{"execute": "query-machines"}"#;
    let (empty, one) = (r#"{"return": []}"#, r#"{"return": [{"name": "pc", "acpi": true}]}"#);
    for (old, new, expected) in
        [(empty, one, "machine-type +pc []"), (one, empty, "machine-type -pc []")]
    {
        let differences = compare(&[(machines, old)], &[(machines, new)]);
        assert_eq!(differences.expect("two captures"), [expected]);
    }
}

/// What follows the last dash of `sbsa-ref` is no version.
#[test]
fn a_machine_type_without_a_version_is_compared_by_its_whole_name() {
    let properties = |name: &str| {
        format!(
            r#"{{"execute": "qom-list-properties", "arguments": {{"typename": "{name}-machine"}}}}"#
        )
    };
    let list = r#"{"return": [{"name": "memory"}]}"#;
    for (old, new, is_same) in [
        ("sbsa-ref", "sbsa-max", false),
        ("raspi3-ap", "raspi3-b.", false),
        ("x-remote.1", "x-remote.2", false),
        ("pc-q35-9.2", "pc-q35-10.0", true),
        ("pc-9", "pc-10", false),
    ] {
        let differences =
            compare(&[(&properties(old), list)], &[(&properties(new), list)]).expect("captures");
        assert_eq!(differences.is_empty(), is_same, "{old} {new}: {differences:?}");
    }
}

#[test]
fn flags_of_one_release_are_no_difference() {
    let conversation = conversation(&[START]);
    let plain = Side::new(&conversation);
    let [old, new] = [Baseline::Libvirt11_3, Baseline::Libvirt12_8];
    let newer: FlagSet =
        Flag::ALL.iter().copied().filter(|flag| flag.is_live(new) != flag.is_live(old)).collect();
    assert!(!newer.is_empty());
    let first = plain.with_flags(FlagSet::default(), old);
    assert_eq!(diff(&first, &plain.with_flags(newer, new)), Ok(Vec::new()));
}
