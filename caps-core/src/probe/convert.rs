use thiserror::Error;

use super::detect::is_hvf;
use super::error::ProbeError;
use super::host::{Answer, Host, HostError, Launch};
use super::record::Recorder;
use super::replay::{Matching, Replay};
use super::run::run;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::capture::CaptureId;
use crate::qmp::Command;
use crate::replies::{Conversation, RepliesError, canonical};

/// A recording can't be made one for another release of libvirt.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// Questions have no answer: neither the recording nor another host has one.
    #[error("no answer to {}", .0.join(", "))]
    Unanswered(Vec<String>),
    /// The release can't probe this QEMU, or an answer is not what it should be.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The new conversation has a reply that is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
}

/// The other host is not the QEMU that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected the QEMU of the recording, whose `query-version` says {recorded}, found {found}")]
pub struct AnotherQemu {
    recorded: String,
    found: String,
}

/// Makes of a recording the one for another release of libvirt: what that does not ask is dropped, what
/// it asks besides comes from `other`, a host over the same QEMU; numbering starts anew. Nothing is
/// guessed.
///
/// # Errors
///
/// When a question has no answer, `other` is another QEMU, or the release can't probe it.
pub fn convert(
    conversation: &Conversation,
    id: &CaptureId,
    baseline: Baseline,
    other: Option<&mut dyn Host>,
) -> Result<String, ConvertError> {
    let replay = Replay::new(conversation, Matching::ByContent).with_hvf(is_hvf(&id.variant));
    let version = conversation.find("query-version").and_then(|exchange| exchange.reply().ok());
    let version = version
        .and_then(|reply| reply.result().ok().map(crate::json::Node::compact))
        .unwrap_or_default();
    let mut recorder = Recorder::new(Completed { replay, other, version, unanswered: Vec::new() });
    let walked = run(baseline, &mut recorder);
    let (completed, text) = recorder.into_parts();
    if !completed.unanswered.is_empty() {
        return Err(ConvertError::Unanswered(completed.unanswered));
    }
    walked?;
    Ok(canonical(&Conversation::parse(&text)?)?)
}

/// A recording whose missing answers come from another host.
struct Completed<'c, 'h> {
    replay: Replay<'c>,
    other: Option<&'h mut dyn Host>,
    /// What the recorded QEMU says of its version.
    version: String,
    unanswered: Vec<String>,
}

impl Host for Completed<'_, '_> {
    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.replay.start(launch)?;
        let Some(other) = &mut self.other else { return Ok(()) };
        other.start(launch)?;
        other.ask(&Command::new("qmp_capabilities"))?;
        if launch == Launch::Accelerated {
            let found = match other.ask(&Command::new("query-version"))? {
                Answer::Reply(reply) => reply.result().map(crate::json::Node::compact),
                Answer::Missing => Ok(String::new()),
            };
            let found = found.unwrap_or_default();
            if found != self.version {
                return Err(AnotherQemu { recorded: self.version.clone(), found }.into());
            }
        }
        Ok(())
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        if let Answer::Reply(reply) = self.replay.ask(command)? {
            return Ok(Answer::Reply(reply));
        }
        let answer = match &mut self.other {
            Some(other) => other.ask(command)?,
            None => Answer::Missing,
        };
        if matches!(answer, Answer::Missing) {
            self.unanswered.push(format!("`{command}`"));
        }
        Ok(answer)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.replay.has_hvf(arch)
    }

    fn finish(&mut self) -> Result<(), HostError> {
        match &mut self.other {
            Some(other) => other.finish(),
            None => Ok(()),
        }
    }
}
