//! What a probe asks of its host besides QMP.

use caps_core::probe::{Answer, Host, HostError, Launch, run};
use caps_core::qmp::Command;
use caps_core::{Arch, Baseline, Flag};

use crate::scripted::{EXPANSION, Scripted};

/// A scripted QEMU that notes what is announced.
struct Announced(Scripted, Vec<Launch>);

impl Host for Announced {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.0.start(launch)
    }

    fn announce(&mut self, launch: Launch) {
        self.1.push(launch);
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        self.0.ask(command)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.0.has_hvf(arch)
    }
}

#[test]
fn a_second_session_is_announced_once() {
    for (qemu, expected) in [
        (Scripted::new("x86_64").with_kvm().with_types(&["tcg-accel"]), &[Launch::Tcg][..]),
        (Scripted::new("x86_64"), &[]),
    ] {
        let mut host = Announced(qemu, Vec::new());
        run(Baseline::Libvirt11_3, &mut host).expect("a probe that succeeds");
        assert_eq!(host.1, expected);
    }
}

#[test]
fn the_machine_of_every_x86_is_asked_for_without_a_list() {
    let question = r#"qom-list-properties {"typename":"generic-pc-machine"}"#.to_owned();
    let machines = r#"[{"name":"generic-pc"}]"#;
    for (target, machines, is_asked) in [
        ("x86_64", "[]", true),
        ("i386", "[]", true),
        ("aarch64", "[]", false),
        ("aarch64", machines, true),
    ] {
        let (_, asked) = Scripted::new(target).with("query-machines", machines).probe();
        assert_eq!(asked.contains(&question), is_asked, "{target} {machines}");
    }
}

#[test]
fn a_check_of_the_host_takes_back_its_own_flags_only() {
    let types = ["sev-guest", "sev-snp-guest", "sgx-epc", "vnc"];
    let sgx = r#"{"flc":true,"sgx1":true,"sgx2":false,"sections":[{"size":2048,"node":0}]}"#;
    let qemu = || Scripted::new("x86_64").with_types(&types).with("query-sgx-capabilities", sgx);
    let sev = r#"{"cbitpos":51,"reduced-phys-bits":1,"pdh":"P","cert-chain":"C"}"#;
    let has = |qemu: Scripted| {
        let (caps, _) = qemu.probe();
        [Flag::SevGuest, Flag::SevSnpGuest, Flag::SgxEpc].map(|flag| caps.has(flag))
    };
    assert_eq!(has(qemu().with("query-sev-capabilities", sev)), [true, true, true]);
    let found = qemu().with("query-sev-capabilities", sev).probe().0.sev.expect("what SEV tells");
    assert_eq!((found.cbitpos, found.reduced_phys_bits), (51, 1));
    assert_eq!((found.pdh.as_str(), found.cert_chain.as_str()), ("P", "C"));
    assert_eq!(has(qemu().failing("query-sev-capabilities", "GenericError")), [false, false, true]);
    let without_sgx = qemu()
        .with("query-sev-capabilities", sev)
        .failing("query-sgx-capabilities", "GenericError");
    assert_eq!(has(without_sgx), [true, true, false]);
}

#[test]
fn sev_is_asked_about_where_one_of_its_types_exists() {
    for (types, expected) in
        [(&["sev-guest"][..], true), (&["sev-snp-guest"], true), (&["sgx-epc"], false)]
    {
        let qemu = Scripted::new("x86_64").with_types(types);
        let (_, asked) = qemu
            .failing("query-sev-capabilities", "GenericError")
            .failing("query-sgx-capabilities", "GenericError")
            .probe();
        assert_eq!(asked.iter().any(|one| one == "query-sev-capabilities"), expected, "{types:?}");
    }
}

/// A scripted QEMU of which one session was not recorded.
struct Partial(Scripted, Launch, Launch);

impl Host for Partial {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.1 = launch;
        self.0.start(launch)
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        if self.1 == self.2 { Ok(Answer::Missing) } else { self.0.ask(command) }
    }
}

#[test]
fn only_the_first_session_is_indispensable() {
    let qemu = || Scripted::new("x86_64").with_kvm().with_types(&["tcg-accel"]);
    let mut second = Partial(qemu(), Launch::Accelerated, Launch::Tcg);
    let caps = run(Baseline::Libvirt11_3, &mut second).expect("a probe that succeeds");
    assert!(caps.has(Flag::Kvm) && caps.has(Flag::Tcg));
    let mut first = Partial(qemu(), Launch::Accelerated, Launch::Accelerated);
    let error = run(Baseline::Libvirt11_3, &mut first).expect_err("a probe that fails");
    assert!(error.command.is_some_and(|command| command.contains("qmp_capabilities")));
}

#[test]
fn a_flag_that_needs_two_commands_needs_both() {
    let member = r#"[{"name":"backing-mask-protocol","type":"bool"}]"#;
    let schema = |commit: &str, stream: &str| {
        format!(
            r#"[{{"name":"block-commit","meta-type":"command","arg-type":"1","ret-type":"0"}},
                {{"name":"block-stream","meta-type":"command","arg-type":"2","ret-type":"0"}},
                {{"name":"0","meta-type":"object","members":[]}},
                {{"name":"bool","meta-type":"builtin","json-type":"boolean"}},
                {{"name":"1","meta-type":"object","members":{commit}}},
                {{"name":"2","meta-type":"object","members":{stream}}}]"#
        )
    };
    for (commit, stream, expected) in
        [(member, member, true), (member, "[]", false), ("[]", member, false), ("[]", "[]", false)]
    {
        let qemu = Scripted::new("x86_64").with("query-qmp-schema", &schema(commit, stream));
        assert_eq!(qemu.probe().0.has(Flag::BlockjobBackingMaskProtocol), expected);
    }
}

/// No name of libvirt's is that long, and no bit of a word stands for its length.
#[test]
fn cpu_features_can_have_names_of_any_length() {
    for length in [1, 63, 64, 65, 200] {
        let name = "f".repeat(length);
        let model = format!(r#"{{"model":{{"name":"base","props":{{"{name}":true}}}}}}"#);
        let (caps, _) = Scripted::new("x86_64")
            .with_commands(&[EXPANSION, "query-cpu-definitions"])
            .with(EXPANSION, &model)
            .with(
                "query-cpu-definitions",
                &format!(r#"[{{"name":"m","typename":"t","unavailable-features":["{name}"]}}]"#),
            )
            .probe();
        let models = caps.tcg.cpus.as_ref().expect("models");
        assert_eq!(models[0].blockers.iter().collect::<Vec<_>>().join(" "), name);
        let cpu = caps.tcg.host_cpu.as_ref().expect("a CPU");
        assert!(cpu.properties.iter().any(|property| property.name == name));
    }
}

#[test]
fn an_enlightenment_with_the_number_0_is_off() {
    for (number, expected) in [(0, 0), (1, 1), (-1, 0), (4095, 1)] {
        let model = format!(r#"{{"model":{{"name":"base","props":{{"hv-vapic":{number}}}}}}}"#);
        for &baseline in Baseline::ALL {
            let (caps, _) = Scripted::new("x86_64")
                .for_baseline(baseline)
                .with_commands(&[EXPANSION])
                .with(EXPANSION, &model)
                .probe();
            let found = caps.hyperv.map_or(0, |hyper_v| hyper_v.enlightenments.len());
            assert_eq!(found, expected, "{baseline}: {number}");
        }
    }
}
