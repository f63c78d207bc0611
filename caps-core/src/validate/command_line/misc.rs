//! Options with few rules.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::scalar::integer;
use crate::command_line::{Pairs, Reader, Value};
use crate::validate::{Stage, ViolationKind};

/// Options whose keys `query-command-line-options` lists completely, without further rules.
const GROUPS: &[(&str, &str)] = &[
    ("action", "action"),
    ("add-fd", "add-fd"),
    ("fw_cfg", "fw_cfg"),
    ("icount", "icount"),
    ("iscsi", "iscsi"),
    ("msg", "msg"),
    ("name", "name"),
    ("option-rom", "option-rom"),
    ("overcommit", "overcommit"),
    ("rtc", "rtc"),
    ("run-with", "run-with"),
    ("sandbox", "sandbox"),
    ("semihosting-config", "semihosting-config"),
    ("fsdev", "fsdev"),
    ("virtfs", "virtfs"),
    ("spice", "spice"),
    ("trace", "trace"),
];
/// Keys with a list of words as values: group, key, words, QEMU's error message for any other.
const WORDS: &[(&str, &str, &[&str], &str)] = &[
    (
        "overcommit",
        "mem-lock",
        &["on", "yes", "true", "y", "off", "no", "false", "n", "on-fault"],
        "parameter 'mem-lock' expects one of 'on', 'off', 'on-fault'",
    ),
    ("rtc", "clock", &["host", "rt", "vm"], "invalid option value '{}'"),
    ("rtc", "driftfix", &["slew", "none"], "invalid option value '{}'"),
    ("action", "reboot", &["reset", "shutdown"], "Parameter 'reboot' does not accept value '{}'"),
    (
        "action",
        "shutdown",
        &["poweroff", "pause"],
        "Parameter 'shutdown' does not accept value '{}'",
    ),
    (
        "action",
        "panic",
        &["pause", "shutdown", "exit-failure", "none"],
        "Parameter 'panic' does not accept value '{}'",
    ),
    (
        "action",
        "watchdog",
        &["reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi"],
        "Parameter 'watchdog' does not accept value '{}'",
    ),
    ("sandbox", "obsolete", &["allow", "deny"], "invalid argument for obsolete"),
    (
        "sandbox",
        "elevateprivileges",
        &["allow", "deny", "children"],
        "invalid argument for elevateprivileges",
    ),
    ("sandbox", "spawn", &["allow", "deny"], "invalid argument for spawn"),
    ("sandbox", "resourcecontrol", &["allow", "deny"], "invalid argument for resourcecontrol"),
    (
        "fsdev",
        "security_model",
        &["passthrough", "mapped", "mapped-xattr", "mapped-file", "none"],
        "Invalid security_model {} specified, valid options are: passthrough | mapped-xattr | mapped-file | none",
    ),
    (
        "virtfs",
        "security_model",
        &["passthrough", "mapped", "mapped-xattr", "mapped-file", "none"],
        "Invalid security_model {} specified",
    ),
    ("fsdev", "multidevs", &["remap", "forbid", "warn"], "invalid multidevs property"),
    ("virtfs", "multidevs", &["remap", "forbid", "warn"], "invalid multidevs property"),
    (
        "semihosting-config",
        "target",
        &["native", "gdb", "auto"],
        "unsupported semihosting-config {}",
    ),
    ("icount", "rr", &["record", "replay"], "Invalid icount rr option: {}"),
];
const VGAS: &[&str] = &["none", "std", "cirrus", "vmware", "qxl", "xenfb", "tcx", "cg3", "virtio"];
const WATCHDOG: &[&str] =
    &["reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi"];
/// The keys of `-compat` with their values.
const COMPAT: &[(&str, &[&str])] = &[
    ("deprecated-input", &["accept", "reject", "crash"]),
    ("deprecated-output", &["accept", "hide"]),
    ("unstable-input", &["accept", "reject", "crash"]),
    ("unstable-output", &["accept", "hide"]),
];

