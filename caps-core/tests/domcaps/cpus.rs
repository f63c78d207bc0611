//! CPU models of each architecture.

use caps_core::caps::{CpuModel, HostCpu, PropertyValue};
use caps_core::domcaps::{
    CpuMap, DomainCapabilities, DomainType, Host, NativeCpu, Policy, Request,
};
use caps_core::{Arch, Baseline, Capabilities, Flag};

use crate::support::{Cpu, document, features_of, id_of, machine};

/// Capabilities of a QEMU with KVM, one machine type, and these CPU models.
fn caps(arch: Arch, models: &[&str]) -> Capabilities {
    let mut caps = Capabilities::new(arch);
    caps.flags.extend([Flag::Kvm, Flag::CpuUnavailableFeatures]);
    caps.kvm.machines.push(machine("m-1", Some("m"), 8));
    let models = models.iter().map(|&name| {
        let mut model = CpuModel::new(name);
        model.usable = Some(true);
        model
    });
    caps.kvm.cpus = Some(models.collect());
    caps
}

fn made(caps: &Capabilities, host: &Host) -> DomainCapabilities {
    DomainCapabilities::new(caps, &Request::new(DomainType::Kvm), host).expect("a document")
}

#[test]
fn custom_models_have_the_vendors_that_libvirt_knows() {
    for (arch, models, expected) in [
        (Arch::S390x, &["z14", "gen15a", "qemu"][..], &["IBM", "IBM", "unknown"][..]),
        (Arch::Ppc64, &["POWER9", "POWER8"], &["IBM", "IBM"]),
        (Arch::X86_64, &["Haswell", "EPYC", "qemu64"], &["Intel", "AMD", "unknown"]),
        (Arch::Aarch64, &["cortex-a57"], &["unknown"]),
    ] {
        let document = document(&caps(arch, models), DomainType::Kvm, None);
        for (name, vendor) in models.iter().zip(expected) {
            let model = document.cpu.model(name).expect(name);
            assert_eq!((&*model.name, &*model.vendor), (*name, *vendor), "{arch}");
        }
        assert_eq!(document.cpu.model("nosuch"), None);
    }
}

#[test]
fn blockers_follow_their_model() {
    let caps = Cpu::with(&features_of("Haswell"))
        .vendor("GenuineIntel")
        .listed("Haswell", &["rtm", "hle", "rtm"])
        .listed("Broadwell", &[])
        .capabilities();
    let xml = document(&caps, DomainType::Kvm, None).to_xml();
    let lines: Vec<&str> = xml.lines().map(str::trim).filter(|line| line.contains("rtm")).collect();
    assert!(lines.contains(&"<feature name='rtm'/>"), "{xml}");
    assert_eq!(xml.matches("<blockers model='Haswell'>").count(), 1, "{xml}");
    assert_eq!(xml.matches("<blockers").count(), 1, "{xml}");
}

#[test]
fn a_vendor_may_have_more_bits_than_its_name() {
    let vendor = |id: &str| {
        Cpu::with(&features_of("Haswell")).vendor(id).host_model().expect("a host model").vendor
    };
    assert_eq!(vendor("GenuineIntel").as_deref(), Some("Intel"));
    // The last letter with more bits, and with fewer.
    assert_eq!(vendor("GenuineInteo").as_deref(), Some("Intel"));
    assert_eq!(vendor("GenuineInteh"), None);
}

#[test]
fn transactional_memory_is_broken_in_some_intel_cpus_only() {
    let haswell = |vendor, family, model| {
        let cpu = Cpu::with(&features_of("Haswell")).vendor(vendor);
        cpu.signature(family, model, 3).decoded().0
    };
    assert_eq!(haswell("GenuineIntel", 6, 60), "Haswell-noTSX");
    for (vendor, family, model) in
        [("TransmetaCPU", 6, 60), ("GenuineIntel", 15, 60), ("GenuineIntel", 6, 61)]
    {
        let name = haswell(vendor, family, model);
        assert!(!name.ends_with("noTSX"), "{vendor} {family} {model}: {name}");
    }
}

