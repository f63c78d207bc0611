use std::env;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::capture::{Arches, CaptureVariant, NoDataDir, Pick, SearchDir, Selection};
use crate::flag::Flag;

/// One use of `caps_test`: a function and the captures that it is tested over.
///
/// The macro writes it as a chain of these functions, each for one item of its arguments.
#[derive(Debug, Clone)]
pub struct Suite {
    pub(super) test: &'static str,
    pub(super) captures: &'static [&'static str],
    pub(super) pick: &'static str,
    pub(super) package: &'static str,
    pub(super) data: &'static str,
    pub(super) dir: Option<&'static str>,
    pub(super) only: Option<&'static [Arch]>,
    pub(super) except: &'static [Arch],
    pub(super) variant: Option<&'static str>,
    pub(super) has: &'static [Flag],
    pub(super) lacks: &'static [Flag],
    pub(super) set: &'static [Flag],
    pub(super) clear: &'static [Flag],
    pub(super) golden: Option<&'static str>,
}

impl Suite {
    /// A suite of plain captures of all architectures.
    ///
    /// `package` is the directory of the package at compile time, `data` the directory of captures
    /// when nothing names or shows another, `pick` the selector, `captures` what was selected.
    pub const fn new(
        test: &'static str,
        package: &'static str,
        data: &'static str,
        pick: &'static str,
        captures: &'static [&'static str],
    ) -> Self {
        Self {
            test,
            captures,
            pick,
            package,
            data,
            dir: None,
            only: None,
            except: &[],
            variant: Some(""),
            has: &[],
            lacks: &[],
            set: &[],
            clear: &[],
            golden: None,
        }
    }

    /// The captures are in this directory.
    #[must_use]
    pub const fn dir(mut self, dir: &'static str) -> Self {
        self.dir = Some(dir);
        self
    }

    /// Only captures of these architectures.
    #[must_use]
    pub const fn arches(mut self, arches: &'static [Arch]) -> Self {
        self.only = Some(arches);
        self
    }

    /// No captures of these architectures.
    #[must_use]
    pub const fn not_arches(mut self, arches: &'static [Arch]) -> Self {
        self.except = arches;
        self
    }

    /// Captures of this variant instead of plain ones.
    #[must_use]
    pub const fn variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    /// Captures of any variant.
    #[must_use]
    pub const fn any_variant(mut self) -> Self {
        self.variant = None;
        self
    }

    /// Only captures with these flags.
    #[must_use]
    pub const fn has(mut self, flags: &'static [Flag]) -> Self {
        self.has = flags;
        self
    }

    /// Only captures without these flags.
    #[must_use]
    pub const fn lacks(mut self, flags: &'static [Flag]) -> Self {
        self.lacks = flags;
        self
    }

    /// The tests see these flags set.
    #[must_use]
    pub const fn set(mut self, flags: &'static [Flag]) -> Self {
        self.set = flags;
        self
    }

    /// The tests see these flags cleared.
    #[must_use]
    pub const fn clear(mut self, flags: &'static [Flag]) -> Self {
        self.clear = flags;
        self
    }

    /// The tests have golden files of this name, with `{test}`, `{arch}`, `{version}` and `{variant}`
    /// in it.
    #[must_use]
    pub const fn golden(mut self, pattern: &'static str) -> Self {
        self.golden = Some(pattern);
        self
    }

    /// The directory of the package: where the test runs now, or else where it was compiled.
    pub(super) fn package_dir(&self) -> PathBuf {
        package_dir(self.package)
    }

    pub(super) fn data_dir(&self) -> Result<PathBuf, NoDataDir> {
        SearchDir::of_package(&self.package_dir())
            .named(self.dir.map(Path::new))
            .fallback(Path::new(self.data))
            .find()
    }

    pub(super) fn pick(&self) -> Pick {
        self.pick.parse().expect("the macro has read the selector")
    }

    pub(super) fn selection(&self) -> Selection {
        let mut selection = Selection::new(self.pick());
        selection.arches = match self.only {
            Some(only) => Arches::Only(only.to_vec()),
            None if self.except.is_empty() => Arches::All,
            None => Arches::Except(self.except.to_vec()),
        };
        selection.variant = self
            .variant
            .map(|text| text.parse::<CaptureVariant>().expect("the macro has read the variant"));
        selection.has = self.has.to_vec();
        selection.lacks = self.lacks.to_vec();
        selection
    }
}

/// A test binary may run elsewhere than it was compiled; cargo and nextest tell where.
pub(super) fn package_dir(compiled: &str) -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(compiled), PathBuf::from)
}
