use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

use caps_core::Arch;

use crate::output::say;

/// Warns if the host has KVM, but this user has no access to it.
pub(super) fn kvm_access() {
    if let Some(warning) = access_to(Path::new("/dev/kvm")) {
        say!(Warning: "{warning}");
    }
}

fn access_to(kvm: &Path) -> Option<String> {
    if !kvm.exists() {
        return None;
    }
    let error = OpenOptions::new().read(true).write(true).open(kvm).err()?;
    let remedy = if error.kind() == ErrorKind::PermissionDenied {
        ": add the user to the group `kvm`, or run as root"
    } else {
        ""
    };
    let kvm = kvm.display();
    Some(format!(
        "`{kvm}` can't be opened ({error}), so the capture will lack acceleration{remedy}"
    ))
}

/// Warns if QEMU emulates another architecture than the host's.
pub(super) fn foreign_arch(arch: Arch) {
    if let Some(warning) = foreign_to(Arch::host(), arch) {
        say!(Warning: "{warning}");
    }
}

fn foreign_to(host: Option<Arch>, arch: Arch) -> Option<String> {
    let name = host.map_or("unknown", Arch::name);
    (host != Some(arch)).then(|| {
        format!(
            "the architecture of QEMU ({arch}) is not the host's ({name}): what depends on the host's CPU and acceleration will not be in the capture"
        )
    })
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use caps_core::Arch;

    use super::{access_to, foreign_to};
    use crate::output::say;

    #[test]
    fn a_device_that_can_not_be_opened_is_reported() {
        assert_eq!(access_to(Path::new("/no/such/device")), None);
        let dir = tempfile::tempdir().expect("a directory");
        // Even root can't write to a directory.
        let warning = access_to(dir.path()).expect("a warning");
        let name = dir.path().display();
        assert!(warning.starts_with(&format!("`{name}` can't be opened (")), "{warning}");
        assert!(warning.ends_with("so the capture will lack acceleration"), "{warning}");
        let device = dir.path().join("kvm");
        caps_core::fs::write_atomically(&device, b"").expect("a file");
        assert_eq!(access_to(&device), None);
        std::fs::set_permissions(&device, Permissions::from_mode(0o0)).expect("permissions");
        match access_to(&device) {
            Some(warning) => assert!(warning.ends_with("or run as root"), "{warning}"),
            None => say!(Warning: "the user may open any file, so the remedy could not be seen"),
        }
    }

    #[test]
    fn another_architecture_than_the_hosts_is_reported() {
        assert_eq!(foreign_to(Some(Arch::Ppc64), Arch::Ppc64), None);
        for (host, expected) in [
            (Some(Arch::X86_64), "(s390x) is not the host's (x86_64): "),
            (None, "(s390x) is not the host's (unknown): "),
        ] {
            let warning = foreign_to(host, Arch::S390x).expect("a warning");
            assert!(warning.contains(expected), "{warning}");
        }
    }
}
