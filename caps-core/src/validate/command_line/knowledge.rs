use std::sync::{Arc, OnceLock, RwLock};

use super::properties::Properties;
use super::tcg::Tcg;
use crate::command_line::OPTIONS;
use crate::hash::{NameMap, NameSet};
use crate::json::Node;
use crate::qmp::{Command, Reply};
use crate::survey::{DeviceType, MachineType, OptionParameter, Survey};
use crate::validate::allowed::Allowed;
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
    pub(super) options: Option<NameMap<String, bool>>,
    pub(super) groups: Option<NameMap<String, Vec<OptionParameter>>>,
    /// The places of device types in the survey's list, by name.
    devices: Option<NameMap<String, usize>>,
    aliases: NameMap<String, usize>,
    drivers: OnceLock<Allowed>,
    machine_names: OnceLock<Allowed>,
    cpu_names: OnceLock<Allowed>,
    option_names: OnceLock<Allowed>,
    object_names: OnceLock<Allowed>,
    pub(super) objects: Option<NameSet<String>>,
    pub(super) lists: NameMap<&'static str, Vec<String>>,
    pub(super) cpus: Option<NameSet<String>>,
    tcg: OnceLock<Tcg>,
    properties: RwLock<NameMap<String, Arc<Properties>>>,
}

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
        let places = || all.iter().enumerate();
        let devices: NameMap<_, _> =
            places().map(|(place, device)| (device.name.clone(), place)).collect();
        let aliases = places().filter_map(|(place, device)| Some((device.alias.clone()?, place)));
        let aliases = aliases.collect();
        let objects = survey.objects().map(|objects| objects.into_iter().map(|o| o.name).collect());
        let mut lists = NameMap::default();
        for option in LISTS {
            if let Some(listed) = survey.listed(option) {
                lists.insert(*option, listed.into_iter().map(|one| one.name).collect());
            }
        }
        let mut cpus: NameSet<String> = NameSet::default();
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
            machine_names: OnceLock::new(),
            cpu_names: OnceLock::new(),
            option_names: OnceLock::new(),
            object_names: OnceLock::new(),
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
        let place = *devices.get(driver).or_else(|| self.aliases.get(driver))?;
        self.survey.devices().get(place)
    }

    pub(super) fn knows_devices(&self) -> bool {
        self.devices.is_some()
    }

    /// The names and aliases of device types that users can create.
    pub(super) fn driver_names(&self) -> &Allowed {
        self.drivers.get_or_init(|| {
            let creatable = self.survey.devices().iter().filter(|one| one.is_user_creatable);
            let names = creatable.map(|device| &device.name).chain(self.aliases.keys());
            sorted(names)
        })
    }

    /// The names of machine types, then their aliases.
    pub(super) fn machine_names(&self) -> &Allowed {
        self.machine_names.get_or_init(|| {
            let machines = self.survey.machines();
            let aliases = machines.iter().filter_map(|machine| machine.alias.as_deref());
            Allowed::new(machines.iter().map(|machine| machine.name.as_str()).chain(aliases))
        })
    }

    /// The names of CPU models.
    pub(super) fn cpu_names(&self) -> &Allowed {
        self.cpu_names.get_or_init(|| sorted(self.cpus.iter().flatten()))
    }

    /// The types of objects that users can create.
    pub(super) fn object_names(&self) -> &Allowed {
        self.object_names.get_or_init(|| sorted(self.objects.iter().flatten()))
    }

    /// The options, with a dash.
    pub(super) fn option_names(&self) -> &Allowed {
        self.option_names.get_or_init(|| {
            if let Some(options) = &self.options {
                return sorted(options.keys().map(|name| format!("-{name}")));
            }
            let current = OPTIONS.iter().filter(|option| option.removed.is_none());
            Allowed::new(current.map(|option| format!("-{}", option.name)))
        })
    }

    /// The properties of a device type.
    pub(super) fn device_properties(&self, name: &str) -> Option<Arc<Properties>> {
        self.remember(name, || self.survey.device_properties_reply(name))
    }

    /// The properties of another type.
    pub(super) fn type_properties(&self, name: &str) -> Option<Arc<Properties>> {
        self.remember(name, || self.survey.type_properties_reply(name))
    }

    fn remember(&self, name: &str, ask: impl FnOnce() -> Option<Reply>) -> Option<Arc<Properties>> {
        if let Ok(known) = self.properties.read()
            && let Some(properties) = known.get(name)
        {
            return Some(properties.clone());
        }
        let properties = Arc::new(Properties::of(name, ask()?)?);
        if let Ok(mut known) = self.properties.write() {
            // Only names of types get here, so the cache can't outgrow the survey.
            known.insert(name.to_owned(), properties.clone());
        }
        Some(properties)
    }

    /// Returns whether a type descends from one of several ones.
    pub(super) fn is_any(&self, name: &str, ancestors: &[&str]) -> bool {
        self.survey.lineage_of(name).any(|one| ancestors.contains(&one))
    }

    /// Returns whether a type descends from another one.
    pub(super) fn is_a(&self, name: &str, ancestor: &str) -> bool {
        self.survey.is_a(name, ancestor)
    }
}

/// Names from a map, in the order in which they are compared.
fn sorted<S: Into<String> + Ord>(names: impl Iterator<Item = S>) -> Allowed {
    let mut names: Vec<S> = names.collect();
    names.sort_unstable();
    Allowed::new(names)
}

/// Returns whether a version is of that release or newer.
pub(super) fn is_since(version: Version, release: &str) -> bool {
    let mut numbers = release.split('.').map(|number| number.parse().unwrap_or(0));
    let release: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (version.major(), version.minor()) >= release
}
