use std::collections::HashMap;
use std::sync::OnceLock;

use super::command_line::{CommandLineOption, HelpOption};
use super::error::SurveyError;
use super::lists::{self, Listed};
use super::mark::{End, PROVENANCE, Printed, RUN, reason_not_started};
use super::pack::unpack;
use super::properties::Properties;
use super::provenance::Provenance;
use super::types::{DeviceType, Lineage, MachineType, QomType};
use crate::json::Node;
use crate::qmp::{Command, Reply};
use crate::replies::{Conversation, Exchange};

/// Everything that a QEMU reported, ready for queries.
///
/// Answers are parsed on demand.
///
/// ```no_run
/// use caps_core::survey::Survey;
///
/// let survey = Survey::from_bytes(&std::fs::read("caps_11.1.3_x86_64.survey")?)?;
/// let device = survey.device("virtio-net").expect("an alias");
/// assert_eq!(device.name, "virtio-net-pci");
/// assert_eq!(device.bus.as_deref(), Some("PCI"));
/// let properties = survey.device_properties(&device.name);
/// assert!(properties.listed().is_some_and(|list| list.iter().any(|one| one.name == "mac")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Survey {
    conversation: Conversation,
    /// The positions of the answers to each question, by session.
    places: Vec<HashMap<Command, Vec<usize>>>,
    types: OnceLock<Vec<QomType>>,
    lineage: OnceLock<Lineage>,
    devices: OnceLock<Vec<DeviceType>>,
    machines: OnceLock<Vec<MachineType>>,
    /// The QOM types of the CPU models.
    cpus: OnceLock<HashMap<String, String>>,
}

