use std::collections::BTreeMap;

use super::id::{CaptureId, CaptureVariant};
use crate::arch::Arch;
use crate::version::Version;

/// The versions in which something was seen, for one architecture and capture variant. A capture
/// describes one build: what it lacks may exist in another build of the same version.
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
    /// The newest version before `first`, which lacks it.
    pub absent_before: Option<Version>,
    /// The oldest version after `last`, which lacks it again.
    pub absent_after: Option<Version>,
    /// The versions in between that lack it.
    pub gaps: Vec<Version>,
}

impl Seen {
    /// Summarizes captures, with one row for each architecture and variant, sorted.
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
