//! The number of CPUs, their topology, and the size of the RAM.

use super::judge::Judge;
use super::memory::rounded;
use super::names::Space;
use crate::command_line::Tree;
use crate::command_line::scalar::{integer, size};
use crate::hash::NameMap;
use crate::validate::{Stage, ViolationKind};

/// The levels of the topology, outermost first.
const LEVELS: &[&str] =
    &["drawers", "books", "sockets", "dies", "clusters", "modules", "cores", "threads"];
/// Levels that not every machine supports, with the targets and the first QEMU that do.
const SPECIAL: &[(&str, &[&str])] = &[
    ("drawers", &["s390x"]),
    ("books", &["s390x"]),
    ("dies", &["x86_64", "i386"]),
    ("clusters", &["aarch64", "arm"]),
    ("modules", &["x86_64", "i386"]),
];
/// The first QEMU that rejects a level of zero.
const NO_ZERO: (u32, u32) = (9, 0);
const MIB: u64 = 1 << 20;

impl Judge<'_> {
    pub(super) fn check_smp(&mut self) {
        for argument in self.options(&["smp"]) {
            self.at(argument);
            if let Some(pairs) = argument.pairs()
                && let Some(tree) = self.tree(pairs)
            {
                self.check_topology("", &tree);
            }
        }
        for argument in self.options(&["machine", "M"]) {
            self.at(argument);
            let tree = argument.pairs().and_then(|pairs| Tree::from_pairs(pairs).ok());
            if let Some(smp) = tree.as_ref().and_then(|tree| tree.get("smp")) {
                self.check_topology("smp.", smp);
            }
        }
    }

    fn check_topology(&mut self, prefix: &str, tree: &Tree) {
        let Tree::Members(members) = tree else { return };
        let known = self.smp_keys();
        let mut values: NameMap<&str, u64> = NameMap::default();
        let mut broken = false;
        for (key, value) in members {
            let path = format!("{prefix}{key}");
            if !known.iter().any(|name| name == key) {
                let words = format!("Parameter 'smp.{key}' is unexpected");
                let names = known.iter().map(String::as_str);
                self.not_among(&path, key, (ViolationKind::Unexpected, Stage::Value), names, words);
                broken = true;
                continue;
            }
            let text = value.as_text().unwrap_or_default();
            if let Some(number) = integer(text).and_then(|number| u64::try_from(number).ok()) {
                values.insert(key, number);
            } else {
                let words = format!("Parameter 'smp.{key}' expects integer");
                self.wrong_value(&path, text, "a number", words);
                broken = true;
            }
        }
        if broken {
            return;
        }
        if values.values().any(|value| *value == 0) {
            let what = "a level or number of CPUs that is zero";
            if (self.know.version.major(), self.know.version.minor()) >= NO_ZERO {
                let words =
                    "Invalid CPU topology: CPU topology parameters must be greater than zero";
                self.conflict(prefix.trim_end_matches('.'), Stage::Value, what, words);
                return;
            }
            self.deprecated(prefix.trim_end_matches('.'), what, "rejected since QEMU 9.0");
        }
        for (level, targets) in SPECIAL {
            let count = values.get(level).copied().unwrap_or(0);
            if count > 1
                && (!targets.contains(&self.know.target.as_str()) || !self.machine_has_level(level))
            {
                let words = format!("{level} not supported by this machine's CPU topology");
                self.wrong_value(
                    &format!("{prefix}{level}"),
                    &count.to_string(),
                    "at most 1 on this machine",
                    words,
                );
                return;
            }
        }
        self.check_product(prefix, &values);
    }

    /// Returns whether the machine has the level, which only some machines of a target do.
    fn machine_has_level(&self, level: &str) -> bool {
        // An unknown machine gets the benefit of the doubt.
        let Some(machine) = self.machine else { return true };
        let starts =
            |prefixes: &[&str]| prefixes.iter().any(|prefix| machine.name.starts_with(prefix));
        match level {
            "dies" | "modules" => starts(&["pc-"]),
            "clusters" => starts(&["virt-"]) || (starts(&["sbsa"]) && self.know.is_since(9, 1)),
            _ => starts(&["s390-ccw"]),
        }
    }

    fn smp_keys(&self) -> Vec<String> {
        let group = self.know.groups.as_ref().and_then(|groups| groups.get("smp-opts"));
        match group {
            Some(keys) if !keys.is_empty() => keys.iter().map(|key| key.name.clone()).collect(),
            _ => LEVELS.iter().copied().chain(["cpus", "maxcpus"]).map(str::to_owned).collect(),
        }
    }

    fn check_product(&mut self, prefix: &str, values: &NameMap<&str, u64>) {
        let get = |key: &str| values.get(key).copied().filter(|value| *value > 0);
        let (cpus, maxcpus) = (get("cpus"), get("maxcpus"));
        let outer: u64 = ["drawers", "books", "dies", "clusters", "modules"]
            .iter()
            .map(|level| get(level).unwrap_or(1))
            .fold(1, u64::saturating_mul);
        let (mut sockets, mut cores, mut threads) = (get("sockets"), get("cores"), get("threads"));
        // QEMU derives the missing levels from the maximum, or else from the number of CPUs.
        let most = maxcpus.or(cpus);
        if let Some(most) = most {
            let rest = |a: Option<u64>, b: Option<u64>| {
                let used = outer.saturating_mul(a.unwrap_or(1)).saturating_mul(b.unwrap_or(1));
                most / used.max(1)
            };
            // QEMU fills in missing levels in this order, which determines the product that it
            // compares.
            if self.prefers_sockets() {
                if sockets.is_none() {
                    (cores, threads) = (cores.or(Some(1)), threads.or(Some(1)));
                    sockets = Some(rest(cores, threads));
                } else if cores.is_none() {
                    threads = threads.or(Some(1));
                    cores = Some(rest(sockets, threads));
                }
            } else if cores.is_none() {
                (sockets, threads) = (sockets.or(Some(1)), threads.or(Some(1)));
                cores = Some(rest(sockets, threads));
            } else if sockets.is_none() {
                threads = threads.or(Some(1));
                sockets = Some(rest(cores, threads));
            }
            if threads.is_none() {
                threads = Some(rest(sockets, cores));
            }
        }
        let (sockets, cores, threads) =
            (sockets.unwrap_or(1), cores.unwrap_or(1), threads.unwrap_or(1));
        let product = [outer, sockets, cores, threads].iter().copied().fold(1, u64::saturating_mul);
        let maxcpus = most.unwrap_or(product);
        let cpus = cpus.unwrap_or(maxcpus);
        let at = prefix.trim_end_matches('.');
        if product != maxcpus {
            let words = format!(
                "Invalid CPU topology: product of the hierarchy must match maxcpus: sockets ({sockets}) * cores ({cores}) * threads ({threads}) != maxcpus ({maxcpus})"
            );
            let what = format!("levels whose product is {product}, for {maxcpus} CPUs");
            self.conflict(at, Stage::Value, &what, words);
            return;
        }
        if maxcpus < cpus {
            let words = format!(
                "Invalid CPU topology: maxcpus must be equal to or greater than smp: ... == maxcpus ({maxcpus}) < smp_cpus ({cpus})"
            );
            self.conflict(at, Stage::Value, &format!("{cpus} CPUs of at most {maxcpus}"), words);
            return;
        }
        if let Some(machine) = self.machine
            && let Some(limit) = machine.cpu_max.filter(|limit| maxcpus > u64::from(*limit))
        {
            let name = &machine.name;
            let words = format!(
                "Invalid SMP CPUs {maxcpus}. The max CPUs supported by machine '{name}' is {limit}"
            );
            self.wrong_value(
                &format!("{prefix}cpus"),
                &maxcpus.to_string(),
                &format!("at most {limit} on `{name}`"),
                words,
            );
            return;
        }
        if let Some(least) = self.limit("cpus").and_then(|least| least.parse::<u64>().ok())
            && cpus < least
        {
            let words = format!("Invalid SMP CPUs {cpus}. The min CPUs supported is {least}");
            let expected = format!("at least {least} on this board");
            self.wrong_value(&format!("{prefix}cpus"), &cpus.to_string(), &expected, words);
            return;
        }
        let is_pseries = self.machine.is_some_and(|machine| machine.name.starts_with("pseries-"));
        let is_tcg = self.effective_accelerator() == "tcg";
        if self.know.target == "s390x" && threads > 1 {
            let words = "S390 does not support more than 1 threads.";
            let key = format!("{prefix}threads");
            self.wrong_value(&key, &threads.to_string(), "1 on this target", words);
            return;
        }
        if is_pseries && threads > 1 && is_tcg && !self.know.is_since(8, 1) {
            let words = "TCG cannot support more than 1 thread/core on a pseries machine";
            let key = format!("{prefix}threads");
            self.wrong_value(&key, &threads.to_string(), "1 with TCG", words);
            return;
        }
        self.check_gic(prefix, maxcpus);
    }

    /// Version 2 of Arm's interrupt controller supports eight CPUs.
    fn check_gic(&mut self, prefix: &str, maxcpus: u64) {
        const LIMIT: u64 = 8;
        let is_virt = self.machine.is_some_and(|machine| machine.name.starts_with("virt-"));
        if !self.know.is_arm() || !is_virt || maxcpus <= LIMIT {
            return;
        }
        let chosen = self.last_machine_value("gic-version");
        let is_second = match chosen.as_deref() {
            Some(version) => version == "2",
            None => !self.know.is_since(8, 0),
        };
        if is_second {
            let words = format!(
                "Number of SMP CPUs requested ({maxcpus}) exceeds max CPUs supported by machine 'mach-virt' ({LIMIT})"
            );
            self.wrong_value(
                &format!("{prefix}cpus"),
                &maxcpus.to_string(),
                "at most 8 with the interrupt controller of version 2",
                words,
            );
        }
    }

    /// Machine types before 6.2 filled sockets first.
    fn prefers_sockets(&self) -> bool {
        let Some(machine) = self.machine else { return false };
        let version = machine.name.rsplit('-').next().unwrap_or_default();
        let mut numbers = version.split('.').map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < (6, 2),
            _ => false,
        }
    }

    pub(super) fn check_memory(&mut self) {
        for argument in self.options(&["m"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            for pair in pairs.iter() {
                if !["size", "slots", "maxmem"].contains(&pair.key.as_str()) {
                    let words = format!("Invalid parameter '{}'", pair.key);
                    let kind = (ViolationKind::Unexpected, Stage::Value);
                    self.not_among(&pair.key, &pair.key, kind, ["size", "slots", "maxmem"], words);
                }
            }
            let ram = self.memory_size("size", pairs.get("size"), MIB).map(rounded);
            let most = self.memory_size("maxmem", pairs.get("maxmem"), 1);
            let slots = pairs.get("slots");
            if let Some(slots) = slots
                && integer(slots).is_none_or(|slots| u64::try_from(slots).is_err())
            {
                self.wrong_value("slots", slots, "a number", "Parameter 'slots' expects a number");
            }
            if slots.is_some() && pairs.get("maxmem").is_none() {
                let words = "invalid -m option value: missing 'maxmem' option";
                self.conflict("slots", Stage::Value, "`slots` needs `maxmem`", words);
            }
            if let Some(slots) = slots {
                self.check_slots(slots, ram, most);
            }
            if let (Some(ram), Some(most)) = (ram, most)
                && most < ram
            {
                let words = format!(
                    "invalid value of maxmem: maximum memory size (0x{most:x}) must be at least the initial memory size (0x{ram:x})"
                );
                self.conflict("maxmem", Stage::Value, "`maxmem` is below the size", words);
            }
            if let Some(most) = most {
                self.check_most(ram.unwrap_or_default(), most);
            }
        }
    }

    fn memory_size(&mut self, key: &str, text: Option<&str>, unit: u64) -> Option<u64> {
        let text = text?;
        // QEMU appends a unit to bare numbers, which hexadecimal ones can't have.
        let is_hex = text.starts_with("0x") || text.starts_with("0X");
        if is_hex && unit != 1 && self.know.is_since(8, 0) {
            let words = "Parameter 'memory.size' expects size";
            self.wrong_value(key, text, "a decimal size such as `2G`", words);
            return None;
        }
        // A part of a unit needs the unit's name, and before 8.0 digits in front.
        let is_bare = text.contains('.') && text.ends_with(|c: char| c.is_ascii_digit());
        if (is_bare && unit != 1) || (text.starts_with('.') && !self.know.is_since(8, 0)) {
            let words = format!("Parameter '{key}' expects a non-negative number below 2^64");
            self.wrong_value(key, text, "a size such as `1.5G`", words);
            return None;
        }
        match size(text, unit) {
            Ok(size) => Some(size),
            Err(error) => {
                use crate::command_line::scalar::SizeError;
                let words = match error {
                    SizeError::Range if self.know.is_since(8, 0) => {
                        format!("Value '{text}' is out of range for parameter '{key}'")
                    }
                    _ => format!("Parameter '{key}' expects a non-negative number below 2^64"),
                };
                self.wrong_value(key, text, "a size such as `2G`", words);
                None
            }
        }
    }

    /// Resolves a reference to something that another option creates. An empty name refers to
    /// nothing.
    pub(super) fn refer(&mut self, space: Space, key: &str, id: &str) {
        if self.find(space, id).is_some() || self.blind {
            return;
        }
        let words = match space {
            Space::Netdev | Space::Card | Space::Drive | Space::Node | Space::Audiodev => {
                format!("Property '{key}' can't find value '{id}'")
            }
            Space::Chardev => format!("chardev \"{id}\" not found"),
            Space::Fsdev => format!("9pfs device couldn't find fsdev with the id = {id}"),
            Space::Tpmdev => format!("Property 'tpmdev' can't find value '{id}'"),
            Space::Object | Space::Device | Space::Vnc => format!("Device '{id}' not found"),
        };
        self.dangling(space, key, id, words);
    }
}
