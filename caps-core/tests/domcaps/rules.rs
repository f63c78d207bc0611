//! Rules of documents that few captures exercise.

use caps_core::caps::{Gic, HyperV, Sgx};
use caps_core::capture::CaptureId;
use caps_core::domcaps::{
    DiskBus, DiskDevice, DomainCapabilities, DomainType, GicVersion, GraphicsType, Host, Options,
    PanicModel, PciBackend, Policy, Request, RngModel, SevIds, TestDocument, TpmBackend,
    TpmVersion, Vfio, common_models,
};
use caps_core::{Arch, Baseline, Capabilities, Flag};

use crate::support::{Cpu, document, features_of, id_of, machine};

fn caps(arch: Arch, flags: &[Flag]) -> Capabilities {
    let mut caps = Capabilities::new(arch);
    caps.flags.extend(flags.iter().copied());
    caps
}

#[test]
fn kinds_of_machine_types() {
    let ps2 = |arch, machine: &str| {
        let caps = caps(arch, &[Flag::MachineI8042Opt]);
        document(&caps, DomainType::Qemu, Some(machine)).supports("ps2")
    };
    for machine in ["pc", "pc-0.15", "pc-1.3", "pc-i440fx-10.0", "rhel6.0.0", "q35", "pc-q35-2.4"] {
        assert!(ps2(Arch::X86_64, machine) && ps2(Arch::I686, machine), "{machine}");
        assert!(!ps2(Arch::Aarch64, machine), "{machine}");
    }
    for machine in ["xenfv", "xenfv-4.2"] {
        assert!(ps2(Arch::X86_64, machine), "{machine}");
    }
    for machine in ["pc-2.0", "microvm", "none", "q35-1", "pcx"] {
        assert!(!ps2(Arch::X86_64, machine), "{machine}");
    }
    assert!(ps2(Arch::Aarch64, "isapc"), "by the name alone");

    let has = |arch, machine: &str, value: DiskBus| {
        document(&caps(arch, &[]), DomainType::Qemu, Some(machine)).has(value)
    };
    assert!(has(Arch::X86_64, "pc-i440fx-10.0", DiskBus::Ide));
    assert!(!has(Arch::X86_64, "pc-q35-10.0", DiskBus::Ide));
    for machine in ["malta", "sun4u", "g3beige"] {
        assert!(has(Arch::Sparc64, machine, DiskBus::Ide), "{machine}");
    }
    let pseries = document(&caps(Arch::Ppc64, &[]), DomainType::Qemu, Some("pseries-10.0"));
    assert!(!pseries.has(DiskBus::Fdc) && !pseries.has(DiskDevice::Floppy));
    assert!(pseries.has(PanicModel::Pseries));
    assert!(has(Arch::X86_64, "pseries-10.0", DiskBus::Fdc), "pseries is a POWER machine");
}

#[test]
fn interrupt_controllers_are_those_of_the_accelerator() {
    let mut caps = caps(Arch::Aarch64, &[Flag::Kvm, Flag::Hvf]);
    for (version, kernel, emulated) in [(3, true, false), (2, false, true), (4, true, true)] {
        let mut gic = Gic::default();
        (gic.version, gic.kernel, gic.emulated) = (version, kernel, emulated);
        caps.gic.push(gic);
    }
    let versions = |kind, machine| document(&caps, kind, Some(machine)).values::<GicVersion>();
    assert_eq!(versions(DomainType::Kvm, "virt-10.0"), [GicVersion::V3]);
    assert_eq!(versions(DomainType::Qemu, "virt"), [GicVersion::V2]);
    assert_eq!(versions(DomainType::Hvf, "virt"), []);
    assert_eq!(versions(DomainType::Kvm, "sbsa-ref"), []);
}

#[test]
fn the_machine_type_comes_from_kvm_and_the_vcpus_from_the_domain_type() {
    let mut caps = caps(Arch::X86_64, &[Flag::Kvm]);
    caps.kvm.machines = vec![machine("k1", Some("alias"), 0), machine("k1", None, 8)];
    caps.tcg.machines = vec![machine("t1", Some("alias"), 4), machine("k1", None, 2)];
    let found = |kind, name| {
        let document = document(&caps, kind, name);
        (document.machine.expect("a machine type"), document.max_vcpus)
    };
    assert_eq!(found(DomainType::Kvm, None), ("k1".to_owned(), Some(8)));
    assert_eq!(found(DomainType::Qemu, Some("alias")), ("k1".to_owned(), Some(2)));
    caps.flags.remove(Flag::Kvm);
    let document = document(&caps, DomainType::Qemu, Some("alias"));
    assert_eq!((document.machine.as_deref(), document.max_vcpus), (Some("t1"), Some(4)));
}

