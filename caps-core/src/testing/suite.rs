use std::env;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::capture::{
    Arches, CaptureId, CaptureVariant, DataDir, Label, NoDataDir, Pick, SearchDir, Selection,
};
use crate::domcaps::DomainType;
use crate::flag::Flag;
use crate::inputs::{InputPath, Only};

/// One use of `caps_test`: a function, and the captures, files and values that it is tested over.
///
/// The macro writes it as a chain of these functions, each for one item of its arguments.
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
}

impl Suite {
    /// A suite of one function, over nothing yet.
    ///
    /// `module` is the path of the module of its tests, `package` the directory of the package at
    /// compile time.
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
        }
    }

    /// Over plain captures of all architectures: `data` is the directory of those that come with
    /// `qemu-caps`, `pick` the selector, `captures` what was selected.
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

    /// Over the files that match the patterns, each with the name that tests call it.
    #[must_use]
    pub const fn files(
        mut self,
        patterns: &'static [&'static str],
        files: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.patterns = patterns;
        self.files = files;
        self
    }

    /// Files that match a pattern go only with captures of these architectures and versions.
    #[must_use]
    pub const fn only(mut self, only: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.only = only;
        self
    }

    /// Over values, each a name with the texts of what it stands for.
    #[must_use]
    pub const fn values(
        mut self,
        values: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        self.values = values;
        self
    }

    /// The captures are in these directories.
    #[must_use]
    pub const fn dirs(mut self, dirs: &'static [DataDir<'static>]) -> Self {
        self.dirs = dirs;
        self
    }

    /// The domain capabilities are those of this machine type.
    #[must_use]
    pub const fn machine(mut self, machine: &'static str) -> Self {
        self.machine = Some(machine);
        self
    }

    /// The domain capabilities are those of domains of this type.
    #[must_use]
    pub const fn virttype(mut self, virttype: DomainType) -> Self {
        self.virttype = Some(virttype);
        self
    }

    /// Only captures of these architectures.
    #[must_use]
    pub const fn arches(mut self, arches: &'static [Arch]) -> Self {
        self.only_arches = Some(arches);
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

    /// The tests have golden files: the argument that each is for, or nothing for the only one, and the
    /// pattern of its name.
    #[must_use]
    pub const fn goldens(mut self, goldens: &'static [(&'static str, &'static str)]) -> Self {
        self.goldens = goldens;
        self
    }

    /// The directory of the package: where the test runs now, or else where it was compiled.
    pub(super) fn package_dir(&self) -> PathBuf {
        package_dir(self.package)
    }

    /// The path of the module that the function is in.
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

    /// How captures are selected; `None` when the tests are not over captures.
    pub(super) fn selection(&self) -> Option<Selection> {
        let mut selection = Selection::new(self.pick()?);
        selection.arches = match self.only_arches {
            Some(only) => Arches::Only(only.to_vec()),
            None if self.except.is_empty() => Arches::All,
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

    /// What a capture was selected as. The compiled list is sorted and complete, so the place in its group
    /// tells.
    pub(super) fn label(&self, id: &CaptureId) -> Label {
        match self.pick() {
            Some(Pick::Latest(_)) => {
                let newer = self
                    .captures
                    .iter()
                    .filter_map(|name| name.parse::<CaptureId>().ok())
                    .filter(|other| other.group() == id.group() && other.version > id.version);
                Label::Latest(newer.count())
            }
            Some(Pick::Oldest) => Label::Oldest,
            Some(Pick::All | Pick::Exact(_) | Pick::Range(_)) | None => Label::Version(id.version),
        }
    }
}

/// A test binary may run elsewhere than it was compiled; cargo and nextest tell where.
pub(super) fn package_dir(compiled: &str) -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(compiled), PathBuf::from)
}
