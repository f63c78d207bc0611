//! What documents are made of.

/// A part of a document that is supported or not, with its enumerations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The element's name.
    pub name: String,
    /// Is there any support?
    pub supported: bool,
    /// What there is to choose from; nothing where there is no support.
    pub enums: Vec<Enumeration>,
}

/// Values to choose from.
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
    /// The element's name.
    pub name: String,
    /// Yes?
    pub supported: bool,
}

/// A value that a document can offer, such as a bus of disks. Its type says where in the document it is
/// looked for.
pub trait Value: Copy + 'static {
    /// The element around the enumeration.
    const GROUP: &'static str;
    /// The name of the enumeration.
    const ENUM: &'static str;
    /// All values, in libvirt's order.
    const ALL: &'static [Self];

    /// libvirt's name of the value.
    fn name(self) -> &'static str;
}

impl Group {
    /// The enumeration of this name.
    pub fn enumeration(&self, name: &str) -> Option<&Enumeration> {
        self.enums.iter().find(|found| found.name == name)
    }
}
