use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::aliases;
use super::property::Property;
use super::types::Types;
use crate::json::Node;
use crate::replies::{Answer, Conversation, Exchange, RepliesError};
use crate::survey::DeviceType;
use crate::version::Version;

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
///
/// Answers are validated at first, and parsed on demand.
#[derive(Debug, Clone, Default)]
pub struct Devices {
    version: Option<Version>,
    arch: Option<String>,
    types: Types,
    /// By name, if the capture lists them.
    listed: Option<OnDemand<HashMap<String, DeviceType>>>,
    properties: HashMap<String, OnDemand<Vec<Property>>>,
    object_properties: HashMap<String, OnDemand<Vec<Property>>>,
    cpu_definitions: Vec<Answer>,
    /// With their QOM types, if QEMU reports those.
    cpu_models: OnceLock<HashMap<String, Option<String>>>,
}

/// What is extracted from a conversation.
#[derive(Debug)]
pub(crate) struct DeviceAnswers {
    pub(crate) version: Option<Version>,
    pub(crate) arch: Option<String>,
    pub(crate) types: Vec<Answer>,
    pub(crate) listed: Option<Answer>,
    /// By type.
    pub(crate) properties: Vec<(String, Answer)>,
    /// By type.
    pub(crate) object_properties: Vec<(String, Answer)>,
    pub(crate) cpu_definitions: Vec<Answer>,
}

/// An answer, and what it says once something asked for it.
#[derive(Debug, Clone)]
struct OnDemand<T> {
    answer: Answer,
    content: OnceLock<T>,
}

impl<T> OnDemand<T> {
    fn new(answer: Answer) -> Self {
        Self { answer, content: OnceLock::new() }
    }

