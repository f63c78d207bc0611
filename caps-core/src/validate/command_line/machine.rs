//! Machine types and their properties; accelerators.

use super::boards::Board;
use super::judge::Judge;
use super::property::check_text;
use crate::command_line::{Argument, Pairs, Tree};
use crate::validate::allowed::Allowed;
use crate::validate::{Stage, ViolationKind};

/// Keys of `-machine` other than properties of the machine object.
const SUGAR: &[&str] = &[
    "type",
    "accel",
    "kernel-irqchip",
    "kvm-shadow-mem",
    "igd-passthru",
    "memory-backend",
    "smp",
    "memory",
    "boot",
];
/// The accelerators of all builds.
const ACCELERATORS: &[&str] =
    &["kvm", "tcg", "xen", "hvf", "whpx", "nvmm", "hax", "qtest", "mshv", "nitro"];
/// The properties of the machine type `microvm`; asking for them crashes QEMU 7.2.
const MICROVM: &[&str] = &[
    "acpi",
    "append",
    "auto-kernel-cmdline",
    "boot",
    "bus-lock-ratelimit",
    "confidential-guest-support",
    "dt-compatible",
    "dtb",
    "dump-guest-core",
    "dumpdtb",
    "firmware",
    "graphics",
    "initrd",
    "ioapic2",
    "isa-serial",
    "kernel",
    "mem-merge",
    "memory",
    "memory-backend",
    "memory-encryption",
    "pcie",
    "phandle-start",
    "pic",
    "pit",
    "rtc",
    "sgx-epc",
    "smm",
    "smp",
    "suppress-vmdesc",
    "usb",
    "x-oem-id",
    "x-oem-table-id",
    "x-option-roms",
];
/// Allowed values of properties that QOM types as strings.
const VALUES: &[(&str, &[&str])] = &[
    ("gic-version", &["2", "3", "4", "host", "max"]),
    ("iommu", &["none", "smmuv3"]),
    ("ic-mode", &["xics", "xive", "dual"]),
    ("nvdimm-persistence", &["cpu", "mem-ctrl"]),
    ("resize-hpt", &["default", "disabled", "enabled", "required"]),
    ("aia", &["none", "aplic", "aplic-imsic"]),
    ("smbios-entry-point-type", &["32", "64", "auto"]),
];
/// Properties that take no text; and what they take.
const STRUCTURES: &[(&str, &str)] = &[
    ("boot", "object"),
    ("cxl-fmw", "array"),
    ("memory", "object"),
    ("sgx-epc", "array"),
    ("smp", "object"),
    ("smp-cache", "array"),
];
/// Allowed values of accelerator properties that QOM types as strings.
const ACCELERATOR_VALUES: &[(&str, &[&str])] = &[("thread", &["single", "multi"])];

/// The most bytes that a string has.
const OEM: &[(&str, usize)] = &[("x-oem-id", 6), ("x-oem-table-id", 8)];

