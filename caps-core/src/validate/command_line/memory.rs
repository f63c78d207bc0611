//! Memory devices, and the room that `-m` makes for them; machines without NUMA nodes.

use std::collections::{HashMap, HashSet};

use super::given::Keys;
use super::judge::Judge;
use super::names::Space;
use crate::command_line::scalar::{boolean, integer, size};
use crate::command_line::{Argument, Pairs, Value};
use crate::validate::Stage;

/// Types that need room beyond the initial memory.
const DEVICES: &[&str] = &["pc-dimm", "virtio-mem-pci", "virtio-pmem-pci", "virtio-md-pci"];
const MIB: u64 = 1 << 20;
/// How the names of the machines begin that have NUMA nodes, by target; the first QEMU that has them.
const NUMA: &[(&[&str], &str, (u32, u32))] = &[
    (&["x86_64", "i386"], "", (0, 0)),
    (&["aarch64", "arm"], "virt", (0, 0)),
    (&["aarch64"], "sbsa-ref", (0, 0)),
    (&["ppc64"], "pseries", (0, 0)),
    (&["riscv64", "riscv32"], "virt", (0, 0)),
    (&["riscv64", "riscv32"], "spike", (0, 0)),
    (&["loongarch64"], "virt", (8, 0)),
];

/// The alignment of RAM, of which QEMU makes a little more than `-m` says.
const RAM_STEP: u64 = 8 << 10;
/// The alignment of DIMMs of pseries machines.
const PSERIES_STEP: u64 = 256 * MIB;
/// The alignment of memory in huge pages of x86, which plain RAM has.
const HUGE_PAGE: u64 = 2 * MIB;

/// The RAM that a machine gets for a size; at most the largest multiple there is.
pub(super) fn rounded(size: u64) -> u64 {
    size.checked_next_multiple_of(RAM_STEP).unwrap_or(u64::MAX / RAM_STEP * RAM_STEP)
}

/// What `-m` says.
#[derive(Debug, Default)]
pub(super) struct Memory {
    ram: Option<u64>,
    most: Option<u64>,
    slots: u64,
    /// DIMMs that the command line has so far.
    dimms: u64,
    taken: HashSet<i128>,
    /// The sizes of objects by id.
    sizes: HashMap<String, Option<u64>>,
}

impl Memory {
    /// The RAM, the most memory and the slots, if there is room for more than the RAM.
    pub(super) fn room(&self) -> Option<(u64, u64, u64)> {
        let ram = rounded(self.ram.unwrap_or(128 * MIB));
        self.most.filter(|most| *most > ram).map(|most| (ram, most, self.slots))
    }
}