    fn get(&self, read: impl FnOnce(Node<'_>) -> T) -> &T {
        self.content.get_or_init(|| self.answer.read(read))
    }
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
                    devices.types.add(&exchange.outlined_reply()?);
                }
                "query-cpu-definitions" => devices.cpu_definitions.extend(exchange.answer()?),
                "human-monitor-command"
                    if devices.listed.is_none()
                        && argument(exchange, "command-line")?.as_deref() == Some("info qdm") =>
                {
                    devices.listed = exchange.answer()?.map(OnDemand::new);
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

    /// The answers that all of this comes from.
    pub(crate) fn answers(&self) -> DeviceAnswers {
        let by_type = |properties: &HashMap<String, OnDemand<Vec<Property>>>| {
            let answers = properties.iter().map(|(name, one)| (name.clone(), one.answer.clone()));
            answers.collect()
        };
        DeviceAnswers {
            version: self.version,
            arch: self.arch.clone(),
            types: self.types.answers().cloned().collect(),
            listed: self.listed.as_ref().map(|listed| listed.answer.clone()),
            properties: by_type(&self.properties),
            object_properties: by_type(&self.object_properties),
            cpu_definitions: self.cpu_definitions.clone(),
        }
    }

    /// Restores what was extracted from a conversation.
    pub(crate) fn from_answers(answers: DeviceAnswers) -> Self {
        let by_type = |properties: Vec<(String, Answer)>| {
            properties.into_iter().map(|(name, answer)| (name, OnDemand::new(answer))).collect()
        };
        Self {
            version: answers.version,
            arch: answers.arch,
            types: answers.types.into_iter().collect(),
            listed: answers.listed.map(OnDemand::new),
            properties: by_type(answers.properties),
            object_properties: by_type(answers.object_properties),
            cpu_definitions: answers.cpu_definitions,
            cpu_models: OnceLock::new(),
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
        self.types.are_known()
    }

    /// Returns whether no non-abstract QOM type has this name, as far as is known.
    pub fn lacks_type(&self, name: &str) -> bool {
        self.types.are_known() && !self.types.has_concrete(name)
    }

    /// Returns whether a QOM type has this name, abstract or not; `None` if that was not captured,
    /// since only surveys list all abstract types.
    pub fn has_class(&self, name: &str) -> Option<bool> {
        self.types.has(name)
    }

    /// Returns whether the type is known to be something other than a device: a backend, a machine
    /// type, a bus.
    pub fn is_no_device(&self, name: &str) -> bool {
        self.types.is_no_device(name)
    }

    /// The name of a device type that is most similar to this one.
    pub(super) fn nearest_device(&self, name: &str) -> Option<&str> {
        self.types.devices().nearest(name)
    }

    /// Resolves a driver name, which can be an alias on this target.
    pub fn resolve<'n>(&'n self, driver: &'n str) -> Cow<'n, str> {
        if !self.knows_types() || self.types.has_concrete(driver) {
            return driver.into();
        }
        if let Some(listed) = self.all_listed() {
            let mut aliased =
                listed.values().filter(|device| device.alias.as_deref() == Some(driver));
            return aliased.next().map_or(driver, |device| &device.name).into();
        }
        let is_s390x = match self.arch() {
            // The same alias means the `-ccw` device on s390x and the `-pci` one elsewhere.
            Some(arch) => arch == "s390x",
            None => self.types.has_concrete("virtio-net-ccw"),
        };
        aliases::resolve(driver, is_s390x, |name| self.types.has_concrete(name))
    }

    /// Returns whether the type is abstract.
    pub fn is_abstract(&self, name: &str) -> bool {
        self.lacks_type(name) && self.has_class(name) == Some(true)
    }

    /// The names of all non-abstract types.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.concrete()
    }

    /// A survey's entry for a device type: its bus, and whether users can create it.
    pub fn listed(&self, type_name: &str) -> Option<&DeviceType> {
        self.all_listed()?.get(type_name)
    }

    fn all_listed(&self) -> Option<&HashMap<String, DeviceType>> {
        let listed = self.listed.as_ref()?;
        Some(listed.get(|text| {
            let list = DeviceType::list(&text.as_str().unwrap_or_default());
            list.into_iter().map(|device| (device.name.clone(), device)).collect()
        }))
    }

    /// The properties of a device type; `None` if they were not captured.
    pub fn properties(&self, type_name: &str) -> Option<&[Property]> {
        properties_of(type_name, &self.properties)
    }

    /// The properties of another type, such as a machine or CPU type; `None` if they were not
    /// captured.
    pub fn object_properties(&self, type_name: &str) -> Option<&[Property]> {
        properties_of(type_name, &self.object_properties)
    }

    /// The names of the CPU models; `None` if they were not captured.
    pub fn cpu_models(&self) -> Option<impl Iterator<Item = &str>> {
        Some(self.all_cpu_models()?.keys().map(String::as_str))
    }

    /// The QOM type of a CPU model, if it was captured.
    pub fn cpu_type(&self, model: &str) -> Option<&str> {
        self.all_cpu_models()?.get(model)?.as_deref()
    }

    fn all_cpu_models(&self) -> Option<&HashMap<String, Option<String>>> {
        let read = |list: Node<'_>| list.elements().filter_map(cpu_model).collect::<Vec<_>>();
        let models = || self.cpu_definitions.iter().flat_map(|answer| answer.read(read)).collect();
        (!self.cpu_definitions.is_empty()).then(|| self.cpu_models.get_or_init(models))
    }
}

fn argument(exchange: &Exchange, name: &str) -> Result<Option<String>, RepliesError> {
    let command = exchange.command_document()?;
    let arguments = command.root().get("arguments");
    Ok(arguments.and_then(|node| node.get_str(name)).map(Cow::into_owned))
}

fn add_properties(
    exchange: &Exchange,
    properties: &mut HashMap<String, OnDemand<Vec<Property>>>,
) -> Result<(), RepliesError> {
    let Some(name) = argument(exchange, "typename")? else { return Ok(()) };
    if properties.contains_key(&name) {
        return Ok(());
    }
    if let Some(answer) = exchange.answer()? {
        properties.insert(name, OnDemand::new(answer));
    }
    Ok(())
}

fn properties_of<'p>(
    type_name: &str,
    properties: &'p HashMap<String, OnDemand<Vec<Property>>>,
) -> Option<&'p [Property]> {
    let read = |list: Node<'_>| {
        list.elements().filter_map(|node| Property::read(type_name, node)).collect()
    };
    Some(properties.get(type_name)?.get(read))
}

/// The name of a CPU model and its QOM type.
fn cpu_model(node: Node<'_>) -> Option<(String, Option<String>)> {
    // An empty name names no type.
    let type_name = node.get_str("typename").filter(|name| !name.is_empty());
    Some((node.get_str("name")?.into_owned(), type_name.map(Cow::into_owned)))
}

fn version(node: Node<'_>) -> Option<Version> {
    let qemu = node.get("qemu")?;
    let number = |key| qemu.get(key).and_then(Node::as_u32);
    Version::new(number("major")?, number("minor")?, number("micro")?)
}
