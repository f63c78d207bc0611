//! How libvirt 12.8 interprets answers, where it differs from 11.3.

use caps_core::{Accel, Baseline, Capabilities, Flag};

use crate::scripted::{EXPANSION, Scripted, lines};

fn qemu(target: &str) -> Scripted {
    let version = r#"{"qemu":{"major":9,"minor":1,"micro":0},"package":""}"#;
    Scripted::new(target).for_baseline(Baseline::Libvirt12_8).with("query-version", version)
}

/// A QEMU with `query-accelerators` and this answer.
fn with_accelerators(answer: &str, more: &[&str]) -> Scripted {
    let commands: Vec<&str> = ["query-accelerators"].iter().chain(more).copied().collect();
    qemu("x86_64").with_commands(&commands).with("query-accelerators", answer)
}

fn accels(caps: &Capabilities) -> Vec<Accel> {
    caps.accels().collect()
}

fn asked(asked: &[String], command: &str) -> bool {
    asked.iter().any(|question| question.split(' ').next() == Some(command))
}

#[test]
fn the_accelerator_in_use_is_the_enabled_one() {
    let cases: [(&str, &[Accel], &str); 5] = [
        (r#"{"enabled":"kvm","present":["tcg"]}"#, &[Accel::Kvm, Accel::Tcg], "host"),
        (r#"{"enabled":"hvf"}"#, &[Accel::Hvf, Accel::Tcg], "host"),
        (r#"{"enabled":"mshv","present":7}"#, &[Accel::Mshv, Accel::Tcg], "host"),
        // It is known to be TCG before the types are, so the model is `max` from the beginning.
        (r#"{"enabled":"tcg","present":["kvm"]}"#, &[Accel::Tcg], "max"),
        (r#"{"enabled":"xen"}"#, &[Accel::Tcg], "host"),
    ];
    for (answer, expected, model) in cases {
        let (caps, commands) = with_accelerators(answer, &[EXPANSION])
            .failing(EXPANSION, "GenericError")
            .with_types(&["tcg-accel"])
            .with_kvm()
            .probe();
        assert_eq!(accels(&caps), expected, "{answer}");
        assert!(!asked(&commands, "query-kvm"));
        let first = commands.iter().find(|c| c.starts_with(EXPANSION)).expect("an expansion");
        assert!(first.contains(&format!(r#""name":"{model}""#)), "{answer}: {first}");
        let sessions = commands.iter().filter(|c| *c == "qmp_capabilities").count();
        assert_eq!(sessions, if caps.is_accelerated() { 2 } else { 1 }, "{answer}");
    }
}

#[test]
fn what_is_enabled_must_be_stated() {
    let error = with_accelerators(r#"{"present":["kvm"]}"#, &[]).error();
    assert_eq!(
        error,
        "can't use the answer to `query-accelerators`: expected the string `enabled`, found nothing"
    );
}

#[test]
fn a_qemu_without_query_accelerators_is_asked_as_before() {
    let mut old = qemu("aarch64").with_types(&["tcg-accel"]);
    old.hvf = true;
    let (caps, commands) = old.probe();
    assert_eq!(accels(&caps), [Accel::Hvf, Accel::Tcg]);
    assert!(asked(&commands, "query-kvm"));
    let mut new = with_accelerators(r#"{"enabled":"tcg"}"#, &[]);
    new.hvf = true;
    assert_eq!(accels(&new.probe().0), [Accel::Tcg], "the host is not looked at");
}

#[test]
fn mshv_has_a_block_of_its_own() {
    let (caps, _) = with_accelerators(r#"{"enabled":"mshv"}"#, &[])
        .with("query-machines", r#"[{"name":"pc","cpu-max":1}]"#)
        .with_types(&["tcg-accel"])
        .probe();
    assert_eq!(
        lines(&caps, "mshv"),
        [
            "<flag name='mshv'/>",
            "<machine type='mshv' name='pc' maxCpus='1' numaMemSupported='yes'/>"
        ]
    );
    let xml = caps_core::xml::write(&caps);
    assert_eq!(caps_core::xml::read(&xml).as_ref(), Ok(&caps));
}

#[test]
fn what_is_no_longer_asked_sets_no_flag() {
    let (caps, commands) = qemu("x86_64")
        .with_commands(&["set-action"])
        .with("query-tpm-models", r#"["tpm-crb"]"#)
        .with("query-migrate-capabilities", r#"[{"capability":"rdma-pin-all"}]"#)
        .with_types(&["tpm-tis-i2c", "tpm-emulator"])
        .probe();
    for command in ["query-tpm-models", "query-tpm-types", "query-migrate-capabilities"] {
        assert!(!asked(&commands, command), "{command}");
    }
    let flags: Vec<Flag> = caps.flags.iter().collect();
    assert_eq!(flags, [Flag::DeviceTpmTis, Flag::DeviceTpmEmulator]);
    let (caps, _) = Scripted::new("x86_64").with_types(&["tpm-tis", "nvme"]).probe();
    assert!(caps.flags.is_empty(), "11.3 asks for TPM models, and does not know `nvme`");
}

#[test]
fn tdx_is_taken_back_where_the_host_lacks_it() {
    for tdx in [true, false] {
        let mut qemu = qemu("x86_64").with_types(&["tdx-guest"]);
        qemu.tdx = tdx;
        assert_eq!(qemu.probe().0.has(Flag::TdxGuest), tdx);
    }
}

#[test]
fn a_rule_can_be_settled_by_either_of_two_devices() {
    let question = r#"device-list-properties {"typename":"virtio-mem-ccw"}"#;
    let (caps, _) = qemu("s390x")
        .with_types(&["virtio-mem-ccw"])
        .with(question, r#"[{"name":"prealloc"}]"#)
        .probe();
    assert!(caps.has(Flag::DeviceVirtioMemPciPrealloc));
    assert!(!caps.has(Flag::DeviceVirtioMemPciDynamicMemslots));
}

#[test]
fn the_feature_of_an_enum_value_shows_a_flag() {
    let schema = |features: &str| {
        let schema = format!(
            r#"[{{"name":"dump-guest-memory","meta-type":"command","arg-type":"1"}},
                {{"name":"1","meta-type":"object","members":[{{"name":"format","type":"2"}}]}},
                {{"name":"2","meta-type":"enum","members":[{{"name":"win-dmp"{features}}}]}}]"#
        );
        qemu("x86_64").with("query-qmp-schema", &schema).probe().0.has(Flag::WinDmpGuestAware)
    };
    assert!(schema(r#","features":["allowed-by-guest"]"#));
    assert!(!schema(""));
}

#[test]
fn both_lists_of_deprecated_properties_are_kept() {
    let of_model = format!(r#"{EXPANSION} {{"type":"static","model":{{"name":"host"}}}}"#);
    let full = format!(r#"{EXPANSION} {{"type":"full","model":{{"name":"host"}}}}"#);
    let model = |list: &str| format!(r#"{{"model":{{"name":"m","props":{{}}}}{list}}}"#);
    let listed = |baseline, a: &str, b: Option<&str>| {
        let schema = r#"[{"name":"query-cpu-model-expansion","meta-type":"command","ret-type":"1"},
            {"name":"1","meta-type":"object","members":[{"name":"deprecated-props","type":"1"}]}]"#;
        let qemu = Scripted::new("s390x")
            .for_baseline(baseline)
            .with("query-qmp-schema", schema)
            .with(&of_model, &model(a));
        let qemu = match b {
            Some(b) => qemu.with(&full, &model(b)),
            None => qemu.failing(&full, "GenericError"),
        };
        let xml = caps_core::xml::write(&qemu.probe().0);
        let found = ["deprecatedFeatures", "hostDeprecatedFeatures"].map(|element| {
            let (_, rest) = xml.split_once(&format!("<{element}>"))?;
            rest.split('\'').nth(1).map(str::to_owned)
        });
        found.map(Option::unwrap_or_default)
    };
    let (a, b) = (r#","deprecated-props":["a"]"#, r#","deprecated-props":["b"]"#);
    let cases = [
        (a, Some(b), ["b", ""], ["b", "a"]),
        (a, None, ["a", ""], ["", "a"]),
        (a, Some(r#","deprecated-props":[]"#), ["a", ""], ["", "a"]),
        ("", Some(b), ["b", ""], ["b", ""]),
        ("", Some(""), ["", ""], ["", ""]),
    ];
    for (first, second, old, new) in cases {
        assert_eq!(listed(Baseline::Libvirt11_3, first, second), old, "{first} {second:?}");
        assert_eq!(listed(Baseline::Libvirt12_8, first, second), new, "{first} {second:?}");
    }
}

#[test]
fn hyper_v_has_values() {
    let hyper_v = |properties: &str| {
        let reply = format!(r#"{{"model":{{"name":"m","props":{{{properties}}}}}}}"#);
        let (caps, _) = qemu("x86_64").with_commands(&[EXPANSION]).with(EXPANSION, &reply).probe();
        let xml = caps_core::xml::write(&caps);
        let read = caps_core::xml::read(&xml).expect("what was written");
        assert_eq!(caps_core::xml::write(&read), xml);
        let inside = xml.split_once("<hypervCapabilities supported='yes'>");
        let lines = inside.map(|(_, rest)| rest.split_once("</hyperv").expect("its end").0.lines());
        lines.map(|lines| lines.map(str::trim).collect::<String>()).unwrap_or_default()
    };
    let cases = [
        (
            r#""hv-stimer-direct":true,"hv-spinlocks":4095"#,
            "<cap name='spinlocks'/><spinlocks>4095</spinlocks><stimer_direct>on</stimer_direct>",
        ),
        (r#""hv-spinlocks":4294967295"#, "<cap name='spinlocks'/>"),
        // The low 32 bits count for the value, all of it for the name.
        (r#""hv-spinlocks":4294967297"#, "<cap name='spinlocks'/><spinlocks>1</spinlocks>"),
        (
            r#""hv-spinlocks":-2,"hv-ipi":true"#,
            "<cap name='ipi'/><spinlocks>4294967294</spinlocks>",
        ),
        (r#""hv-spinlocks":0,"hv-vendor-id":"""#, "<cap name='vendor_id'/>"),
        (r#""hv-vendor-id":"a<b""#, "<cap name='vendor_id'/><vendor_id>a&lt;b</vendor_id>"),
        (
            r#""hv-tlbflush-ext":false,"hv-tlbflush-direct":true,"hv-tlbflush":1"#,
            "<cap name='tlbflush'/><tlbflush_direct>on</tlbflush_direct><tlbflush_extended>off</tlbflush_extended>",
        ),
        // The five say nothing with a value of another type, and nothing alone.
        (
            r#""hv-spinlocks":true,"hv-vendor-id":1,"hv-stimer-direct":1,"hv-vapic":true"#,
            "<cap name='vapic'/>",
        ),
        (r#""hv-stimer-direct":true,"hv-tlbflush-ext":true"#, ""),
        (
            r#""hv-xmm-input":true,"hv-emsr_bitmap":true,"hv-unheard-of":true"#,
            "<cap name='emsr_bitmap'/><cap name='xmm_input'/>",
        ),
    ];
    for (properties, expected) in cases {
        assert_eq!(hyper_v(properties), expected, "{properties}");
    }
}

#[test]
fn power11_and_the_oldest_qemu() {
    let probe = |baseline| {
        let (caps, _) = Scripted::new("ppc64")
            .for_baseline(baseline)
            .with_commands(&["query-cpu-definitions"])
            .with("query-cpu-definitions", r#"[{"name":"power11"}]"#)
            .probe();
        caps.tcg.cpus.expect("a list")[0].name.clone()
    };
    assert_eq!([Baseline::Libvirt11_3, Baseline::Libvirt12_8].map(probe), ["power11", "POWER11"]);
    let version = |minor| {
        let version = format!(r#"{{"qemu":{{"major":7,"minor":{minor},"micro":9}},"package":""}}"#);
        qemu("x86_64").with("query-version", &version)
    };
    assert!(version(1).error().ends_with("QEMU 7.1.9 is too old, expected 7.2.0 or newer"));
    assert_eq!(version(2).probe().0.version.to_string(), "7.2.9");
}
