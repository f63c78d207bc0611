use super::condition::Facts;
use super::parts::{Group, Toggle};
use super::table;
use crate::baseline::Baseline;
use crate::caps::{Enlightenment, HyperV, Sgx};

/// What a guest can have besides devices and CPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// The interrupt controllers of an Arm machine.
    pub gic: Group,
    /// Lines that say yes or no.
    pub toggles: Vec<Toggle>,
    /// AMD's encrypted guests.
    pub sev: Option<SevLimits>,
    /// Intel's enclaves.
    pub sgx: Option<Sgx>,
    /// What a guest that expects Hyper-V can be given; `None` where nothing is known.
    pub hyperv: Option<HyperVSupport>,
    /// How a guest's memory is hidden from the host.
    pub launch_security: Group,
}

/// AMD SEV on a host, and how many guests can have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SevLimits {
    /// The position of the C-bit in page table entries.
    pub cbitpos: u32,
    /// How many bits of the physical address space are lost.
    pub reduced_phys_bits: u32,
    /// How many encrypted guests there can be.
    pub max_guests: u32,
    /// How many guests with encrypted state there can be.
    pub max_es_guests: u32,
    /// The unique id of CPU 0, in Base64.
    pub cpu0_id: Option<String>,
}

/// What a guest that expects Hyper-V can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperVSupport {
    /// Is there any support?
    pub supported: bool,
    /// The enlightenments, in libvirt's order.
    pub enlightenments: Vec<Enlightenment>,
    /// Their values where a guest's configuration names none, since libvirt 12.
    pub defaults: HyperVDefaults,
}

/// Values of Hyper-V enlightenments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperVDefaults {
    /// How often a guest tries a lock before it tells the hypervisor.
    pub spinlocks: Option<u32>,
    /// Timers interrupt the guest directly.
    pub stimer_direct: Option<bool>,
    /// Nested guests flush TLBs directly.
    pub tlbflush_direct: Option<bool>,
    /// TLBs are flushed by ranges.
    pub tlbflush_extended: Option<bool>,
    /// What the guest sees as the hypervisor's vendor.
    pub vendor_id: Option<String>,
}

impl HyperVDefaults {
    /// Names and values, in libvirt's order.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        let switch = |on| if on { "on" } else { "off" }.to_owned();
        let entries = [
            ("spinlocks", self.spinlocks.map(|count| count.to_string())),
            ("stimer_direct", self.stimer_direct.map(switch)),
            ("tlbflush_direct", self.tlbflush_direct.map(switch)),
            ("tlbflush_extended", self.tlbflush_extended.map(switch)),
            ("vendor_id", self.vendor_id.clone()),
        ];
        entries.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

pub(super) fn make(facts: &Facts<'_>) -> Features {
    let caps = facts.caps;
    Features {
        gic: table::GIC.make(facts),
        toggles: table::TOGGLES.iter().filter_map(|rule| rule.make(facts)).collect(),
        sev: caps.sev.as_ref().map(|sev| {
            let (max_guests, max_es_guests) = facts.host.sev.limits();
            SevLimits {
                cbitpos: sev.cbitpos,
                reduced_phys_bits: sev.reduced_phys_bits,
                max_guests,
                max_es_guests,
                cpu0_id: sev.cpu0_id.clone(),
            }
        }),
        sgx: caps.sgx.clone(),
        hyperv: caps.hyperv.as_ref().map(|hyperv| hyper_v(hyperv, facts.baseline)),
        launch_security: table::LAUNCH_SECURITY.make(facts),
    }
}

fn hyper_v(data: &HyperV, baseline: Baseline) -> HyperVSupport {
    let enlightenments = if data.supported { data.enlightenments.clone() } else { Vec::new() };
    let has = |name| enlightenments.contains(&name);
    let defaults = if baseline >= Baseline::Libvirt12_8 {
        HyperVDefaults {
            spinlocks: data.spinlocks.filter(|&count| count != 0 && has(Enlightenment::Spinlocks)),
            stimer_direct: data.stimer_direct.filter(|_| has(Enlightenment::Stimer)),
            tlbflush_direct: data.tlbflush_direct.filter(|_| has(Enlightenment::Tlbflush)),
            tlbflush_extended: data.tlbflush_extended.filter(|_| has(Enlightenment::Tlbflush)),
            vendor_id: data.vendor_id.clone().filter(|_| has(Enlightenment::VendorId)),
        }
    } else {
        HyperVDefaults::default()
    };
    HyperVSupport { supported: data.supported, enlightenments, defaults }
}
