//! Capability descriptions: derived, compared and written.

use std::path::Path;
use std::time::Duration;

use caps_core::capture::CaptureId;
use caps_core::probe::{self, Matching};
use caps_core::replies::Conversation;
use caps_core::xml::{self, RawText};
use caps_core::{Baseline, BaselineChoice, Capabilities};
use similar::TextDiff;

use crate::exit::CliError;
use crate::input::read;
use crate::output::say;

/// The result of deriving a capture.
pub(crate) struct Derived {
    pub(crate) capabilities: Capabilities,
    pub(crate) xml: String,
    /// The libvirt release that the result applies to.
    pub(crate) baseline: Baseline,
    /// Unescaped text in the XML that readers misinterpret.
    pub(crate) raw: Vec<RawText>,
    missing: Vec<String>,
    unused: Vec<String>,
}

impl Derived {
    pub(crate) fn new(
        conversation: &Conversation,
        id: &CaptureId,
        matching: Matching,
        baseline: impl Into<BaselineChoice>,
    ) -> Result<Self, CliError> {
        let derived =
            probe::derive(conversation, id, matching, baseline).map_err(CliError::input)?;
        let xml = xml::write(&derived.capabilities);
        Ok(Self {
            raw: xml::raw_texts(&derived.capabilities, &xml),
            xml,
            capabilities: derived.capabilities,
            baseline: derived.baseline,
            missing: derived.missing,
            unused: derived.unused,
        })
    }

    /// Warns where the capture and the questions of the libvirt release differ.
    pub(crate) fn warn(&self, prefix: &str) {
        warn(prefix, self.baseline, &self.missing, &self.unused);
        self.warn_of_raw(prefix);
    }

    /// Warns about text that XML readers misinterpret.
    pub(crate) fn warn_of_raw(&self, prefix: &str) {
        for raw in &self.raw {
            say!(Warning: "{prefix}{}", misread(raw));
        }
    }

    /// Fails if even this program would misread the XML.
    pub(crate) fn check_readable(&self) -> Result<(), CliError> {
        let package = |xml: &str| xml::read(xml).map(|caps| caps.package);
        match package(&self.xml) {
            Ok(package) if package == self.capabilities.package => Ok(()),
            read => {
                // The reader copes with raw text in the package alone.
                let guilty = self.raw.iter().rfind(|raw| raw.place != "package");
                let what = guilty
                    .or(self.raw.first())
                    .map_or_else(|| "the capability XML can't be read".to_owned(), misread);
                Err(match read {
                    Ok(_) => CliError::input(what),
                    Err(error) => CliError::input(error).context(what),
                })
            }
        }
    }
}

pub(crate) fn misread(raw: &RawText) -> String {
    let RawText { place, text, .. } = raw;
    format!("the {place} `{text}` is written as libvirt writes it, which is not well-formed XML")
}

/// Warns where a capture and the questions of a libvirt release differ.
pub(crate) fn warn(prefix: &str, baseline: Baseline, missing: &[String], unused: &[String]) {
    if !missing.is_empty() || !unused.is_empty() {
        let release = baseline.release();
        say!(Warning: "{prefix}the capture differs from the conversation of {release}");
    }
    for question in missing {
        say!(Warning: "{prefix}the capture has no answer to {question}, taken as not supported");
    }
    for exchange in unused {
        say!(Warning: "{prefix}nothing asks for {exchange}");
    }
}

/// The result of comparing the description on disk with the derived one.
pub(crate) enum Comparison {
    Same,
    Missing,
    Differs {
        /// A unified diff.
        diff: String,
    },
}

/// Compares the description at `path` with the derived one.
pub(crate) fn compare(path: &Path, derived: &str) -> Result<Comparison, CliError> {
    let old = match read(path) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Comparison::Missing);
        }
        Err(error) => {
            let what = format!("can't read `{}`", path.display());
            return Err(CliError::input(error).context(what));
        }
    };
    if old == derived.as_bytes() {
        return Ok(Comparison::Same);
    }
    let old = String::from_utf8_lossy(&old);
    Ok(Comparison::Differs { diff: unified(&old, derived, &path.display().to_string()) })
}

/// Formats a difference as `diff -u` does.
pub(crate) fn unified(old: &str, new: &str, path: &str) -> String {
    /// A fully reformatted capture has no small diff, so a long search would be wasted.
    const PATIENCE: Duration = Duration::from_secs(2);
    TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(old, new)
        .unified_diff()
        .header(path, path)
        .to_string()
}
