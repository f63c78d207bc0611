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
    /// Neither the recording nor the other host answers these questions, each given once.
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

/// Converts a recording to another libvirt release that asks nothing beyond what was recorded: drops the
/// questions that the release does not ask, and renumbers.
///
/// # Errors
///
/// Fails if a question has no answer, or the release can't probe this QEMU.
pub fn convert(
    conversation: &Conversation,
    id: &CaptureId,
    baseline: Baseline,
) -> Result<String, ConvertError> {
    complete(conversation, id, baseline, None::<&mut Replay<'_>>)
}

/// Like [`convert`], but takes the answers that were not recorded from `other`, a host for the same QEMU.
/// Never guesses an answer.
///
/// # Errors
///
/// Fails if a question has no answer, `other` is a different QEMU, or the release can't probe it.
pub fn convert_with(
    conversation: &Conversation,
    id: &CaptureId,
    baseline: Baseline,
    other: &mut impl Host,
) -> Result<String, ConvertError> {
    complete(conversation, id, baseline, Some(other))
}

fn complete(
    conversation: &Conversation,
    id: &CaptureId,
    baseline: Baseline,
    other: Option<&mut impl Host>,
) -> Result<String, ConvertError> {
    let replay = Replay::new(conversation, Matching::ByContent).with_hvf(is_hvf(&id.variant));
    let version = conversation.find("query-version").and_then(|exchange| exchange.reply().ok());
    let version = version
        .and_then(|reply| reply.result().ok().map(crate::json::Node::compact))
        .unwrap_or_default();
    let mut recorder = Recorder::new(Completed { replay, other, version, unanswered: Vec::new() });
    let walked = run(baseline, &mut recorder);
    let (completed, text) = recorder.into_parts();
    // To the walk, a missing answer means that something is not supported, which can fail later for a less obvious reason.
    if !completed.unanswered.is_empty() {
        return Err(ConvertError::Unanswered(completed.unanswered));
    }
    walked?;
    Ok(canonical(&Conversation::parse(&text)?)?)
}

/// A recording that takes missing answers from another host.
struct Completed<'c, 'h, H> {
    replay: Replay<'c>,
    other: Option<&'h mut H>,
    /// The recorded reply to `query-version`.
    version: String,
    unanswered: Vec<String>,
}

impl<H: Host> Host for Completed<'_, '_, H> {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.replay.start(launch)?;
        let Some(other) = &mut self.other else { return Ok(()) };
        other.start(launch).map_err(Into::into)?;
        // The walk's own negotiation is answered by the recording.
        other.ask(&Command::new("qmp_capabilities")).map_err(Into::into)?;
        if launch == Launch::Accelerated {
            let found = match other.ask(&Command::new("query-version")).map_err(Into::into)? {
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
            Some(other) => other.ask(command).map_err(Into::into)?,
            None => Answer::Missing,
        };
        if matches!(answer, Answer::Missing) {
            let question = format!("`{command}`");
            if !self.unanswered.contains(&question) {
                self.unanswered.push(question);
            }
        }
        Ok(answer)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.replay.has_hvf(arch)
    }

    fn finish(&mut self) -> Result<(), HostError> {
        match &mut self.other {
            Some(other) => other.finish().map_err(Into::into),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Completed, HostError, Matching, Replay};
    use crate::arch::Arch;
    use crate::probe::{Answer, Host, Launch};
    use crate::qmp::Command;
    use crate::replies::Conversation;

    /// A host whose session can't be ended.
    struct Endless;

    impl Host for Endless {
        type Error = HostError;

        fn start(&mut self, _: Launch) -> Result<(), HostError> {
            Ok(())
        }

        fn ask(&mut self, _: &Command) -> Result<Answer, HostError> {
            Ok(Answer::Missing)
        }

        fn finish(&mut self) -> Result<(), HostError> {
            Err("no end".into())
        }
    }

    #[test]
    fn the_other_host_has_to_end_and_the_recording_knows_the_framework() {
        let conversation = Conversation::parse("{\"execute\":\"x\"}\n\n{\"return\":{}}\n")
            .expect("a conversation");
        for hvf in [true, false] {
            let completed = |other| Completed {
                replay: Replay::new(&conversation, Matching::ByContent).with_hvf(hvf),
                other,
                version: String::new(),
                unanswered: Vec::new(),
            };
            assert_eq!(completed(None).has_hvf(Arch::Aarch64), hvf);
            completed(None).finish().expect("nothing to end");
            let error = completed(Some(&mut Endless)).finish().expect_err("no end");
            assert_eq!(error.to_string(), "no end");
        }
    }
}
