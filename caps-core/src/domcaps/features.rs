use super::condition::Facts;
use super::parts::{Group, Toggle};
use super::table;
use crate::baseline::Baseline;
use crate::caps::{Enlightenment, HyperV, Sgx};

/// Features other than devices and CPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Features {
    /// The Arm interrupt controllers.
    pub gic: Group,
    /// Lines that say yes or no.
    pub toggles: Vec<Toggle>,
    /// AMD memory encryption.
    pub sev: Option<SevLimits>,
    /// Intel enclaves.
    pub sgx: Option<Sgx>,
    /// The Hyper-V enlightenments; `None` if unknown.
    pub hyperv: Option<HyperVSupport>,
    /// The ways to protect guest memory from the host.
    pub launch_security: Group,
}

/// AMD SEV on a host, with the numbers of guests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SevLimits {
    /// The position of the C-bit in page table entries.
    pub cbitpos: u32,
    /// The number of physical address bits lost to encryption.
    pub reduced_phys_bits: u32,
    /// The maximum number of encrypted guests.
    pub max_guests: u32,
    /// The maximum number of guests with encrypted state.
    pub max_es_guests: u32,
    /// The unique id of CPU 0, in Base64.
    pub cpu0_id: Option<String>,
}

/// The available Hyper-V enlightenments.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperVSupport {
    /// Whether there is any support.
    pub supported: bool,
    /// The enlightenments, in libvirt's order.
    pub enlightenments: Vec<Enlightenment>,
    /// The default values, since libvirt 12.
    pub defaults: HyperVDefaults,
}

/// Values of Hyper-V enlightenments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HyperVDefaults {
    /// How often a guest retries a spinlock before it notifies the hypervisor.
    pub spinlocks: Option<u32>,
    /// Whether synthetic timers interrupt directly.
    pub stimer_direct: Option<bool>,
    /// Whether nested guests flush TLBs directly.
    pub tlbflush_direct: Option<bool>,
    /// Whether parts of a TLB can be flushed.
    pub tlbflush_extended: Option<bool>,
    /// The vendor id that the guest sees.
    pub vendor_id: Option<String>,
}

impl HyperVDefaults {
    /// The names and values, in libvirt's order.
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

    /// Returns whether there are no values.
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
