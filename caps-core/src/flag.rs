//! Capability flags: what a QEMU can do, one name each.

mod rule;
mod set;
mod table;

pub use rule::Rule;
pub use set::FlagSet;
pub use table::Flag;

use std::fmt;
use std::str::FromStr;

use crate::accel::Accel;
use crate::names::UnknownName;

/// Where a flag is in its life. A released flag is never removed: names are written into files that
/// outlive the QEMU they speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlagState {
    /// Probing can set it, or a test.
    Live,
    /// Every supported QEMU has it, or none: nothing sets it, but its name still reads.
    Retired,
}

impl fmt::Display for FlagState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Live => "live",
            Self::Retired => "retired",
        })
    }
}

/// Makes the enum and everything that is told of a flag out of the table's rows.
macro_rules! flags {
    (@state live) => { $crate::flag::FlagState::Live };
    (@state retired) => { $crate::flag::FlagState::Retired };
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, $state:ident $([$($rule:expr),* $(,)?])?;
    )*) => {
        /// A capability flag, in libvirt's order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Flag {
            $(#[doc = $doc] #[doc = concat!("\n\n`", $name, "`")] $variant,)*
        }

        impl Flag {
            /// All flags, live and retired, in libvirt's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in XML files.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What the flag says of a QEMU, in one line.
            pub const fn doc(self) -> &'static str {
                const DOCS: &[&str] = &[$($doc.trim_ascii(),)*];
                DOCS[self as usize]
            }

            /// Where the flag is in its life.
            pub const fn state(self) -> FlagState {
                match self {
                    $(Self::$variant => $crate::flag::flags!(@state $state),)*
                }
            }

            /// What shows the flag; any one rule suffices.
            pub const fn rules(self) -> &'static [Rule] {
                match self {
                    $(Self::$variant => const { &[$($($rule,)*)?] },)*
                }
            }
        }
    };
}
use flags;

impl Flag {
    /// The flag of an accelerator.
    pub const fn of_accel(accel: Accel) -> Self {
        match accel {
            Accel::Kvm => Self::Kvm,
            Accel::Hvf => Self::Hvf,
            Accel::Tcg => Self::Tcg,
        }
    }

    /// The position in libvirt's list, from 0.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Flag {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|flag| flag.name() == name).ok_or_else(|| {
            UnknownName::new(name, "a capability flag", Self::ALL.iter().map(|flag| flag.name()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::{Flag, FlagState};

    #[test]
    fn names_are_unique_and_read_back() {
        let names: HashSet<_> = Flag::ALL.iter().map(|flag| flag.name()).collect();
        assert_eq!(names.len(), Flag::ALL.len());
        for (index, &flag) in Flag::ALL.iter().enumerate() {
            assert_eq!(flag.index(), index);
            assert_eq!(flag.name().parse(), Ok(flag));
        }
        let error = "virtio-blk.queue-sise".parse::<Flag>().expect_err("a typo");
        assert_eq!(
            error.to_string(),
            "`virtio-blk.queue-sise` is not a capability flag, did you mean `virtio-blk.queue-size`?"
        );
    }

    #[test]
    fn docs_are_sentences_that_tell_flags_apart() {
        let mut seen = HashMap::new();
        for &flag in Flag::ALL {
            let doc = flag.doc();
            assert!(doc.starts_with(|c: char| c.is_ascii_uppercase() || c == '`'), "{flag}: {doc}");
            assert!(doc.len() > 1 && doc.ends_with('.') && !doc.ends_with(".."), "{flag}: {doc}");
            assert!(doc.chars().count() <= 100, "{flag}: {doc}");
            assert_eq!(doc.matches('`').count() % 2, 0, "{flag}: {doc}");
            if let Some(other) = seen.insert(doc, flag) {
                panic!("`{flag}` and `{other}` are told in the same words: {doc}");
            }
        }
    }

    #[test]
    fn nothing_shows_a_retired_flag() {
        for flag in Flag::ALL {
            assert!(flag.state() == FlagState::Live || flag.rules().is_empty(), "{flag}");
        }
    }
}
