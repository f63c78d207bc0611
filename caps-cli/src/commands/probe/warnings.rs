use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

use caps_core::Arch;

use crate::output::say;

const KVM: &str = "/dev/kvm";

/// Warns if the host has KVM, but this user has no access to it.
pub(super) fn kvm_access() {
    if !Path::new(KVM).exists() {
        return;
    }
    let Err(error) = OpenOptions::new().read(true).write(true).open(KVM) else { return };
    let remedy = if error.kind() == ErrorKind::PermissionDenied {
        ": add the user to the group `kvm`, or run as root"
    } else {
        ""
    };
    say!(
        Warning: "`{KVM}` can't be opened ({error}), so the capture will lack acceleration{remedy}"
    );
}

/// Warns if QEMU emulates another architecture than the host's.
pub(super) fn foreign_arch(arch: Arch) {
    if Arch::host() != Some(arch) {
        let host = Arch::host().map_or("unknown", Arch::name);
        say!(
            Warning: "the architecture of QEMU ({arch}) is not the host's ({host}): what depends on the host's CPU and acceleration will not be in the capture"
        );
    }
}
