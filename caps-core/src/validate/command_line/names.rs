//! The ids of a command line, and what they refer to.

/// Namespaces of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Space {
    Netdev,
    /// The cards of `-net nic`, whose ids clash with those of netdevs.
    Card,
    Chardev,
    /// `-drive`, and the nodes of `-blockdev`.
    Drive,
    Node,
    Object,
    Audiodev,
    Fsdev,
    Tpmdev,
    Device,
    Vnc,
}

impl Space {
    pub(super) fn group(self) -> &'static str {
        match self {
            Self::Netdev => "netdev",
            Self::Card => "net",
            Self::Chardev => "chardev",
            Self::Drive => "drive",
            Self::Node => "blockdev",
            Self::Object => "object",
            Self::Audiodev => "audiodev",
            Self::Fsdev => "fsdev",
            Self::Tpmdev => "tpmdev",
            Self::Device => "device",
            Self::Vnc => "vnc",
        }
    }
}

/// What is known about an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// The type: a backend, an object type, the interface of a drive.
    pub(super) kind: String,
    /// The number of devices that use it.
    pub(super) uses: usize,
    /// Whether several devices can use it.
    pub(super) shared: bool,
}
