//! What device types demand beyond the types of their properties. QEMU finds it when it creates the
//! device, and reports none of it before.

mod tables;

use std::collections::{HashMap, HashSet};

use self::tables::{ALONE, COMPANIONS, DYNAMIC, LIMITS, MACHINES, MOST, POWERS, WORDS};
use super::given::Keys;
use super::judge::Judge;
use crate::command_line::scalar::boolean;
use crate::validate::Stage;
use crate::validate::needed::needs_of;

/// What the devices so far have in common.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    /// How many devices there are of each row of `ALONE`.
    alone: HashMap<&'static str, usize>,
    /// The chassis and slots of PCI Express ports.
    slots: HashSet<(i128, i128)>,
    boot_indexes: HashSet<i128>,
    /// The numbers of devices in the channel subsystem.
    channels: HashSet<String>,
    /// The memory backends in use.
    memory: HashSet<String>,
    /// The namespaces of each bus of `nvme`.
    namespaces: HashSet<(String, i128)>,
    /// The serial number of the controllers of each `nvme-subsys`.
    serials: HashMap<String, String>,
    /// Whether a network card before waits for another one to take over from.
    has_standby: bool,
}

/// Is the machine one of these?
fn is_one_of(patterns: &str, machine: &str) -> bool {
    patterns.split('|').any(|pattern| match pattern.strip_suffix('*') {
        Some(family) => machine.starts_with(family),
        None => machine == pattern,
    })
}

