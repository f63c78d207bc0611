//! Capabilities of a capture, of a capability XML or of a binary.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use caps_core::capture::{CaptureId, CaptureVariant};
use caps_core::domcaps::baseline_of;
use caps_core::probe::Matching;
use caps_core::probe::live::{Options, find_binary};
use caps_core::xml;
use caps_core::{Baseline, BaselineChoice, Capabilities};

use super::super::Context;
use crate::description::Derived;
use crate::exit::CliError;
use crate::input::read_text;
use crate::output::say;
use crate::source::{Source, is_binary};

/// A QEMU to make documents for.
#[derive(Debug)]
pub(in crate::commands) struct Input {
    pub(in crate::commands) name: String,
    pub(super) id: CaptureId,
    pub(super) capabilities: Capabilities,
    pub(super) baseline: Baseline,
    /// Whether a binary was probed.
    pub(super) is_live: bool,
}

impl Input {
    /// Reads what an argument names.
    pub(in crate::commands) fn load(
        argument: &OsStr,
        is_lenient: bool,
        context: &Context,
    ) -> Result<Self, CliError> {
        if let Some(binary) = binary(argument) {
            let probed = super::super::probe::live_binary(
                &binary,
                Options::default(),
                context.sources.baseline,
            )?;
            let (mut capabilities, baseline) = (probed.capabilities, probed.baseline);
            // The document names the binary, wherever it is read.
            let path = std::path::absolute(&binary).unwrap_or(binary);
            capabilities.emulator = path.display().to_string();
            let id = id_of(&capabilities);
            return Ok(Self {
                name: argument.display().to_string(),
                id,
                capabilities,
                baseline,
                is_live: true,
            });
        }
        let path = Path::new(argument);
        if path.extension().is_some_and(|extension| extension == "xml") {
            return Self::from_xml(path, is_lenient, context.sources.baseline);
        }
        Self::from_capture(context.sources.find(argument)?, context.sources.baseline)
    }

    /// Reads a capability XML, if leniently then with flags of later releases, which are named on standard
    /// error.
    pub(super) fn from_xml(
        path: &Path,
        is_lenient: bool,
        choice: BaselineChoice,
    ) -> Result<Self, CliError> {
        let text = read_text(path)?;
        let read = if is_lenient { xml::read_lenient } else { xml::read };
        let capabilities = read(&text).map_err(|error| {
            CliError::input(error).context(format!("can't read `{}`", path.display()))
        })?;
        for flag in &capabilities.unknown_flags {
            say!(Warning: "`{}`: {}", path.display(), flag.error());
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let id = CaptureId::from_file_stem(&stem).unwrap_or_else(|_| id_of(&capabilities));
        let baseline = match choice {
            BaselineChoice::Auto => baseline_of(&capabilities),
            BaselineChoice::Only(baseline) => baseline,
        };
        let name = path.display().to_string();
        Ok(Self { name, id, capabilities, baseline, is_live: false })
    }

    /// Derives the capabilities of a capture.
    pub(super) fn from_capture(source: Source, baseline: BaselineChoice) -> Result<Self, CliError> {
        let loaded = source.load()?.into_replies(baseline)?;
        let id = loaded.id()?;
        let derived = Derived::new(&loaded.conversation, &id, Matching::ByContent, baseline)
            .map_err(|error| {
                let path = loaded.source.replies.display();
                error.context(format!("can't derive capabilities from `{path}`"))
            })?;
        derived.warn("");
        let (capabilities, baseline) = (derived.capabilities, derived.baseline);
        Ok(Self { name: loaded.source.name, id, capabilities, baseline, is_live: false })
    }
}

/// The binary that an argument names, by path or by name on `PATH`.
fn binary(argument: &OsStr) -> Option<PathBuf> {
    let path = Path::new(argument);
    if is_binary(path) {
        return Some(path.to_owned());
    }
    let is_name = argument
        .to_str()
        .is_some_and(|name| name.starts_with("qemu-system-") && !name.contains('/'));
    is_name.then(|| find_binary(path).ok()).flatten()
}

/// The name that a capture of these capabilities would have.
fn id_of(capabilities: &Capabilities) -> CaptureId {
    CaptureId {
        version: capabilities.version,
        arch: capabilities.arch,
        variant: CaptureVariant::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::binary;

    #[test]
    fn only_the_name_of_a_qemu_is_looked_up() {
        assert_eq!(binary(OsStr::new("/bin/sh")), Some("/bin/sh".into()));
        // They are on `PATH`, or would be found from it.
        for name in ["sh", "env", "../bin/sh", "qemu-system-/../../bin/sh"] {
            assert_eq!(binary(OsStr::new(name)), None, "{name}");
        }
    }
}