#[test]
fn the_host_limits_vcpus_of_kvm_only() {
    let mut caps = caps(Arch::X86_64, &[Flag::Kvm]);
    caps.kvm.machines = vec![machine("pc", None, 255)];
    caps.tcg.machines = vec![machine("pc", None, 255)];
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    host.max_vcpus = Some(16);
    let vcpus = |kind| {
        let document = DomainCapabilities::new(&caps, &Request::new(kind), &host);
        document.expect("a document").max_vcpus
    };
    assert_eq!((vcpus(DomainType::Kvm), vcpus(DomainType::Qemu)), (Some(16), Some(255)));
}

#[test]
fn what_the_host_adds() {
    let flags = [Flag::DisplayDbus, Flag::DeviceTpmEmulator, Flag::DeviceTpmTis];
    let mut caps = caps(Arch::X86_64, &flags);
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    let make = |caps: &Capabilities, host: &Host| {
        DomainCapabilities::new(caps, &Request::new(DomainType::Qemu), host).expect("a document")
    };
    let all = make(&caps, &host);
    assert!(
        all.has(GraphicsType::Rdp) && all.has(TpmBackend::Emulator) && all.has(PciBackend::Vfio)
    );
    assert_eq!(all.values::<TpmVersion>(), [TpmVersion::V2_0]);

    (host.qemu_rdp, host.swtpm, host.vfio) = (false, None, Vfio::Unusable);
    let none = make(&caps, &host);
    assert!(!none.has(GraphicsType::Rdp) && none.has(GraphicsType::Dbus));
    assert!(none.values::<TpmBackend>().is_empty() && none.values::<PciBackend>().is_empty());
    assert!(
        !none.to_xml().contains("backendVersion")
            && none.to_xml().contains("<enum name='pciBackend'/>")
    );

    host.vfio = Vfio::Usable;
    assert!(!make(&caps, &host).has(PciBackend::Vfio), "the QEMU has no `vfio-pci`");
    caps.flags.insert(Flag::DeviceVfioPci);
    assert!(make(&caps, &host).has(PciBackend::Vfio));
}

#[test]
fn tpm_versions_go_by_the_name_of_the_capture() {
    let versions = |name: &str| {
        let id: CaptureId = name.parse().expect("the name of a capture");
        let host = Host::of_test(&id);
        host.swtpm.map(|versions| (versions.v1_2, versions.v2_0)).expect("swtpm")
    };
    assert_eq!(versions("5.2.0_x86_64"), (true, false));
    assert_eq!(versions("6.2.0_x86_64"), (true, true));
    assert_eq!(versions("7.0.0_x86_64"), (false, true));
    assert_eq!(versions("30.0.0_x86_64"), (false, true));
}

#[test]
fn encrypted_guests_are_counted_by_their_ids() {
    let mut caps = caps(Arch::X86_64, &[]);
    let mut sev = caps_core::caps::Sev::default();
    (sev.cbitpos, sev.reduced_phys_bits) = (51, 1);
    caps.sev = Some(sev);
    let limits = |highest, lowest| {
        let mut host = Host::of_test(&id_of(Arch::X86_64));
        host.sev = SevIds { highest, lowest };
        let document = DomainCapabilities::new(&caps, &Request::new(DomainType::Kvm), &host);
        let sev = document.expect("a document").features.sev.expect("SEV");
        (sev.max_guests, sev.max_es_guests)
    };
    assert_eq!(limits(509, 451), (59, 450));
    assert_eq!(limits(0, 451), (0, 0));
    assert_eq!(limits(509, 0), (0, 0));
}

