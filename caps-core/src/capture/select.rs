use super::dir::{Capture, Captures};
use super::id::{CaptureId, CaptureVariant};
use super::label::Label;
use super::pick::Pick;
use crate::arch::Arch;
use crate::flag::{Flag, FlagSet};

/// Selects captures: the one definition of "latest" and the like, for macros and programs.
///
/// Versions are picked within each group of captures of one architecture and variant, from those
/// that pass the filters.
///
/// ```no_run
/// use caps_core::capture::{Captures, Selection};
///
/// let captures = Captures::discover("qemucapabilitiesdata")?;
/// for selected in Selection::new(">=8.2, <10".parse()?).names(&captures) {
///     println!("{}", selected.capture.id);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// The versions to select within each group.
    pub pick: Pick,
    /// The architectures to select.
    pub arches: Arches,
    /// The variant to select; `None` for any.
    pub variant: Option<CaptureVariant>,
    /// Flags that the capability description must have.
    pub has: Vec<Flag>,
    /// Flags that it must not have.
    pub lacks: Vec<Flag>,
}

/// A selection of architectures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arches {
    /// Every architecture.
    #[default]
    All,
    /// Exactly these.
    Only(Vec<Arch>),
    /// All except these.
    Except(Vec<Arch>),
}

/// A selected capture with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selected<'c> {
    /// The capture.
    pub capture: &'c Capture,
    /// How it was selected.
    pub label: Label,
}

impl Selection {
    /// Selects plain captures of every architecture.
    pub fn new(pick: Pick) -> Self {
        let variant = Some(CaptureVariant::default());
        Self { pick, arches: Arches::All, variant, has: Vec::new(), lacks: Vec::new() }
    }

    /// Returns whether the selection depends on the content of capability descriptions.
    pub fn reads_flags(&self) -> bool {
        !self.has.is_empty() || !self.lacks.is_empty()
    }

    /// Selects by name only, in the order of the captures, ignoring flags.
    pub fn names<'c>(&self, captures: &'c Captures) -> Vec<Selected<'c>> {
        let named: Vec<_> =
            captures.iter().filter(|capture| self.matches_name(&capture.id)).collect();
        self.pick(&named)
    }

    /// Selects captures in their order. Calls `flags` for the flags of a capture only if the
    /// selection depends on them.
    ///
    /// # Errors
    ///
    /// Fails if `flags` fails.
    pub fn select<'c, E>(
        &self,
        captures: &'c Captures,
        mut flags: impl FnMut(&'c Capture) -> Result<FlagSet, E>,
    ) -> Result<Vec<Selected<'c>>, E> {
        let mut candidates = Vec::new();
        for capture in captures.iter().filter(|capture| self.matches_name(&capture.id)) {
            if self.reads_flags() {
                let flags = flags(capture)?;
                let has_all = self.has.iter().all(|&flag| flags.contains(flag));
                if !has_all || self.lacks.iter().any(|&flag| flags.contains(flag)) {
                    continue;
                }
            }
            candidates.push(capture);
        }
        Ok(self.pick(&candidates))
    }

    /// Returns whether the filters, but not the pick, accept a name.
    pub fn matches_name(&self, id: &CaptureId) -> bool {
        self.arches.contain(id.arch)
            && self.variant.as_ref().is_none_or(|variant| *variant == id.variant)
    }

    /// Candidates are sorted, so each group is a contiguous run, oldest first.
    fn pick<'c>(&self, candidates: &[&'c Capture]) -> Vec<Selected<'c>> {
        let mut selected = Vec::new();
        for group in candidates.chunk_by(|a, b| a.id.group() == b.id.group()) {
            for (index, &capture) in group.iter().enumerate() {
                let from_newest = group.len() - 1 - index;
                if let Some(label) = self.pick.label(capture.id.version, index, from_newest) {
                    selected.push(Selected { capture, label });
                }
            }
        }
        selected
    }
}

impl Arches {
    /// Returns whether the selection includes the architecture.
    pub fn contain(&self, arch: Arch) -> bool {
        match self {
            Self::All => true,
            Self::Only(arches) => arches.contains(&arch),
            Self::Except(arches) => !arches.contains(&arch),
        }
    }
}
