use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock, RwLock};

use super::tcg::Tcg;
use crate::json::Node;
use crate::qmp::Command;
use crate::survey::{DeviceType, MachineType, OptionParameter, Survey};
use crate::validate::Property;
use crate::version::Version;

/// A survey's answers about command lines, indexed. A plain capture is a survey with few answers;
/// what it does not contain is `None`.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(super) survey: Arc<Survey>,
    pub(super) version: Version,
    /// QEMU's name for the target.
    pub(super) target: String,
    /// The documented options, each with whether it takes an argument.
    pub(super) options: Option<HashMap<String, bool>>,
    pub(super) groups: Option<HashMap<String, Vec<OptionParameter>>>,
    devices: Option<HashMap<String, DeviceType>>,
    aliases: HashMap<String, String>,
    drivers: OnceLock<Vec<String>>,
    pub(super) objects: Option<HashSet<String>>,
    pub(super) lists: HashMap<&'static str, Vec<String>>,
    pub(super) cpus: Option<HashSet<String>>,
    tcg: OnceLock<Tcg>,
    properties: RwLock<HashMap<String, Option<Arc<Properties>>>>,
}

/// The properties of a type, by name.
pub(super) type Properties = BTreeMap<String, Property>;

/// The options whose `help` output is used.
const LISTS: &[&str] =
    &["accel", "netdev", "chardev", "display", "audiodev", "audio", "vga", "drive", "tpmdev", "d"];

impl Knowledge {
    /// Indexes a survey.
    pub(crate) fn new(survey: Arc<Survey>) -> Self {
        let answer = |command: &'static str| survey.answer(&Command::new(command));
        let version = answer("query-version").and_then(|reply| {
            let result = reply.result().ok()?;
            let qemu = result.get("qemu")?;
            let number = |key| qemu.get(key).and_then(Node::as_u32);
            Version::new(number("major")?, number("minor")?, number("micro")?)
        });
        let target = answer("query-target")
            .and_then(|reply| Some(reply.result().ok()?.get_str("arch")?.into_owned()));
        let options = survey.help_options().map(|options| {
            options.into_iter().map(|option| (option.name, option.takes_argument)).collect()
        });
        let groups = survey
            .command_line_options()
            .map(|groups| groups.into_iter().map(|group| (group.name, group.parameters)).collect());
        let all = survey.devices();
        let devices: HashMap<_, _> =
            all.iter().map(|device| (device.name.clone(), device.clone())).collect();
        let alias = |device: &DeviceType| Some((device.alias.clone()?, device.name.clone()));
        let aliases = all.iter().filter_map(alias).collect();
        let objects = survey.objects().map(|objects| objects.into_iter().map(|o| o.name).collect());
        let mut lists = HashMap::new();
        for option in LISTS {
            if let Some(listed) = survey.listed(option) {
                lists.insert(*option, listed.into_iter().map(|one| one.name).collect());
            }
        }
        let mut cpus: HashSet<String> = HashSet::new();
        if let Some(reply) = answer("query-cpu-definitions")
            && let Ok(definitions) = reply.result()
        {
            let names = definitions.elements().filter_map(|one| one.get_str("name"));
            cpus.extend(names.map(std::borrow::Cow::into_owned));
        }
        cpus.extend(survey.listed("cpu").into_iter().flatten().map(|one| one.name));
        Self {
            version: version.unwrap_or(Version::from_number(0)),
            target: target.unwrap_or_default(),
            options,
            groups,
            devices: (!devices.is_empty()).then_some(devices),
            aliases,
            drivers: OnceLock::new(),
            objects,
            lists,
            cpus: (!cpus.is_empty()).then_some(cpus),
            tcg: OnceLock::new(),
            properties: RwLock::default(),
            survey,
        }
    }

    /// What TCG lacks.
    pub(super) fn tcg(&self) -> &Tcg {
        self.tcg.get_or_init(|| Tcg::new(&self.survey))
    }

    /// Returns whether this QEMU is of that release or newer.
    pub(super) fn is_since(&self, major: u32, minor: u32) -> bool {
        (self.version.major(), self.version.minor()) >= (major, minor)
    }

    pub(super) fn is_x86(&self) -> bool {
        matches!(self.target.as_str(), "x86_64" | "i386")
    }

    pub(super) fn is_arm(&self) -> bool {
        matches!(self.target.as_str(), "aarch64" | "arm")
    }

    pub(super) fn machine(&self, name: &str) -> Option<&MachineType> {
        self.survey.machine(name)
    }

    /// The type of a driver name, which can be an alias.
    pub(super) fn device(&self, driver: &str) -> Option<&DeviceType> {
        let devices = self.devices.as_ref()?;
        devices.get(driver).or_else(|| devices.get(self.aliases.get(driver)?))
    }

    pub(super) fn knows_devices(&self) -> bool {
        self.devices.is_some()
    }

    /// The names and aliases of device types that users can create, sorted.
    pub(super) fn driver_names(&self) -> &[String] {
        self.drivers.get_or_init(|| {
            let creatable = self.devices.iter().flat_map(HashMap::values);
            let creatable = creatable.filter(|device| device.is_user_creatable);
            let names = creatable.map(|device| &device.name).chain(self.aliases.keys());
            let mut names: Vec<String> = names.cloned().collect();
            names.sort_unstable();
            names
        })
    }

    /// The properties of a device type.
    pub(super) fn device_properties(&self, name: &str) -> Option<Arc<Properties>> {
        self.remember(name, || self.survey.device_properties(name))
    }

    /// The properties of another type.
    pub(super) fn type_properties(&self, name: &str) -> Option<Arc<Properties>> {
        self.remember(name, || self.survey.type_properties(name))
    }

    fn remember(
        &self,
        name: &str,
        ask: impl FnOnce() -> crate::survey::Properties,
    ) -> Option<Arc<Properties>> {
        if let Ok(known) = self.properties.read()
            && let Some(properties) = known.get(name)
        {
            return properties.clone();
        }
        let answer = ask();
        let read = |list: &[crate::survey::Property]| {
            let properties = list.iter().map(|one| {
                let description = one.description.as_deref().unwrap_or_default();
                (one.name.clone(), Property::new(name, &one.name, &one.type_name, description))
            });
            Arc::new(properties.collect())
        };
        let properties: Option<Arc<Properties>> = answer.listed().map(read);
        if let Ok(mut known) = self.properties.write() {
            // Only names of types get here, so the cache can't outgrow the survey.
            if properties.is_some() {
                known.insert(name.to_owned(), properties.clone());
            }
        }
        properties
    }

    /// Returns whether a type descends from another one.
    pub(super) fn is_a(&self, name: &str, ancestor: &str) -> bool {
        self.survey.is_a(name, ancestor)
    }
}

/// Returns whether a version is of that release or newer.
pub(super) fn is_since(version: Version, release: &str) -> bool {
    let mut numbers = release.split('.').map(|number| number.parse().unwrap_or(0));
    let release: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (version.major(), version.minor()) >= release
}
