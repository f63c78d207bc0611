//! Memory devices, and the room that `-m` makes for them; machines without NUMA nodes.

use std::collections::HashMap;

use super::judge::Judge;
use crate::command_line::Value;
use crate::command_line::scalar::{boolean, integer, size};
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

/// What `-m` says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Memory {
    ram: Option<u64>,
    most: Option<u64>,
    slots: u64,
    /// DIMMs that the command line has so far.
    dimms: u64,
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
    pub(super) fn check_memory_device(&mut self, device: &str, memory: &mut Memory) {
        if !DEVICES.iter().any(|one| self.know.is_a(device, one)) {
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
        if memory.slots == 0 {
            let words = "no slots where allocated, please specify the 'slots' option";
            self.conflict("", Stage::Value, "there are no `slots` in `-m`", words);
        } else if memory.dimms > memory.slots {
            let words = "no free slots available";
            let what = format!("more DIMMs than the {} `slots` of `-m`", memory.slots);
            self.conflict("", Stage::Value, &what, words);
        }
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
            if !has_acpi || !has_firmware || self.know.target == "arm" {
                let words = "memory hotplug is not enabled: missing acpi-ged device";
                let what = "memory devices need ACPI, and so firmware (`-bios`)";
                self.conflict("driver", Stage::Value, what, words);
            }
        }
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
