use std::fmt;

/// The step at which QEMU detects a defect of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The option is unknown or lacks its argument.
    Option,
    /// A type is unknown: a machine, CPU model, device, backend.
    Type,
    /// A key or value is wrong.
    Value,
    /// This build lacks a feature.
    Build,
    /// Options contradict each other.
    Other,
}

impl Stage {
    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Option => "option unknown",
            Self::Type => "type unknown",
            Self::Value => "value or property",
            Self::Build => "not built",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
