use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::aliases;
use super::property::Property;
use crate::json::Node;
use crate::replies::{Conversation, Exchange, RepliesError};
use crate::survey::DeviceType;
use crate::version::Version;

/// Abstract types without descendants that are devices, as in QEMU 7.2 to 11.1. `qom-list-types`
/// reports the parent of a type, but not the parent of an abstract type, so its ancestry must be
/// built in.
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

const DEVICE: &str = "device";

/// The most ancestors of a type that are looked at. QEMU's types have fewer than ten; more are a
/// cycle.
const MAX_ANCESTORS: usize = 100;

/// The first QEMU whose `device_add` reads properties by their JSON types.
const TYPED_SINCE: Option<Version> = Version::new(9, 2, 0);
/// Builds with this micro version or a later one are development builds of the next minor version.
const DEVELOPMENT: u32 = 50;

/// How the properties of a device are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strictness {
    /// By their JSON types: `device_add` since QEMU 9.2.
    Typed,
    /// Converted to text and parsed: `device_add` before QEMU 9.2.
    Text,
    /// By their JSON types: `-device` with a JSON argument, in every QEMU that supports it.
    CommandLine,
}

impl Strictness {
    /// The mode of `device_add` in the captured QEMU.
    pub fn of_device_add(devices: Option<&Devices>) -> Self {
        match devices.and_then(Devices::version) {
            Some(version) if Some(release(version)) < TYPED_SINCE => Self::Text,
            _ => Self::Typed,
        }
    }
}

/// The release that a build belongs to: 9.1.50 and later lead up to 9.2.
fn release(version: Version) -> Version {
    if version.micro() < DEVELOPMENT {
        return version;
    }
    Version::new(version.major(), version.minor() + 1, 0).unwrap_or(version)
}

/// The QOM types and CPU models of a QEMU, and the properties that were captured. A survey has the
/// properties of all types, as well as buses, aliases and which types users can create.
#[derive(Debug, Clone, Default)]
pub struct Devices {
    version: Option<Version>,
    arch: Option<String>,
    /// Non-abstract types with their parents; abstract types appear as parents only.
    types: Option<HashMap<String, String>>,
    parents: BTreeSet<String>,
    /// With their parents, if the capture lists them.
    abstract_types: Option<HashMap<String, String>>,
    /// By name, if the capture lists them.
    listed: Option<HashMap<String, DeviceType>>,
    properties: HashMap<String, Vec<Property>>,
    object_properties: HashMap<String, Vec<Property>>,
    /// With their QOM types, if QEMU reports those.
    cpu_models: Option<HashMap<String, Option<String>>>,
}

