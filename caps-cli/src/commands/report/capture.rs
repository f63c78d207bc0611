//! A capture, prepared for the tables.

use caps_core::capture::CaptureId;
use caps_core::probe::{self, Derived, Matching};
use caps_core::replies::Conversation;
use caps_core::survey::Survey;
use caps_core::{Baseline, BaselineChoice, Capabilities};
use serde::Serialize;

use crate::exit::CliError;
use crate::source::Loaded;

/// Everything known about a QEMU.
pub(super) struct Facts {
    pub(super) id: CaptureId,
    /// Derived for the capture's own libvirt release.
    pub(super) derived: Derived,
    /// Derived for every libvirt release that can.
    pub(super) by_baseline: Vec<Derived>,
    /// All answers; for a plain capture, those it has.
    pub(super) answers: Survey,
    pub(super) is_survey: bool,
}

/// The document's description of a capture.
#[derive(Serialize)]
pub(crate) struct Head {
    name: String,
    version: String,
    arch: &'static str,
    variant: String,
    package: Option<String>,
    baseline: Option<&'static str>,
    accelerators: Vec<&'static str>,
    survey: bool,
    recorded: Option<String>,
    host_cpu: Option<String>,
}

impl Facts {
    pub(super) fn new(loaded: Loaded, baseline: BaselineChoice) -> Result<Self, CliError> {
        let path = loaded.source.replies.display().to_string();
        let failed =
            |error: CliError| error.context(format!("can't report on the capture `{path}`"));
        let id = loaded.id()?;
        let is_survey = Survey::is_one(&loaded.conversation);
        let answers = Survey::from_conversation(loaded.conversation)
            .map_err(|error| failed(CliError::input(error)))?;
        let derive = |choice: BaselineChoice| {
            let by_content = |conversation: &Conversation| {
                probe::derive(conversation, &id, Matching::ByContent, choice)
                    .map_err(CliError::input)
            };
            if is_survey {
                let replies = answers.replies(choice.or_newest()).map_err(CliError::input)?;
                by_content(&replies)
            } else {
                by_content(answers.conversation())
            }
        };
        let derived = derive(baseline).map_err(failed)?;
        let others = Baseline::ALL.iter().map(|&baseline| derive(BaselineChoice::Only(baseline)));
        // A libvirt release can reject a QEMU that is too old.
        let by_baseline = others.filter_map(Result::ok).collect();
        Ok(Self { id, derived, by_baseline, answers, is_survey })
    }

    pub(super) fn capabilities(&self) -> &Capabilities {
        &self.derived.capabilities
    }

    pub(super) fn head(&self, name: String) -> Head {
        let caps = self.capabilities();
        let provenance = self.answers.provenance().unwrap_or_default();
        Head {
            name,
            version: self.id.version.to_string(),
            arch: self.id.arch.name(),
            variant: self.id.variant.to_string(),
            package: caps.package.clone().filter(|package| !package.is_empty()),
            baseline: (!self.is_survey).then(|| self.derived.baseline.name()),
            accelerators: caps.accels().map(caps_core::Accel::name).collect(),
            survey: self.is_survey,
            recorded: provenance.recorded,
            host_cpu: provenance.host_cpu,
        }
    }
}
