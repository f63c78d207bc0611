use super::removal::Removal;

/// A key, or one value of a key, that newer QEMUs don't have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemovedKey {
    /// The options that had it, without dash.
    pub options: &'static [&'static str],
    /// How the type of the thing begins that had it, such as `socket`; empty where all had it.
    pub of: &'static str,
    /// The key; empty for an option whose value is a single word.
    pub key: &'static str,
    /// The value that is gone; empty where the key is gone with all its values.
    pub value: &'static str,
    /// When it went, and what does its job since.
    pub removal: Removal,
}

impl RemovedKey {
    const fn key(
        options: &'static [&'static str],
        key: &'static str,
        release: &'static str,
        instead: &'static str,
    ) -> Self {
        Self { options, of: "", key, value: "", removal: Removal { release, instead } }
    }

    const fn of(self, of: &'static str) -> Self {
        Self { of, ..self }
    }

    const fn value(self, value: &'static str) -> Self {
        Self { value, ..self }
    }

    /// What is known of a key with its value that a QEMU does not accept. `of` is the type of the thing.
    ///
    /// ```
    /// use caps_core::command_line::RemovedKey;
    ///
    /// let found = RemovedKey::find("chardev", "socket", "reconnect", "5").expect("a removed key");
    /// assert_eq!(found.removal.release, "10.2");
    /// ```
    pub fn find(option: &str, of: &str, key: &str, value: &str) -> Option<&'static Self> {
        REMOVED_KEYS.iter().find(|row| {
            row.options.contains(&option)
                && of.starts_with(row.of)
                && row.key == key
                && (row.value.is_empty() || row.value == value)
        })
    }
}

/// All of them, by option.
pub const REMOVED_KEYS: &[RemovedKey] = &[
    RemovedKey::key(&["chardev"], "reconnect", "10.2", "reconnect-ms=").of("socket"),
    RemovedKey::key(&["chardev"], "backend", "8.0", "-chardev serial").value("tty"),
    RemovedKey::key(&["chardev"], "backend", "8.0", "-chardev parallel").value("parport"),
    RemovedKey::key(&["device"], "driver", "4.0", "-device ivshmem-plain").value("ivshmem"),
    RemovedKey::key(&["device"], "driver", "6.0", "-device ide-hd").value("ide-drive"),
    RemovedKey::key(&["device"], "driver", "6.0", "-device scsi-hd").value("scsi-disk"),
    RemovedKey::key(&["device"], "scsi", "9.1", "-device scsi-block").of("virtio-blk"),
    RemovedKey::key(&["drive"], "addr", "3.0", "-device virtio-blk-pci,addr="),
    RemovedKey::key(&["drive"], "cyls", "3.0", "-device ide-hd,cyls="),
    RemovedKey::key(&["drive"], "heads", "3.0", "-device ide-hd,heads="),
    RemovedKey::key(&["drive"], "secs", "3.0", "-device ide-hd,secs="),
    RemovedKey::key(&["drive"], "serial", "3.0", "-device ide-hd,serial="),
    RemovedKey::key(&["drive"], "trans", "3.0", "-device ide-hd,bios-chs-trans="),
    RemovedKey::key(&["fsdev", "virtfs"], "fsdriver", "9.2", "-fsdev local").value("proxy"),
    RemovedKey::key(&["machine", "M"], "enforce-config-section", "5.2", MIGRATION),
    RemovedKey::key(&["net"], "type", "2.12", "-netdev user,guestfwd=").value("channel"),
    RemovedKey::key(&["net"], "type", "2.12", "-object filter-dump").value("dump"),
    RemovedKey::key(&["net"], "vlan", "3.0", "-netdev"),
    RemovedKey::key(&["net"], "name", "5.1", "id="),
    RemovedKey::key(&["netdev"], "reconnect", "10.2", "reconnect-ms=").of("stream"),
    RemovedKey::key(&["spice"], "password", "8.0", "password-secret="),
    RemovedKey::key(&["usbdevice"], "", "6.0", "-device usb-audio").value("audio"),
    RemovedKey::key(&["usbdevice"], "", "6.0", "-device usb-ccid").value("ccid"),
    RemovedKey::key(&["vnc"], "acl", "6.0", "tls-authz="),
    RemovedKey::key(&["vnc"], "tls", "3.1", "tls-creds="),
    RemovedKey::key(&["vnc"], "x509", "3.1", "tls-creds="),
];

const MIGRATION: &str = "-global migration.send-configuration=on";

#[cfg(test)]
mod tests {
    use super::{REMOVED_KEYS, RemovedKey};
    use crate::command_line::OPTIONS;

    #[test]
    fn rows_name_options_and_releases() {
        for row in REMOVED_KEYS {
            for option in row.options {
                assert!(OPTIONS.iter().any(|known| known.name == *option), "{row:?}");
            }
            let (major, minor) = row.removal.release.split_once('.').expect("MAJOR.MINOR");
            assert!(major.parse::<u32>().is_ok() && minor.parse::<u32>().is_ok(), "{row:?}");
            assert!(!row.removal.instead.is_empty(), "{row:?}");
            assert!(!row.key.is_empty() || !row.value.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn a_row_is_found_by_option_type_key_and_value() {
        let release = |option, of, key, value| {
            RemovedKey::find(option, of, key, value).map(|row| row.removal.release)
        };
        assert_eq!(release("chardev", "socket", "reconnect", "5"), Some("10.2"));
        assert_eq!(release("chardev", "pty", "reconnect", "5"), None);
        assert_eq!(release("device", "virtio-blk-ccw", "scsi", "on"), Some("9.1"));
        assert_eq!(release("device", "", "driver", "ide-drive"), Some("6.0"));
        assert_eq!(release("device", "", "driver", "ide-hd"), None);
    }
}
