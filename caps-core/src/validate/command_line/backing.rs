//! References of devices to backends, drives and objects.

use super::boards::Drive;
use super::judge::Judge;
use super::names::Space;
use crate::validate::{Property, Stage};

/// Descriptions of properties that refer to a backend.
const BACKENDS: &[(&str, Space)] = &[
    ("netdev", Space::Netdev),
    ("chardev", Space::Chardev),
    ("drive", Space::Drive),
    ("audiodev", Space::Audiodev),
    ("tpmdev", Space::Tpmdev),
    ("fsdev", Space::Fsdev),
];

impl Judge<'_> {
    /// Checks a property that refers to something; returns `false` for any other property.
    pub(super) fn check_backend(&mut self, device: &str, property: &Property, text: &str) -> bool {
        let name = property.name.as_str();
        if let Some(target) =
            property.type_name.strip_prefix("link<").and_then(|t| t.strip_suffix('>'))
        {
            self.check_link(name, target, text);
            return true;
        }
        let Some((_, space)) = BACKENDS.iter().find(|(key, _)| *key == name) else { return false };
        match space {
            Space::Drive => self.use_drive(device, text),
            Space::Fsdev => self.refer(Space::Fsdev, name, text),
            _ => self.use_backend(device, *space, name, text),
        }
        true
    }

    fn use_backend(&mut self, device: &str, space: Space, key: &str, id: &str) {
        let Some(named) = self.find(space, id) else {
            self.refer_property(device, space, key, id);
            return;
        };
        named.uses += 1;
        let (uses, shared) = (named.uses, named.shared);
        if uses > 1 && !shared && matches!(space, Space::Netdev | Space::Chardev) {
            let words = format!("Property '{device}.{key}' can't take value '{id}', it's in use");
            let what = format!("`{id}` is in use by another device");
            self.conflict(key, Stage::Value, &what, words);
        }
    }

    fn refer_property(&mut self, device: &str, space: Space, key: &str, id: &str) {
        if self.blind {
            return;
        }
        let words = format!("Property '{device}.{key}' can't find value '{id}'");
        self.dangling(space, key, id, words);
    }

    fn use_drive(&mut self, device: &str, id: &str) {
        let space = if self.find(Space::Drive, id).is_some() { Space::Drive } else { Space::Node };
        if id.is_empty() {
            return;
        }
        let Some(named) = self.find(space, id) else {
            if !id.starts_with('#') {
                self.refer_property(device, Space::Drive, "drive", id);
            }
            return;
        };
        named.uses += 1;
        let (kind, uses) = (named.kind.clone(), named.uses);
        if space == Space::Node {
            return;
        }
        let already = format!(
            "Drive '{id}' is already in use because it has been automatically connected to another device (did you need 'if=none' in the drive options?)"
        );
        match kind.as_str() {
            "none" if uses > 1 => {
                let words = format!("Drive '{id}' is already in use by another block device");
                self.conflict(
                    "drive",
                    Stage::Value,
                    &format!("`{id}` is in use by another device"),
                    words,
                );
            }
            "none" | "refused" => {}
            "unknown" => {
                let reason =
                    "whether the machine takes a drive without `if=none` for itself is not known";
                self.unchecked("drive", reason);
            }
            "ide" | "scsi" | "sd" | "mtd" | "xen"
                if self.board.is_none_or(|board| board.drive == Drive::Free) =>
            {
                self.unchecked(
                    "drive",
                    "whether the machine takes the drive for itself is not known",
                );
            }
            _ => {
                let what =
                    format!("the machine takes `{id}` for itself: write `if=none` in `-drive`");
                self.conflict("drive", Stage::Value, &what, already);
            }
        }
    }

    fn check_link(&mut self, key: &str, target: &str, id: &str) {
        if id.is_empty() || id.starts_with('/') {
            return;
        }
        let object = self.find(Space::Object, id).map(|named| named.kind.clone());
        let device = self.find(Space::Device, id).is_some();
        if device {
            return;
        }
        let Some(kind) = object else {
            // Objects created by the machine itself have paths, not ids.
            if self.know.is_a(target, "device") || self.know.is_a(target, "bus") || self.blind {
                self.unchecked(
                    key,
                    format!("whether there is a `{target}` of that name is not known"),
                );
                return;
            }
            let words = format!("Device '{id}' not found");
            return self.dangling_of(
                Space::Object,
                key,
                id,
                (format!("the id of a {target}"), words),
            );
        };
        if self.know.survey.qom_type(&kind).is_some()
            && self
                .know
                .survey
                .qom_type(target)
                .is_some_and(|one| one.parent.as_deref() != Some("interface"))
            && !self.know.is_a(&kind, target)
        {
            let words = format!("Invalid parameter type for '{key}', expected: {target}");
            self.wrong_value(key, id, &format!("a {target}, not a {kind}"), words);
        }
    }
}
