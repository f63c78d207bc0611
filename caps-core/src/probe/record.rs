use super::host::{Answer, Host, HostError, Launch};
use crate::arch::Arch;
use crate::qmp::Command;
use crate::replies::ConversationBuilder;

/// A host that records the conversation with another one as libvirt's recorder does: every command
/// as sent, every reply as received, reformatted.
#[derive(Debug)]
pub struct Recorder<H> {
    host: H,
    builder: ConversationBuilder,
    number: usize,
}

impl<H: Host> Recorder<H> {
    /// Records the answers of `host`.
    pub fn new(host: H) -> Self {
        Self { host, builder: ConversationBuilder::default(), number: 0 }
    }

    /// Returns the host and the text of the conversation.
    pub fn into_parts(self) -> (H, String) {
        (self.host, self.builder.into_text())
    }
}

impl<H: Host> Host for Recorder<H> {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        self.number = 0;
        self.host.start(launch).map_err(Into::into)
    }

    fn announce(&mut self, launch: Launch) {
        self.host.announce(launch);
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        let answer = self.host.ask(command).map_err(Into::into)?;
        if let Answer::Reply(reply) = &answer {
            self.number += 1;
            let id = format!("libvirt-{}", self.number);
            // If `host` replays a recording, that may have numbered the exchange differently.
            self.builder.numbered(&command.to_json(Some(&id)), reply.document(), &id)?;
        }
        Ok(answer)
    }

    fn has_session(&mut self, launch: Launch) -> bool {
        self.host.has_session(launch)
    }

    fn has_hvf(&mut self, arch: Arch) -> bool {
        self.host.has_hvf(arch)
    }

    fn has_tdx(&mut self) -> bool {
        self.host.has_tdx()
    }

    fn finish(&mut self) -> Result<(), HostError> {
        self.host.finish().map_err(Into::into)
    }
}
