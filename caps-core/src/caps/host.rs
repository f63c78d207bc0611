use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::nearest::{hint, nearest};

/// An interrupt controller of Arm machines: an element of `query-gic-capabilities`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gic {
    /// 2 or 3.
    pub version: u32,
    /// Does KVM provide it?
    pub kernel: bool,
    /// Does QEMU emulate it?
    pub emulated: bool,
}

/// AMD's Secure Encrypted Virtualization: the reply to `query-sev-capabilities`.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SgxSection {
    /// The NUMA node.
    pub node: u32,
    /// The size in KiB.
    pub size: u64,
}

/// What QEMU can tell a guest that expects Hyper-V.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HyperV {
    /// Is there any support?
    pub supported: bool,
    /// The enlightenments, in libvirt's order, each at most once.
    pub enlightenments: Vec<Enlightenment>,
}

/// Raw data of the host CPU, kept as the elements that they are written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuData {
    /// The kind of data: `x86`, `ppc64`, ...
    pub arch: String,
    /// The elements inside.
    pub elements: Vec<Element>,
}

/// An XML element without children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The name.
    pub name: String,
    /// The attributes in order: name and value.
    pub attributes: Vec<(String, String)>,
}

macro_rules! enlightenments {
    ($($variant:ident = $name:literal;)*) => {
        /// A Hyper-V enlightenment, in libvirt's order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Enlightenment {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Enlightenment {
            /// All enlightenments, in libvirt's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// libvirt's name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

enlightenments! {
    Relaxed = "relaxed";
    Vapic = "vapic";
    Spinlocks = "spinlocks";
    Vpindex = "vpindex";
    Runtime = "runtime";
    Synic = "synic";
    Stimer = "stimer";
    Reset = "reset";
    VendorId = "vendor_id";
    Frequencies = "frequencies";
    Reenlightenment = "reenlightenment";
    Tlbflush = "tlbflush";
    Ipi = "ipi";
    Evmcs = "evmcs";
    Avic = "avic";
    EmsrBitmap = "emsr_bitmap";
    XmmInput = "xmm_input";
}

impl fmt::Display for Enlightenment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text is not the name of an enlightenment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{name}` is not a Hyper-V enlightenment{}", hint(.nearest.as_deref()))]
pub struct UnknownEnlightenment {
    name: String,
    nearest: Option<String>,
}

impl FromStr for Enlightenment {
    type Err = UnknownEnlightenment;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|e| e.name() == name).ok_or_else(|| UnknownEnlightenment {
            name: name.to_owned(),
            nearest: nearest(name, Self::ALL.iter().map(|e| e.name())).map(str::to_owned),
        })
    }
}
