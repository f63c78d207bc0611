//! The host model of x86, rule by rule. Each test fails when its rule is switched off.

use caps_core::caps::PropertyValue;

use crate::support::{Cpu, features_of};

const INTEL: &str = "GenuineIntel";

#[test]
fn blockers_are_disabled_although_the_cpu_has_the_feature() {
    let cpu = Cpu::with(&features_of("Broadwell")).vendor(INTEL).signature(6, 61, 4);
    let (model, required, disabled) =
        cpu.listed("Broadwell", &["rtm", "no-feature", "hle"]).decoded();
    assert_eq!(model, "Broadwell");
    assert!(required.is_empty(), "{required:?}");
    assert_eq!(disabled, ["hle", "rtm"], "in the order of the CPU map");
}

#[test]
fn blockers_that_the_model_lacks_are_required() {
    let cpu = Cpu::with(&features_of("Broadwell")).vendor(INTEL).on("avx512f");
    let (_, required, disabled) = cpu.listed("Broadwell", &["avx512f"]).decoded();
    assert_eq!((required, disabled), (vec!["avx512f".to_owned()], vec![]));
}

#[test]
fn the_signature_comes_before_the_cost() {
    // The features are exactly those of Haswell, the signature is that of Skylake.
    let cpu = Cpu::with(&features_of("Haswell")).vendor(INTEL);
    let (model, ..) = cpu.signature(6, 94, 3).decoded();
    assert!(model.starts_with("Skylake-Client"), "{model}");
}

#[test]
fn without_a_signature_the_cost_decides() {
    let (model, required, disabled) = Cpu::with(&features_of("Haswell")).vendor(INTEL).decoded();
    assert_eq!((model.as_str(), required.len(), disabled.len()), ("Haswell", 0, 0));
}

#[test]
fn what_a_model_has_lost_is_disabled_last() {
    let cpu = Cpu::with(&features_of("Dhyana")).vendor("HygonGenuine").signature(24, 0, 0);
    let (model, _, disabled) = cpu.listed("Dhyana", &["xsave"]).decoded();
    assert_eq!(model, "Dhyana");
    assert_eq!(disabled, ["xsave", "monitor"], "`monitor` comes before `xsave` in the CPU map");
}

#[test]
fn what_a_model_has_lost_is_no_news_when_the_cpu_has_it() {
    let cpu = Cpu::with(&features_of("Dhyana")).on("monitor").vendor("HygonGenuine");
    let (model, required, disabled) = cpu.listed("Dhyana", &[]).decoded();
    assert_eq!(
        (model.as_str(), required, disabled),
        ("Dhyana", vec!["monitor".to_owned()], vec![])
    );
}

#[test]
fn models_that_qemu_does_not_list_are_skipped() {
    let cpu = || Cpu::with(&features_of("Broadwell")).vendor(INTEL).signature(6, 61, 4);
    assert_eq!(cpu().decoded().0, "Broadwell", "without a list all models count");
    assert_eq!(cpu().listed("Haswell", &[]).listed("host", &[]).decoded().0, "Haswell");
}

#[test]
fn a_set_of_features_has_a_size() {
    let features = features_of("Broadwell");
    assert!(!features.is_empty() && features.len() > 40);
    let none = features.without(&features);
    assert!(none.is_empty() && none.iter().next().is_none());
}

#[test]
fn no_model_is_no_host_model() {
    let cpu = Cpu::with(&features_of("Broadwell")).vendor(INTEL).listed("host", &[]);
    assert_eq!(cpu.host_model(), None);
}

#[test]
fn of_equals_the_later_in_the_table_stays() {
    // coreduo and kvm32 are equally distant; kvm32 comes later.
    let common = features_of("Broadwell")
        .without(&features_of("Broadwell").without(&features_of("coreduo")));
    assert_eq!(Cpu::with(&common).decoded().0, "kvm32");
}

#[test]
fn at_equal_cost_fewer_disabled_features_win() {
    let features = features_of("pentium2").union(&features_of("qemu32"));
    assert_eq!(Cpu::with(&features).decoded().0, "pentium3");
}

#[test]
fn disabled_features_cost_more_than_required_ones() {
    let features = features_of("pentium2").without(&features_of("pentium"));
    assert_eq!(Cpu::with(&features).decoded().0, "486");
}

#[test]
fn half_of_the_disabled_features_are_weighed_as_such() {
    let features = features_of("kvm32").without(&features_of("pentium"));
    assert_eq!(Cpu::with(&features).decoded().0, "kvm32");
}

#[test]
fn steppings_distinguish_models() {
    let cpu = |stepping| {
        Cpu::with(&features_of("Skylake-Server"))
            .vendor(INTEL)
            .signature(6, 85, stepping)
            .decoded()
            .0
    };
    assert!(cpu(4).starts_with("Skylake-Server"), "{}", cpu(4));
    assert!(cpu(6).starts_with("Cascadelake-Server"), "{}", cpu(6));
    assert!(cpu(11).starts_with("Cooperlake"), "{}", cpu(11));
}

