use super::feature_names::FeatureNames;

/// A CPU model, from an element of `query-cpu-definitions`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuModel {
    /// The name, as given to `-cpu`.
    pub name: String,
    /// The QOM type.
    pub type_name: Option<String>,
    /// Whether the model works on the host; `None` if QEMU did not report it.
    pub usable: Option<bool>,
    /// The features that prevent the model from working, in libvirt's spelling.
    pub blockers: FeatureNames,
    /// Whether the model is deprecated.
    pub deprecated: bool,
}

impl CpuModel {
    /// Creates a CPU model with only a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// A CPU model with all its properties, from a reply to `query-cpu-model-expansion`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HostCpu {
    /// The name in the reply, such as `base`.
    pub model: String,
    /// Whether it is known which properties prevent migration.
    pub migratability: bool,
    /// The properties in reply order, in QEMU's spelling.
    pub properties: Vec<CpuProperty>,
    /// The names of deprecated features; `None` if the reply has no such list.
    pub deprecated_features: Option<Vec<String>>,
    /// The features deprecated in the host's own model; `None` if the reply has no such list. Since
    /// libvirt 12.8.
    pub host_deprecated_features: Option<Vec<String>>,
}

impl HostCpu {
    /// Creates an expansion without properties.
    pub fn new(model: impl Into<String>) -> Self {
        Self { model: model.into(), ..Self::default() }
    }
}

/// A property of a CPU model expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CpuProperty {
    /// The name in QEMU's spelling.
    pub name: String,
    /// The value.
    pub value: PropertyValue,
    /// Whether a guest with this property can migrate; `None` if unknown.
    pub migratable: Option<bool>,
}

impl CpuProperty {
    /// Creates a property whose migratability is unknown.
    pub fn new(name: impl Into<String>, value: PropertyValue) -> Self {
        Self { name: name.into(), value, migratable: None }
    }
}

/// The value of a CPU property.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PropertyValue {
    /// A switch: on or off.
    Boolean(bool),
    /// A string.
    String(String),
    /// An integer.
    Number(i64),
}
