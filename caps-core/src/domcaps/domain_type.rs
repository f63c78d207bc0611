use crate::accel::Accel;
use crate::caps::{Acceleration, Capabilities};
use crate::flag::Flag;
use crate::names::closed_set;

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

    /// The capabilities for this domain type; `None` if its accelerator is not available.
    pub(super) fn slot(self, caps: &Capabilities) -> Option<&Acceleration> {
        let counts = !self.is_accelerated() || caps.has(Flag::of_accel(self.accel()));
        counts.then(|| caps.acceleration(self.accel()))
    }
}
