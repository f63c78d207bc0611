use crate::Unsupported;

/// What the orchestrator needs to know about a QEMU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emulator {
    /// The path of the binary.
    pub binary: String,
    /// The machine type for new virtual machines.
    pub machine: String,
    /// Whether KVM is available.
    pub kvm: bool,
    /// Whether devices use a channel subsystem instead of a PCI bus.
    pub channel_subsystem: bool,
    /// Whether several threads can serve a disk.
    pub many_iothreads: bool,
    /// Whether a network backend for stream sockets exists.
    pub stream: bool,
    /// Whether this backend measures the reconnect delay in milliseconds.
    pub stream_milliseconds: bool,
    /// Whether a virtio sound card exists.
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
