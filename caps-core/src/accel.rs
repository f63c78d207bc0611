//! Accelerators.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What runs the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Accel {
    /// Linux' KVM.
    Kvm,
    /// The Hypervisor.framework of macOS.
    Hvf,
    /// QEMU's own translator.
    Tcg,
}

impl Accel {
    /// All accelerators, in the order of the capability XML.
    pub const ALL: [Self; 3] = [Self::Kvm, Self::Hvf, Self::Tcg];

    /// The name in the capability XML.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Hvf => "hvf",
            Self::Tcg => "tcg",
        }
    }
}

impl fmt::Display for Accel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text is not the name of an accelerator.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an accelerator, expected `kvm`, `hvf` or `tcg`")]
pub struct UnknownAccel(pub String);

impl FromStr for Accel {
    type Err = UnknownAccel;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|accel| accel.name() == name)
            .ok_or_else(|| UnknownAccel(name.to_owned()))
    }
}
