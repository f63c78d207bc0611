use std::path::Path;

use super::error::SurveyError;
use super::mark::{PROVENANCE, asked_name};
use super::provenance::Provenance;
use super::read::Survey;
use crate::arch::Arch;
use crate::capture::CaptureId;
use crate::json::{Node, quote};
use crate::qmp::Command;
use crate::replies::{Conversation, ConversationBuilder, Exchange, RepliesError};
use crate::version::Version;

/// Members of answers that identify a host: keys and numbers of its processor.
const IDENTIFYING: &[(&str, &[&str])] =
    &[("query-sev-capabilities", &["pdh", "cert-chain", "cpu0-id"])];

/// The survey does not reveal which QEMU it describes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownQemu {
    /// `query-version` has no usable answer.
    #[error("the survey has no version, expected an answer to `query-version`")]
    Version,
    /// There is no usable answer to `query-target`, or libvirt has no name for it.
    #[error("libvirt has no name for QEMU's target `{0}`, so a capture of it can't be named")]
    Target(String),
}

impl Survey {
    /// The version and architecture of the QEMU.
    ///
    /// # Errors
    ///
    /// Fails if the survey lacks them or libvirt does not know the architecture.
    pub fn version_and_arch(&self) -> Result<(Version, Arch), UnknownQemu> {
        let version = self.answer(&Command::new("query-version"));
        let version = version.as_ref().and_then(|reply| {
            let numbers = reply.result().ok()?.get("qemu")?;
            let number = |key| numbers.get(key).and_then(Node::as_u32);
            Version::new(number("major")?, number("minor")?, number("micro")?)
        });
        let version = version.ok_or(UnknownQemu::Version)?;
        let target = self.answer(&Command::new("query-target"));
        let target = target.as_ref().and_then(|reply| reply.result().ok());
        let target = target.and_then(|answer| answer.get_str("arch")).unwrap_or_default();
        match Arch::from_qemu_target(&target) {
            Some(arch) => Ok((version, arch)),
            None => Err(UnknownQemu::Target(target.into_owned())),
        }
    }

    /// The name for a capture of the QEMU with this binary: its version and architecture.
    ///
    /// QEMU 11.1 reports one target for both byte orders, so if the binary's name has another target than
    /// QEMU reports, that target is the variant.
    ///
    /// # Errors
    ///
    /// Fails as [`Survey::version_and_arch`] does.
    pub fn capture_id(&self, binary: &Path) -> Result<CaptureId, UnknownQemu> {
        let (version, arch) = self.version_and_arch()?;
        let target = binary.file_name().and_then(|name| name.to_str());
        let target = target.and_then(|name| name.strip_prefix("qemu-system-"));
        let other = target.and_then(Arch::from_qemu_target).filter(|&other| other != arch);
        let variant = other.and_then(|other| format!("+{other}").parse().ok()).unwrap_or_default();
        Ok(CaptureId { version, arch, variant })
    }

    /// Returns whether all questions and answers are equal, regardless of when and where they were
    /// recorded.
    pub fn has_same_answers(&self, other: &Self) -> bool {
        let answers = |survey: &Self| -> Vec<(String, String)> {
            let exchanges = survey.conversation().exchanges();
            let asked = exchanges.filter(|one| one.command().execute() != PROVENANCE);
            asked.map(|one| (one.command().to_string(), one.reply_text().to_owned())).collect()
        };
        answers(self) == answers(other)
    }

    /// Removes what identifies the host, and lists it in the provenance.
    ///
    /// # Errors
    ///
    /// Fails if an answer is malformed.
    pub fn anonymized(&self) -> Result<Self, SurveyError> {
        let mut provenance = self.provenance().unwrap_or_default();
        let mut left_out = Vec::new();
        let mut builder = ConversationBuilder::default();
        for exchange in self.conversation().exchanges() {
            let name = asked_name(exchange.command());
            if name == PROVENANCE {
                continue;
            }
            let reply = match IDENTIFYING.iter().find(|(command, _)| *command == name) {
                Some((_, members)) => blanked(exchange, members, &mut left_out)?,
                None => exchange.reply_text().to_owned(),
            };
            builder.push(exchange.command_text(), &reply).map_err(RepliesError::from)?;
        }
        for (name, value) in
            [("host-cpu", &mut provenance.host_cpu), ("kernel", &mut provenance.kernel)]
        {
            left_out.extend(value.take().map(|_| name.to_owned()));
        }
        provenance.left_out.extend(left_out);
        provenance.left_out.sort();
        provenance.left_out.dedup();
        builder
            .push(&Provenance::command().to_json(None), &provenance.reply())
            .map_err(RepliesError::from)?;
        Self::from_conversation(Conversation::parse(builder.text())?)
    }
}

/// Empties some strings of a reply. They stay in place because readers of the answer require them.
fn blanked(
    exchange: &Exchange,
    members: &[&str],
    left_out: &mut Vec<String>,
) -> Result<String, SurveyError> {
    let reply = exchange.reply()?;
    let Ok(answer) = reply.result() else { return Ok(exchange.reply_text().to_owned()) };
    let name = asked_name(exchange.command());
    let parts: Vec<String> = answer
        .members()
        .map(|(key, value)| {
            if members.contains(&&*key) {
                left_out.push(format!("{name} {key}"));
                format!("{}:\"\"", quote(&key))
            } else {
                format!("{}:{}", quote(&key), value.compact())
            }
        })
        .collect();
    Ok(format!("{{\"return\":{{{}}}}}", parts.join(",")))
}
