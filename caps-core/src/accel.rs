//! Accelerators, and the domain types that choose among them.

use crate::names::closed_set;

closed_set! {
    /// How the guest's instructions are run, in the order of the capability XML.
    pub enum Accel: "an accelerator", {
        /// KVM of Linux.
        Kvm = "kvm",
        /// The Hypervisor.framework of macOS.
        Hvf = "hvf",
        /// Microsoft Hypervisor.
        Mshv = "mshv",
        /// QEMU's translator, without acceleration.
        Tcg = "tcg",
    }
}

closed_set! {
    /// A domain type, named as in `<domain type='kvm'>`. By default, libvirt uses the first one
    /// available.
    pub enum DomainType: "a domain type", {
        /// KVM of Linux.
        Kvm = "kvm",
        /// The Hypervisor.framework of macOS.
        Hvf = "hvf",
        /// QEMU's translator, TCG.
        Qemu = "qemu",
    }
}

impl DomainType {
    /// The accelerator for this domain type.
    pub const fn accel(self) -> Accel {
        match self {
            Self::Kvm => Accel::Kvm,
            Self::Hvf => Accel::Hvf,
            Self::Qemu => Accel::Tcg,
        }
    }

    /// Returns whether an accelerator other than TCG runs the guest.
    pub const fn is_accelerated(self) -> bool {
        !matches!(self, Self::Qemu)
    }
}
