use serde::Deserialize;

/// The description of a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vm {
    /// The name.
    pub name: String,
    /// Main memory in MiB.
    pub memory: u32,
    /// The number of virtual CPUs.
    pub cpus: u32,
    /// The disks, in order.
    pub disks: Vec<Disk>,
    /// A network card connected to a program behind a socket.
    pub network: Option<Channel>,
    /// Whether it has a sound card.
    pub sound: bool,
}

/// A disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// The image in qcow2 format; `None` for an empty disk that discards writes.
    pub image: Option<String>,
    /// The number of threads that serve its requests.
    pub threads: u32,
}

/// A program that a device connects to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The path of its Unix socket.
    pub socket: String,
    /// The delay before reconnecting, in milliseconds.
    pub reconnect: u32,
}

impl Vm {
    /// A machine with 256 MiB, one CPU and no devices.
    pub fn new(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, memory: 256, cpus: 1, disks: Vec::new(), network: None, sound: false }
    }

    /// Adds a disk.
    pub fn disk(mut self, disk: Disk) -> Self {
        self.disks.push(disk);
        self
    }
}

impl Default for Vm {
    fn default() -> Self {
        Self::new("unnamed")
    }
}

impl Disk {
    /// An empty disk.
    pub fn empty() -> Self {
        Self::default()
    }
}
