//! The building blocks of documents.

/// A part of a document that may be supported, with its enumerations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name of the element.
    pub name: String,
    /// Whether it is supported.
    pub supported: bool,
    /// The enumerations; empty without support.
    pub enums: Vec<Enumeration>,
}

/// A list of available values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    /// The name.
    pub name: String,
    /// The values in libvirt's order.
    pub values: Vec<String>,
}

/// A line that says yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toggle {
    /// The name of the element.
    pub name: String,
    /// Whether it says yes.
    pub supported: bool,
}

/// A value that a document can contain, such as a disk bus. The type determines where in the
/// document it is looked up.
pub trait Value: Copy + 'static {
    /// The name of the element that contains the enumeration.
    const GROUP: &'static str;
    /// The name of the enumeration.
    const ENUM: &'static str;
    /// All values, in libvirt's order.
    const ALL: &'static [Self];

    /// libvirt's name for the value.
    fn name(self) -> &'static str;
}

impl Group {
    /// The enumeration with this name.
    pub fn enumeration(&self, name: &str) -> Option<&Enumeration> {
        self.enums.iter().find(|found| found.name == name)
    }
}
