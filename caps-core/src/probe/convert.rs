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

/// The recording can't be converted to another libvirt release.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// Neither the recording nor the other host answers these questions.
    #[error("no answer to {}", .0.join(", "))]
    Unanswered(Vec<String>),
    /// The release can't probe this QEMU, or an answer is invalid.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// A reply in the new conversation is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
}

/// The other host is not the recorded QEMU.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected the QEMU of the recording, whose `query-version` says {recorded}, found {found}")]
pub struct AnotherQemu {
    recorded: String,
    found: String,
}

/// Converts a recording to another libvirt release: drops the questions that the release does not
/// ask, takes the answers to those it adds from `other`, a host for the same QEMU, and renumbers.
/// Never guesses an answer.
///
/// # Errors
///
/// Fails if a question has no answer, `other` is a different QEMU, or the release can't probe it.
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

/// A recording that takes missing answers from another host.
struct Completed<'c, 'h> {
    replay: Replay<'c>,
    other: Option<&'h mut dyn Host>,
    /// The recorded reply to `query-version`.
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
