/// CPU features that libvirt and QEMU spell differently, as pairs of libvirt's and QEMU's spelling.
/// Applied to the blockers of x86 CPU models.
const SPELLINGS: [(&str, &str); 15] = [
    ("cmp_legacy", "cmp-legacy"),
    ("ds_cpl", "ds-cpl"),
    ("fxsr_opt", "fxsr-opt"),
    ("kvm_pv_eoi", "kvm-pv-eoi"),
    ("kvm_pv_unhalt", "kvm-pv-unhalt"),
    ("lahf_lm", "lahf-lm"),
    ("nodeid_msr", "nodeid-msr"),
    ("pclmuldq", "pclmulqdq"),
    ("perfctr_core", "perfctr-core"),
    ("perfctr_nb", "perfctr-nb"),
    ("tsc_adjust", "tsc-adjust"),
    ("vmx-invvpid-single-context-noglobals", "vmx-invept-single-context-noglobals"),
    ("hv-vendor_id", "hv-vendor-id"),
    ("hv-emsr_bitmap", "hv-emsr-bitmap"),
    ("hv-xmm_input", "hv-xmm-input"),
];

/// The lengths and first letters of the names in the table, as bits: few other names share one.
const KNOWN: u128 = {
    let (mut known, mut index) = (0, 0);
    while index < SPELLINGS.len() {
        let (ours, theirs) = SPELLINGS[index];
        known |= bit(ours.as_bytes()) | bit(theirs.as_bytes());
        index += 1;
    }
    known
};

const fn bit(name: &[u8]) -> u128 {
    match name {
        [first, ..] => 1 << ((*first as usize * 8 + name.len()) % 128),
        [] => 0,
    }
}

#[inline]
fn may_differ(name: &str) -> bool {
    KNOWN & bit(name.as_bytes()) != 0
}

/// Converts an x86 CPU feature from QEMU's spelling to libvirt's.
#[inline]
pub(crate) fn to_libvirt(qemu: &str) -> &str {
    if !may_differ(qemu) {
        return qemu;
    }
    SPELLINGS.iter().find(|(_, theirs)| *theirs == qemu).map_or(qemu, |(ours, _)| ours)
}

/// Converts an x86 CPU feature from libvirt's spelling to QEMU's.
pub(crate) fn to_qemu(libvirt: &str) -> &str {
    if !may_differ(libvirt) {
        return libvirt;
    }
    SPELLINGS.iter().find(|(ours, _)| *ours == libvirt).map_or(libvirt, |(_, theirs)| theirs)
}

#[cfg(test)]
mod tests {
    use super::{SPELLINGS, to_libvirt, to_qemu};

    #[test]
    fn each_spelling_has_its_counterpart() {
        for (ours, theirs) in SPELLINGS {
            assert_eq!((to_libvirt(theirs), to_qemu(ours)), (ours, theirs));
            assert_eq!((to_libvirt(ours), to_qemu(theirs)), (ours, theirs));
        }
        assert_eq!((to_libvirt("avx2"), to_qemu("avx2"), to_libvirt("")), ("avx2", "avx2", ""));
    }
}
