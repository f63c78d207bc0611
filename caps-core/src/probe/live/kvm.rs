//! Queries the host's KVM.

/// Returns whether virtual machines can be Intel TDX trust domains; `false` without usable KVM, or if
/// built without access to it.
pub(super) fn has_tdx() -> bool {
    #[cfg(feature = "host")]
    {
        // `KVM_CAP_VM_TYPES`, which kvm-ioctls does not name.
        const VM_TYPES: std::ffi::c_ulong = 235;
        kvm_ioctls::Kvm::new().is_ok_and(|kvm| is_tdx_among(kvm.check_extension_raw(VM_TYPES)))
    }
    #[cfg(not(feature = "host"))]
    {
        false
    }
}

/// Returns whether a bit set of virtual machine types includes TDX. Negative numbers are errors.
#[cfg(feature = "host")]
fn is_tdx_among(types: i32) -> bool {
    const TDX: i32 = 5;
    !types.is_negative() && types & (1 << TDX) != 0
}

#[cfg(all(test, feature = "host"))]
mod tests {
    use super::is_tdx_among;

    #[test]
    fn types_of_virtual_machines_are_bits() {
        // The default type alone; with software protection and SEV; an old kernel; an error.
        for without in [0b1, 0b01_1111, 0, -1] {
            assert!(!is_tdx_among(without), "{without}");
        }
        for with in [0b10_0000, 0b10_0001, 0b11_1111] {
            assert!(is_tdx_among(with), "{with}");
        }
    }
}
