//! Making a document from capabilities, a request and a host.

use super::condition::Facts;
use super::cpu;
use super::document::{DomainCapabilities, Os};
use super::features;
use super::host::Host;
use super::parts::Enumeration;
use super::request::{DomcapsError, Request};
use super::table;
use crate::accel::DomainType;
use crate::caps::{Capabilities, MachineType};
use crate::flag::Flag;

impl DomainCapabilities {
    /// Determines what a QEMU offers on a host.
    ///
    /// # Errors
    ///
    /// Fails if the document depends on something unknown about the host.
    pub fn new(caps: &Capabilities, request: &Request, host: &Host) -> Result<Self, DomcapsError> {
        let machine = machine(caps, request.machine.as_deref());
        let arch = request.arch.unwrap_or(caps.arch);
        let applies = |machine: &str| {
            host.firmware.iter().filter(move |f| f.applies_to(arch, machine)).collect()
        };
        let facts = Facts {
            caps,
            host,
            domain_type: request.domain_type,
            machine,
            arch,
            baseline: request.baseline,
            firmware: machine.map(applies).unwrap_or_default(),
        };
        let mut cpu = cpu::modes(&facts)?;
        if request.disable_deprecated_features {
            cpu.disable_deprecated(request.domain_type, caps);
        }
        Ok(Self {
            path: request.emulator.clone().unwrap_or_else(|| caps.emulator.clone()),
            domain_type: request.domain_type,
            machine: machine.map(str::to_owned),
            arch,
            max_vcpus: max_vcpus(&facts)?,
            os: os(&facts),
            cpu,
            memory_backing: table::MEMORY_BACKING.make(&facts),
            devices: table::DEVICES
                .iter()
                .filter(|(condition, _)| condition.holds(&facts))
                .map(|(_, group)| group.make(&facts))
                .collect(),
            features: features::make(&facts),
            baseline: request.baseline,
        })
    }
}

/// The machine type of the document. libvirt's test looks it up in KVM's list if there is one,
/// whatever the domain type, and keeps an unknown name as it is.
fn machine<'a>(caps: &'a Capabilities, asked: Option<&'a str>) -> Option<&'a str> {
    let has_kvm = caps.has(Flag::Kvm);
    let machines: &[MachineType] = if has_kvm { &caps.kvm.machines } else { &caps.tcg.machines };
    let Some(asked) = asked else { return machines.first().map(|machine| machine.name.as_str()) };
    let by_alias = machines.iter().find(|machine| machine.alias.as_deref() == Some(asked));
    Some(by_alias.map_or(asked, |machine| &machine.name))
}

fn max_vcpus(facts: &Facts<'_>) -> Result<Option<u32>, DomcapsError> {
    let mut count = facts
        .domain_type
        .slot(facts.caps)
        .into_iter()
        .flat_map(|slot| &slot.machines)
        .find(|machine| Some(machine.name.as_str()) == facts.machine && machine.max_cpus > 0)
        .map_or(0, |machine| machine.max_cpus);
    if facts.domain_type == DomainType::Kvm {
        count = count.min(facts.host.max_vcpus.ok_or(DomcapsError::NoKvm)?);
    }
    Ok((count > 0).then_some(count))
}

fn os(facts: &Facts<'_>) -> Os {
    let images = facts.host.images.clone().unwrap_or_else(|| {
        let mut images: Vec<String> = Vec::new();
        for firmware in facts.firmware.iter().filter(|firmware| firmware.image_exists) {
            images.extend(firmware.image.clone().filter(|image| !images.contains(image)));
        }
        images
    });
    let empty = || Enumeration { name: table::OS_FIRMWARE.name.to_owned(), values: Vec::new() };
    let features = table::FIRMWARE_FEATURES.make(facts);
    Os {
        firmware: table::OS_FIRMWARE.make(facts).unwrap_or_else(empty),
        firmware_features: features.supported.then_some(features),
        images,
        loader: table::LOADER.make(facts),
        varstore: table::VARSTORE.make(facts).map(|line| line.supported),
    }
}