impl Judge<'_> {
    /// Checks what a device demands of its keys, of the machine, and of other devices.
    pub(super) fn check_requirements(&mut self, device: &str, keys: &Keys<'_>, fleet: &mut Fleet) {
        for (needed, words) in needs_of(device) {
            if !needed.split('|').any(|key| keys.has(key)) {
                let key = needed.split('|').next().unwrap_or_default();
                self.missing(key, "a value", words);
            }
        }
        self.check_values(device, keys);
        self.check_machine_of(device);
        self.check_company(device, keys, fleet);
        match device {
            "loader" => self.check_loader(keys),
            "usb-mtp" => {
                if let Some(root) = keys.text("rootdir").filter(|root| !root.starts_with('/')) {
                    let words = "usb-mtp: rootdir must be configured and be an absolute path";
                    self.wrong_value("rootdir", &root, "an absolute path", words);
                }
            }
            "pxb" | "pxb-pcie" | "pxb-cxl" => {
                let nodes = self.node_count().max(1);
                if let Some(node) = keys
                    .number("numa_node")
                    .filter(|node| *node >= nodes && *node != i128::from(u16::MAX))
                {
                    let words = format!("Illegal numa node {node}");
                    let expected = format!("below {nodes}, the number of nodes");
                    self.wrong_value("numa_node", &node.to_string(), &expected, words);
                }
            }
            "intel-iommu"
                if keys.is_on("eim") && keys.text("intremap").as_deref() == Some("off") =>
            {
                let words = "eim=on cannot be selected without intremap=on";
                self.conflict("eim", Stage::Value, "`eim` needs `intremap`", words);
            }
            _ => {}
        }
    }

    fn check_values(&mut self, device: &str, keys: &Keys<'_>) {
        for (_, key, least, most, words) in LIMITS.of(device) {
            let size = || keys.size(key).map(i128::from);
            let Some(number) = keys.number(key).or_else(size) else { continue };
            if !(*least..=*most).contains(&number) {
                let expected = match (*least, *most) {
                    (least, MOST) => format!("at least {least}"),
                    (0, most) => format!("at most {most}"),
                    (least, most) => format!("between {least} and {most}"),
                };
                self.wrong_value(key, &number.to_string(), &expected, *words);
            }
        }
        for (_, key, least, most, words) in POWERS.of(device) {
            let Some(number) = keys.number(key) else { continue };
            // Since about 9.0, only vhost takes longer queues for sending.
            let most =
                if *key == "tx_queue_size" && self.know.is_since(9, 0) { 256 } else { *most };
            let is_power = number.count_ones() == 1;
            if !is_power || !(*least..=most).contains(&number) {
                let expected = format!("a power of two between {least} and {most}");
                self.wrong_value(key, &number.to_string(), &expected, *words);
            }
        }
        for (_, key, values, words) in WORDS.of(device) {
            if let Some(text) = keys.text(key).filter(|text| !values.contains(&&**text)) {
                let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                let expected = values.join(" or ");
                self.wrong_value(key, &text, &expected, *words);
            }
        }
        self.check_blocks(device, keys);
    }

    /// Checks the sizes of blocks against each other. A drive has blocks of 512 bytes by default.
    fn check_blocks(&mut self, device: &str, keys: &Keys<'_>) {
        let logical = keys.size("logical_block_size").unwrap_or(512);
        let physical = keys.size("physical_block_size").unwrap_or(512);
        for key in ["logical_block_size", "physical_block_size"] {
            let size = keys.size(key).filter(|size| *size != 0);
            if let Some(size) = size.filter(|size| !size.is_power_of_two() || *size > 2 << 20) {
                let words = format!("parameter {key} must be a power of 2 between 512 and 2097152");
                self.wrong_value(key, &size.to_string(), "a power of two up to 2M", words);
            }
        }
        if logical > physical {
            let words = "logical_block_size > physical_block_size not supported";
            let what = format!("logical blocks of {logical} bytes, physical ones of {physical}");
            self.conflict("logical_block_size", Stage::Value, &what, words);
        }
        for key in ["min_io_size", "opt_io_size", "discard_granularity"] {
            // The default of these is a sector.
            let default =
                (key == "discard_granularity" && device.starts_with("ide-")).then_some(512);
            let size = keys.size(key).or(default).filter(|size| *size != u64::from(u32::MAX));
            if let Some(size) = size.filter(|size| logical > 0 && size % logical != 0) {
                let words = format!("{key} must be a multiple of logical_block_size");
                let expected = format!("a multiple of {logical}, the size of logical blocks");
                self.wrong_value(key, &size.to_string(), &expected, words);
            }
        }
    }

    fn check_machine_of(&mut self, device: &str) {
        let Some(machine) = self.machine else { return };
        for (_, machines, words) in MACHINES.of(device) {
            let has = match machines.strip_prefix('!') {
                Some(others) => !is_one_of(others, &machine.name),
                None => is_one_of(machines, &machine.name),
            };
            if !has {
                let what = format!("the machine `{}` can't have a `{device}`", machine.name);
                let stage = if *words == DYNAMIC { Stage::Type } else { Stage::Value };
                self.conflict("driver", stage, &what, *words);
            }
        }
        let is_spapr = machine.name.starts_with("pseries-");
        if is_spapr
            && self.know.is_a(device, "base-pci-bridge")
            && !self
                .know
                .device_properties(device)
                .is_some_and(|properties| properties.has("chassis_nr"))
        {
            let words = "PCI Bridge lacks a \"chassis_nr\" property";
            let what = format!("the machine `{}` takes no bridge like `{device}`", machine.name);
            self.conflict("driver", Stage::Value, &what, words);
        }
        let is_riscv = self.know.target.starts_with("riscv");
        if matches!(device, "ramfb" | "vmcoreinfo") && is_riscv && !self.know.is_since(8, 0) {
            let words = format!("{device} device requires fw_cfg with DMA");
            self.conflict("driver", Stage::Value, "this machine has no DMA for `fw_cfg`", words);
        }
        let has = |key| self.last_machine_value(key).and_then(|text| boolean(&text)) == Some(true);
        if device == "pxb-cxl" && !has("cxl") {
            let words = "CXL host bridges present, but cxl=off";
            self.conflict("driver", Stage::Value, "the machine lacks `cxl=on`", words);
        }
        if device == "xen-platform" && self.effective_accelerator() != "xen" {
            let words = "xen-platform device requires a Xen guest";
            self.conflict("driver", Stage::Value, "the guest does not run on Xen", words);
        }
    }

    /// Checks a device against the other ones.
    fn check_company(&mut self, device: &str, keys: &Keys<'_>, fleet: &mut Fleet) {
        for (types, words) in ALONE.of(device) {
            if types.contains("iommu") && !self.know.is_x86() {
                continue;
            }
            let is_taken = device == "sclpconsole" && self.has_default_console();
            let count = fleet.alone.entry(types).or_insert(usize::from(is_taken));
            *count += 1;
            if *count > 1 {
                self.conflict("driver", Stage::Value, &format!("a second `{device}`"), *words);
            }
        }
        for (_, other, words) in COMPANIONS.iter().filter(|(one, ..)| *one == device) {
            if !self.has_device(other) {
                self.conflict("driver", Stage::Value, &format!("there is no `{other}`"), *words);
            }
        }
        let is_bmc = matches!(device, "ipmi-bmc-sim" | "ipmi-bmc-extern");
        if is_bmc && self.machine.is_some_and(|machine| machine.name.starts_with("powernv")) {
            let first = usize::from(self.options(&["nodefaults"]).is_empty());
            let count = fleet.alone.entry("ipmi").or_insert(first);
            *count += 1;
            if *count > 1 {
                let words = "machine should have only one BMC device. Use '-nodefaults'";
                self.conflict("driver", Stage::Value, "a second BMC on this machine", words);
            }
        }
        if self.know.is_a(device, "pcie-slot") {
            let place = |key| keys.number(key).unwrap_or(0);
            let place = (place("chassis"), place("slot"));
            if !fleet.slots.insert(place) {
                let what =
                    format!("another port has the chassis {} and the slot {}", place.0, place.1);
                self.conflict("chassis", Stage::Value, &what, "Can't add chassis slot, error -16");
            }
        }
        if let Some(index) = keys.number("bootindex").filter(|index| *index >= 0)
            && !fleet.boot_indexes.insert(index)
        {
            let words = format!("The bootindex {index} has already been used");
            let what = format!("another device has the boot index {index}");
            self.conflict("bootindex", Stage::Value, &what, words);
        }
        let is_memory = self.know.is_a(device, "pc-dimm") || device.starts_with("virtio-mem");
        if let Some(memdev) = keys.text("memdev").filter(|_| is_memory)
            && !fleet.memory.insert(memdev.to_string())
        {
            let words = format!("can't use already busy memdev: {memdev}");
            let what = format!("`{memdev}` is in use by another device");
            self.conflict("memdev", Stage::Value, &what, words);
        }
        if let Some(number) = keys.number("nsid").filter(|number| *number > 0)
            && device == "nvme-ns"
            && !fleet.namespaces.insert((keys.text("bus").unwrap_or_default().into_owned(), number))
        {
            let words = format!("namespace id '{number}' already allocated");
            let what = format!("another namespace has the number {number}");
            self.conflict("nsid", Stage::Value, &what, words);
        }
        if let Some(number) = keys.text("devno")
            && !fleet.channels.insert(number.to_string())
        {
            let words = format!("Device {number} already exists");
            let what = format!("another device has the number {number}");
            self.conflict("devno", Stage::Value, &what, words);
        }
        if fleet.has_standby && keys.has("failover_pair_id") && !keys.has("id") {
            let words = "Device with failover_pair_id needs to have id";
            self.missing("id", "an identifier, with `failover_pair_id`", words);
        }
        fleet.has_standby |= keys.text("failover").and_then(|text| boolean(&text)) == Some(true);
        if let (Some(subsystem), Some(serial)) = (keys.text("subsys"), keys.text("serial"))
            && *fleet.serials.entry(subsystem.into_owned()).or_insert_with(|| serial.to_string())
                != serial
        {
            let words = "invalid controller serial";
            let what = "another serial number than that of the subsystem's first controller";
            self.conflict("serial", Stage::Value, what, words);
        }
    }

    /// Whether the machine makes a console of the first serial port.
    fn has_default_console(&self) -> bool {
        let serial = self.options(&["serial"]);
        if let Some(last) = serial.first() {
            return last.text().is_some_and(|text| text != "none");
        }
        self.options(&["nodefaults"]).is_empty()
    }

    fn check_loader(&mut self, keys: &Keys<'_>) {
        if keys.has("data") {
            if !keys.has("data-len") {
                let words = "Both data and data-len must be specified";
                self.missing("data-len", "a number of bytes", words);
            }
            if keys.has("file") {
                let words = "Specifying a file is not supported when loading memory values";
                self.conflict("file", Stage::Value, "`file` and `data` exclude each other", words);
            }
        } else if !keys.has("file") && keys.has("addr") && !keys.has("cpu-num") {
            let words = "cpu_num must be specified when setting a program counter";
            self.missing("cpu-num", "`cpu-num`, `data` or `file` with an address", words);
        }
    }
}
