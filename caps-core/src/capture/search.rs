use std::env;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Locates the data directory of a package.
///
/// Tries, in this order: the directory given explicitly; the one in the environment variable
/// [`SearchDir::VARIABLE`]; `qemucapabilitiesdata` or `tests/qemucapabilitiesdata` in the package's
/// directory or an ancestor; the fallback. Relative paths are relative to the package.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SearchDir<'p> {
    /// The directory of the package, which contains its `Cargo.toml`.
    pub package: Option<&'p Path>,
    /// The directory given explicitly, if any.
    pub named: Option<&'p Path>,
    /// The directory to use if nothing else is found.
    pub fallback: Option<&'p Path>,
}

/// Where to take captures from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataDir<'p> {
    /// A directory, relative to the package.
    Path(&'p str),
    /// The captures shipped with `qemu-caps`.
    BuiltIn,
}

/// No data directory was found.
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

/// The usual name of a data directory.
const NAME: &str = "qemucapabilitiesdata";

impl<'p> SearchDir<'p> {
    /// The environment variable that holds the path of the data directory.
    pub const VARIABLE: &'static str = "QEMU_CAPS_DIR";

    /// Starts the search from a package's directory.
    pub fn of_package(package: &'p Path) -> Self {
        Self { package: Some(package), ..Self::default() }
    }

    /// Uses this directory exclusively.
    #[must_use]
    pub fn named(mut self, dir: Option<&'p Path>) -> Self {
        self.named = dir;
        self
    }

    /// Uses this directory if nothing else is found.
    #[must_use]
    pub fn fallback(mut self, dir: &'p Path) -> Self {
        self.fallback = Some(dir);
        self
    }

    /// Resolves the given directories, or else the one that [`SearchDir::find`] finds. Earlier
    /// directories hide captures of the same name in later ones.
    ///
    /// # Errors
    ///
    /// Fails if a given directory is not one, or none is found.
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

    /// Locates the directory.
    ///
    /// # Errors
    ///
    /// Fails if no candidate is a directory.
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