impl Judge<'_> {
    pub(super) fn check_groups(&mut self) {
        let line = self.line;
        for argument in line.arguments() {
            let Some((option, group)) = GROUPS.iter().find(|(option, _)| *option == argument.name)
            else {
                continue;
            };
            let Value::Pairs(pairs) = &argument.value else { continue };
            if self.know.groups.as_ref().is_some_and(|groups| !groups.contains_key(*group)) {
                continue;
            }
            self.at(argument);
            self.warn_short_forms(pairs);
            self.check_group(group, pairs);
            for (of, key, words, sentence) in WORDS {
                if of != option {
                    continue;
                }
                if let Some(value) = pairs.get(key).filter(|value| !words.contains(value)) {
                    let kind = (ViolationKind::Value, Stage::Value);
                    self.not_among(
                        key,
                        value,
                        kind,
                        words.iter().copied(),
                        sentence.replace("{}", value),
                    );
                }
            }
            match *option {
                "add-fd" => self.check_descriptor(pairs),
                "fsdev" => self.check_fsdev(pairs),
                "virtfs" => self.check_virtfs(pairs),
                "rtc" => self.check_rtc(pairs),
                "icount" => self.check_icount(pairs),
                "fw_cfg" => self.check_fw_cfg(pairs),
                _ => {}
            }
        }
    }

    pub(super) fn check_rest(&mut self) {
        for argument in self.options(&["vga"]) {
            self.at(argument);
            let text = argument.text().unwrap_or_default();
            let name = text.split(',').next().unwrap_or_default();
            if name == "help" {
                continue;
            }
            let listed = self.know.lists.get("vga");
            let is_unknown =
                |name| listed.is_some_and(|listed| !listed.iter().any(|one| one == name));
            if !VGAS.contains(&name) || (name == "xenfb" && is_unknown(name)) {
                let words = format!("unknown vga type: {name}");
                let kind = (ViolationKind::Value, Stage::Value);
                self.not_among("", name, kind, VGAS.iter().copied(), words);
            } else if listed.is_some_and(|listed| !listed.iter().any(|one| one == name)) {
                let words = format!("{name} not available");
                let kind = (ViolationKind::NotBuilt, Stage::Build);
                let names: Vec<&str> = listed.into_iter().flatten().map(String::as_str).collect();
                self.not_among("", name, kind, names, words);
            }
        }
        for argument in self.options(&["watchdog-action"]) {
            self.at(argument);
            let text = argument.text().unwrap_or_default();
            if !WATCHDOG.contains(&text.as_str()) {
                let words = format!("Parameter 'watchdog-action' does not accept value '{text}'");
                self.not_among(
                    "",
                    &text,
                    (ViolationKind::Value, Stage::Value),
                    WATCHDOG.iter().copied(),
                    words,
                );
            }
        }
        for argument in self.options(&["compat"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            if self.tree(pairs).is_none() {
                continue;
            }
            for pair in pairs.iter() {
                let Some((_, values)) = COMPAT.iter().find(|(key, _)| *key == pair.key) else {
                    let words = format!("Parameter '{}' is unexpected", pair.key);
                    let names = COMPAT.iter().map(|(key, _)| *key);
                    self.not_among(
                        &pair.key,
                        &pair.key,
                        (ViolationKind::Unexpected, Stage::Value),
                        names,
                        words,
                    );
                    continue;
                };
                if !values.contains(&pair.value.as_str()) {
                    let words =
                        format!("Parameter '{}' does not accept value '{}'", pair.key, pair.value);
                    let kind = (ViolationKind::Value, Stage::Value);
                    self.not_among(&pair.key, &pair.value, kind, values.iter().copied(), words);
                }
            }
        }
        self.check_boot();
        self.check_globals();
        self.check_words();
    }

    /// Options with a value that is read in one glance.
    fn check_words(&mut self) {
        let line = self.line;
        for argument in line.arguments() {
            let text = match &argument.value {
                Value::Text(text) => text.as_str(),
                Value::Pairs(_) => "",
                _ => continue,
            };
            self.at(argument);
            match argument.name.as_str() {
                "uuid" if !is_uuid(text) => {
                    self.wrong_value(
                        "",
                        text,
                        "a UUID",
                        "failed to parse UUID string: wrong format",
                    );
                }
                "set" => self.check_set(argument.index, text),
                "seed" if integer(text).is_none() => {
                    let words = format!("Invalid seed number: {text}");
                    self.wrong_value("", text, "a number", words);
                }
                "incoming" if !is_migration(text) => {
                    let words = format!("unknown migration protocol: {text}");
                    self.wrong_value(
                        "",
                        text,
                        "`defer`, or an address such as `tcp:0:4444`",
                        words,
                    );
                }
                "usbdevice" if !USB.contains(&text.split(':').next().unwrap_or_default()) => {
                    let words = format!("could not add USB device '{text}'");
                    let kind = (ViolationKind::Value, Stage::Value);
                    self.not_among("", text, kind, USB.iter().copied(), words);
                }
                "vnc" => self.check_vnc(text),
                "dfilter" => {
                    // An empty text has no ranges.
                    let mut ranges = text.split(',').filter(|_| !text.is_empty());
                    if let Some(words) = ranges.find_map(range_problem) {
                        self.wrong_value("", text, "a range such as `0x8000..0x8fff`", words);
                    }
                }
                "d" => self.check_log_items(text),
                "loadvm" => self.unchecked(
                    "",
                    format!("whether an image has the snapshot `{text}` is not known"),
                ),
                "readconfig" => {
                    self.blind = true;
                    self.unchecked("", format!("the options in `{text}` were not read"));
                }
                "kernel" | "initrd" | "dtb" | "bios" | "hda" | "hdb" | "hdc" | "hdd" | "cdrom"
                | "pflash" => {
                    self.host("", format!("`{text}` has to exist"));
                }
                "tpmdev" => self.check_tpmdev(argument),
                _ => {}
            }
            if let (Some(option), Value::Pairs(pairs)) = (argument.option, &argument.value)
                && matches!(option.name, "smbios" | "acpitable")
                && matches!(option.reader, Reader::Opts { .. })
            {
                self.check_table(option.name, pairs);
            }
        }
    }

    fn check_vnc(&mut self, text: &str) {
        let address = text.split(',').next().unwrap_or_default();
        if address != "none" && !address.contains(':') {
            let words = "no vnc port specified";
            self.wrong_value("", text, "an address such as `:1`, or `none`", words);
            return;
        }
        if self.know.groups.as_ref().is_some_and(|groups| groups.contains_key("vnc")) {
            let pairs = Pairs::parse(text, "vnc");
            self.warn_short_forms(&pairs);
            self.check_group("vnc", &pairs);
            if let Some(id) = pairs.get("id")
                && self.check_id("id", id)
            {
                self.name(Space::Vnc, id, Named::default());
            }
            if let Some(audiodev) = pairs.get("audiodev") {
                self.refer(Space::Audiodev, "audiodev", audiodev);
            }
        }
    }

    fn check_log_items(&mut self, text: &str) {
        let Some(items) = self.know.lists.get("d").filter(|items| !items.is_empty()) else {
            return;
        };
        for item in text.split(',') {
            let known =
                items.iter().any(|one| one == item) || matches!(item, "all" | "none" | "help");
            if !known && !item.starts_with("trace:") && !item.is_empty() {
                let names = items.iter().map(String::as_str);
                self.not_among("", item, (ViolationKind::Value, Stage::Value), names, "");
                return;
            }
        }
    }

    fn check_set(&mut self, index: usize, text: &str) {
        let parts = text.split_once('=').map(|(path, _)| path.split('.').collect::<Vec<_>>());
        let Some([group, id, _]) = parts.as_deref() else {
            let words = format!("can't parse: \"{text}\"");
            return self.wrong_value("", text, "`GROUP.ID.KEY=VALUE`", words);
        };
        if !["device", "netdev", "chardev", "drive"].contains(group) {
            return;
        }
        if !self.has_before(index, group, id) {
            let words = format!("there is no {group} \"{id}\" defined");
            self.conflict("", Stage::Value, &format!("there is no {group} `{id}`"), words);
        }
    }
}

