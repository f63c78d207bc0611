//! Capability flags: named features of a QEMU.

mod lint;
mod rule;
mod set;
mod table;
mod unknown;

pub use lint::{LintFinding, RELEASED, lint};
pub use rule::{DeviceQuestion, HostCheck, Rule, RuleKind};
pub use set::FlagSet;
pub use table::Flag;
pub use unknown::UnknownFlag;

use std::fmt;
use std::str::FromStr;

use crate::accel::Accel;
use crate::baseline::{Baseline, Span};
use crate::names::UnknownName;

/// The state of a flag in one baseline. Released flags are never removed, because files with their
/// names outlive the QEMUs they describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlagState {
    /// A probe, or a test, can set it.
    Live,
    /// Every supported QEMU has the feature, or none does: nothing sets the flag, but its name is
    /// still read.
    Retired,
    /// No release had it: QEMU dropped the feature, and the position is free for the next flag.
    Withdrawn,
    /// Only a later baseline has it.
    Unknown,
}

impl fmt::Display for FlagState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Live => "live",
            Self::Retired => "retired",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        })
    }
}

/// The states of a flag in all baselines, as a row of the table gives them.
#[derive(Debug, Clone, Copy)]
enum Life {
    Live(Span),
    Retired,
    #[allow(dead_code, reason = "the table may have no withdrawn flag")]
    Withdrawn,
}

impl Life {
    const fn state(self, baseline: Baseline) -> FlagState {
        match self {
            Self::Live(span) if span.is_after(baseline) => FlagState::Unknown,
            Self::Live(span) if span.is_before(baseline) => FlagState::Retired,
            Self::Live(_) => FlagState::Live,
            Self::Retired => FlagState::Retired,
            Self::Withdrawn => FlagState::Withdrawn,
        }
    }
}

/// Generates the enum and its data from the rows of the table.
macro_rules! flags {
    (@life live) => { $crate::flag::Life::Live($crate::baseline::Span::ALWAYS) };
    (@life live since $first:ident) => {
        $crate::flag::Life::Live($crate::baseline::Span::ALWAYS.since($first))
    };
    (@life live until $end:ident) => {
        $crate::flag::Life::Live($crate::baseline::Span::ALWAYS.until($end))
    };
    (@life live since $first:ident until $end:ident) => {
        $crate::flag::Life::Live(
            $crate::baseline::Span::ALWAYS
                .since($first)
                .until($end)
        )
    };
    (@life retired) => { $crate::flag::Life::Retired };
    (@life withdrawn) => { $crate::flag::Life::Withdrawn };
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, $($life:ident)+ $([$($rule:expr),* $(,)?])?;
    )*) => {
        /// A capability flag, in libvirt's order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Flag {
            $(#[doc = $doc] #[doc = concat!("\n\n`", $name, "`")] $variant,)*
        }

        impl Flag {
            /// All flags of all baselines, including retired ones, in libvirt's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in capability XML.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What the flag means, in one line.
            pub const fn doc(self) -> &'static str {
                const DOCS: &[&str] = &[$($doc.trim_ascii(),)*];
                DOCS[self as usize]
            }

            /// The flag's state in a baseline.
            pub const fn state(self, baseline: Baseline) -> FlagState {
                let life = match self {
                    $(Self::$variant => $crate::flag::flags!(@life $($life)+),)*
                };
                life.state(baseline)
            }

            /// The rules that show the flag in any baseline; one that holds is enough.
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
            Accel::Mshv => Self::Mshv,
            Accel::Tcg => Self::Tcg,
        }
    }

    /// Returns whether a probe for this baseline, or a test, can set the flag.
    pub fn is_live(self, baseline: Baseline) -> bool {
        self.state(baseline) == FlagState::Live
    }

    /// The rules that show the flag in a baseline.
    pub fn rules_in(self, baseline: Baseline) -> impl Iterator<Item = &'static Rule> {
        let live = self.is_live(baseline);
        self.rules().iter().filter(move |rule| live && rule.span.contains(baseline))
    }

    fn unknown(name: &str) -> UnknownName {
        UnknownName::new(name, "a capability flag", Self::ALL.iter().map(|flag| flag.name()))
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

crate::names::serde_by_name!(Flag);

impl FromStr for Flag {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|flag| flag.name() == name);
        found.ok_or_else(|| Self::unknown(name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::{Flag, FlagState};
    use crate::baseline::Baseline;

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
    fn docs_are_sentences_that_distinguish_flags() {
        let mut seen = HashMap::new();
        for &flag in Flag::ALL {
            let doc = flag.doc();
            assert!(doc.starts_with(|c: char| c.is_ascii_uppercase() || c == '`'), "{flag}: {doc}");
            assert!(doc.len() > 1 && doc.ends_with('.') && !doc.ends_with(".."), "{flag}: {doc}");
            assert!(doc.chars().count() <= 100, "{flag}: {doc}");
            assert_eq!(doc.matches('`').count() % 2, 0, "{flag}: {doc}");
            if let Some(other) = seen.insert(doc, flag) {
                panic!("`{flag}` and `{other}` have the same documentation: {doc}");
            }
        }
    }

    #[test]
    fn nothing_shows_a_flag_that_is_not_live() {
        for (flag, &baseline) in
            Flag::ALL.iter().flat_map(|f| Baseline::ALL.iter().map(move |b| (f, b)))
        {
            let shown = flag.rules_in(baseline).next().is_some();
            assert!(flag.is_live(baseline) || !shown, "{flag} in {baseline}");
        }
        for flag in Flag::ALL.iter().filter(|flag| !Baseline::ALL.iter().any(|b| flag.is_live(*b)))
        {
            assert!(flag.rules().is_empty(), "{flag} is never live");
        }
    }

    #[test]
    fn a_flag_has_a_state_in_each_baseline() {
        let states = |flag: Flag| Baseline::ALL.iter().map(|b| flag.state(*b)).collect::<Vec<_>>();
        assert_eq!(states(Flag::Vnc), [FlagState::Live, FlagState::Live]);
        assert_eq!(states(Flag::SetAction), [FlagState::Live, FlagState::Retired]);
        assert_eq!(states(Flag::Mshv), [FlagState::Unknown, FlagState::Live]);
        assert_eq!(states(Flag::Drive), [FlagState::Retired, FlagState::Retired]);
    }
}
