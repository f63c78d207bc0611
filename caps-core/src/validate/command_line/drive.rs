//! Drives, and shorthand options for them.

use std::collections::BTreeSet;

use super::boards::Drive;
use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::Pairs;
use crate::command_line::scalar::integer;
use crate::qapi::Entry;
use crate::validate::{Stage, ViolationKind};

const INTERFACES: &[&str] =
    &["none", "ide", "scsi", "floppy", "pflash", "mtd", "sd", "virtio", "xen"];
/// Keys with their allowed values and QEMU's error message.
const VALUES: &[(&str, &[&str], &str)] = &[
    ("aio", &["threads", "native", "io_uring"], "invalid aio option"),
    (
        "cache",
        &["none", "off", "directsync", "writeback", "unsafe", "writethrough"],
        "invalid cache option",
    ),
    ("media", &["disk", "cdrom"], "invalid media"),
    ("discard", &["ignore", "off", "unmap", "on"], "Invalid discard option"),
    ("detect-zeroes", &["off", "on", "unmap"], "Parameter 'detect-zeroes' does not accept value"),
    ("werror", &["ignore", "enospc", "stop", "report"], "invalid write error action"),
    ("rerror", &["ignore", "stop", "report"], "invalid read error action"),
];
/// Keys of older QEMUs.
const REMOVED: &[&str] = &["cyls", "heads", "secs", "trans", "serial", "addr"];
/// Unlisted keys of every drive.
const COMMON: &[&str] = &[
    "id",
    "node-name",
    "driver",
    "format",
    "file",
    "read-only",
    "auto-read-only",
    "force-share",
    "detect-zeroes",
    "discard",
    "cache",
    "snapshot",
    "backing",
    "boot",
    "readonly",
];
/// Prefixes of keys.
const PREFIXES: &[&str] = &["file.", "backing.", "cache.", "throttling.", "stats-", "bps", "iops"];

impl<'a> Judge<'a> {
    pub(super) fn check_drives(&mut self) {
        for argument in self.options(&["drive"]) {
            self.at(argument);
            if let Some(pairs) = argument.pairs() {
                self.check_drive(pairs);
            }
        }
    }

    fn check_drive(&mut self, pairs: &Pairs) {
        if pairs.get("format") == Some("help") || pairs.get("format") == Some("?") {
            return;
        }
        self.warn_short_forms(pairs);
        let interface = pairs.get("if");
        if let Some(interface) = interface.filter(|name| !INTERFACES.contains(name)) {
            let words = format!("unsupported bus type '{interface}'");
            let kind = (ViolationKind::Value, Stage::Value);
            self.not_among("if", interface, kind, INTERFACES.iter().copied(), words);
        }
        for (key, values, words) in VALUES {
            if let Some(value) = pairs.get(key).filter(|value| !values.contains(value)) {
                let kind = (ViolationKind::Value, Stage::Value);
                self.not_among(key, value, kind, values.iter().copied(), *words);
            }
        }
        self.check_drive_keys(pairs);
        let format = pairs.get("format").or_else(|| pairs.get("driver"));
        self.check_drive_format(format);
        let has_file = pairs.get("file").is_some_and(|file| !file.is_empty())
            || pairs.iter().any(|pair| pair.key.starts_with("file.") || pair.key == "blockdev");
        if let Some(format) = format.filter(|format| !has_file && self.needs_file(format)) {
            let words = "A block device must be specified for \"file\"";
            let what = format!("a file: `{format}` is a format of images");
            self.missing("file", &what, words);
        }
        if let Some(file) = pairs.get("file").filter(|file| !file.is_empty() && !file.contains(':'))
        {
            self.host("file", format!("`{file}` has to exist"));
        }
        self.check_drive_interface(interface);
        let Some(id) = pairs.get("id") else { return };
        if self.check_id("id", id) {
            let kind = interface.map_or_else(|| self.default_interface().to_owned(), str::to_owned);
            self.name(Space::Drive, id, Named { kind, uses: 0, shared: false });
        }
    }

    /// Some boards have no place for a drive that does not say where it goes.
    pub(super) fn check_default_drive(&mut self, key: &str) {
        if self.board.is_some_and(|board| board.drive == Drive::Refused) {
            let words = "machine type does not support the default interface";
            let what = "the board has no place for the drive: write `if=none`, or an interface";
            self.conflict(key, Stage::Value, what, words);
        }
    }

