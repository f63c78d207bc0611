use std::env;
use std::path::{Path, PathBuf};

use super::load::{FROM_SURVEY, FromSurvey};
use crate::accel::DomainType;
use crate::arch::Arch;
use crate::capture::{
    Arches, CaptureId, CaptureVariant, DataDir, Label, NoDataDir, Pick, SearchDir, Selection,
};
use crate::flag::Flag;
use crate::inputs::{InputPath, Only};

/// A use of `caps_test`: a function with its captures, files and values.
///
/// The macro generates a chain of these methods, one for each of its items.
#[derive(Debug, Clone)]
pub struct Suite {
    pub(super) test: &'static str,
    pub(super) module: &'static str,
    package: &'static str,
    data: &'static str,
    pick: Option<&'static str>,
    pub(super) captures: &'static [&'static str],
    dirs: &'static [DataDir<'static>],
    only_arches: Option<&'static [Arch]>,
    except: &'static [Arch],
    variant: Option<&'static str>,
    pub(super) machine: Option<&'static str>,
    pub(super) virttype: Option<DomainType>,
    has: &'static [Flag],
    lacks: &'static [Flag],
    pub(super) set: &'static [Flag],
    pub(super) clear: &'static [Flag],
    pub(super) goldens: &'static [(&'static str, &'static str)],
    pub(super) patterns: &'static [&'static str],
    pub(super) files: &'static [(&'static str, &'static str)],
    only: &'static [(&'static str, &'static [&'static str])],
    pub(super) values: &'static [(&'static str, &'static [&'static str])],
    // What only some suites need is reached through these, so that the linker leaves it out of test
    // programs without it.
    pub(super) surveys: Option<&'static FromSurvey>,
    pub(super) assert_files: Option<fn(&Suite)>,
    pub(super) golden_checks: Option<&'static GoldenChecks>,
}

/// What `listing` does if the suite has golden files.
#[derive(Debug)]
pub(super) struct GoldenChecks {
    pub(super) record: fn(&Suite),
    pub(super) assert_own: fn(&Suite),
}

impl Suite {
    /// Creates a suite of a function, without captures or files.
    ///
    /// `module` is the path of the tests' module, `package` the directory of the package at compile
    /// time.
    pub const fn new(test: &'static str, module: &'static str, package: &'static str) -> Self {
        Self {
            test,
            module,
            package,
            data: "",
            pick: None,
            captures: &[],
            dirs: &[],
            only_arches: None,
            except: &[],
            variant: Some(""),
            machine: None,
            virttype: None,
            has: &[],
            lacks: &[],
            set: &[],
            clear: &[],
            goldens: &[],
            patterns: &[],
            files: &[],
            only: &[],
            values: &[],
            surveys: None,
            assert_files: None,
            golden_checks: None,
        }
    }

