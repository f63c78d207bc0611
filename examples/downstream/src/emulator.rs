use crate::Unsupported;

/// What the orchestrator wants to know of a QEMU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emulator {
    /// The path of the binary.
    pub binary: String,
    /// The machine type that new virtual machines get.
    pub machine: String,
    /// Can it use KVM?
    pub kvm: bool,
    /// Do devices sit on a channel subsystem instead of a PCI bus?
    pub channel_subsystem: bool,
    /// Can a disk be served by several threads?
    pub many_iothreads: bool,
    /// Is there a network backend for a stream socket?
    pub stream: bool,
    /// Does that backend count the time until it connects again in milliseconds?
    pub stream_milliseconds: bool,
    /// Is there a virtio sound card?
    pub sound: bool,
}

impl Emulator {
    /// The virtio device of a kind, for the bus of the machine.
    pub(crate) fn virtio(&self, kind: &str) -> String {
        let bus = if self.channel_subsystem { "ccw" } else { "pci" };
        format!("virtio-{kind}-{bus}")
    }

    pub(crate) fn need(&self, has: bool, what: &'static str) -> Result<(), Unsupported> {
        if has { Ok(()) } else { Err(Unsupported { what, binary: self.binary.clone() }) }
    }
}