#[test]
fn old_s390x_machines_have_the_cpu_of_the_host_only() {
    let mut caps = caps(Arch::S390x, &[Flag::Kvm, Flag::CpuMax]);
    caps.kvm = Cpu::default().on("aen").listed("z14", &[]).listed("qemu", &[]).capabilities().kvm;
    caps.tcg = caps.kvm.clone();
    let modes = |kind, machine| {
        let cpu = document(&caps, kind, Some(machine)).cpu;
        (cpu.maximum.supported, cpu.host_model.is_some(), cpu.custom.len())
    };
    assert_eq!(modes(DomainType::Kvm, "s390-ccw-virtio-2.7"), (false, false, 0));
    assert_eq!(modes(DomainType::Kvm, "s390-ccw-virtio-2.8"), (true, true, 2));
    assert_eq!(modes(DomainType::Qemu, "s390-ccw-virtio-2.7"), (true, true, 2));
}

#[test]
fn the_cpu_of_the_host_itself_may_be_replaced() {
    let mut caps = Cpu::default().capabilities();
    caps.kvm.host_cpu = None;
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    host.cpu = caps_core::domcaps::NativeCpu::Model {
        name: "Broadwell".to_owned(),
        vendor: Some("Intel".to_owned()),
        features: ["vmx", "osxsave", "cmt", "rdctl-no"].map(str::to_owned).to_vec(),
    };
    let document = DomainCapabilities::new(&caps, &Request::new(DomainType::Kvm), &host);
    let model = document.expect("a document").cpu.host_model.expect("a host model");
    assert!(model.allows_fallback);
    let names: Vec<&str> = model.features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(names, ["vmx", "rdctl-no"], "some are never passed on");
}

#[test]
fn deprecated_features_are_disabled_on_request() {
    let cpu = Cpu::with(&features_of("Broadwell")).vendor("GenuineIntel").on("vmx").on("avx512f");
    let mut caps = cpu.capabilities();
    let host_cpu = caps.kvm.host_cpu.as_mut().expect("a host CPU");
    host_cpu.deprecated_features = Some(vec!["mpx".to_owned(), "vmx".to_owned()]);
    let host = Host::of_test(&id_of(Arch::X86_64));
    let request = Request::new(DomainType::Kvm);
    let listed = |request: &Request| -> Vec<(String, Policy)> {
        let document = DomainCapabilities::new(&caps, request, &host).expect("a document");
        let features = document.cpu.host_model.expect("a host model").features;
        features.into_iter().map(|feature| (feature.name, feature.policy)).collect()
    };
    let (vmx, avx512f, mpx) = ("vmx".to_owned(), "avx512f".to_owned(), "mpx".to_owned());
    assert_eq!(
        listed(&request),
        [(vmx.clone(), Policy::Require), (avx512f.clone(), Policy::Require)]
    );
    let request = request.disable_deprecated_features(true);
    assert_eq!(
        listed(&request),
        [(vmx, Policy::Disable), (avx512f, Policy::Require), (mpx, Policy::Disable)]
    );
}

#[test]
fn an_asked_architecture_decides_on_firmware_and_controllers() {
    let mut caps = Cpu::default().listed("qemu64", &[]).capabilities();
    caps.flags.insert(Flag::MachineI8042Opt);
    let options = Options { arch: Some(Arch::I686), ..Options::default() };
    let request = Request::resolved(&caps, &options).expect("a request");
    let host = Host::of_test(&id_of(Arch::X86_64));
    let document = DomainCapabilities::new(&caps, &request, &host).expect("a document");
    assert_eq!(document.arch, Arch::I686);
    assert_eq!(document.os.firmware.values, ["bios"]);
    assert!(document.supports("ps2"));
    assert_eq!(document.cpu.custom.len(), 1);
}

#[test]
fn hyper_v_and_sgx() {
    let mut caps = caps(Arch::X86_64, &[]);
    let xml = |caps: &Capabilities| document(caps, DomainType::Qemu, None).to_xml();
    assert!(!xml(&caps).contains("<hyperv"));
    let hyperv = |supported| {
        let mut hyperv = HyperV::default();
        hyperv.supported = supported;
        Some(hyperv)
    };
    caps.hyperv = hyperv(true);
    assert!(xml(&caps).contains("    <hyperv supported='yes'>\n    </hyperv>\n"));
    caps.hyperv = hyperv(false);
    assert!(xml(&caps).contains("    <hyperv supported='no'/>\n"));
    let mut sgx = Sgx::default();
    (sgx.flc, sgx.sgx2, sgx.section_size) = (true, true, 7);
    caps.sgx = Some(sgx);
    assert!(xml(&caps).contains(
        "    <sgx supported='yes'>\n      <flc>yes</flc>\n      <sgx1>no</sgx1>\n      <sgx2>yes</sgx2>\n      \
         <section_size unit='KiB'>7</section_size>\n    </sgx>\n"
    ));
}

