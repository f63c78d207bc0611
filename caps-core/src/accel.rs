//! Accelerators.

use crate::names::closed_set;

closed_set! {
    /// What runs the guest's instructions, in the order of the capability XML.
    pub enum Accel: "an accelerator", {
        /// Linux' KVM.
        Kvm = "kvm",
        /// The Hypervisor.framework of macOS.
        Hvf = "hvf",
        /// Microsoft's hypervisor.
        Mshv = "mshv",
        /// QEMU's own translator.
        Tcg = "tcg",
    }
}
