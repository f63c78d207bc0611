use std::fmt;

use super::name::Flag;
use super::table::rows;
use crate::baseline::{Baseline, Span};

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

macro_rules! life {
    (live) => {
        Life::Live(Span::ALWAYS)
    };
    (live since $first:ident) => {
        Life::Live(Span::ALWAYS.since(Baseline::$first))
    };
    (live until $end:ident) => {
        Life::Live(Span::ALWAYS.until(Baseline::$end))
    };
    (live since $first:ident until $end:ident) => {
        Life::Live(Span::ALWAYS.since(Baseline::$first).until(Baseline::$end))
    };
    (retired) => {
        Life::Retired
    };
    (withdrawn) => {
        Life::Withdrawn
    };
}

macro_rules! lives {
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, $($life:ident)+ $([$($rule:expr),* $(,)?])?;
    )*) => {
        impl Flag {
            /// The flag's state in a baseline.
            pub const fn state(self, baseline: Baseline) -> FlagState {
                let life = match self {
                    $(Self::$variant => life!($($life)+),)*
                };
                life.state(baseline)
            }
        }
    };
}
rows!(lives);

impl Flag {
    /// Returns whether a probe for this baseline, or a test, can set the flag.
    pub fn is_live(self, baseline: Baseline) -> bool {
        self.state(baseline) == FlagState::Live
    }
}
