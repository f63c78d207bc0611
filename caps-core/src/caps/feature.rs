/// CPU features that libvirt and QEMU spell differently: libvirt's spelling, then QEMU's. Used for
/// the blockers of x86 CPU models.
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

/// libvirt's spelling of an x86 CPU feature that QEMU named.
pub(crate) fn to_libvirt(qemu: &str) -> &str {
    SPELLINGS.iter().find(|(_, theirs)| *theirs == qemu).map_or(qemu, |(ours, _)| ours)
}

/// QEMU's spelling of an x86 CPU feature.
pub(crate) fn to_qemu(libvirt: &str) -> &str {
    SPELLINGS.iter().find(|(ours, _)| *ours == libvirt).map_or(libvirt, |(_, theirs)| theirs)
}