    /// Adds plain captures of all architectures: `data` is the directory shipped with `qemu-caps`,
    /// `pick` the selector, `captures` the selection at compile time.
    #[must_use]
    pub const fn captures(
        mut self,
        data: &'static str,
        pick: &'static str,
        captures: &'static [&'static str],
    ) -> Self {
        self.data = data;
        self.pick = Some(pick);
        self.captures = captures;
        self
    }

    /// Says that a selected capture is only a survey.
    #[must_use]
    pub const fn surveys(mut self) -> Self {
        self.surveys = Some(&FROM_SURVEY);
        self
    }

    /// Restricts files that match a pattern to captures of these architectures and versions.
    #[must_use]
    pub const fn only(mut self, only: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.only = only;
        self
    }

    /// Adds values: a name with the texts of the alternatives.
    #[must_use]
    pub const fn values(
        mut self,
        values: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        self.values = values;
        self
    }

    /// Takes captures from these directories.
    #[must_use]
    pub const fn dirs(mut self, dirs: &'static [DataDir<'static>]) -> Self {
        self.dirs = dirs;
        self
    }

    /// Selects domain capabilities for this machine type.
    #[must_use]
    pub const fn machine(mut self, machine: &'static str) -> Self {
        self.machine = Some(machine);
        self
    }

    /// Selects domain capabilities for this domain type.
    #[must_use]
    pub const fn virttype(mut self, virttype: DomainType) -> Self {
        self.virttype = Some(virttype);
        self
    }

    /// Selects only captures of these architectures.
    #[must_use]
    pub const fn arches(mut self, arches: &'static [Arch]) -> Self {
        self.only_arches = Some(arches);
        self
    }

    /// Excludes captures of these architectures.
    #[must_use]
    pub const fn not_arches(mut self, arches: &'static [Arch]) -> Self {
        self.except = arches;
        self
    }

    /// Selects captures of this variant instead of plain ones.
    #[must_use]
    pub const fn variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    /// Selects captures of any variant.
    #[must_use]
    pub const fn any_variant(mut self) -> Self {
        self.variant = None;
        self
    }

    /// Selects only captures with these flags.
    #[must_use]
    pub const fn has(mut self, flags: &'static [Flag]) -> Self {
        self.has = flags;
        self
    }

    /// Selects only captures without these flags.
    #[must_use]
    pub const fn lacks(mut self, flags: &'static [Flag]) -> Self {
        self.lacks = flags;
        self
    }

    /// Sets these flags for the tests.
    #[must_use]
    pub const fn set(mut self, flags: &'static [Flag]) -> Self {
        self.set = flags;
        self
    }

    /// Clears these flags for the tests.
    #[must_use]
    pub const fn clear(mut self, flags: &'static [Flag]) -> Self {
        self.clear = flags;
        self
    }

    /// The directory of the package, at run time if known, or else at compile time.
    pub(super) fn package_dir(&self) -> PathBuf {
        package_dir(self.package)
    }

    /// The path of the function's module.
    pub(super) fn parent_module(&self) -> &str {
        self.module.rsplit_once("::").map_or(self.module, |(parent, _)| parent)
    }

    pub(super) fn data_dirs(&self) -> Result<Vec<PathBuf>, NoDataDir> {
        SearchDir::of_package(&self.package_dir())
            .fallback(Path::new(self.data))
            .find_all(self.dirs)
    }

    pub(super) fn input(&self, path: &str) -> Option<InputPath> {
        let (name, path) = self.files.iter().find(|(_, known)| *known == path)?;
        Some(InputPath { name: (*name).to_owned(), path: (*path).to_owned() })
    }

    pub(super) fn onlys(&self) -> Vec<Only> {
        let parse = |(files, captures): &(&str, &[&str])| {
            Only::parse(files, captures).expect("the macro has read it")
        };
        self.only.iter().map(parse).collect()
    }

    pub(super) fn is_over_captures(&self) -> bool {
        self.pick.is_some()
    }

    /// The selection of captures; `None` if the tests have no captures.
    pub(super) fn selection(&self) -> Option<Selection> {
        let mut selection = Selection::new(self.pick()?);
        selection.arches = match self.only_arches {
            Some(only) => Arches::Only(only.to_vec()),
            None => Arches::Except(self.except.to_vec()),
        };
        selection.variant = self
            .variant
            .map(|text| text.parse::<CaptureVariant>().expect("the macro has read the variant"));
        selection.has = self.has.to_vec();
        selection.lacks = self.lacks.to_vec();
        Some(selection)
    }

    fn pick(&self) -> Option<Pick> {
        self.pick.map(|pick| pick.parse().expect("the macro has read the selector"))
    }

    /// The label of a capture, given by its position in its group, because the compiled list is
    /// sorted and complete.
    pub(super) fn label(&self, id: &CaptureId) -> Label {
        match self.pick() {
            Some(Pick::Latest(_)) => {
                // Not from the directory: captures added since compiling must not rename tests.
                let newer = self
                    .captures
                    .iter()
                    .filter_map(|name| name.parse::<CaptureId>().ok())
                    .filter(|other| other.group() == id.group() && other.version > id.version);
                Label::Latest(newer.count())
            }
            Some(Pick::Oldest) => Label::Oldest,
            Some(Pick::All | Pick::Versions(_)) | None => Label::Version(id.version),
        }
    }
}

/// A test binary can run on another machine than it was compiled on; cargo and nextest set the
/// directory.
pub(super) fn package_dir(compiled: &str) -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(compiled), PathBuf::from)
}
