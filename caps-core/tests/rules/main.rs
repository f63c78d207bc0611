//! Interpreting answers in cases that no capture of a real QEMU covers.

mod hosts;
mod newer;
mod scripted;

use caps_core::Flag;
use scripted::{EXPANSION, Scripted, lines};

#[test]
fn the_package_is_written_raw() {
    let (caps, _) = Scripted::new("sparc").probe();
    assert_eq!(lines(&caps, "package"), ["<package>a<b</package>"]);
    assert!(caps.has(Flag::ScsiNcr53c90), "implied by the architecture");
}

#[test]
fn commands_that_are_not_found_are_not_supported() {
    let (_, asked) = Scripted::new("aarch64")
        .failing("query-tpm-models", "CommandNotFound")
        .failing("query-gic-capabilities", "CommandNotFound")
        .probe();
    assert!(asked.contains(&"query-gic-capabilities".to_owned()));
    assert!(!asked.contains(&"query-tpm-types".to_owned()), "{asked:?}");
}

#[test]
fn an_empty_list_of_tpm_models_is_an_answer() {
    let (caps, asked) = Scripted::new("x86_64").with("query-tpm-types", r#"["emulator"]"#).probe();
    assert!(asked.contains(&"query-tpm-types".to_owned()));
    assert!(caps.has(Flag::DeviceTpmEmulator));
}

#[test]
fn other_errors_are_fatal() {
    let cases = [
        ("query-tpm-models", "GenericError"),
        ("query-machines", "CommandNotFound"),
        ("query-command-line-options", "GenericError"),
        ("device-list-properties", "GenericError"),
        ("qom-list-types", "GenericError"),
    ];
    for (command, class) in cases {
        let error = Scripted::new("x86_64").failing(command, class).error();
        assert!(error.contains(command) && error.ends_with(&format!("{class}: no")), "{error}");
    }
}

#[test]
fn cpu_definitions_that_fail_leave_no_list() {
    let qemu = || Scripted::new("x86_64").with_commands(&["query-cpu-definitions"]);
    let (caps, _) = qemu().failing("query-cpu-definitions", "GenericError").probe();
    assert_eq!(caps.tcg.cpus, None);
    let cpus = r#"[{"name":"max","typename":"","unavailable-features":["lahf-lm","x"]},
                   {"name":"old","typename":"t","deprecated":true,"unavailable-features":[]},
                   {"name":"new","unavailable-features":7}]"#;
    let (caps, _) = qemu().with("query-cpu-definitions", cpus).probe();
    assert!(caps.has(Flag::CpuMax));
    assert_eq!(
        lines(&caps, "<cpu ").join("\n"),
        "<cpu type='tcg' name='max' usable='no'>\n\
         <cpu type='tcg' name='old' typename='t' usable='yes' deprecated='yes'/>\n\
         <cpu type='tcg' name='new'/>"
    );
    // libvirt's spelling in memory, QEMU's in the file.
    assert_eq!(caps.tcg.cpus.as_ref().expect("a list")[0].blockers, ["lahf_lm", "x"]);
    assert_eq!(lines(&caps, "<blocker"), ["<blocker name='lahf-lm'/>", "<blocker name='x'/>"]);
}

#[test]
fn ppc64_cpu_models_get_the_spelling_of_libvirt() {
    let (caps, _) = Scripted::new("ppc64")
        .with_commands(&["query-cpu-definitions"])
        .with(
            "query-cpu-definitions",
            r#"[{"name":"power9"},{"name":"powerpc_E5500"},{"name":"970"}]"#,
        )
        .probe();
    let names: Vec<String> = caps.tcg.cpus.iter().flatten().map(|cpu| cpu.name.clone()).collect();
    assert_eq!(names, ["POWER9", "POWERPC_e5500", "970"]);
}

