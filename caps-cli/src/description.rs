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
    for warning in warnings(baseline, missing, unused) {
        say!(Warning: "{prefix}{warning}");
    }
}

fn warnings(baseline: Baseline, missing: &[String], unused: &[String]) -> Vec<String> {
    let missing = missing
        .iter()
        .map(|question| format!("the capture has no answer to {question}, taken as not supported"));
    let unused = unused.iter().map(|exchange| format!("nothing asks for {exchange}"));
    let mut warnings: Vec<String> = missing.chain(unused).collect();
    if !warnings.is_empty() {
        let release = baseline.release();
        let first = format!("the capture differs from the conversation of {release}");
        warnings.insert(0, first);
    }
    warnings
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

#[cfg(test)]
mod tests {
    use caps_core::caps::CpuModel;
    use caps_core::{Accel, Arch};

    use super::*;

    #[test]
    fn one_warning_names_the_release_before_the_others() {
        let [a, b] = [["`query-a`".to_owned()], ["`query-b`".to_owned()]];
        let baseline = Baseline::NEWEST;
        let first = format!("the capture differs from the conversation of {}", baseline.release());
        let missing = "the capture has no answer to `query-a`, taken as not supported";
        let unused = "nothing asks for `query-b`";
        assert_eq!(warnings(baseline, &a, &b), [first.as_str(), missing, unused]);
        assert_eq!(warnings(baseline, &a, &[]), [first.as_str(), missing]);
        assert_eq!(warnings(baseline, &[], &b), [first.as_str(), unused]);
        assert_eq!(warnings(baseline, &[], &[]), [""; 0]);
    }

    /// A description with this package, and a CPU model with this blocker.
    fn described(package: &str, blocker: &str) -> Derived {
        let mut capabilities = Capabilities::new(Arch::X86_64);
        capabilities.package = Some(package.to_owned());
        let mut model = CpuModel::new("EPYC");
        model.usable = Some(false);
        model.blockers.push(blocker);
        capabilities.acceleration_mut(Accel::Tcg).cpus = Some(vec![model]);
        let xml = xml::write(&capabilities);
        Derived {
            raw: xml::raw_texts(&capabilities, &xml),
            xml,
            capabilities,
            baseline: Baseline::NEWEST,
            missing: Vec::new(),
            unused: Vec::new(),
        }
    }

    #[test]
    fn what_keeps_a_description_from_being_read_is_named() {
        for (package, blocker, named) in [
            ("Debian", "avx", None),
            ("<Debian>", "avx", None),
            ("Debian", "a<v&x", Some("`a<v&x`")),
            ("<Debian>", "a<v&x", Some("`a<v&x`")),
            // It would be read as another text.
            ("&lt;Debian", "avx", Some("the package `&lt;Debian`")),
        ] {
            let error = described(package, blocker).check_readable().err();
            let text = error.as_ref().map(|error| error.inner().to_string());
            assert_eq!(text.is_some(), named.is_some(), "{package} {blocker}: {text:?}");
            assert!(text.unwrap_or_default().contains(named.unwrap_or_default()), "{package}");
        }
    }
}
