use std::env;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Where the captures of a package are looked for.
///
/// In order: the directory that is named; the one in the environment variable
/// [`SearchDir::VARIABLE`]; `qemucapabilitiesdata` or `tests/qemucapabilitiesdata` in the package's
/// directory or one above it; the fallback. Relative paths start at the package's directory.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SearchDir<'p> {
    /// The directory of the package, where its `Cargo.toml` is.
    pub package: Option<&'p Path>,
    /// The directory that is named, if one is.
    pub named: Option<&'p Path>,
    /// What is taken when nothing is found.
    pub fallback: Option<&'p Path>,
}

/// A directory that captures are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataDir<'p> {
    /// The directory with this path, relative to the package.
    Path(&'p str),
    /// The captures that come with `qemu-caps`.
    BuiltIn,
}

/// There is no directory of captures.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no directory of captures, tried {}", list(.tried))]
#[non_exhaustive]
pub struct NoDataDir {
    /// The paths that were tried.
    pub tried: Vec<PathBuf>,
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

/// The name of a directory of captures.
const NAME: &str = "qemucapabilitiesdata";

impl<'p> SearchDir<'p> {
    /// The environment variable that names the directory of captures.
    pub const VARIABLE: &'static str = "QEMU_CAPS_DIR";

    /// Searches from the directory of a package.
    pub fn of_package(package: &'p Path) -> Self {
        Self { package: Some(package), ..Self::default() }
    }

    /// Takes this directory and no other.
    #[must_use]
    pub fn named(mut self, dir: Option<&'p Path>) -> Self {
        self.named = dir;
        self
    }

    /// Takes this directory when nothing else is found.
    #[must_use]
    pub fn fallback(mut self, dir: &'p Path) -> Self {
        self.fallback = Some(dir);
        self
    }

    /// Finds the directories that are named; or, when none is, the one that [`SearchDir::find`] finds.
    /// Captures in an earlier one come before those of the same name in a later one.
    ///
    /// # Errors
    ///
    /// When a directory that is named is none, or none is found.
    pub fn find_all(&self, named: &[DataDir<'_>]) -> Result<Vec<PathBuf>, NoDataDir> {
        if named.is_empty() {
            return Ok(vec![self.find()?]);
        }
        named
            .iter()
            .map(|dir| match dir {
                DataDir::Path(path) => self.clone().named(Some(Path::new(path))).find(),
                DataDir::BuiltIn => Ok(self.fallback.unwrap_or(Path::new("")).to_owned()),
            })
            .collect()
    }

    /// Finds the directory.
    ///
    /// # Errors
    ///
    /// When none of the places is a directory.
    pub fn find(&self) -> Result<PathBuf, NoDataDir> {
        let package = self.package.unwrap_or(Path::new(""));
        let variable = env::var_os(Self::VARIABLE).filter(|value| !value.is_empty());
        let tried = match (self.named, &variable) {
            (Some(named), _) => vec![package.join(named)],
            (None, Some(variable)) => vec![package.join(variable)],
            (None, None) => package
                .ancestors()
                .flat_map(|dir| [dir.join(NAME), dir.join("tests").join(NAME)])
                .chain(self.fallback.map(Path::to_owned))
                .collect(),
        };
        match tried.iter().find(|dir| dir.is_dir()) {
            Some(dir) => Ok(dir.clone()),
            None => Err(NoDataDir { tried }),
        }
    }
}
