//! Accelerators.

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
