//! Baselines: the libvirt releases whose questions, flags and XML are known.
//!
//! Rows of the flag table and steps of the plan apply to every baseline unless a [`Span`] limits
//! them, so adding a baseline means listing differences.

use std::fmt;
use std::str::FromStr;

use crate::names::{UnknownName, closed_set};
use crate::version::Version;

closed_set! {
    /// A known libvirt release; older releases compare less.
    ///
    /// ```
    /// use caps_core::Baseline;
    ///
    /// assert_eq!("12.8".parse(), Ok(Baseline::Libvirt12_8));
    /// assert!(Baseline::Libvirt11_3 < Baseline::NEWEST);
    /// ```
    pub enum Baseline: "a known release of libvirt", {
        /// libvirt 11.3.0.
        Libvirt11_3 = "11.3",
        /// libvirt 12.8.0.
        Libvirt12_8 = "12.8",
    }
}

/// libvirt keeps two lists of deprecated CPU properties: the host's, and that of the full
/// expansion. Earlier releases overwrote the first with the second.
pub(crate) const TWO_DEPRECATED_LISTS: Span = Span::ALWAYS.since(Baseline::Libvirt12_8);
/// libvirt keeps the values of Hyper-V enlightenments, not just their names.
pub(crate) const HYPER_V_VALUES: Span = Span::ALWAYS.since(Baseline::Libvirt12_8);
/// libvirt spells the CPU model `POWER11` in upper case.
pub(crate) const POWER11: Span = Span::ALWAYS.since(Baseline::Libvirt12_8);

impl Baseline {
    /// The newest baseline, the default for recording.
    pub const NEWEST: Self = Self::ALL[Self::ALL.len() - 1];

    /// The release's full name, such as `libvirt 11.3.0`.
    pub const fn release(self) -> &'static str {
        match self {
            Self::Libvirt11_3 => "libvirt 11.3.0",
            Self::Libvirt12_8 => "libvirt 12.8.0",
        }
    }

    /// The oldest QEMU that this release probes; its micro version is 0.
    pub const fn minimum(self) -> Version {
        match self {
            Self::Libvirt11_3 => Version::from_number(6_002_000),
            Self::Libvirt12_8 => Version::from_number(7_002_000),
        }
    }
}

/// The range of baselines to which a rule, flag or question applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    first: Baseline,
    end: Option<Baseline>,
}

impl Span {
    /// All baselines.
    pub const ALWAYS: Self = Self { first: Baseline::ALL[0], end: None };

    /// Limits the range to a baseline and later ones.
    #[must_use]
    pub const fn since(self, first: Baseline) -> Self {
        Self { first, ..self }
    }

    /// Limits the range to what precedes a baseline.
    #[must_use]
    pub const fn until(self, end: Baseline) -> Self {
        Self { end: Some(end), ..self }
    }

    /// Returns whether the range includes a baseline.
    pub const fn contains(self, baseline: Baseline) -> bool {
        !self.is_after(baseline) && !self.is_before(baseline)
    }

    /// Returns whether the range starts after a baseline.
    pub const fn is_after(self, baseline: Baseline) -> bool {
        (baseline as usize) < self.first as usize
    }

    /// Returns whether the range ended at or before a baseline.
    pub const fn is_before(self, baseline: Baseline) -> bool {
        match self.end {
            Some(end) => baseline as usize >= end as usize,
            None => false,
        }
    }
}

/// Writes ` since 12.8`, ` until 12.8`, both, or nothing.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first != Baseline::ALL[0] {
            write!(f, " since {}", self.first)?;
        }
        match self.end {
            Some(end) => write!(f, " until {end}"),
            None => Ok(()),
        }
    }
}

/// How to choose the baseline of a recorded conversation.
///
/// ```
/// use caps_core::{Baseline, BaselineChoice};
///
/// assert_eq!("auto".parse(), Ok(BaselineChoice::Auto));
/// assert_eq!("11.3".parse(), Ok(BaselineChoice::Only(Baseline::Libvirt11_3)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BaselineChoice {
    /// Use the baseline that the conversation fits.
    #[default]
    Auto,
    /// Use this one.
    Only(Baseline),
}

impl BaselineChoice {
    /// The chosen baseline, or the newest if the choice depends on a conversation.
    pub fn or_newest(self) -> Baseline {
        match self {
            Self::Auto => Baseline::NEWEST,
            Self::Only(baseline) => baseline,
        }
    }
}

impl From<Baseline> for BaselineChoice {
    fn from(baseline: Baseline) -> Self {
        Self::Only(baseline)
    }
}

impl fmt::Display for BaselineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.pad("auto"),
            Self::Only(baseline) => baseline.fmt(f),
        }
    }
}

impl FromStr for BaselineChoice {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "auto" {
            return Ok(Self::Auto);
        }
        let names = ["auto"].into_iter().chain(Baseline::ALL.iter().map(|one| one.name()));
        let unknown = || UnknownName::new(name, "`auto` or a known release of libvirt", names);
        name.parse().map(Self::Only).map_err(|_| unknown())
    }
}