#[test]
fn sgx_needs_sections() {
    let qemu = || Scripted::new("x86_64").with_types(&["sgx-epc"]);
    let (caps, _) =
        qemu().with("query-sgx-capabilities", r#"{"flc":true,"sgx1":true,"sgx2":false}"#).probe();
    assert!(!caps.has(Flag::SgxEpc) && caps.sgx.is_none());
    let (caps, _) = qemu().failing("query-sgx-capabilities", "GenericError").probe();
    assert!(!caps.has(Flag::SgxEpc));
    // Each section is divided, and the total is the sum of these.
    let sections = r#"{"flc":true,"sgx1":true,"sgx2":false,
                       "sections":[{"size":2047,"node":0},{"size":2047,"node":1}]}"#;
    let (caps, _) = qemu().with("query-sgx-capabilities", sections).probe();
    assert!(caps.has(Flag::SgxEpc));
    assert_eq!(lines(&caps, "section_size"), ["<section_size unit='KiB'>2</section_size>"]);
    assert_eq!(lines(&caps, "<section ").len(), 2);
    let total = r#"{"flc":true,"sgx1":true,"sgx2":false,"section-size":5000,"sections":[]}"#;
    let (caps, _) = qemu().with("query-sgx-capabilities", total).probe();
    assert_eq!(lines(&caps, "section"), ["<section_size unit='KiB'>4</section_size>"]);
    let error = qemu().with("query-sgx-capabilities", r#"{"sgx1":true,"sgx2":true}"#).error();
    assert!(error.ends_with("expected the boolean `flc`, found nothing"), "{error}");
}

#[test]
fn sev_is_taken_back_for_both_kinds_of_guests() {
    let qemu = || Scripted::new("x86_64").with_types(&["sev-guest", "sev-snp-guest"]);
    let (caps, _) = qemu().failing("query-sev-capabilities", "GenericError").probe();
    assert!(!caps.has(Flag::SevGuest) && !caps.has(Flag::SevSnpGuest));
    let data = r#"{"cbitpos":51,"reduced-phys-bits":1,"pdh":"P","cert-chain":"C"}"#;
    let (caps, _) = qemu().with("query-sev-capabilities", data).probe();
    assert!(caps.has(Flag::SevGuest) && caps.has(Flag::SevSnpGuest));
    assert_eq!(lines(&caps, "cpu0Id"), [""; 0]);
    let error = qemu().failing("query-sev-capabilities", "CommandNotFound").error();
    assert!(error.contains("CommandNotFound"), "{error}");
}

#[test]
fn the_preferred_machine_comes_first_else_the_last_default() {
    let machine = |name: &str, more: &str| format!(r#"{{"name":"{name}","cpu-max":1{more}}}"#);
    let probe = |target: &str, machines: &[String]| {
        let list = format!("[{}]", machines.join(","));
        let (caps, asked) = Scripted::new(target).with("query-machines", &list).probe();
        let names: Vec<String> = caps.tcg.machines.iter().map(|m| m.name.clone()).collect();
        (names.join(" "), asked, caps)
    };
    let machines = [
        machine("a", r#","is-default":true"#),
        machine("none", ""),
        machine("virt-1", r#","alias":"virt""#),
        machine("virt-2", r#","alias":"virt","numa-mem-supported":false,"acpi":false"#),
        machine("b", r#","is-default":true,"hotpluggable-cpus":3"#),
    ];
    let (names, asked, caps) = probe("aarch64", &machines);
    assert_eq!(names, "virt-2 a virt-1 b");
    assert!(asked.contains(&r#"qom-list-properties {"typename":"virt-2-machine"}"#.to_owned()));
    assert_eq!(
        lines(&caps, "<machine")[0],
        "<machine type='tcg' name='virt-2' alias='virt' maxCpus='1' acpi='no'/>"
    );
    let (names, ..) = probe("aarch64", &machines[1..2]);
    assert_eq!(names, "", "the machine `none` is no machine type to choose");
}

#[test]
fn without_a_preferred_machine_the_last_default_comes_first() {
    let machines = r#"[{"name":"a","is-default":true},{"name":"b"},{"name":"c","is-default":true},{"name":"d"}]"#;
    let (caps, _) = Scripted::new("s390x").with("query-machines", machines).probe();
    let names: Vec<&str> = caps.tcg.machines.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["c", "a", "b", "d"]);
}

#[test]
fn a_malformed_member_of_a_machine_is_fatal() {
    for (member, expected) in [
        (r#""alias":1"#, "expected the string `alias`, found a JSON number"),
        (r#""cpu-max":-1"#, "expected the unsigned 32-bit integer `cpu-max`, found a JSON number"),
        (r#""acpi":"yes""#, "expected the boolean `acpi`, found a JSON string"),
    ] {
        let list = format!(r#"[{{"name":"none",{member}}}]"#);
        let error = Scripted::new("x86_64").with("query-machines", &list).error();
        assert_eq!(error, format!("can't use the answer to `query-machines`: {expected}"));
    }
}

#[test]
fn duplicate_device_properties_are_refused() {
    let error = Scripted::new("x86_64")
        .with("device-list-properties", r#"[{"name":"scsi"},{"name":"scsi"}]"#)
        .error();
    assert!(error.contains("expected each property once"), "{error}");
}

#[test]
fn a_default_of_false_is_a_flag_of_its_own() {
    for (default, off) in [("false", true), ("true", false), ("0", false)] {
        let list = format!(r#"[{{"name":"scsi","default-value":{default}}}]"#);
        let (caps, _) = Scripted::new("x86_64").with("device-list-properties", &list).probe();
        assert!(caps.has(Flag::VirtioBlkScsi));
        assert_eq!(caps.has(Flag::VirtioBlkScsiDefaultDisabled), off, "{default}");
    }
}

#[test]
fn of_a_repeated_option_the_last_entry_counts() {
    let list =
        r#"[{"option":"spice","parameters":[{"name":"gl"}]},{"option":"spice","parameters":[]}]"#;
    let (caps, _) = Scripted::new("x86_64").with("query-command-line-options", list).probe();
    assert!(caps.has(Flag::Spice) && !caps.has(Flag::SpiceGl));
}

#[test]
fn values_that_libvirt_cannot_keep_are_dropped() {
    let reply = r#"{"model":{"name":"base","props":{"a":1.5,"b":9223372036854775808,"c":null,
                    "d":[],"e":{},"f":-9223372036854775808,"g":"","h":true}}}"#;
    let (caps, asked) =
        Scripted::new("riscv64").with_commands(&[EXPANSION]).with(EXPANSION, reply).probe();
    assert!(
        asked.contains(&format!(r#"{EXPANSION} {{"type":"static","model":{{"name":"host"}}}}"#))
    );
    assert_eq!(
        lines(&caps, "<property"),
        [
            "<property name='f' type='number' value='-9223372036854775808'/>",
            "<property name='g' type='string' value=''/>",
            "<property name='h' type='boolean' value='true'/>"
        ]
    );
}

#[test]
fn only_s390_expansions_may_lack_properties() {
    let reply = r#"{"model":{"name":"z15"}}"#;
    let qemu = |target| Scripted::new(target).with_commands(&[EXPANSION]).with(EXPANSION, reply);
    let (caps, _) = qemu("s390x").probe();
    assert_eq!(lines(&caps, "hostCPU").len(), 2, "start and end tag on lines of their own");
    assert!(qemu("riscv64").error().ends_with("expected the object `props`, found nothing"));
}

#[test]
fn an_expansion_that_fails_leaves_no_host_cpu() {
    let (caps, asked) = Scripted::new("x86_64")
        .with_commands(&[EXPANSION])
        .failing(EXPANSION, "GenericError")
        .probe();
    assert!(caps.tcg.host_cpu.is_none() && caps.hyperv.is_none());
    // Not the one for migration, which needs the base; but the one for Hyper-V.
    assert_eq!(asked.iter().filter(|command| command.starts_with(EXPANSION)).count(), 2);
    let error =
        Scripted::new("x86_64").with_commands(&[EXPANSION]).failing(EXPANSION, "Other").error();
    assert!(error.contains("Other: no"), "{error}");
}

#[test]
fn without_canonical_names_an_x86_expansion_takes_two_commands() {
    let model = r#"{"name":"base","props":{"x":true,"y":{"z":[1, 2]}}}"#;
    let first = format!(r#"{EXPANSION} {{"type":"static","model":{{"name":"host"}}}}"#);
    let second = format!(
        r#"{EXPANSION} {{"type":"full","model":{{"name":"base","props":{{"x":true,"y":{{"z":[1,2]}}}}}}}}"#
    );
    let (caps, asked) = Scripted::new("x86_64")
        .with_commands(&[EXPANSION])
        .with(&first, &format!(r#"{{"model":{model}}}"#))
        .with(&second, r#"{"model":{"name":"full","props":{"x":false}}}"#)
        .failing(EXPANSION, "GenericError")
        .probe();
    let commands: Vec<&String> = asked.iter().filter(|c| c.starts_with(EXPANSION)).collect();
    assert_eq!(commands[0], &first);
    assert_eq!(commands[1], &second);
    assert_eq!(caps.tcg.host_cpu.expect("expanded").model, "full");
}

#[test]
fn migratability_is_learned_by_comparing_two_expansions() {
    let plain = r#"{"type":"static","model":{"name":"host"}}"#;
    let all = r#"{"type":"static","model":{"name":"host","props":{"migratable":false}}}"#;
    let hyper_v = r#"{"type":"full","model":{"name":"host","props":{"migratable":false,"hv-passthrough":true}}}"#;
    let canonical = r#"qom-list-properties {"typename":"max-x86_64-cpu"}"#;
    let (caps, _) = Scripted::new("x86_64")
        .with_commands(&[EXPANSION])
        .with_types(&["max-x86_64-cpu"])
        .with(canonical, r#"[{"name":"unavailable-features"}]"#)
        .with(
            &format!("{EXPANSION} {plain}"),
            r#"{"model":{"name":"base","props":{"on":true,"off":false,"inv":false,"text":"t","mine":true}},
                "deprecated-props":["p"]}"#,
        )
        .with(
            &format!("{EXPANSION} {all}"),
            r#"{"model":{"name":"base","props":{"inv":true,"on":true,"off":false,"text":"t","new":true}}}"#,
        )
        .with(
            &format!("{EXPANSION} {hyper_v}"),
            r#"{"model":{"name":"base","props":{"hv-vapic":true,"hv-relaxed":1,"hv-spinlocks":-1,
                "hv-vendor-id":"","hv-xmm-input":true,"hv-unheard-of":true,"hv-ipi":false}}}"#,
        )
        .probe();
    assert_eq!(
        lines(&caps, "<property"),
        [
            "<property name='on' type='boolean' value='true' migratable='yes'/>",
            "<property name='off' type='boolean' value='false'/>",
            "<property name='inv' type='boolean' value='true' migratable='no'/>",
            "<property name='text' type='string' value='t'/>",
            "<property name='mine' type='boolean' value='true'/>",
            "<property name='p'/>",
        ]
    );
    let caps_lines = lines(&caps, "<cap ");
    let names: Vec<&str> = caps_lines.iter().filter_map(|line| line.split('\'').nth(1)).collect();
    assert_eq!(names, ["relaxed", "vapic", "vendor_id", "xmm_input"]);
}

#[test]
fn the_second_session_follows_acceleration_and_tcg() {
    let (caps, asked) = Scripted::new("x86_64").with_types(&["tcg-accel"]).with_kvm().probe();
    assert_eq!(asked.iter().filter(|command| *command == "qmp_capabilities").count(), 2);
    assert_eq!(asked.last().map(String::as_str), Some("query-machines"));
    assert!(caps.has(Flag::Kvm) && caps.has(Flag::Tcg));
    let (_, asked) = Scripted::new("x86_64").with_kvm().probe();
    assert_eq!(asked.iter().filter(|command| *command == "qmp_capabilities").count(), 1);
    let mut qemu = Scripted::new("aarch64").with_types(&["tcg-accel"]);
    qemu.hvf = true;
    let (caps, asked) = qemu.probe();
    assert!(caps.has(Flag::Hvf));
    assert_eq!(asked.iter().filter(|command| *command == "qmp_capabilities").count(), 2);
}

#[test]
fn versions_and_targets_that_can_not_be_probed_are_refused() {
    let version = |major, minor| {
        let version =
            format!(r#"{{"qemu":{{"major":{major},"minor":{minor},"micro":9}},"package":""}}"#);
        Scripted::new("x86_64").with("query-version", &version)
    };
    assert_eq!(
        version(6, 1).error(),
        "can't use the answer to `query-version`: QEMU 6.1.9 is too old, expected 6.2.0 or newer"
    );
    let (caps, _) = version(6, 2).probe();
    assert_eq!(lines(&caps, "package"), ["<package></package>"]);
    assert_eq!(
        Scripted::new("z80").error(),
        "can't use the answer to `query-target`: QEMU's target `z80` is not an architecture that libvirt knows"
    );
    let (caps, _) = Scripted::new("or32").probe();
    assert_eq!(lines(&caps, "<arch>"), ["<arch>openrisc</arch>"]);
}
