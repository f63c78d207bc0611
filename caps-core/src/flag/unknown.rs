use super::Flag;
use crate::names::UnknownName;

/// The name of a flag unknown to every baseline, such as a flag from a later libvirt release.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct UnknownFlag {
    /// The name.
    pub name: String,
    /// The flag it follows; `None` if it precedes all known flags.
    pub after: Option<Flag>,
}

impl UnknownFlag {
    pub(crate) fn new(name: &str, after: Option<Flag>) -> Self {
        Self { name: name.to_owned(), after }
    }

    /// The error for the name, which may be mistyped rather than new and so suggests the most
    /// similar flag.
    pub fn error(&self) -> UnknownName {
        UnknownName::new(&self.name, Flag::WHAT, Flag::ALL.iter().map(|flag| flag.name()))
    }
}
