//! The differences of libvirt 12.8.0 from 11.3.0.

use caps_core::caps::{Enlightenment, HyperV};
use caps_core::domcaps::{
    ConsoleType, DiskBus, DiskDevice, DomainCapabilities, DomainType, EnrolledKeys,
    FilesystemDriver, Firmware, Host, HostdevIommufd, LaunchSecurity, NativeCpu, Request,
    SecureBoot, baseline_of,
};
use caps_core::{Arch, Baseline, Capabilities, Flag};

use crate::support::{Cpu, features_of, id_of};

fn caps(arch: Arch, flags: &[Flag]) -> Capabilities {
    let mut caps = Capabilities::new(arch);
    caps.flags.extend(flags.iter().copied());
    caps
}

fn on(
    host: &Host,
    caps: &Capabilities,
    domain_type: DomainType,
    machine: &str,
    baseline: Baseline,
) -> DomainCapabilities {
    let request = Request::new(domain_type).machine(machine).baseline(baseline);
    DomainCapabilities::new(caps, &request, host).expect("a document")
}

/// The document of both releases.
fn both(caps: &Capabilities, machine: &str) -> [DomainCapabilities; 2] {
    let host = Host::of_test(&id_of(caps.arch));
    [Baseline::Libvirt11_3, Baseline::Libvirt12_8]
        .map(|baseline| on(&host, caps, DomainType::Qemu, machine, baseline))
}

fn newer(caps: &Capabilities, machine: &str) -> DomainCapabilities {
    let [_, newer] = both(caps, machine);
    newer
}

#[test]
fn both_read_and_print() {
    for arch in [Arch::X86_64, Arch::S390x, Arch::Aarch64] {
        for document in both(&caps(arch, &[Flag::Spice, Flag::TdxGuest]), "virt-10.0") {
            let xml = document.to_xml();
            assert_eq!(DomainCapabilities::parse(&xml).as_ref(), Ok(&document), "{xml}");
        }
    }
}

#[test]
fn floppies_need_a_controller() {
    let [older, without] = both(&caps(Arch::X86_64, &[]), "pc");
    assert!(older.has(DiskBus::Fdc) && older.has(DiskDevice::Floppy));
    assert!(!without.has(DiskBus::Fdc) && !without.has(DiskDevice::Floppy));
    let with = newer(&caps(Arch::X86_64, &[Flag::BusFloppy]), "pc");
    assert!(with.has(DiskBus::Fdc) && with.has(DiskDevice::Floppy));
    let pseries = newer(&caps(Arch::Ppc64, &[Flag::BusFloppy]), "pseries");
    assert!(!pseries.has(DiskBus::Fdc) && !pseries.has(DiskDevice::Floppy));
}

#[test]
fn disks_have_more_buses() {
    let [older, newer] = both(&caps(Arch::X86_64, &[Flag::DeviceUsbBot, Flag::DeviceNvmeNs]), "pc");
    assert!(!older.has(DiskBus::Usb) && !older.has(DiskBus::Nvme));
    assert!(newer.has(DiskBus::Usb) && newer.values::<DiskBus>().last() == Some(&DiskBus::Nvme));
}

#[test]
fn iommufd_needs_qemu_and_the_host() {
    let with = caps(Arch::X86_64, &[Flag::ObjectIommufd]);
    let [older, newer] = both(&with, "pc");
    assert!(!older.to_xml().contains("iommufd"));
    assert_eq!(newer.values::<HostdevIommufd>(), [HostdevIommufd::Yes, HostdevIommufd::No]);
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    host.iommufd = false;
    let without = on(&host, &with, DomainType::Qemu, "pc", Baseline::Libvirt12_8);
    assert_eq!(without.values::<HostdevIommufd>(), [HostdevIommufd::No]);
}

#[test]
fn consoles_are_listed_and_handles_are_gone() {
    let [older, newer] = both(&caps(Arch::X86_64, &[Flag::ChardevQemuVdagent]), "pc");
    assert!(older.has(FilesystemDriver::Handle) && !newer.has(FilesystemDriver::Handle));
    assert!(older.values::<ConsoleType>().is_empty());
    assert!(newer.has(ConsoleType::Pty) && newer.has(ConsoleType::QemuVdagent));
    assert!(!newer.has(ConsoleType::Spicevmc));
    assert!(newer.has(ConsoleType::Dbus), "whatever the QEMU has");
    assert_eq!(newer.devices.last().map(|group| group.name.as_str()), Some("console"));
}

