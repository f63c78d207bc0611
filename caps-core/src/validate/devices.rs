use std::collections::{BTreeSet, HashMap};

use super::property::Property;
use crate::json::Node;
use crate::replies::{Conversation, RepliesError};
use crate::version::Version;

/// Other names of device types; where there are several types, the first that a QEMU has.
const ALIASES: &[(&str, &[&str])] = &[
    ("ac97", &["AC97"]),
    ("ahci", &["ich9-ahci"]),
    ("e1000-82540em", &["e1000"]),
    ("es1370", &["ES1370"]),
    ("lsi", &["lsi53c895a"]),
    ("virtio-9p", &["virtio-9p-pci", "virtio-9p-ccw"]),
    ("virtio-balloon", &["virtio-balloon-pci", "virtio-balloon-ccw"]),
    ("virtio-blk", &["virtio-blk-pci", "virtio-blk-ccw"]),
    ("virtio-gpu", &["virtio-gpu-pci", "virtio-gpu-ccw"]),
    ("virtio-gpu-gl", &["virtio-gpu-gl-pci"]),
    ("virtio-input-host", &["virtio-input-host-pci", "virtio-input-host-ccw"]),
    ("virtio-iommu", &["virtio-iommu-pci"]),
    ("virtio-keyboard", &["virtio-keyboard-pci", "virtio-keyboard-ccw"]),
    ("virtio-mouse", &["virtio-mouse-pci", "virtio-mouse-ccw"]),
    ("virtio-net", &["virtio-net-pci", "virtio-net-ccw"]),
    ("virtio-rng", &["virtio-rng-pci", "virtio-rng-ccw"]),
    ("virtio-scsi", &["virtio-scsi-pci", "virtio-scsi-ccw"]),
    ("virtio-serial", &["virtio-serial-pci", "virtio-serial-ccw"]),
    ("virtio-sound", &["virtio-sound-pci"]),
    ("virtio-tablet", &["virtio-tablet-pci", "virtio-tablet-ccw"]),
];

/// Abstract types of which no device comes, as QEMU 7.2 to 11.1 have them. `qom-list-types` tells the
/// parent of a type, but not that of an abstract one, so that what a type comes from in the end has to
/// be known.
const NO_DEVICES: &[&str] = &[
    "accel",
    "amd-versal-virt-base-machine",
    "aspeed-machine",
    "audio-backend",
    "authz",
    "bus",
    "can-host",
    "chardev",
    "chardev-fd",
    "chardev-spice",
    "confidential-guest-support",
    "event-loop-base",
    "generic-pc-machine",
    "host-iommu-device",
    "host-iommu-device-iommufd",
    "iommu-memory-region",
    "machine",
    "memory-backend",
    "monitor",
    "mps2",
    "mps2tz",
    "mps3r",
    "musca",
    "netfilter",
    "npcm7xx-machine",
    "npcm8xx-machine",
    "object",
    "pegasos-machine",
    "powernv-machine",
    "ppc405-machine",
    "ppce500-base-machine",
    "pr-manager",
    "qemu-console",
    "qio-channel",
    "raspi-base-machine",
    "raspi-common-machine",
    "rng-backend",
    "s390-ccw-machine",
    "secret_common",
    "sev-common",
    "spapr-machine",
    "spitz-common",
    "sun4m-common-machine",
    "target-info",
    "tls-creds",
    "tpm-backend",
    "vexpress",
    "vfio-iommu",
    "virt-machine",
    "virtio-bus",
    "x86-confidential-guest",
    "x86-machine",
];

/// The first QEMU whose `device_add` takes properties by their JSON types.
const TYPED_SINCE: Option<Version> = Version::new(9, 2, 0);
/// From this micro version on, a build is one on the way to the next minor version.
const DEVELOPMENT: u32 = 50;

/// How the properties of a device are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strictness {
    /// By their JSON types: `device_add` since QEMU 9.2.
    Typed,
    /// Turned into text and read from it: `device_add` before QEMU 9.2.
    Text,
    /// By their JSON types: `-device` with a JSON argument, in every QEMU that has it.
    CommandLine,
}

impl Strictness {
    /// How `device_add` of the QEMU that was captured reads them.
    pub fn of_device_add(devices: Option<&Devices>) -> Self {
        match devices.and_then(Devices::version) {
            Some(version) if Some(release(version)) < TYPED_SINCE => Self::Text,
            _ => Self::Typed,
        }
    }
}