#[test]
fn broken_transactional_memory_is_not_there() {
    let haswell = |vendor, model, stepping| {
        let cpu = Cpu::with(&features_of("Haswell")).vendor(vendor).signature(6, model, stepping);
        cpu.decoded()
    };
    for (model, stepping) in [(60, 3), (69, 1), (70, 1), (63, 3)] {
        let (name, required, disabled) = haswell(INTEL, model, stepping);
        assert_eq!(name, "Haswell-noTSX", "{model}/{stepping}");
        assert!(required.is_empty() && disabled.is_empty(), "{required:?} {disabled:?}");
    }
    assert_eq!(haswell(INTEL, 63, 4).0, "Haswell", "a stepping that works");
}

#[test]
fn vendors_agree_if_both_are_known() {
    let cpu = Cpu::with(&features_of("EPYC")).vendor("AuthenticAMD");
    assert_eq!(cpu.decoded().0, "EPYC");
    let model = Cpu::with(&features_of("EPYC")).vendor(INTEL).host_model().expect("a model");
    assert_eq!(model.vendor.as_deref(), Some("Intel"));
    assert!(!model.model.starts_with("EPYC"), "{}", model.model);
    let model =
        Cpu::with(&features_of("EPYC")).vendor("TransmetaCPU").host_model().expect("a model");
    assert_eq!((model.model.as_str(), model.vendor), ("EPYC", None));
}

#[test]
fn models_for_hosts_only_are_skipped() {
    let (model, ..) = Cpu::with(&features_of("EPYC-Rome-v4")).vendor("AuthenticAMD").decoded();
    assert_eq!(model, "EPYC-Rome");
}

#[test]
fn a_family_above_15_is_spread_over_the_signature() {
    let cpu = Cpu::with(&features_of("EPYC-Rome")).vendor("AuthenticAMD").signature(23, 49, 0);
    assert_eq!(cpu.decoded().0, "EPYC-Rome");
    let milan = Cpu::with(&features_of("EPYC-Rome")).vendor("AuthenticAMD").signature(25, 1, 1);
    assert_eq!(milan.decoded().0, "EPYC-Milan");
    // The model's bit 11 falls on one of the family's, which stays.
    let wide = Cpu::with(&features_of("EPYC-Rome")).vendor("AuthenticAMD").signature(25, 0x801, 1);
    assert_eq!(wide.decoded().0, "EPYC-Milan");
}

#[test]
fn features_in_registers_of_the_model_need_qemus_word() {
    let cpu = || Cpu::with(&features_of("Broadwell")).vendor(INTEL).on("rdctl-no").on("avx512f");
    assert_eq!(cpu().decoded().1, ["avx512f", "rdctl-no"]);
    let mut caps = cpu().capabilities();
    caps.flags.remove(caps_core::Flag::CpuUnavailableFeatures);
    let model = crate::support::document(&caps, caps_core::domcaps::DomainType::Kvm, None);
    let names: Vec<String> =
        model.cpu.host_model.into_iter().flat_map(|m| m.features).map(|f| f.name).collect();
    assert_eq!(names, ["avx512f"]);
}

#[test]
fn properties_of_another_type_say_nothing() {
    let plain = Cpu::with(&features_of("Broadwell")).vendor(INTEL).decoded();
    let odd = Cpu::with(&features_of("Broadwell"))
        .vendor(INTEL)
        .property("family", PropertyValue::String("6".to_owned()))
        .property("avx512f", PropertyValue::Number(1))
        .property("vendor", PropertyValue::Boolean(true))
        .property("x-unknown", PropertyValue::Boolean(true));
    assert_eq!(odd.decoded(), plain);
}

#[test]
fn a_vendor_has_12_bytes() {
    for vendor in ["GenuineInte", "", "GenuineIntel2", "GenuineInt\u{e9}l"] {
        let cpu = Cpu::with(&features_of("Broadwell")).vendor(vendor);
        assert_eq!(cpu.host_model(), None, "{vendor}");
    }
}

#[test]
fn numbers_beyond_32_bits_are_cut() {
    let plain = Cpu::with(&features_of("Haswell")).vendor(INTEL).signature(6, 94, 3).decoded();
    let large = Cpu::with(&features_of("Haswell"));
    let large = large.vendor(INTEL).signature((1 << 32) + 6, (1 << 40) + 94, i64::MIN + 3);
    assert_eq!(large.decoded(), plain);
    for number in [i64::MAX, i64::MIN, -1] {
        assert!(Cpu::default().signature(number, number, number).host_model().is_some());
    }
}