#[test]
fn intels_secure_guests() {
    let caps = caps(Arch::X86_64, &[Flag::TdxGuest]);
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    let of = |host: &Host, kind| on(host, &caps, kind, "pc", Baseline::Libvirt12_8);
    assert!(of(&host, DomainType::Kvm).supports("tdx"));
    assert!(!of(&host, DomainType::Qemu).supports("tdx"));
    assert!(of(&host, DomainType::Qemu).has(LaunchSecurity::Tdx), "whatever the domain type");
    host.secure_guests = false;
    assert!(!of(&host, DomainType::Kvm).supports("tdx"));
    let older = on(&host, &caps, DomainType::Kvm, "pc", Baseline::Libvirt11_3).to_xml();
    assert!(!older.contains("tdx"), "{older}");
}

#[test]
fn protected_virtualization_is_reported_everywhere() {
    let [older, newer] = both(&caps(Arch::X86_64, &[]), "pc");
    assert!(!older.to_xml().contains("<s390-pv "));
    assert!(
        newer.to_xml().contains("    <s390-pv supported='no'/>\n    <ps2 "),
        "{}",
        newer.to_xml()
    );
    let flags = [Flag::S390PvGuest, Flag::MachineConfidentalGuestSupport];
    assert!(self::newer(&caps(Arch::S390x, &flags), "s390-ccw-virtio").supports("s390-pv"));
}

#[test]
fn firmware_is_described() {
    let [older, q35] = both(&caps(Arch::X86_64, &[]), "pc-q35-10.0");
    assert!(older.os.firmware_features.is_none() && older.os.varstore.is_none());
    assert_eq!(q35.values::<SecureBoot>(), [SecureBoot::Yes, SecureBoot::No]);
    assert_eq!(q35.values::<EnrolledKeys>(), [EnrolledKeys::Yes, EnrolledKeys::No]);
    assert_eq!(newer(&caps(Arch::X86_64, &[]), "microvm").values::<SecureBoot>(), [SecureBoot::No]);
    let none = newer(&caps(Arch::X86_64, &[]), "isapc").to_xml();
    assert!(none.contains(
        "    <firmwareFeatures supported='yes'>\n      <enum name='secureBoot'/>\n      <enum name='enrolledKeys'/>\n    \
         </firmwareFeatures>\n"
    ));
}

#[test]
fn variables_are_kept_by_qemu_where_firmware_lets_it() {
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    let varstore = |host: &Host, flags: &[Flag]| {
        let caps = caps(Arch::X86_64, flags);
        on(host, &caps, DomainType::Qemu, "pc-q35-10.0", Baseline::Libvirt12_8).os.varstore
    };
    assert_eq!(varstore(&host, &[Flag::DeviceUefiVars]), Some(false));
    let json = r#"{"interface-types": ["uefi"], "mapping": {"device": "memory", "filename": "/fw"},
        "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}], "features": ["host-uefi-vars"]}"#;
    host.firmware.push(Firmware::parse("70-vars.json", json).expect("a descriptor"));
    assert_eq!(varstore(&host, &[Flag::DeviceUefiVars]), Some(true));
    assert_eq!(varstore(&host, &[]), Some(false));
}

