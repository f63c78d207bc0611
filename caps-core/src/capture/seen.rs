use std::collections::BTreeMap;

use super::id::{CaptureId, CaptureVariant};
use crate::arch::Arch;
use crate::version::Version;

/// In which versions something was seen, for one architecture and capture variant. Captures tell of
/// builds: what is absent from a capture may be in another build of that version.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The architecture.
    pub arch: Arch,
    /// The capture variant.
    pub variant: CaptureVariant,
    /// The oldest version that has it.
    pub first: Option<Version>,
    /// The newest version that has it.
    pub last: Option<Version>,
    /// The newest version before `first`: there it is not.
    pub absent_before: Option<Version>,
    /// The oldest version after `last`: there it is not any more.
    pub absent_after: Option<Version>,
    /// The versions between that do not have it.
    pub gaps: Vec<Version>,
}

impl Seen {
    /// Sums up captures, one row for each architecture and variant, sorted.
    ///
    /// ```
    /// use caps_core::capture::Seen;
    ///
    /// let captures = [("9.2.0_x86_64", true), ("10.0.0_x86_64", true), ("8.2.0_x86_64", false)];
    /// let captures = captures.map(|(id, holds)| (id.parse().expect(id), holds));
    /// let seen = Seen::sum_up(captures.iter().map(|(id, holds)| (id, *holds)));
    /// assert_eq!(seen[0].first, Some("9.2.0".parse()?));
    /// assert_eq!(seen[0].absent_before, Some("8.2.0".parse()?));
    /// assert_eq!(seen[0].absent_after, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sum_up<'c>(captures: impl IntoIterator<Item = (&'c CaptureId, bool)>) -> Vec<Self> {
        let mut groups: BTreeMap<(Arch, &CaptureVariant), BTreeMap<Version, bool>> =
            BTreeMap::new();
        for (id, holds) in captures {
            *groups.entry(id.group()).or_default().entry(id.version).or_default() |= holds;
        }
        groups
            .into_iter()
            .map(|((arch, variant), versions)| Self::of(arch, variant.clone(), &versions))
            .collect()
    }

    fn of(arch: Arch, variant: CaptureVariant, versions: &BTreeMap<Version, bool>) -> Self {
        let mut holding = versions.iter().filter(|(_, holds)| **holds).map(|(version, _)| *version);
        let first = holding.next();
        let last = holding.next_back().or(first);
        let versions = || versions.iter().map(|(version, holds)| (*version, *holds));
        Self {
            arch,
            variant,
            first,
            last,
            absent_before: versions()
                .map(|(version, _)| version)
                .rfind(|version| first.is_some_and(|first| *version < first)),
            absent_after: versions()
                .map(|(version, _)| version)
                .find(|version| last.is_some_and(|last| *version > last)),
            gaps: versions()
                .filter(|(version, holds)| {
                    !holds && Some(*version) > first && Some(*version) < last
                })
                .map(|(version, _)| version)
                .collect(),
        }
    }
}
