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

/// Whether a name of each length is in the table, on one side or the other: most are not.
const LENGTHS: u64 = {
    let (mut lengths, mut index) = (0, 0);
    while index < SPELLINGS.len() {
        let (ours, theirs) = SPELLINGS[index];
        lengths |= 1 << ours.len() | 1 << theirs.len();
        index += 1;
    }
    lengths
};

fn may_differ(name: &str) -> bool {
    name.len() < 64 && LENGTHS >> name.len() & 1 == 1
}

/// Converts an x86 CPU feature from QEMU's spelling to libvirt's.
pub(crate) fn to_libvirt(qemu: &str) -> &str {
    let find = || SPELLINGS.iter().find(|(_, theirs)| *theirs == qemu);
    may_differ(qemu).then(find).flatten().map_or(qemu, |(ours, _)| ours)
}

/// Converts an x86 CPU feature from libvirt's spelling to QEMU's.
pub(crate) fn to_qemu(libvirt: &str) -> &str {
    let find = || SPELLINGS.iter().find(|(ours, _)| *ours == libvirt);
    may_differ(libvirt).then(find).flatten().map_or(libvirt, |(_, theirs)| theirs)
}
