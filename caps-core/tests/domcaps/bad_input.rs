//! Requests for what does not exist, and malformed documents.

use caps_core::domcaps::{
    DiskBus, DomainCapabilities, DomainType, DomcapsError, Host, NativeCpu, Options, Request,
};
use caps_core::{Arch, Capabilities, Flag};

use crate::support::{Cpu, document, id_of, machine};

fn resolved(caps: &Capabilities, change: impl FnOnce(&mut Options)) -> Result<Request, String> {
    let mut options = Options::default();
    change(&mut options);
    Request::resolved(caps, &options).map_err(|error| error.to_string())
}

#[test]
fn unknown_machine_types() {
    let mut caps = Cpu::default().capabilities();
    caps.tcg.machines.push(machine("isapc", None, 1));
    let request = |name: &str| {
        let name = Some(name.to_owned());
        resolved(&caps, |options| options.machine = name)
    };
    assert_eq!(request("pc").map(|r| r.machine), Ok(Some("pc-i440fx-10.0".to_owned())));
    assert_eq!(request("pc-i440fx-10.0").map(|r| r.domain_type), Ok(DomainType::Kvm));
    assert_eq!(
        request("pc-i440fx-10.1"),
        Err("this QEMU has no machine type `pc-i440fx-10.1` for `kvm` domains, did you mean `pc-i440fx-10.0`?"
            .to_owned())
    );
    assert!(request("isapc").is_err(), "only TCG has it");
    // libvirt's test accepts any name.
    let literal = document(&caps, DomainType::Kvm, Some("no-machine"));
    assert_eq!((literal.machine.as_deref(), literal.max_vcpus), (Some("no-machine"), None));
}

#[test]
fn domain_types_that_the_qemu_lacks() {
    let mut caps = Capabilities::new(Arch::X86_64);
    caps.tcg.machines.push(machine("pc-i440fx-10.0", Some("pc"), 255));
    assert_eq!(resolved(&caps, |_| {}).map(|r| r.domain_type), Ok(DomainType::Qemu));
    assert_eq!(
        resolved(&caps, |options| options.domain_type = Some(DomainType::Kvm)),
        Err("this QEMU has no `kvm`, expected `qemu`".to_owned())
    );
    caps.flags.insert(Flag::Hvf);
    assert_eq!(
        resolved(&caps, |options| options.domain_type = Some(DomainType::Kvm)),
        Err("this QEMU has no `kvm`, expected `hvf` or `qemu`".to_owned())
    );
    // libvirt's test makes the document anyway, with neither vCPUs nor CPU models.
    let literal = document(&caps, DomainType::Kvm, None);
    assert_eq!(literal.max_vcpus, None);
    assert!(literal.cpu.custom.is_empty() && literal.cpu.host_model.is_none());
    assert!(literal.cpu.host_passthrough.supported);
    assert_eq!(
        "kmv".parse::<DomainType>().map_err(|e| e.to_string()),
        Err("`kmv` is not a domain type, did you mean `kvm`?".to_owned())
    );
}

#[test]
fn architectures_that_the_qemu_does_not_run() {
    let caps = Cpu::default().capabilities();
    let asked = |arch| resolved(&caps, |options| options.arch = Some(arch)).map(|r| r.arch);
    assert_eq!(asked(Arch::I686), Ok(Some(Arch::I686)));
    assert_eq!(
        asked(Arch::Aarch64),
        Err("this QEMU runs guests of x86_64, found a request for aarch64".to_owned())
    );
}

#[test]
fn architectures_without_a_cpu_driver_have_no_models() {
    for arch in Arch::ALL {
        let mut caps = Cpu::default().listed("some-model", &[]).capabilities();
        caps.arch = *arch;
        let document = document(&caps, DomainType::Kvm, None);
        let xml = document.to_xml();
        assert_eq!(DomainCapabilities::parse(&xml).expect("a document").to_xml(), xml, "{arch}");
        let takes_any = matches!(
            arch,
            Arch::S390
                | Arch::S390x
                | Arch::Armv6l
                | Arch::Armv7l
                | Arch::Armv7b
                | Arch::Aarch64
                | Arch::Riscv64
                | Arch::Loongarch64
        );
        assert_eq!(document.cpu.custom.len(), usize::from(takes_any), "{arch}");
    }
}

#[test]
fn a_host_whose_cpu_is_needed_and_not_known() {
    let mut host = Host::of_test(&id_of(Arch::X86_64));
    let mut caps = Cpu::default().capabilities();
    let new = |caps: &Capabilities, host: &Host| {
        DomainCapabilities::new(caps, &Request::new(DomainType::Kvm), host)
    };
    host.cpu = NativeCpu::Unknown;
    assert!(new(&caps, &host).is_ok(), "QEMU tells the CPU");
    caps.kvm.host_cpu = None;
    let error = new(&caps, &host).expect_err("an unknown CPU");
    assert_eq!(error, DomcapsError::HostCpu { arch: Arch::X86_64 });
    host.arch = Arch::Aarch64;
    assert!(new(&caps, &host).is_ok(), "the guest is not native, so there is no host model");
    host.max_vcpus = None;
    assert_eq!(new(&caps, &host), Err(DomcapsError::NoKvm));
}

#[test]
fn names_of_values() {
    assert_eq!("virtio".parse(), Ok(DiskBus::Virtio));
    assert_eq!(
        "virtoi".parse::<DiskBus>().map_err(|error| error.to_string()),
        Err("`virtoi` is not a value of `bus` of `disk`, did you mean `virtio`?".to_owned())
    );
}

#[test]
fn documents_that_are_none() {
    let xml = document(&Cpu::default().capabilities(), DomainType::Kvm, None).to_xml();
    let cases = [
        (
            "<domain>kvm",
            "<domain>kmv",
            "line 3, column 3: expected `kvm`, `qemu` or `hvf` in `<domain>`, found `kmv`",
        ),
        ("<arch>x86_64", "<arch>x86-64", "line 5, column 3: `x86-64` is not an architecture"),
        (
            "<vcpu max='255'",
            "<vcpu max='many'",
            "expected an unsigned integer as `max` of `<vcpu>`, found `many`",
        ),
        ("<devices>", "<devices><rng/>", "expected the attribute `supported` of `<rng>`"),
        ("mode name='maximum'", "mode name='minimum'", "expected the element `<mode>`"),
        ("fallback='forbid'", "fallback='perhaps'", "expected `allow` or `forbid`"),
        ("<rng supported='yes'", "<rng supported='sure'", "expected `yes` or `no`"),
    ];
    for (from, to, expected) in cases {
        assert!(xml.contains(from), "{from}");
        let error = DomainCapabilities::parse(&xml.replacen(from, to, 1)).expect_err(to);
        assert!(error.to_string().contains(expected), "{to}: {error}");
    }
    let error = DomainCapabilities::parse("<qemuCaps/>").expect_err("another document");
    let expected =
        "line 1, column 1: expected the root element `<domainCapabilities>`, found `<qemuCaps>`";
    assert_eq!(error.to_string(), expected);
    for cut in (0..xml.len()).step_by(97) {
        assert!(DomainCapabilities::parse(&xml[..cut]).is_err(), "cut at {cut}");
    }
}
