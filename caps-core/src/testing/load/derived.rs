//! Capabilities that are derived in the test process. Deriving takes even longer than reading an XML, so
//! what it gave is kept, too.

use std::path::Path;
use std::sync::Arc;

use super::compact::{self, Derived};
use super::{LoadError, path, read};
use crate::baseline::{Baseline, BaselineChoice};
use crate::caps::Capabilities;
use crate::capture::{Capture, CaptureId};
use crate::probe::{Matching, ProbeError, derive};
use crate::replies::Conversation;
use crate::survey::Survey;

/// The capabilities that the `.replies` gives.
pub(super) fn of_replies(capture: &Capture) -> Result<Capabilities, LoadError> {
    let file = path(capture, "replies");
    let bytes = read(&file)?.ok_or_else(|| LoadError::NoReplies { replies: file.clone() })?;
    of(&file, &bytes, &capture.id, || {
        let conversation = Conversation::from_bytes(&bytes)
            .map_err(|source| LoadError::Replies { path: file.clone(), source })?;
        derive(&conversation, &capture.id, Matching::ByContent, BaselineChoice::Auto)
            .map(|derived| derived.capabilities)
            .map_err(|source| not_probed(&file, source))
    })
}

/// The capabilities that the survey gives.
pub(super) fn of_survey(capture: &Capture) -> Result<Capabilities, LoadError> {
    let file = path(capture, "survey");
    let bytes = read(&file)?.ok_or_else(|| LoadError::NoSurvey { survey: file.clone() })?;
    of(&file, &bytes, &capture.id, || {
        let survey = Survey::from_bytes(&bytes)
            .map_err(|source| LoadError::Survey { path: file.clone(), source: Arc::new(source) })?;
        let probed = survey.capabilities(Baseline::NEWEST, &capture.id);
        probed.map_err(|source| not_probed(&file, source))
    })
}

fn of(
    file: &Path,
    bytes: &[u8],
    id: &CaptureId,
    derive: impl FnOnce() -> Result<Capabilities, LoadError>,
) -> Result<Capabilities, LoadError> {
    let name = id.to_string();
    if let Some(kept) = compact::load::<Derived>(file, bytes)
        && kept.name == name
    {
        return Ok(kept.capabilities);
    }
    let derived = Derived { name, capabilities: derive()? };
    compact::keep(file, bytes, &derived);
    Ok(derived.capabilities)
}

fn not_probed(file: &Path, source: ProbeError) -> LoadError {
    LoadError::Probe { path: file.to_owned(), source: Arc::new(source) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Derived, LoadError, compact, of_replies, of_survey};
    use crate::caps::Capabilities;
    use crate::capture::Capture;
    use crate::flag::{Flag, UnknownFlag};

    /// What the data directory has for a capture, in a directory of its own.
    fn recorded(name: &str, ending: &str) -> (tempfile::TempDir, Capture) {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
        let dir = tempfile::tempdir().expect("a directory");
        let file = format!("caps_{name}.{ending}");
        std::fs::copy(data.join(&file), dir.path().join(&file)).expect("a file");
        let capture = Capture::in_dir(dir.path(), name.parse().expect("a name"));
        (dir, capture)
    }

    #[test]
    fn a_form_of_derived_capabilities_counts_only_if_whole() {
        type Of = fn(&Capture) -> Result<Capabilities, LoadError>;
        let cases: [(&str, &str, Of); 2] =
            [("7.2.22_riscv64", "replies", of_replies), ("11.1.3_s390x", "survey", of_survey)];
        for (name, ending, of) in cases {
            let (dir, capture) = recorded(name, ending);
            let path = dir.path().join(format!("caps_{name}.{ending}"));
            let form = compact::file::<Derived>(&path).expect("a path");
            assert!(!form.exists(), "{name}");
            let derived = of(&capture).expect("capabilities");
            let text = std::fs::read(&path).expect("a file");
            let kept = compact::load::<Derived>(&path, &text).expect("the form");
            assert_eq!((kept.name.as_str(), &kept.capabilities), (name, &derived));
            // Another answer shows whether the form was used.
            let mut other = Derived { name: name.to_owned(), capabilities: derived.clone() };
            other.capabilities.unknown_flags.push(UnknownFlag::new("teleport", None));
            compact::keep(&path, &text, &other);
            assert_eq!(of(&capture).as_ref().ok(), Some(&other.capabilities), "{name}");
            let whole = std::fs::read(&form).expect("the form");
            let mut damaged = whole.clone();
            damaged[whole.len() - 1] ^= 1;
            let mut of_other_code = whole.clone();
            of_other_code[8] ^= 1;
            let foreign = compact::pack(&text, &other.capabilities).expect("a form of an XML");
            let mut of_other_name = Derived { name: "1.0.0_x86_64".to_owned(), ..other };
            let renamed = compact::pack(&text, &of_other_name).expect("a form");
            of_other_name.capabilities.flags.insert(Flag::Vnc);
            let of_other_text = compact::pack(&text[1..], &of_other_name).expect("a form");
            let cut = whole[..whole.len() - 4].to_vec();
            for wrong in [cut, damaged, of_other_code, foreign, renamed, of_other_text, Vec::new()]
            {
                std::fs::write(&form, wrong).expect("a form");
                assert_eq!(of(&capture).as_ref().ok(), Some(&derived), "{name}");
                // It has been replaced.
                assert!(compact::load::<Derived>(&path, &text).is_some(), "{name}");
            }
            std::fs::remove_file(form).expect("the form");
        }
    }
}
