use super::Flag;
use crate::names::UnknownName;

/// The name of a flag that no baseline knows, as a later release of libvirt may have written it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct UnknownFlag {
    /// The name.
    pub name: String,
    /// The flag that it follows; `None` if it is before all known ones.
    pub after: Option<Flag>,
}

impl UnknownFlag {
    pub(crate) fn new(name: &str, after: Option<Flag>) -> Self {
        Self { name: name.to_owned(), after }
    }

    /// What reading the name gives: it may be mistyped instead of new, so the error names the flag that is
    /// most like it.
    pub fn error(&self) -> UnknownName {
        Flag::unknown(&self.name)
    }
}
