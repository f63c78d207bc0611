use crate::names::closed_set;

/// An Arm interrupt controller, from an element of `query-gic-capabilities`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Gic {
    /// The GIC version: 2 or 3.
    pub version: u32,
    /// Whether KVM provides it.
    pub kernel: bool,
    /// Whether QEMU emulates it.
    pub emulated: bool,
}

/// AMD Secure Encrypted Virtualization, from the reply to `query-sev-capabilities`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Sev {
    /// The position of the C-bit in page table entries.
    pub cbitpos: u32,
    /// The number of physical address bits lost to encryption.
    pub reduced_phys_bits: u32,
    /// The platform's Diffie-Hellman key, in Base64.
    pub pdh: String,
    /// The certificate chain, in Base64.
    pub cert_chain: String,
    /// The unique id of CPU 0, in Base64.
    pub cpu0_id: Option<String>,
}

/// Intel Software Guard Extensions, from the reply to `query-sgx-capabilities`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Sgx {
    /// Whether flexible launch control is available.
    pub flc: bool,
    /// Whether the SGX1 instructions are available.
    pub sgx1: bool,
    /// Whether the SGX2 instructions are available.
    pub sgx2: bool,
    /// The size of the enclave page cache, in KiB.
    pub section_size: u64,
    /// The enclave page cache by NUMA node; empty if the reply has no such list.
    pub sections: Vec<SgxSection>,
}

/// The enclave page cache of one NUMA node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SgxSection {
    /// The NUMA node.
    pub node: u32,
    /// The size in KiB.
    pub size: u64,
}

/// The Hyper-V enlightenments that QEMU offers to guests. Values are known since libvirt 12.8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HyperV {
    /// Whether there is any support.
    pub supported: bool,
    /// The enlightenments in libvirt's order, without repetition.
    pub enlightenments: Vec<Enlightenment>,
    /// How often a guest retries a spinlock before it notifies the hypervisor.
    pub spinlocks: Option<u32>,
    /// Whether synthetic timers can interrupt directly.
    pub stimer_direct: Option<bool>,
    /// Whether guests of a nested hypervisor can flush TLBs directly.
    pub tlbflush_direct: Option<bool>,
    /// Whether parts of a TLB can be flushed.
    pub tlbflush_extended: Option<bool>,
    /// The vendor id that the guest sees.
    pub vendor_id: Option<String>,
}

/// Raw data of the host CPU, stored as the XML elements that represent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuData {
    /// The format of the data: `x86`, `ppc64`, ...
    pub arch: String,
    /// The child elements.
    pub elements: Vec<Element>,
}

/// An XML element without children.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Element {
    /// The name.
    pub name: String,
    /// The attributes in order, as pairs of name and value.
    pub attributes: Vec<(String, String)>,
}

closed_set! {
    /// A Hyper-V enlightenment, in libvirt's order.
    pub enum Enlightenment: "a Hyper-V enlightenment", {
        /// `relaxed`
        Relaxed = "relaxed",
        /// `vapic`
        Vapic = "vapic",
        /// `spinlocks`
        Spinlocks = "spinlocks",
        /// `vpindex`
        Vpindex = "vpindex",
        /// `runtime`
        Runtime = "runtime",
        /// `synic`
        Synic = "synic",
        /// `stimer`
        Stimer = "stimer",
        /// `reset`
        Reset = "reset",
        /// `vendor_id`
        VendorId = "vendor_id",
        /// `frequencies`
        Frequencies = "frequencies",
        /// `reenlightenment`
        Reenlightenment = "reenlightenment",
        /// `tlbflush`
        Tlbflush = "tlbflush",
        /// `ipi`
        Ipi = "ipi",
        /// `evmcs`
        Evmcs = "evmcs",
        /// `avic`
        Avic = "avic",
        /// `emsr_bitmap`
        EmsrBitmap = "emsr_bitmap",
        /// `xmm_input`
        XmmInput = "xmm_input",
    }
}