/// On s390x, QEMU reports the host's CPU as a model with features.
#[test]
fn the_host_model_of_s390x_has_the_features_of_its_properties() {
    let mut caps = caps(Arch::S390x, &["z14-base"]);
    let mut cpu = HostCpu::new("z14-base");
    for (name, value) in [
        ("aen", PropertyValue::Boolean(true)),
        ("cmm", PropertyValue::Boolean(false)),
        ("type", PropertyValue::String("x".to_owned())),
        ("number", PropertyValue::Number(1)),
    ] {
        cpu.properties.push(caps_core::caps::CpuProperty::new(name, value));
    }
    caps.kvm.host_cpu = Some(cpu);
    let model = document(&caps, DomainType::Kvm, None).cpu.host_model.expect("a host model");
    assert_eq!(model.model, "z14-base");
    let features: Vec<_> =
        model.features.iter().map(|feature| (feature.name.as_str(), feature.policy)).collect();
    assert_eq!(features, [("aen", Policy::Require), ("cmm", Policy::Disable)]);
}

/// QEMU's word counts on x86 and s390x; elsewhere, the host's own CPU does.
#[test]
fn host_models_come_from_the_host_where_qemu_does_not_name_them() {
    let native =
        |name: &str| NativeCpu::Model { name: name.to_owned(), vendor: None, features: Vec::new() };
    for (arch, cpu, expected) in [
        (Arch::Ppc64, native("POWER9"), Some("POWER9")),
        (Arch::Aarch64, native("cortex-a57"), None),
        (Arch::Loongarch64, native("la464"), None),
        (Arch::Riscv64, NativeCpu::Unknown, None),
        (Arch::Riscv64, NativeCpu::Nameless, None),
    ] {
        let mut caps = caps(arch, &["a", "POWER9"]);
        let mut reported = HostCpu::new("reported");
        reported.properties.push(caps_core::caps::CpuProperty::new(
            "vendor",
            PropertyValue::String("GenuineIntel".to_owned()),
        ));
        caps.kvm.host_cpu = Some(reported);
        let mut host = Host::of_test(&id_of(arch));
        host.cpu = cpu;
        let model = made(&caps, &host).cpu.host_model.map(|model| model.model);
        assert_eq!(model.as_deref(), expected, "{arch}");
    }
}

#[test]
fn address_bits_are_stated_where_they_are_known_and_used() {
    let caps = Cpu::with(&features_of("Haswell")).vendor("GenuineIntel").capabilities();
    for (bits, kind, expected) in [
        (46, DomainType::Kvm, Some(46)),
        (1, DomainType::Kvm, Some(1)),
        (0, DomainType::Kvm, None),
        (46, DomainType::Qemu, None),
    ] {
        let mut host = Host::of_test(&id_of(Arch::X86_64));
        host.address_bits = bits;
        let mut caps = caps.clone();
        caps.tcg = caps.kvm.clone();
        let document = DomainCapabilities::new(&caps, &Request::new(kind), &host);
        let model = document.expect("a document").cpu.host_model;
        assert_eq!(model.and_then(|model| model.max_phys_address), expected, "{bits} {kind}");
    }
}

#[test]
fn guests_of_related_architectures_run_natively() {
    for (host, guest, expected) in [
        (Arch::X86_64, Arch::X86_64, true),
        (Arch::X86_64, Arch::I686, true),
        (Arch::I686, Arch::X86_64, false),
        (Arch::Aarch64, Arch::Armv7l, true),
        (Arch::Aarch64, Arch::Aarch64, true),
        (Arch::Ppc64, Arch::Ppc64le, true),
        (Arch::Ppc64le, Arch::Ppc64, true),
        (Arch::S390x, Arch::X86_64, false),
        (Arch::X86_64, Arch::Ppc64, false),
        (Arch::Ppc64, Arch::X86_64, false),
        (Arch::Riscv64, Arch::Riscv64, true),
    ] {
        assert_eq!(Host::of_test(&id_of(host)).runs_natively(guest), expected, "{host} {guest}");
    }
}

#[test]
fn models_under_two_names_have_the_same_features() {
    let map = CpuMap::of(Baseline::NEWEST);
    let mut aliases = 0;
    for model in map.x86_models() {
        let Some(canonical) = model.canonical else { continue };
        let other = map.x86_model(canonical).expect(canonical);
        assert_eq!(other.vendor, model.vendor, "{} {canonical}", model.name);
        assert_eq!(other.signatures(), model.signatures(), "{} {canonical}", model.name);
        aliases += 1;
    }
    assert!(aliases > 20, "{aliases}");
    assert!(map.ppc64_models().iter().any(|model| model.name == "POWER9"));
}