impl Survey {
    /// Reads a `.survey` file, packed or not.
    ///
    /// # Errors
    ///
    /// Fails if the data can't be unpacked, or as [`Survey::parse`] does.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SurveyError> {
        Self::new(Conversation::from_vec(unpack(bytes.to_vec())?)?)
    }

    /// Parses the text of a survey.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a conversation or its first session did not start.
    pub fn parse(text: &str) -> Result<Self, SurveyError> {
        Self::new(Conversation::parse(text)?)
    }

    /// Returns whether a conversation is a survey's, which ends with its origin.
    pub fn is_one(conversation: &Conversation) -> bool {
        let last = conversation.sessions().last().and_then(|session| session.exchanges().last());
        last.is_some_and(|last| last.command().execute() == PROVENANCE)
    }

    /// Interprets a conversation as a survey. That includes a plain capture, which lacks most
    /// answers.
    ///
    /// # Errors
    ///
    /// Fails if the first session did not start.
    pub fn from_conversation(conversation: Conversation) -> Result<Self, SurveyError> {
        Self::new(conversation)
    }

    fn new(conversation: Conversation) -> Result<Self, SurveyError> {
        if let Some(first) = conversation.exchanges().next()
            && let Some(reason) = first.reply().ok().as_ref().and_then(reason_not_started)
        {
            return Err(SurveyError::NotStarted { line: first.reply_line(), reason });
        }
        let places = conversation.sessions().iter().map(|session| {
            let mut places: HashMap<Command, Vec<usize>> = HashMap::new();
            for (index, exchange) in session.exchanges().iter().enumerate() {
                places.entry(exchange.command().clone()).or_default().push(index);
            }
            places
        });
        let places = places.collect();
        Ok(Self {
            conversation,
            places,
            types: OnceLock::new(),
            lineage: OnceLock::new(),
            devices: OnceLock::new(),
            machines: OnceLock::new(),
            cpus: OnceLock::new(),
        })
    }

    /// All questions and answers.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The unpacked text.
    pub fn text(&self) -> &str {
        self.conversation.text()
    }

    /// The exchange with the n-th answer to a question, or else the last one.
    pub(super) fn exchange(
        &self,
        session: usize,
        command: &Command,
        n: usize,
    ) -> Option<&Exchange> {
        let places = self.places.get(session)?.get(command)?;
        let index = *places.get(n).or(places.last())?;
        self.conversation.sessions()[session].exchanges().get(index)
    }

    /// The answer to a question in the first session.
    pub fn answer(&self, command: &Command) -> Option<Reply> {
        self.exchange(0, command, 0)?.reply().ok()
    }

    /// The answer to a question in the session in which TCG is the accelerator: the last one.
    pub fn tcg_answer(&self, command: &Command) -> Option<Reply> {
        let last = self.places.len().checked_sub(1)?;
        self.exchange(last, command, 0)?.reply().ok()
    }

    /// The origin of the survey.
    pub fn provenance(&self) -> Option<Provenance> {
        let command = Provenance::command();
        let last = self.places.len().checked_sub(1)?;
        let reply = self.exchange(last, &command, 0)?.reply().ok()?;
        let answer = reply.result().ok()?;
        Some(Provenance::read(answer))
    }

    /// The questions that crashed QEMU, with their exchanges.
    pub fn ends(&self) -> Vec<(&Exchange, End)> {
        self.conversation
            .exchanges()
            // Cheaper than parsing each reply.
            .filter(|exchange| exchange.reply_text().contains("qemu-caps:ended"))
            .filter_map(|exchange| Some((exchange, End::from_reply(&exchange.reply().ok()?)?)))
            .collect()
    }

    fn list<T>(&self, command: &Command, read: fn(Node<'_>) -> Vec<T>) -> Option<Vec<T>> {
        let reply = self.answer(command)?;
        reply.result().ok().map(read)
    }

    /// All QOM types with their parents, sorted by name.
    pub fn types(&self) -> &[QomType] {
        self.types.get_or_init(|| {
            let all = Command::new("qom-list-types").with_arguments(r#"{"abstract":true}"#);
            let all = all.ok().and_then(|all| self.list(&all, QomType::list));
            all.or_else(|| self.list(&Command::new("qom-list-types"), QomType::list))
                .unwrap_or_default()
        })
    }

    /// The QOM type with this name.
    pub fn qom_type(&self, name: &str) -> Option<&QomType> {
        self.types().get(self.lineage().place(name)?)
    }

    fn lineage(&self) -> &Lineage {
        self.lineage.get_or_init(|| Lineage::of(self.types()))
    }

    /// The names of a type and of its ancestors, beginning with the type.
    pub fn lineage_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let (types, lineage) = (self.types(), self.lineage());
        let parent = move |(_, place): &(&'s str, Option<usize>)| {
            let name = types.get((*place)?)?.parent.as_deref()?;
            Some((name, lineage.parent((*place)?)))
        };
        // Types that descend from each other must not keep anyone busy for ever.
        let all = std::iter::successors(Some((name, lineage.place(name))), parent);
        all.take(types.len() + 1).map(|(name, _)| name)
    }

    /// Returns whether a type equals or descends from another one.
    pub fn is_a(&self, name: &str, ancestor: &str) -> bool {
        self.lineage_of(name).any(|one| one == ancestor)
    }

    /// The types that implement an interface, including abstract ones; `None` if the survey does
    /// not contain the question.
    pub fn implementers(&self, interface: &str) -> Option<Vec<QomType>> {
        let name = crate::json::quote(interface);
        let arguments = format!("{{\"implements\":{name},\"abstract\":true}}");
        self.list(&Command::new("qom-list-types").with_arguments(&arguments).ok()?, QomType::list)
    }

    /// The types accepted by `-object` and `object-add`.
    pub fn objects(&self) -> Option<Vec<QomType>> {
        let mut objects = self.implementers("user-creatable")?;
        objects.retain(|one| !one.is_abstract);
        Some(objects)
    }

    /// All device types except abstract ones, in QEMU's order.
    pub fn devices(&self) -> &[DeviceType] {
        self.devices.get_or_init(|| {
            let qdm = Command::new("human-monitor-command")
                .with_arguments(r#"{"command-line":"info qdm"}"#);
            let reply = qdm.ok().and_then(|qdm| self.answer(&qdm));
            let answer = reply.as_ref().and_then(|reply| reply.result().ok());
            answer.and_then(Node::as_str).map(|text| DeviceType::list(&text)).unwrap_or_default()
        })
    }

    /// The device type with this name, or else with this alias.
    pub fn device(&self, name: &str) -> Option<&DeviceType> {
        let devices = self.devices();
        let named = devices.iter().find(|device| device.name == name);
        named.or_else(|| devices.iter().find(|device| device.alias.as_deref() == Some(name)))
    }

    /// The answer of `device-list-properties` for a type.
    pub fn device_properties(&self, type_name: &str) -> Properties {
        self.properties("device-list-properties", type_name)
    }

    /// The answer of `qom-list-properties` for a type. Of device types, only CPU types have one.
    pub fn type_properties(&self, type_name: &str) -> Properties {
        self.properties("qom-list-properties", type_name)
    }

    fn properties(&self, command: &'static str, type_name: &str) -> Properties {
        let reply = self.properties_reply(command, type_name);
        reply.map_or(Properties::Unasked, |reply| Properties::read(&reply))
    }

    /// The reply to `device-list-properties` for a type.
    pub(crate) fn device_properties_reply(&self, type_name: &str) -> Option<Reply> {
        self.properties_reply("device-list-properties", type_name)
    }

    /// The reply to `qom-list-properties` for a type.
    pub(crate) fn type_properties_reply(&self, type_name: &str) -> Option<Reply> {
        self.properties_reply("qom-list-properties", type_name)
    }

    fn properties_reply(&self, command: &'static str, type_name: &str) -> Option<Reply> {
        self.answer(&Command::new(command).with_strings(&[("typename", type_name)]))
    }

    /// The machine types, in QEMU's order.
    pub fn machines(&self) -> &[MachineType] {
        self.machines.get_or_init(|| {
            self.list(&Command::new("query-machines"), MachineType::list).unwrap_or_default()
        })
    }

    /// The machine type with this name, or else with this alias.
    pub fn machine(&self, name: &str) -> Option<&MachineType> {
        let machines = self.machines();
        let named = machines.iter().find(|machine| machine.name == name);
        named.or_else(|| machines.iter().find(|machine| machine.alias.as_deref() == Some(name)))
    }

    /// The properties of a machine type, given its name or alias.
    pub fn machine_properties(&self, name: &str) -> Properties {
        let name = self.machine(name).map_or(name, |machine| &machine.name);
        self.type_properties(&format!("{name}-machine"))
    }

    /// The QOM type of a CPU model, from `query-cpu-definitions` or else guessed from the types'
    /// names.
    pub fn cpu_type(&self, model: &str) -> Option<String> {
        if let Some(type_name) = self.cpus().get(model) {
            return Some(type_name.clone());
        }
        // The list is sorted, and these types are together in it.
        let prefix = format!("{model}-");
        let types = self.types();
        let start = types.partition_point(|one| one.name < prefix);
        let named = types[start..].iter().take_while(|one| one.name.starts_with(&prefix));
        let is_it = |name: &str| {
            name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix("cpu")).is_some_and(
                |target| {
                    target.is_empty() || (target.ends_with('-') && target.matches('-').count() == 1)
                },
            )
        };
        let mut types = named.filter(|one| !one.is_abstract && is_it(&one.name));
        types.find(|one| self.is_a(&one.name, "cpu")).map(|one| one.name.clone())
    }

    /// The QOM types of the CPU models in `query-cpu-definitions`, by model.
    fn cpus(&self) -> &HashMap<String, String> {
        self.cpus.get_or_init(|| {
            let reply = self.answer(&Command::new("query-cpu-definitions"));
            let answer = reply.as_ref().and_then(|reply| reply.result().ok());
            let mut types = HashMap::new();
            for one in answer.into_iter().flat_map(Node::elements) {
                let type_name = one.get_str("typename").filter(|name| !name.is_empty());
                if let (Some(model), Some(type_name)) = (one.get_str("name"), type_name) {
                    // Of several models with one name, the first counts.
                    types.entry(model.into_owned()).or_insert_with(|| type_name.into_owned());
                }
            }
            types
        })
    }

    /// The properties of a CPU model, which include its features.
    pub fn cpu_properties(&self, model: &str) -> Properties {
        self.cpu_type(model).map_or(Properties::Unasked, |name| self.type_properties(&name))
    }

    /// The properties of an accelerator, such as `tcg`.
    pub fn accelerator_properties(&self, name: &str) -> Properties {
        self.type_properties(&format!("{name}-accel"))
    }

    /// The option groups in `query-command-line-options`.
    pub fn command_line_options(&self) -> Option<Vec<CommandLineOption>> {
        self.list(&Command::new("query-command-line-options"), CommandLineOption::list)
    }

    /// The options in the output of `-help`; `None` if the survey does not contain it.
    pub fn help_options(&self) -> Option<Vec<HelpOption>> {
        Some(HelpOption::list(&self.printed(&["-help"])?.stdout))
    }

    /// The entries in the output of `-OPTION help`, such as the drivers of `audiodev`; `None` if
    /// the survey does not contain it. For `drive`, the formats.
    pub fn listed(&self, option: &str) -> Option<Vec<Listed>> {
        let dashed = format!("-{option}");
        let printed = match option {
            "machine" => self.printed(&["-machine", "help"]),
            "drive" => self.printed(&["-machine", "none", "-drive", "format=help"]),
            _ => self.printed(&["-machine", "none", &dashed, "help"]),
        };
        printed.map(|printed| lists::read(option, &printed))
    }

    /// The output of QEMU for these arguments.
    pub fn printed(&self, arguments: &[&str]) -> Option<Printed> {
        let command = Printed::command(arguments);
        let last = self.places.len().checked_sub(1)?;
        let exchange = self.exchange(last, &command, 0)?;
        Printed::read(exchange.command(), &exchange.reply().ok()?)
    }

    /// All outputs of QEMU outside QMP.
    pub fn all_printed(&self) -> Vec<Printed> {
        let runs = self.conversation.exchanges().filter(|one| one.command().execute() == RUN);
        runs.filter_map(|one| Printed::read(one.command(), &one.reply().ok()?)).collect()
    }
}