#[test]
fn enlightenments_have_values() {
    let mut caps = caps(Arch::X86_64, &[]);
    let mut hyperv = HyperV::default();
    hyperv.supported = true;
    caps.hyperv = Some(hyperv.clone());
    assert!(newer(&caps, "pc").to_xml().contains("    <hyperv supported='yes'/>\n"));

    hyperv.spinlocks = Some(4095);
    hyperv.stimer_direct = Some(true);
    hyperv.tlbflush_direct = Some(false);
    hyperv.vendor_id = Some("Linux <Hv>".to_owned());
    hyperv.enlightenments = vec![Enlightenment::Relaxed];
    caps.hyperv = Some(hyperv.clone());
    assert!(!newer(&caps, "pc").to_xml().contains("<defaults>"), "values of what is not there");

    hyperv.enlightenments = vec![
        Enlightenment::Spinlocks,
        Enlightenment::Stimer,
        Enlightenment::VendorId,
        Enlightenment::Tlbflush,
    ];
    caps.hyperv = Some(hyperv.clone());
    let [older, newer] = both(&caps, "pc");
    assert!(!older.to_xml().contains("<defaults>"));
    let defaults = "      </enum>\n      <defaults>\n        <spinlocks>4095</spinlocks>\n        \
        <stimer_direct>on</stimer_direct>\n        <tlbflush_direct>off</tlbflush_direct>\n        \
        <vendor_id>Linux &lt;Hv&gt;</vendor_id>\n      </defaults>\n    </hyperv>\n";
    assert!(newer.to_xml().contains(defaults), "{}", newer.to_xml());
    let again = DomainCapabilities::parse(&newer.to_xml()).expect("a document");
    assert_eq!(again.features.hyperv, newer.features.hyperv);
    let wrong = newer.to_xml().replace("direct>on<", "direct>yes<");
    let error = DomainCapabilities::parse(&wrong).expect_err("no switch").to_string();
    assert!(error.contains("expected `on` or `off`"), "{error}");
    hyperv.spinlocks = Some(0);
    caps.hyperv = Some(hyperv);
    assert!(!self::newer(&caps, "pc").to_xml().contains("spinlocks>0"));
}

#[test]
fn features_of_the_host_model_are_sorted() {
    let cpu = Cpu::with(&features_of("Broadwell")).vendor("GenuineIntel").on("vmx").on("avx512f");
    let caps = cpu.listed("Broadwell", &["rtm"]).capabilities();
    let host = Host::of_test(&id_of(Arch::X86_64));
    let names = |baseline| -> Vec<String> {
        let document = on(&host, &caps, DomainType::Kvm, "pc", baseline);
        let features = document.cpu.host_model.expect("a host model").features;
        features.into_iter().map(|feature| feature.name).collect()
    };
    assert_eq!(names(Baseline::Libvirt11_3), ["vmx", "avx512f", "rtm"]);
    assert_eq!(names(Baseline::Libvirt12_8), ["avx512f", "rtm", "vmx"]);
}

#[test]
fn newer_models_and_vendors_are_known() {
    let caps = Cpu::default().listed("EPYC-Turin", &[]).listed("YongFeng", &[]).capabilities();
    let host = Host::of_test(&id_of(Arch::X86_64));
    let models = |baseline| -> Vec<(String, String)> {
        let document = on(&host, &caps, DomainType::Kvm, "pc", baseline);
        document.cpu.custom.into_iter().map(|model| (model.name, model.vendor)).collect()
    };
    assert_eq!(models(Baseline::Libvirt11_3), []);
    let expected = [("EPYC-Turin", "AMD"), ("YongFeng", "Zhaoxin CentaurHauls")];
    assert_eq!(
        models(Baseline::Libvirt12_8),
        expected.map(|(name, vendor)| (name.to_owned(), vendor.to_owned()))
    );
}

#[test]
fn flags_reveal_the_release() {
    let of = |flags: &[Flag]| baseline_of(&caps(Arch::S390x, flags));
    assert_eq!(of(&[Flag::Vnc, Flag::SetAction]), Baseline::Libvirt11_3);
    assert_eq!(of(&[Flag::Vnc, Flag::DeviceUsbBot]), Baseline::NEWEST);
    assert_eq!(of(&[Flag::Vnc]), Baseline::NEWEST, "11.3 sets `set-action` for every QEMU");
    assert_eq!(of(&[Flag::SetAction, Flag::DeviceUsbBot]), Baseline::NEWEST);
}

#[test]
fn libvirts_test_simulates_a_cpu_of_the_architecture() {
    for (arch, expected) in [
        (Arch::X86_64, Some("Broadwell")),
        (Arch::I686, Some("Broadwell")),
        (Arch::Ppc64, Some("POWER8")),
        (Arch::Aarch64, None),
        (Arch::S390x, None),
    ] {
        let host = Host::of_test(&id_of(arch));
        let name = match &host.cpu {
            NativeCpu::Model { name, .. } => Some(name.as_str()),
            _ => None,
        };
        assert_eq!(name, expected, "{arch}");
        assert_eq!(host.address_bits == 0, arch == Arch::S390x, "{arch}");
    }
}