    /// The interface of a drive without `if`; `none` if no device takes it.
    fn default_interface(&self) -> &'static str {
        match self.board.map(|board| board.drive) {
            Some(Drive::Taken) => "taken",
            Some(Drive::Free) => "none",
            Some(Drive::Refused) => "refused",
            None => "unknown",
        }
    }

    /// The interface that a drive asks for.
    fn check_drive_interface(&mut self, interface: Option<&str>) {
        if let Some(name) = interface
            && self.lacks_interface(name)
        {
            let words = format!("machine type does not support if={name},bus=0,unit=0");
            self.wrong_value("if", name, "an interface that the machine has", words);
        }
        if interface.is_none() {
            self.check_default_drive("if");
        }
    }

    fn check_drive_format(&mut self, format: Option<&str>) {
        let (Some(format), Some(formats)) = (format, self.know.lists.get("drive")) else { return };
        if !formats.iter().any(|known| known == format) {
            let words = format!("Unknown driver '{format}'");
            let names = formats.iter().map(String::as_str);
            self.not_among("format", format, (ViolationKind::Value, Stage::Type), names, words);
        }
    }

    fn check_drive_keys(&mut self, pairs: &Pairs) {
        let Some(groups) = &self.know.groups else {
            self.unchecked("", "the keys of the option were not captured");
            return;
        };
        let listed = groups.get("drive");
        let format = pairs.get("format").or_else(|| pairs.get("driver"));
        let members = self.driver_members(format);
        for pair in pairs.iter() {
            let key = pair.key.as_str();
            let known = listed.and_then(|keys| keys.iter().find(|one| one.name == key));
            if let Some(known) = known {
                let value = pair.value.as_str();
                let good = match known.type_name.as_str() {
                    "boolean" => crate::command_line::scalar::boolean(value).is_some(),
                    "number" => crate::command_line::scalar::integer(value)
                        .is_some_and(|n| u64::try_from(n).is_ok()),
                    _ => true,
                };
                if !good {
                    let boolean = known.type_name == "boolean";
                    let expected = if boolean { "`on` or `off`" } else { "a number" };
                    let words = if boolean {
                        format!("Parameter '{key}' expects 'on' or 'off'")
                    } else {
                        format!("Parameter '{key}' expects a number")
                    };
                    self.wrong_value(key, value, expected, words);
                }
                continue;
            }
            let name = key.split('.').next().unwrap_or_default();
            let number =
                key.starts_with("bps") || key.starts_with("iops") || key.starts_with("throttling.");
            let is_number =
                integer(&pair.value).is_some_and(|number| u64::try_from(number).is_ok());
            if number && !is_number && !key.ends_with("group") {
                let words = format!("Parameter '{key}' expects a number");
                self.wrong_value(key, &pair.value, "a number", words);
                continue;
            }
            // The list of keys that QEMU reports for `-drive` is incomplete.
            let fine = COMMON.contains(&name)
                || PREFIXES.iter().any(|prefix| key.starts_with(prefix))
                || members.contains(&name);
            if fine && !REMOVED.contains(&key) {
                continue;
            }
            // Without a format, QEMU detects it from the content of the image.
            if format.is_none() && !REMOVED.contains(&key) && self.is_member_of_any(name) {
                self.unchecked(key, "the format of the image decides whether it has this key");
                continue;
            }
            let format = format.unwrap_or("raw");
            let words = format!("Block format '{format}' does not support the option '{key}'");
            let names = listed.into_iter().flatten().map(|one| one.name.as_str());
            let names: BTreeSet<&str> = names.chain(members.iter().copied()).collect();
            self.not_among(key, key, (ViolationKind::Unexpected, Stage::Value), names, words);
        }
    }

    fn driver_members(&self, format: Option<&str>) -> Vec<&'a str> {
        let schema = self.target.schema();
        let entry = self.argument_type("blockdev-add").and_then(|name| schema.entry(&name));
        let shape = entry.map(Entry::shape);
        let variant = shape.zip(format).and_then(|(shape, format)| shape.variant(format));
        let variant = variant.and_then(|name| schema.entry(name)).map(Entry::shape);
        let members = shape.into_iter().chain(variant).flat_map(|shape| &shape.members);
        members.filter_map(|member| member.name.as_deref()).collect()
    }

    /// Is it a format of images, rather than a protocol? Then the schema has a mandatory `file`.
    fn needs_file(&self, format: &str) -> bool {
        let schema = self.target.schema();
        let entry = self.argument_type("blockdev-add").and_then(|name| schema.entry(&name));
        let variant = entry.and_then(|entry| schema.entry(entry.shape().variant(format)?));
        let file = variant.and_then(|variant| variant.shape().member("file"));
        file.is_some_and(|file| !file.is_optional)
    }

    fn is_member_of_any(&self, name: &str) -> bool {
        let schema = self.target.schema();
        let entry = self.argument_type("blockdev-add").and_then(|name| schema.entry(&name));
        let mut variants = entry.into_iter().flat_map(|entry| entry.shape().variant_types());
        variants.any(|variant| {
            schema.entry(variant).is_some_and(|entry| entry.shape().member(name).is_some())
        })
    }
}