#[test]
fn transitional_devices_need_the_device() {
    let document =
        document(&caps(Arch::X86_64, &[Flag::VirtioPciTransitional]), DomainType::Qemu, None);
    assert!(document.values::<RngModel>().is_empty());
}

#[test]
fn names_are_escaped() {
    let mut caps = caps(Arch::X86_64, &[]);
    caps.emulator = "/opt/q<&>'\"".to_owned();
    let document = document(&caps, DomainType::Qemu, None);
    let xml = document.to_xml();
    assert!(xml.contains("  <path>/opt/q&lt;&amp;&gt;&apos;&quot;</path>\n"), "{xml}");
    assert_eq!(DomainCapabilities::parse(&xml).as_ref(), Ok(&document));
}

#[test]
fn documents_of_libvirts_test() {
    let names = |name: &str| -> Vec<String> {
        let id: CaptureId = name.parse().expect("the name of a capture");
        TestDocument::of(&id).iter().map(|document| document.file_name(&id)).collect()
    };
    assert_eq!(
        names("9.2.0_x86_64+amdsev"),
        [
            "qemu_9.2.0.x86_64+amdsev.xml",
            "qemu_9.2.0-q35.x86_64+amdsev.xml",
            "qemu_9.2.0-tcg.x86_64+amdsev.xml"
        ]
    );
    assert_eq!(
        names("7.2.0_x86_64+hvf"),
        ["qemu_7.2.0-hvf.x86_64+hvf.xml", "qemu_7.2.0-tcg.x86_64+hvf.xml"]
    );
    assert_eq!(names("9.2.0_aarch64+hvf"), ["qemu_9.2.0-hvf.aarch64+hvf.xml"]);
    assert_eq!(names("8.2.0_aarch64"), ["qemu_8.2.0.aarch64.xml", "qemu_8.2.0-virt.aarch64.xml"]);
    for arch in ["riscv32", "riscv64", "loongarch64"] {
        let [kvm, tcg] =
            ["-virt", "-tcg-virt"].map(|kind| format!("qemu_9.1.0{kind}.{arch}+x.xml"));
        assert_eq!(names(&format!("9.1.0_{arch}+x")), [kvm, tcg]);
    }
    assert_eq!(names("8.2.0_s390x"), ["qemu_8.2.0.s390x.xml"]);
}

#[test]
fn models_that_work_on_all_hosts() {
    let host = |models: &[(&str, &[&str])]| {
        let cpu = Cpu::with(&features_of("Haswell")).vendor("GenuineIntel");
        let cpu = models.iter().fold(cpu, |cpu, (name, blockers)| cpu.listed(name, blockers));
        document(&cpu.capabilities(), DomainType::Kvm, None)
    };
    let here =
        host(&[("Haswell", &[]), ("qemu64", &[]), ("Nehalem", &[]), ("Broadwell", &["rtm"])]);
    let there = host(&[("Nehalem", &[]), ("Haswell", &["hle"]), ("qemu64", &[]), ("Penryn", &[])]);
    let names = |hosts: &[&DomainCapabilities]| -> Vec<String> {
        common_models(hosts).iter().map(|model| model.name.clone()).collect()
    };
    assert_eq!(names(&[&here, &there]), ["Nehalem", "qemu64"]);
    assert_eq!(names(&[&here]), ["Haswell", "Nehalem", "qemu64"]);
    assert!(names(&[]).is_empty());
}

#[test]
fn the_test_runs_guests_natively_for_any_name_of_the_capture() {
    let id: CaptureId = "10.0.0_mips64el".parse().expect("the name of a capture");
    let [document] = TestDocument::of(&id).try_into().expect("one document");
    let made = document.make(&Capabilities::new(Arch::Mips64), &id, Baseline::Libvirt12_8);
    let made = made.expect("a document");
    assert!(made.cpu.host_passthrough.supported);
    assert_eq!(made.arch, Arch::Mips64el);
}
