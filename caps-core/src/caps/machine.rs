/// A machine type, from an element of `query-machines`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts that QEMU reports")]
#[non_exhaustive]
pub struct MachineType {
    /// The name, as given to `-machine`.
    pub name: String,
    /// An unversioned name, which newer QEMUs give to a newer machine type.
    pub alias: Option<String>,
    /// Whether CPUs can be hotplugged.
    pub hotpluggable_cpus: bool,
    /// The maximum number of CPUs; 0 if not reported.
    pub max_cpus: u32,
    /// Whether QEMU uses this machine type by default.
    pub is_default: bool,
    /// The QOM type of its default CPU.
    pub default_cpu_type: Option<String>,
    /// Whether NUMA nodes accept a memory size.
    pub numa_mem_supported: bool,
    /// The id of its default memory backend.
    pub default_ram_id: Option<String>,
    /// Whether the machine type is deprecated.
    pub deprecated: bool,
    /// Whether it supports ACPI; `None` if QEMU did not report it.
    pub acpi: Option<bool>,
}

impl MachineType {
    /// Creates a machine type with only a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}