/// The version that a build belongs to: 9.1.50 and later are on the way to 9.2.
fn release(version: Version) -> Version {
    if version.micro() < DEVELOPMENT {
        return version;
    }
    Version::new(version.major(), version.minor() + 1, 0).unwrap_or(version)
}

/// The QOM types of a QEMU and the device properties that were captured.
#[derive(Debug, Clone, Default)]
pub struct Devices {
    version: Option<Version>,
    /// With their parents. Abstract types are not listed, only named as parents.
    types: Option<HashMap<String, String>>,
    parents: BTreeSet<String>,
    properties: HashMap<String, Vec<Property>>,
}

impl Devices {
    /// Takes the answers to `query-version`, `qom-list-types` and `device-list-properties` out of a
    /// conversation. Commands that failed told nothing.
    ///
    /// # Errors
    ///
    /// When a reply is malformed.
    pub fn from_conversation(conversation: &Conversation) -> Result<Self, RepliesError> {
        let mut devices = Self::default();
        for exchange in conversation.exchanges() {
            let execute = exchange.command().execute();
            match execute {
                "query-version" if devices.version.is_none() => {
                    let reply = exchange.reply()?;
                    devices.version = reply.result().ok().and_then(version);
                }
                "qom-list-types" => {
                    let reply = exchange.reply()?;
                    if let Ok(types) = reply.result() {
                        devices.add_types(types);
                    }
                }
                "device-list-properties" => {
                    let command = exchange.command_document()?;
                    let arguments = command.root().get("arguments");
                    let Some(name) = arguments.and_then(|node| node.get_str("typename")) else {
                        continue;
                    };
                    if devices.properties.contains_key(name.as_ref()) {
                        continue;
                    }
                    let reply = exchange.reply()?;
                    if let Ok(list) = reply.result() {
                        let properties = list.elements().filter_map(Property::read).collect();
                        devices.properties.insert(name.into_owned(), properties);
                    }
                }
                _ => {}
            }
        }
        Ok(devices)
    }

    fn add_types(&mut self, list: Node<'_>) {
        let types = self.types.get_or_insert_default();
        for node in list.elements() {
            let Some(name) = node.get_str("name") else { continue };
            let parent = node.get_str("parent").unwrap_or_default().into_owned();
            self.parents.insert(parent.clone());
            types.insert(name.into_owned(), parent);
        }
    }

    /// QEMU's version, where it was asked.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Were the QOM types asked for?
    pub fn knows_types(&self) -> bool {
        self.types.is_some()
    }

    /// Is it known that there is no QOM type of this name?
    pub fn lacks_type(&self, name: &str) -> bool {
        self.types.as_ref().is_some_and(|types| !types.contains_key(name))
    }

    /// Is it known that the type is something else than a device: a backend, a machine type, a bus?
    pub fn is_no_device(&self, name: &str) -> bool {
        let Some(types) = &self.types else { return false };
        let mut root = name;
        // A chain is never longer than the list, unless it is a circle.
        for _ in 0..types.len() {
            match types.get(root) {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root != name && NO_DEVICES.binary_search(&root).is_ok()
    }

    /// The type that a driver name stands for: the name itself, or what it is another name of.
    pub fn resolve<'n>(&self, driver: &'n str) -> &'n str {
        let Some(types) = &self.types else { return driver };
        if types.contains_key(driver) {
            return driver;
        }
        let alias = ALIASES.iter().find(|(alias, _)| *alias == driver);
        let targets = alias.map_or(&[] as &[&str], |(_, targets)| *targets);
        targets.iter().find(|target| types.contains_key(**target)).copied().unwrap_or(driver)
    }

    /// Is the type only the parent of others?
    pub fn is_abstract(&self, name: &str) -> bool {
        self.lacks_type(name) && self.parents.contains(name)
    }

    /// The names of all types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.iter().flat_map(HashMap::keys).map(String::as_str)
    }

    /// The properties of a device type; `None` where they were not captured.
    pub fn properties(&self, type_name: &str) -> Option<&[Property]> {
        self.properties.get(type_name).map(Vec::as_slice)
    }
}

fn version(node: Node<'_>) -> Option<Version> {
    let qemu = node.get("qemu")?;
    let number = |key| qemu.get(key).and_then(Node::as_u32);
    Version::new(number("major")?, number("minor")?, number("micro")?)
}
