use crate::names::closed_set;

/// An interrupt controller of Arm machines: an element of `query-gic-capabilities`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Gic {
    /// 2 or 3.
    pub version: u32,
    /// Does KVM provide it?
    pub kernel: bool,
    /// Does QEMU emulate it?
    pub emulated: bool,
}

/// AMD's Secure Encrypted Virtualization: the reply to `query-sev-capabilities`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Sev {
    /// The position of the C-bit in page table entries.
    pub cbitpos: u32,
    /// How many bits of the physical address space are lost.
    pub reduced_phys_bits: u32,
    /// The platform's Diffie-Hellman key, in Base64.
    pub pdh: String,
    /// The certificate chain, in Base64.
    pub cert_chain: String,
    /// The unique id of CPU 0, in Base64.
    pub cpu0_id: Option<String>,
}

/// Intel's Software Guard Extensions: the reply to `query-sgx-capabilities`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Sgx {
    /// Flexible launch control.
    pub flc: bool,
    /// The first set of instructions.
    pub sgx1: bool,
    /// The second set of instructions.
    pub sgx2: bool,
    /// The size of the enclave page cache, in KiB.
    pub section_size: u64,
    /// The page cache by NUMA node; `None` where the list is absent.
    pub sections: Vec<SgxSection>,
}

/// A part of the enclave page cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SgxSection {
    /// The NUMA node.
    pub node: u32,
    /// The size in KiB.
    pub size: u64,
}

/// What QEMU can tell a guest that expects Hyper-V. The values are known since libvirt 12.8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HyperV {
    /// Is there any support?
    pub supported: bool,
    /// The enlightenments, in libvirt's order, each at most once.
    pub enlightenments: Vec<Enlightenment>,
    /// How often a guest tries to take a lock before it lets the hypervisor know.
    pub spinlocks: Option<u32>,
    /// Can synthetic timers interrupt directly?
    pub stimer_direct: Option<bool>,
    /// Can a nested hypervisor's guests flush TLBs directly?
    pub tlbflush_direct: Option<bool>,
    /// Can parts of TLBs be flushed?
    pub tlbflush_extended: Option<bool>,
    /// The vendor that the guest sees.
    pub vendor_id: Option<String>,
}

/// Raw data of the host CPU, kept as the elements that they are written as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuData {
    /// The kind of data: `x86`, `ppc64`, ...
    pub arch: String,
    /// The elements inside.
    pub elements: Vec<Element>,
}

/// An XML element without children.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Element {
    /// The name.
    pub name: String,
    /// The attributes in order: name and value.
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
