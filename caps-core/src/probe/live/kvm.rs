//! What the host's KVM says of itself.

/// Can virtual machines be trust domains of Intel TDX? Not where KVM can't be used.
#[cfg(feature = "host")]
pub(super) fn has_tdx() -> bool {
    // `KVM_CAP_VM_TYPES`, which kvm-ioctls has no name for.
    const VM_TYPES: std::ffi::c_ulong = 235;
    kvm_ioctls::Kvm::new().is_ok_and(|kvm| is_tdx_among(kvm.check_extension_raw(VM_TYPES)))
}

/// KVM is not asked.
#[cfg(not(feature = "host"))]
pub(super) fn has_tdx() -> bool {
    false
}

/// Is the type of TDX among the types of virtual machines? They are bits; a negative number is an error.
#[cfg(feature = "host")]
fn is_tdx_among(types: i32) -> bool {
    const TDX: i32 = 5;
    types > 0 && types & (1 << TDX) != 0
}

#[cfg(all(test, feature = "host"))]
mod tests {
    use super::is_tdx_among;

    #[test]
    fn types_of_virtual_machines_are_bits() {
        // The default type alone; with those of software protection and SEV; an old kernel; an error.
        for without in [0b1, 0b01_1111, 0, -1] {
            assert!(!is_tdx_among(without), "{without}");
        }
        for with in [0b10_0000, 0b10_0001, 0b11_1111] {
            assert!(is_tdx_among(with), "{with}");
        }
    }
}
