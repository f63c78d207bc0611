/// A machine type: an element of `query-machines`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts that QEMU reports")]
#[non_exhaustive]
pub struct MachineType {
    /// The name, as in `-machine`.
    pub name: String,
    /// Another name for it, which moves to a newer one in newer QEMUs.
    pub alias: Option<String>,
    /// Can CPUs be added while it runs?
    pub hotpluggable_cpus: bool,
    /// The most CPUs it can have; 0 when not told.
    pub max_cpus: u32,
    /// Is it what QEMU takes when no machine type is named?
    pub is_default: bool,
    /// The QOM type of its CPUs when none are named.
    pub default_cpu_type: Option<String>,
    /// Can its NUMA nodes be given memory by size?
    pub numa_mem_supported: bool,
    /// The id of its memory backend when none is named.
    pub default_ram_id: Option<String>,
    /// Will it be removed from QEMU?
    pub deprecated: bool,
    /// Can it have ACPI? `None` when QEMU did not tell.
    pub acpi: Option<bool>,
}

impl MachineType {
    /// A machine type of which nothing is known but the name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}