/// The devices of `-usbdevice`.
const USB: &[&str] = &["braille", "keyboard", "mouse", "tablet", "wacom-tablet"];

fn is_migration(text: &str) -> bool {
    const PROTOCOLS: &[&str] = &["tcp:", "unix:", "fd:", "exec:", "rdma:", "file:", "vsock:", "{"];
    text == "defer" || PROTOCOLS.iter().any(|protocol| text.starts_with(protocol))
}

/// What QEMU says of a range that it rejects: `FIRST+LENGTH`, `LAST-LENGTH` or `FIRST..LAST`.
fn range_problem(text: &str) -> Option<String> {
    let mut parts = ["-", "+", ".."].into_iter().filter_map(|separator| {
        text.split_once(separator).map(|(left, right)| (separator, left, right))
    });
    let Some((separator, left, right)) = parts.next() else {
        return Some("Bad range specifier".to_owned());
    };
    let number = |text: &str| integer(text).and_then(|number| u64::try_from(number).ok());
    let invalid = |side: &str| Some(format!("Invalid number to the {side} of {separator}"));
    let Some(left) = number(left) else { return invalid("left") };
    let Some(right) = number(right) else { return invalid("right") };
    let (first, last) = match separator {
        "-" => (left.wrapping_sub(right.wrapping_sub(1)), left),
        "+" => (left, left.wrapping_add(right.wrapping_sub(1))),
        _ => (left, right),
    };
    (first > last).then(|| "Invalid range".to_owned())
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