impl<'a> Judge<'a> {
    pub(super) fn check_machine(&mut self) {
        let mut type_name: Option<(&'a Argument, String)> = None;
        let mut sources: Vec<(&'a Argument, Tree)> = Vec::new();
        for argument in self.options(&["machine", "M"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            let Some(tree) = self.tree(pairs) else { continue };
            if let Some(name) = tree.get("type").and_then(Tree::as_text) {
                type_name = Some((argument, name.to_owned()));
            }
            sources.push((argument, tree));
        }
        self.find_machine(type_name.as_ref().map(|(at, name)| (*at, name.as_str())));
        for (argument, tree) in &sources {
            self.at(argument);
            if let Tree::Members(members) = tree {
                for (key, value) in members {
                    self.check_machine_key(&key.replace('_', "-"), value);
                }
            }
        }
        self.check_accelerators(&sources);
    }

    /// Builds the tree of pairs, or reports one that does not fit.
    pub(super) fn tree(&mut self, pairs: &Pairs) -> Option<Tree> {
        match Tree::from_pairs(pairs) {
            Ok(tree) => Some(tree),
            Err(error) => {
                let mut violation = self.violation(error.key(), ViolationKind::Form, Stage::Value);
                violation.found = error.to_string();
                violation.qemu = Some(error.in_qemus_words());
                self.push(violation);
                None
            }
        }
    }

    fn find_machine(&mut self, named: Option<(&'a Argument, &str)>) {
        let know = self.know;
        let machines = know.survey.machines();
        if machines.is_empty() {
            self.unchecked("", "the machine types were not captured");
            return;
        }
        let Some((argument, name)) = named else {
            self.machine = machines.iter().find(|machine| machine.is_default);
            if self.machine.is_none() {
                "machine".clone_into(&mut self.option);
                let words = "No machine specified, and there is no default";
                let mut violation = self.violation("", ViolationKind::Missing, Stage::Type);
                "a machine type: this target has no default".clone_into(&mut violation.expected);
                violation.argument = None;
                violation.qemu = Some(words.to_owned());
                self.push(violation);
            }
            self.find_board();
            return;
        };
        self.at(argument);
        if name == "help" || name == "?" {
            return;
        }
        self.machine = know.machine(name);
        if self.machine.is_none() {
            let words = if know.is_since(8, 0) {
                format!("unsupported machine type: \"{name}\"")
            } else {
                "unsupported machine type".to_owned()
            };
            let kind = (ViolationKind::UnknownMachine, Stage::Type);
            self.not_among_known("type", name, kind, know.machine_names(), words);
        } else if self.machine.is_some_and(|machine| machine.is_deprecated) {
            self.deprecated("type", &format!("the machine type `{name}`"), "");
        }
        self.find_board();
    }

    fn find_board(&mut self) {
        let version = (self.know.version.major(), self.know.version.minor());
        self.board =
            self.machine.and_then(|machine| Board::find(&machine.name, &self.know.target, version));
    }

    fn check_machine_key(&mut self, key: &str, value: &Tree) {
        if matches!(key, "kernel-irqchip") && self.uses_kvm_first() {
            let text = value.as_text().unwrap_or_default();
            if !["on", "off", "split"].contains(&text) {
                let words = format!(
                    "can't apply global kvm-accel.kernel-irqchip={text}: Parameter 'kernel-irqchip' does not accept value '{text}'"
                );
                self.not_among(
                    key,
                    text,
                    (ViolationKind::Value, Stage::Value),
                    ["on", "off", "split"],
                    words,
                );
            }
        }
        let structure = STRUCTURES.iter().find(|(name, _)| *name == key).map(|(_, what)| *what);
        let structure = structure.zip(value.as_text());
        if SUGAR.contains(&key) {
            if let Some((what, text)) = structure {
                self.not_structured(key, text, what);
            }
            self.check_sugar(key, value);
            return;
        }
        let Some(machine) = self.machine else { return };
        let type_name = format!("{}-machine", machine.name);
        let Some(properties) = self.know.type_properties(&type_name) else {
            if machine.name == "microvm" {
                if !MICROVM.contains(&key) {
                    let words = format!("Property '{type_name}.{key}' not found");
                    self.unknown_property(
                        &machine.name,
                        key,
                        &Allowed::new(MICROVM.iter().copied()),
                        words,
                    );
                }
                return;
            }
            self.unchecked(key, format!("the properties of `{}` were not captured", machine.name));
            return;
        };
        let Some(property) = properties.get(key) else {
            let words = format!("Property '{type_name}.{key}' not found");
            return self.unknown_property(&machine.name, key, properties.names(), words);
        };
        if let Some((what, text)) = structure {
            return self.not_structured(key, text, what);
        }
        let Tree::Text(text) = value else { return };
        if let Some((_, values)) = VALUES.iter().find(|(name, _)| *name == key)
            && matches!(property.type_name.as_str(), "str" | "string")
        {
            if !values.contains(&text.as_str()) {
                let words = format!("Invalid {key} value");
                let kind = (ViolationKind::Value, Stage::Value);
                self.not_among(key, text, kind, values.iter().copied(), words);
            }
            return;
        }
        if let Some((_, most)) = OEM.iter().find(|(name, most)| *name == key && text.len() > *most)
        {
            let words = format!("User specified {key} value is bigger than {most} bytes in size");
            self.wrong_value(key, text, &format!("at most {most} bytes"), words);
        }
        check_text(self, key, property, text);
    }

    fn not_structured(&mut self, key: &str, text: &str, what: &str) {
        let words = format!("Invalid parameter type for '{key}', expected: {what}");
        self.wrong_value(key, text, &format!("`{key}.MEMBER=VALUE`: it is an {what}"), words);
    }

    /// The keys below `boot` and `memory`; `smp` has rules of its own.
    fn check_sugar(&mut self, key: &str, value: &Tree) {
        let keys: &[&str] = match key {
            "boot" => super::boot::BOOT,
            "memory" => &["size", "max-size", "slots"],
            _ => return,
        };
        let Tree::Members(members) = value else { return };
        for (name, _) in members.iter().filter(|(name, _)| !keys.contains(&name.as_str())) {
            let words = format!("Parameter '{key}.{name}' is unexpected");
            let kind = (ViolationKind::Unexpected, Stage::Value);
            self.not_among(&format!("{key}.{name}"), name, kind, keys.iter().copied(), words);
        }
    }

    fn uses_kvm_first(&self) -> bool {
        let kvm = |argument: &&Argument| {
            let accel = argument.pairs().and_then(|pairs| pairs.get("accel"));
            argument.name == "enable-kvm"
                || accel.is_some_and(|accel| accel == "kvm" || accel.starts_with("kvm:"))
        };
        self.options(&["enable-kvm", "accel", "machine", "M"]).iter().any(kvm)
    }

    fn check_accelerators(&mut self, machines: &[(&'a Argument, Tree)]) {
        let mut by_machine: Option<(&'a Argument, String)> = None;
        for argument in self.options(&["machine", "M", "enable-kvm"]) {
            if argument.name == "enable-kvm" {
                by_machine = Some((argument, "kvm".to_owned()));
            } else if let Some((_, tree)) =
                machines.iter().find(|(at, _)| at.index == argument.index)
                && let Some(accel) = tree.get("accel").and_then(Tree::as_text)
            {
                by_machine = Some((argument, accel.to_owned()));
            }
        }
        let by_option = self.options(&["accel"]);
        if let Some((argument, accel)) = by_machine {
            self.at(argument);
            if let Some(accel_option) = by_option.first() {
                self.at(accel_option);
                let words = "The -accel and \"-machine accel=\" options are incompatible";
                let what = "-accel excludes -machine accel= and -enable-kvm";
                self.conflict("", Stage::Other, what, words);
            }
            self.accelerators = accel.split(':').map(str::to_owned).collect();
        }
        let mut bad_keys = Vec::new();
        for argument in by_option {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            let Some(name) = pairs.get("accel") else {
                self.missing("accel", "the name of an accelerator", "Parameter 'accel' is missing");
                continue;
            };
            if name == "help" {
                continue;
            }
            let is_first = self.accelerators.is_empty();
            self.accelerators.push(name.to_owned());
            if is_first {
                bad_keys.push((argument, name.to_owned()));
            }
        }
        self.check_accelerator_names();
        for (argument, name) in bad_keys {
            self.at(argument);
            self.check_accelerator_keys(argument, &name);
        }
    }

    fn check_accelerator_names(&mut self) {
        let Some(known) = self.know.lists.get("accel") else { return };
        if self.accelerators.is_empty() || self.accelerators.iter().any(|one| known.contains(one)) {
            let wants = |name: &str| self.accelerators.iter().any(|one| one == name);
            if wants("kvm") && known.iter().any(|one| one == "kvm") {
                self.host("accel", "KVM needs a host of this architecture");
            }
            return;
        }
        let name = self.accelerators[0].clone();
        let stage = if ACCELERATORS.contains(&name.as_str()) { Stage::Build } else { Stage::Type };
        let words = format!("invalid accelerator {name}");
        let kind = (ViolationKind::UnknownAccelerator, stage);
        let known = known.iter().map(String::as_str);
        self.not_among("accel", &name, kind, known, words);
    }

    fn check_accelerator_keys(&mut self, argument: &Argument, name: &str) {
        let type_name = format!("{name}-accel");
        let Some(properties) = self.know.type_properties(&type_name) else { return };
        let Some(pairs) = argument.pairs() else { return };
        for pair in pairs.iter().filter(|pair| pair.key != "accel") {
            let key = pair.key.replace('_', "-");
            let words = ACCELERATOR_VALUES.iter().find(|(name, _)| *name == key);
            if let Some((_, values)) =
                words.filter(|(_, values)| !values.contains(&pair.value.as_str()))
            {
                let words = format!("Invalid '{key}' setting {}", pair.value);
                let kind = (ViolationKind::Value, Stage::Value);
                self.not_among(&key, &pair.value, kind, values.iter().copied(), words);
                continue;
            }
            if let Some(property) = properties.get(&key) {
                check_text(self, &key, property, &pair.value);
            } else {
                let words = format!("Property '{type_name}.{key}' not found");
                self.unknown_property(&type_name, &key, properties.names(), words);
            }
        }
    }
}
