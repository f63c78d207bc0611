use crate::accel::Accel;
use crate::caps::{Acceleration, Capabilities};
use crate::flag::Flag;
use crate::names::closed_set;

closed_set! {
    /// What runs a domain, under libvirt's name (`<domain type='kvm'>`). Where libvirt picks one, it is the
    /// first that there is.
    pub enum DomainType: "a domain type", {
        /// Linux' KVM.
        Kvm = "kvm",
        /// The Hypervisor.framework of macOS.
        Hvf = "hvf",
        /// QEMU's own translator, TCG.
        Qemu = "qemu",
    }
}

impl DomainType {
    /// The accelerator that runs such domains.
    pub const fn accel(self) -> Accel {
        match self {
            Self::Kvm => Accel::Kvm,
            Self::Hvf => Accel::Hvf,
            Self::Qemu => Accel::Tcg,
        }
    }

    /// Does something else than QEMU run the guest's instructions?
    pub const fn is_accelerated(self) -> bool {
        !matches!(self, Self::Qemu)
    }

    /// What the capabilities have for domains of this type; of an accelerator that is not there, nothing.
    pub(super) fn slot(self, caps: &Capabilities) -> Option<&Acceleration> {
        let counts = !self.is_accelerated() || caps.has(Flag::of_accel(self.accel()));
        counts.then(|| caps.acceleration(self.accel()))
    }
}