impl Judge<'_> {
    /// What all `-m` say together.
    pub(super) fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for argument in self.options(&["m"]) {
            let Some(pairs) = argument.pairs() else { continue };
            let read = |key, unit| pairs.get(key).and_then(|text| size(text, unit).ok());
            memory.ram = read("size", MIB).or(memory.ram);
            memory.most = read("maxmem", 1).or(memory.most);
            let slots = pairs.get("slots").and_then(integer);
            memory.slots = slots.and_then(|n| u64::try_from(n).ok()).unwrap_or(memory.slots);
        }
        memory
    }

    /// What `-m` says, with the sizes of memory backends.
    pub(super) fn memory_for_devices(&self) -> Memory {
        Memory { sizes: self.object_sizes(), ..self.memory() }
    }

    /// Checks the most memory that a machine can get.
    pub(super) fn check_most(&mut self, ram: u64, most: u64) {
        let name = self.machine.map_or("", |machine| machine.name.as_str());
        if name.starts_with("pc-") && most > ram && !most.is_multiple_of(4096) {
            let words = "maximum memory size must by aligned to multiple of 4096 bytes";
            self.wrong_value("maxmem", &most.to_string(), "a multiple of 4k", words);
        }
        if name.starts_with("pseries-") && !most.is_multiple_of(PSERIES_STEP) {
            let words = format!("Maximum memory size 0x{most:x} is not aligned to 256 MiB");
            self.wrong_value("maxmem", &most.to_string(), "a multiple of 256M", words);
        }
    }

    /// Checks the slots that `-m` asks for.
    pub(super) fn check_slots(&mut self, slots: &str, ram: Option<u64>, most: Option<u64>) {
        let Some(count) = integer(slots).filter(|count| *count > 0) else { return };
        if ram.is_some() && ram == most {
            let words = "invalid value of maxmem: memory slots were specified but maximum memory size is equal to the initial memory size";
            self.conflict("slots", Stage::Value, "`slots` needs a `maxmem` above the size", words);
        }
        let name = self.machine.map_or("", |machine| machine.name.as_str());
        let limit = match name {
            _ if name.starts_with("pseries-") => 32,
            _ if name.starts_with("pc-") || (name.starts_with("virt-") && self.know.is_arm()) => {
                256
            }
            _ => return,
        };
        if count > limit {
            let words = format!("unsupported amount of memory slots: {count}");
            self.wrong_value("slots", slots, &format!("at most {limit} on `{name}`"), words);
        }
    }

    /// Checks that a memory device has room.
    pub(super) fn check_memory_device(
        &mut self,
        device: &str,
        keys: &Keys<'_>,
        memory: &mut Memory,
    ) {
        if !self.know.is_any(device, DEVICES) {
            return;
        }
        if memory.most.is_none_or(|most| Some(most) == memory.ram) {
            let words = "the configuration is not prepared for memory devices (e.g., for memory hotplug), consider specifying the maxmem option";
            self.conflict("", Stage::Value, "there is no `maxmem` in `-m`", words);
            return;
        }
        if !self.know.is_a(device, "pc-dimm") {
            return;
        }
        memory.dimms += 1;
        self.check_hotplug(device);
        self.check_dimm(device, keys, memory);
        if memory.slots == 0 {
            let words = "no slots where allocated, please specify the 'slots' option";
            self.conflict("", Stage::Value, "there are no `slots` in `-m`", words);
        } else if memory.dimms > memory.slots {
            let words = "no free slots available";
            let what = format!("more DIMMs than the {} `slots` of `-m`", memory.slots);
            self.conflict("", Stage::Value, &what, words);
        }
    }

    /// Checks the size and the place of a DIMM.
    fn check_dimm(&mut self, device: &str, keys: &Keys<'_>, memory: &mut Memory) {
        let machine = self.machine.map_or("", |machine| machine.name.as_str());
        let (is_pc, is_pseries) = (machine.starts_with("pc-"), machine.starts_with("pseries-"));
        let memdev = keys.text("memdev").unwrap_or_default();
        if let Some(size) = memory.sizes.get(&*memdev).copied().flatten()
            && device == "pc-dimm"
        {
            let of_ram = self
                .find(Space::Object, &memdev)
                .is_some_and(|backend| backend.kind == "memory-backend-ram");
            if is_pc && of_ram && !size.is_multiple_of(HUGE_PAGE) {
                let words = "backend memory size must be multiple of 0x200000";
                let what = format!("`{memdev}` has {size} bytes, expected a multiple of 2M");
                self.conflict("memdev", Stage::Value, &what, words);
            }
            let place = keys.number("addr").and_then(|place| u64::try_from(place).ok());
            if let Some(place) =
                place.filter(|place| is_pc && of_ram && !place.is_multiple_of(HUGE_PAGE))
            {
                let words = "address must be aligned to 0x200000 bytes";
                self.wrong_value("addr", &place.to_string(), "a multiple of 2M", words);
            }
            if is_pseries && !size.is_multiple_of(PSERIES_STEP) {
                let words = "Hotplugged memory size must be a multiple of 256 MB";
                let what = format!("`{memdev}` has {size} bytes, expected a multiple of 256M");
                self.conflict("memdev", Stage::Value, &what, words);
            }
        }
        if let Some(slot) = keys.number("slot").filter(|slot| *slot >= 0 && memory.slots > 0) {
            let last = memory.slots - 1;
            if slot > i128::from(last) {
                let words = format!("invalid slot number {slot}, valid range is [0-{last}]");
                self.wrong_value("slot", &slot.to_string(), &format!("at most {last}"), words);
            } else if !memory.taken.insert(slot) {
                let what = format!("another device is in the slot {slot}");
                self.conflict("slot", Stage::Value, &what, format!("slot {slot} is busy"));
            }
        }
        if is_pc && let Some(node) = keys.number("node") {
            let nodes = self.node_count().max(1);
            if node >= nodes {
                let words = format!(
                    "'DIMM property node has value {node}' which exceeds the number of numa nodes: {nodes}"
                );
                let expected = format!("below {nodes}, the number of nodes");
                self.wrong_value("node", &node.to_string(), &expected, words);
            }
        }
    }

    /// The number of NUMA nodes.
    pub(super) fn node_count(&self) -> i128 {
        let of_node = |pairs: &Pairs| pairs.get("type") == Some("node");
        let numa = self.options(&["numa"]);
        let nodes = numa.iter().filter(|numa| numa.pairs().is_none_or(of_node)).count();
        i128::try_from(nodes).unwrap_or(i128::MAX)
    }

    /// Checks that the machine can have DIMMs, which it announces by ACPI.
    fn check_hotplug(&mut self, device: &str) {
        let Some(machine) = self.machine else { return };
        let says = |key: &str| self.last_machine_value(key);
        let has_acpi = says("acpi").and_then(|text| boolean(&text)) != Some(false);
        if machine.name.starts_with("pc-") {
            if !has_acpi {
                let words = "memory hotplug is not enabled: missing acpi device or acpi disabled";
                self.conflict("driver", Stage::Value, "the machine has no ACPI", words);
            } else if device == "nvdimm"
                && says("nvdimm").and_then(|text| boolean(&text)) != Some(true)
            {
                let words = "nvdimm is not enabled: missing 'nvdimm' in '-M'";
                self.conflict("driver", Stage::Value, "the machine lacks `nvdimm=on`", words);
            }
        } else if machine.name.starts_with("virt-") && self.know.is_arm() {
            let has_firmware = !self.options(&["bios", "pflash"]).is_empty()
                || says("pflash0").is_some()
                || says("firmware").is_some()
                || self.options(&["drive"]).iter().any(|drive| {
                    drive.pairs().is_some_and(|pairs| pairs.get("if") == Some("pflash"))
                });
            if !has_acpi || !has_firmware || self.has_narrow_cpu() {
                let words = "memory hotplug is not enabled: missing acpi-ged device";
                let what =
                    "memory devices need ACPI, and so firmware (`-bios`) and a CPU of 64 bits";
                self.conflict("driver", Stage::Value, what, words);
            }
        }
    }

    /// Whether the CPU is known to be one of Arm's that have 32 bits.
    fn has_narrow_cpu(&self) -> bool {
        let given = self.options(&["cpu"]).pop().and_then(Argument::text);
        let model = given.as_deref().map(|text| text.split(',').next().unwrap_or_default());
        let type_name = match model {
            Some(model) => self.know.survey.cpu_type(model),
            // QEMU doesn't tell the default of newer machine types.
            None => Some(
                self.machine
                    .and_then(|machine| machine.default_cpu_type.clone())
                    .unwrap_or_else(|| "cortex-a15-arm-cpu".to_owned()),
            ),
        };
        type_name
            .and_then(|name| self.know.type_properties(&name))
            .is_some_and(|properties| !properties.has("aarch64"))
    }

    /// The memory of all nodes is that of the machine.
    pub(super) fn check_numa_memory(&mut self) {
        let sizes = self.object_sizes();
        let mut total: u64 = 0;
        for argument in self.options(&["numa"]) {
            let Some(pairs) = argument.pairs().filter(|pairs| pairs.get("type") == Some("node"))
            else {
                continue;
            };
            let of_node = match (pairs.get("memdev"), pairs.get("mem")) {
                (Some(memdev), _) => sizes.get(memdev).copied().flatten(),
                (None, Some(mem)) => size(mem, MIB).ok(),
                (None, None) => Some(0),
            };
            let Some(bytes) = of_node else { return };
            total = total.saturating_add(bytes);
        }
        let Some(ram) = self.memory().ram.filter(|ram| total > 0 && *ram != total) else { return };
        let words =
            format!("total memory for NUMA nodes (0x{total:x}) should equal RAM size (0x{ram:x})");
        let what = format!("nodes with {total} bytes together, for {ram} bytes of RAM");
        self.conflict("", Stage::Value, &what, words);
    }

    /// The sizes of the objects that have one, such as memory backends; `None` if it is not readable.
    fn object_sizes(&self) -> HashMap<String, Option<u64>> {
        let objects = self.options(&["object"]).into_iter();
        let size_of = |value: &Value| match value {
            Value::Pairs(pairs) => {
                Some((pairs.get("id")?.to_owned(), size(pairs.get("size")?, 1).ok()))
            }
            Value::Json { document: Ok(document), .. } => {
                let root = document.root();
                Some((root.get_str("id")?.into_owned(), root.get("size")?.as_u64()))
            }
            _ => None,
        };
        objects.filter_map(|argument| size_of(&argument.value)).collect()
    }

    /// Has the machine NUMA nodes? Tells if not.
    pub(super) fn has_numa(&mut self) -> bool {
        let Some(machine) = self.machine else { return true };
        let target = self.know.target.as_str();
        let has = NUMA.iter().any(|(targets, prefix, since)| {
            targets.contains(&target)
                && machine.name.starts_with(prefix)
                && self.know.is_since(since.0, since.1)
        });
        if !has {
            let words = "NUMA is not supported by this machine-type";
            let what = format!("the machine `{}` has no NUMA nodes", machine.name);
            self.conflict("", Stage::Value, &what, words);
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn ram_has_whole_steps() {
        for (size, ram) in [
            (0, 0),
            (1, 0x2000),
            (0x2000, 0x2000),
            (0x2001, 0x4000),
            (0xffff_ffff_ffff_e000, 0xffff_ffff_ffff_e000),
            (0xffff_ffff_ffff_e001, 0xffff_ffff_ffff_e000),
            (u64::MAX, 0xffff_ffff_ffff_e000),
        ] {
            assert_eq!(rounded(size), ram, "{size:#x}");
        }
    }
}