impl Devices {
    /// Extracts the answers about types and properties from a conversation. Failed commands provide
    /// no information.
    ///
    /// # Errors
    ///
    /// Fails if a reply is malformed.
    pub fn from_conversation(conversation: &Conversation) -> Result<Self, RepliesError> {
        let mut devices = Self::default();
        for exchange in conversation.exchanges() {
            match exchange.command().execute() {
                "query-version" if devices.version.is_none() => {
                    let reply = exchange.reply()?;
                    devices.version = reply.result().ok().and_then(version);
                }
                "query-target" if devices.arch.is_none() => {
                    let reply = exchange.reply()?;
                    let arch = reply.result().ok().and_then(|target| target.get_str("arch"));
                    devices.arch = arch.map(Cow::into_owned);
                }
                "qom-list-types" => {
                    let reply = exchange.reply()?;
                    if let Ok(types) = reply.result() {
                        devices.add_types(types);
                    }
                }
                "query-cpu-definitions" => {
                    let reply = exchange.reply()?;
                    if let Ok(models) = reply.result() {
                        devices.add_cpu_models(models);
                    }
                }
                "human-monitor-command" if devices.listed.is_none() => {
                    if argument(exchange, "command-line")?.is_some_and(|line| line == "info qdm")
                        && let Ok(text) = exchange.reply()?.result()
                    {
                        let list = DeviceType::list(&text.as_str().unwrap_or_default());
                        let named = list.into_iter().map(|device| (device.name.clone(), device));
                        devices.listed = Some(named.collect());
                    }
                }
                "device-list-properties" => add_properties(exchange, &mut devices.properties)?,
                "qom-list-properties" => {
                    add_properties(exchange, &mut devices.object_properties)?;
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
            // A probe lists no abstract types, which show only as parents of others.
            self.parents.insert(parent.clone());
            if node.get("abstract").and_then(Node::as_bool) == Some(true) {
                let types = self.abstract_types.get_or_insert_default();
                types.insert(name.into_owned(), parent);
            } else {
                types.insert(name.into_owned(), parent);
            }
        }
    }

    fn add_cpu_models(&mut self, list: Node<'_>) {
        let models = self.cpu_models.get_or_insert_default();
        for node in list.elements() {
            let Some(name) = node.get_str("name") else { continue };
            // An empty name names no type.
            let type_name = node.get_str("typename").filter(|name| !name.is_empty());
            models.insert(name.into_owned(), type_name.map(Cow::into_owned));
        }
    }

    /// QEMU's version, if it was captured.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// The target, such as `x86_64`, if it was captured.
    pub fn arch(&self) -> Option<&str> {
        self.arch.as_deref()
    }

    /// Returns whether the QOM types were captured.
    pub fn knows_types(&self) -> bool {
        self.types.is_some()
    }

    /// Returns whether no non-abstract QOM type has this name, as far as is known.
    pub fn lacks_type(&self, name: &str) -> bool {
        self.types.as_ref().is_some_and(|types| !types.contains_key(name))
    }

    /// Returns whether a QOM type has this name, abstract or not; `None` if that was not captured,
    /// since only surveys list all abstract types.
    pub fn has_class(&self, name: &str) -> Option<bool> {
        if self.parents.contains(name) || self.types.as_ref()?.contains_key(name) {
            return Some(true);
        }
        self.abstract_types.as_ref().map(|types| types.contains_key(name))
    }

    /// Returns whether the type is known to be something other than a device: a backend, a machine
    /// type, a bus.
    pub fn is_no_device(&self, name: &str) -> bool {
        let Some(types) = &self.types else { return false };
        let parent = |name| {
            types.get(name).or_else(|| self.abstract_types.as_ref().and_then(|all| all.get(name)))
        };
        let mut root = name;
        // A malformed capture can name types as each other's parents.
        for _ in 0..MAX_ANCESTORS {
            match parent(root).filter(|parent| !parent.is_empty() && root != DEVICE) {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root != name && NO_DEVICES.binary_search(&root).is_ok()
    }

    /// Resolves a driver name, which can be an alias on this target.
    pub fn resolve<'n>(&'n self, driver: &'n str) -> Cow<'n, str> {
        let Some(types) = &self.types else { return driver.into() };
        if types.contains_key(driver) {
            return driver.into();
        }
        if let Some(listed) = &self.listed {
            let mut aliased =
                listed.values().filter(|device| device.alias.as_deref() == Some(driver));
            return aliased.next().map_or(driver, |device| &device.name).into();
        }
        let is_s390x = match self.arch() {
            // The same alias means the `-ccw` device on s390x and the `-pci` one elsewhere.
            Some(arch) => arch == "s390x",
            None => types.contains_key("virtio-net-ccw"),
        };
        aliases::resolve(driver, is_s390x, |name| types.contains_key(name))
    }

    /// Returns whether the type is abstract.
    pub fn is_abstract(&self, name: &str) -> bool {
        self.lacks_type(name) && self.has_class(name) == Some(true)
    }

    /// The names of all non-abstract types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.iter().flat_map(HashMap::keys).map(String::as_str)
    }

    /// A survey's entry for a device type: its bus, and whether users can create it.
    pub fn listed(&self, type_name: &str) -> Option<&DeviceType> {
        self.listed.as_ref()?.get(type_name)
    }

    /// The properties of a device type; `None` if they were not captured.
    pub fn properties(&self, type_name: &str) -> Option<&[Property]> {
        self.properties.get(type_name).map(Vec::as_slice)
    }

    /// The properties of another type, such as a machine or CPU type; `None` if they were not
    /// captured.
    pub fn object_properties(&self, type_name: &str) -> Option<&[Property]> {
        self.object_properties.get(type_name).map(Vec::as_slice)
    }

    /// The names of the CPU models; `None` if they were not captured.
    pub fn cpu_models(&self) -> Option<impl Iterator<Item = &str>> {
        Some(self.cpu_models.as_ref()?.keys().map(String::as_str))
    }

    /// The QOM type of a CPU model, if it was captured.
    pub fn cpu_type(&self, model: &str) -> Option<&str> {
        self.cpu_models.as_ref()?.get(model)?.as_deref()
    }
}

fn argument(exchange: &Exchange, name: &str) -> Result<Option<String>, RepliesError> {
    let command = exchange.command_document()?;
    let arguments = command.root().get("arguments");
    Ok(arguments.and_then(|node| node.get_str(name)).map(Cow::into_owned))
}

fn add_properties(
    exchange: &Exchange,
    properties: &mut HashMap<String, Vec<Property>>,
) -> Result<(), RepliesError> {
    let Some(name) = argument(exchange, "typename")? else { return Ok(()) };
    if properties.contains_key(&name) {
        return Ok(());
    }
    let reply = exchange.reply()?;
    if let Ok(list) = reply.result() {
        let read = |node| Property::read(&name, node);
        let list = list.elements().filter_map(read).collect();
        properties.insert(name, list);
    }
    Ok(())
}

fn version(node: Node<'_>) -> Option<Version> {
    let qemu = node.get("qemu")?;
    let number = |key| qemu.get(key).and_then(Node::as_u32);
    Version::new(number("major")?, number("minor")?, number("micro")?)
}
