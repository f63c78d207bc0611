use thiserror::Error;

use super::dir::{Capture, Captures};
use super::id::{CaptureId, CaptureVariant, ParseCaptureIdError};
use crate::arch::Arch;
use crate::names::UnknownName;
use crate::nearest::nearest;

/// The selector does not name an existing capture.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LocateError {
    /// `latest:ARCH` with an unknown architecture.
    #[error(transparent)]
    Arch(#[from] UnknownName),
    /// A malformed name or variant.
    #[error(
        "`{selector}` is not a capture, expected a path, VERSION_ARCH[+VARIANT] or latest[:ARCH[+VARIANT]]"
    )]
    Malformed {
        /// The selector as given.
        selector: String,
        /// The problem with it.
        source: ParseCaptureIdError,
    },
    /// No directory contains the capture.
    #[error("no capture `{selector}` in {dirs}{}", hint(.nearest.as_deref()))]
    Missing {
        /// The selector as given.
        selector: String,
        /// The directories, for messages.
        dirs: String,
        /// The name of the most similar capture.
        nearest: Option<String>,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", nearest is `{name}`")).unwrap_or_default()
}

/// Finds the capture that `VERSION_ARCH[+VARIANT]` or `latest[:ARCH[+VARIANT]]` names. ARCH
/// defaults to the host's.
///
/// # Errors
///
/// Fails if the selector is malformed or names no capture of the directories.
pub fn locate<'c>(captures: &'c Captures, selector: &str) -> Result<&'c Capture, LocateError> {
    let missing = || LocateError::Missing {
        selector: selector.to_owned(),
        dirs: dirs(captures),
        nearest: nearest(
            selector,
            captures
                .iter()
                .map(|c| c.id.to_string())
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        )
        .map(str::to_owned),
    };
    let malformed = |source| LocateError::Malformed { selector: selector.to_owned(), source };
    if selector == "latest" || selector.starts_with("latest:") {
        let (arch, variant) = match selector.strip_prefix("latest:") {
            None => (Arch::host().unwrap_or(Arch::X86_64), CaptureVariant::default()),
            Some(group) => {
                let (arch, variant) = group.split_at(group.find('+').unwrap_or(group.len()));
                (arch.parse()?, variant.parse().map_err(malformed)?)
            }
        };
        return captures.latest(arch, &variant).ok_or_else(missing);
    }
    let id: CaptureId =
        selector.strip_prefix("caps_").unwrap_or(selector).parse().map_err(malformed)?;
    captures.get(&id).ok_or_else(missing)
}

fn dirs(captures: &Captures) -> String {
    let dirs = captures.dirs().iter().map(|dir| format!("`{}`", dir.display()));
    dirs.collect::<Vec<_>>().join(", ")
}
