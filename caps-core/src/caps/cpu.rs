/// A CPU model that QEMU offers: an element of `query-cpu-definitions`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuModel {
    /// The name, as in `-cpu`.
    pub name: String,
    /// The QOM type.
    pub type_name: Option<String>,
    /// Does it work on the host? `None` when QEMU could not tell.
    pub usable: Option<bool>,
    /// The features that keep it from working, in libvirt's spelling.
    pub blockers: Vec<String>,
    /// Will it be removed from QEMU?
    pub deprecated: bool,
}

impl CpuModel {
    /// A CPU model of which nothing is known but the name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// A CPU model with all its properties: what `query-cpu-model-expansion` returned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HostCpu {
    /// The name in the reply, such as `base`.
    pub model: String,
    /// Is it known which properties keep a guest from migrating?
    pub migratability: bool,
    /// The properties in the order of the reply, in QEMU's spelling.
    pub properties: Vec<CpuProperty>,
    /// The names of deprecated features; `None` where there is no such list.
    pub deprecated_features: Option<Vec<String>>,
    /// The names of the features that are deprecated in the host's model itself; `None` where there is
    /// no such list. Since libvirt 12.8.
    pub host_deprecated_features: Option<Vec<String>>,
}

impl HostCpu {
    /// An expansion without properties.
    pub fn new(model: impl Into<String>) -> Self {
        Self { model: model.into(), ..Self::default() }
    }
}

/// A property of a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuProperty {
    /// The name in QEMU's spelling.
    pub name: String,
    /// The value.
    pub value: PropertyValue,
    /// Can a guest that has it migrate? `None` when not known.
    pub migratable: Option<bool>,
}

impl CpuProperty {
    /// A property of which it is not known whether it keeps a guest from migrating.
    pub fn new(name: impl Into<String>, value: PropertyValue) -> Self {
        Self { name: name.into(), value, migratable: None }
    }
}

/// The value of a CPU's property.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PropertyValue {
    /// On or off.
    Boolean(bool),
    /// A text.
    String(String),
    /// An integer.
    Number(i64),
}
