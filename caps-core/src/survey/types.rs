use std::collections::{HashMap, HashSet};

use super::log::Log;
use super::question::{Ask, EXPANSION_PROPERTIES, Types, UNASKED};
use crate::json::{Document, Node, quote};
use crate::qapi::Schema;
use crate::qmp::{Command, Reply};

/// A QOM type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QomType {
    /// The name.
    pub name: String,
    /// The parent type; `None` for a root.
    pub parent: Option<String>,
    /// Whether it can't be instantiated.
    pub is_abstract: bool,
}

/// A device type, from the output of `info qdm`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceType {
    /// The name.
    pub name: String,
    /// The bus that it plugs into.
    pub bus: Option<String>,
    /// Its alias on this target.
    pub alias: Option<String>,
    /// QEMU's description.
    pub description: Option<String>,
    /// The first heading that lists it, such as `Network devices`.
    pub category: Option<String>,
    /// Whether users can create it.
    pub is_user_creatable: bool,
}

/// A machine type, from the reply to `query-machines`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MachineType {
    /// The name.
    pub name: String,
    /// Its alias.
    pub alias: Option<String>,
    /// Whether QEMU uses it by default.
    pub is_default: bool,
    /// The maximum number of CPUs.
    pub cpu_max: Option<u32>,
    /// The QOM type of its default CPU.
    pub default_cpu_type: Option<String>,
    /// Whether it is deprecated.
    pub is_deprecated: bool,
}

impl QomType {
    /// Reads the reply to `qom-list-types`.
    pub(super) fn list(answer: Node<'_>) -> Vec<Self> {
        let read = |entry: Node<'_>| {
            Some(Self {
                name: entry.get_str("name")?.into_owned(),
                parent: entry.get_str("parent").map(std::borrow::Cow::into_owned),
                is_abstract: entry.get("abstract").and_then(Node::as_bool).unwrap_or(false),
            })
        };
        let mut types: Vec<Self> = answer.elements().filter_map(read).collect();
        types.sort_by(|a, b| a.name.cmp(&b.name));
        types
    }
}

impl MachineType {
    /// Reads the reply to `query-machines`.
    pub(super) fn list(answer: Node<'_>) -> Vec<Self> {
        let text = |entry: Node<'_>, key| entry.get_str(key).map(std::borrow::Cow::into_owned);
        let flag = |entry: Node<'_>, key| entry.get(key).and_then(Node::as_bool).unwrap_or(false);
        let read = |entry: Node<'_>| {
            Some(Self {
                name: text(entry, "name")?,
                alias: text(entry, "alias"),
                is_default: flag(entry, "is-default"),
                cpu_max: entry.get("cpu-max").and_then(Node::as_u32),
                default_cpu_type: text(entry, "default-cpu-type"),
                is_deprecated: flag(entry, "deprecated"),
            })
        };
        answer.elements().filter_map(read).collect()
    }
}

impl DeviceType {
    /// Parses the output of `info qdm`.
    pub(crate) fn list(text: &str) -> Vec<Self> {
        let mut category = None;
        let mut devices: Vec<Self> = Vec::new();
        let mut seen = HashSet::new();
        for line in text.lines().map(str::trim_end) {
            if let Some(rest) = line.strip_prefix("name ") {
                let device = Self { category: category.clone(), ..Self::read(rest) };
                // A type in several categories is listed several times.
                if seen.insert(device.name.clone()) {
                    devices.push(device);
                }
            } else if let Some(heading) = line.strip_suffix(" devices:").or(line.strip_suffix(':'))
            {
                category = Some(heading.to_owned());
            }
        }
        devices
    }

    /// Parses `"NAME", bus BUS, alias "ALIAS", desc "DESC", no-user`. Everything after the name is
    /// optional; the description can contain anything.
    fn read(rest: &str) -> Self {
        let mut device = Self { is_user_creatable: true, ..Self::default() };
        let mut rest = rest;
        if let Some((name, after)) = quoted(rest) {
            name.clone_into(&mut device.name);
            rest = after;
        }
        while let Some(part) = rest.strip_prefix(", ") {
            let (key, value) = part.split_once(' ').unwrap_or((part, ""));
            match key {
                "bus" => {
                    let end = value.find(", ").unwrap_or(value.len());
                    device.bus = Some(value[..end].to_owned());
                    rest = &value[end..];
                }
                "alias" => {
                    let Some((alias, after)) = quoted(value) else { break };
                    device.alias = Some(alias.to_owned());
                    rest = after;
                }
                "desc" => {
                    let (value, no_user) = value
                        .strip_suffix(", no-user")
                        .map_or((value, false), |value| (value, true));
                    device.is_user_creatable = !no_user;
                    device.description = Some(value.trim_matches('"').to_owned());
                    break;
                }
                "no-user" => {
                    device.is_user_creatable = false;
                    break;
                }
                _ => break,
            }
        }
        device
    }
}

/// Splits off a quoted text.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

/// The answers so far that determine further questions.
pub(super) struct Known<'l> {
    log: &'l Log,
}

impl<'l> Known<'l> {
    pub(super) fn new(log: &'l Log) -> Self {
        Self { log }
    }

    fn reply(&self, command: &Command) -> Option<Reply> {
        let document = Document::parse(self.log.nth(command, 0)?).ok()?;
        Reply::from_document(document).ok()
    }

    fn types(&self) -> Vec<QomType> {
        let all = with_json("qom-list-types", r#"{"abstract":true}"#);
        let reply = self.reply(&all).filter(|reply| reply.result().is_ok());
        let reply = reply.or_else(|| self.reply(&Command::new("qom-list-types")));
        let answer = reply.as_ref().and_then(|reply| reply.result().ok());
        answer.map(QomType::list).unwrap_or_default()
    }

    fn queries(&self) -> Vec<String> {
        let Some(Ok(schema)) =
            self.reply(&Command::new("query-qmp-schema")).map(|reply| Schema::from_reply(&reply))
        else {
            return Vec::new();
        };
        let needs_nothing = |command: &crate::qapi::Entry<'_>| {
            let arguments = command.node().get_str("arg-type");
            let arguments = arguments.and_then(|name| schema.entry(&name));
            arguments.is_none_or(|arguments| {
                let members = arguments.node().get("members");
                members.is_none_or(|members| {
                    members.elements().all(|one| one.get("default").is_some())
                })
            })
        };
        let mut names: Vec<String> = schema
            .entries()
            .filter(|entry| entry.name().starts_with("query-") && schema.has_command(&entry.name()))
            .filter(needs_nothing)
            .map(|entry| entry.name().into_owned())
            .filter(|name| UNASKED.iter().all(|(unasked, _)| unasked != name))
            .collect();
        names.sort();
        names
    }

    /// Expands a row of the table into commands.
    pub(super) fn commands(&self, ask: Ask) -> Vec<Command> {
        match ask {
            // Walks and runs are performed elsewhere.
            Ask::Plans | Ask::Run(_) => Vec::new(),
            Ask::EveryQuery => self.queries().into_iter().map(Command::new).collect(),
            Ask::Fixed(command, arguments) => vec![with_json(command, arguments)],
            Ask::EachInterface => {
                let types = self.types();
                let interfaces =
                    types.iter().filter(|one| one.parent.as_deref() == Some("interface"));
                interfaces
                    .map(|one| {
                        let name = quote(&one.name);
                        with_json(
                            "qom-list-types",
                            &format!("{{\"implements\":{name},\"abstract\":true}}"),
                        )
                    })
                    .collect()
            }
            Ask::Each(command, set) => members(&self.types(), set)
                .into_iter()
                .map(|name| Command::new(command).with_strings(&[("typename", name.as_str())]))
                .collect(),
            Ask::Expand { model, kind } => EXPANSION_PROPERTIES
                .iter()
                .map(|properties| {
                    let properties = match *properties {
                        "" => String::new(),
                        properties => format!(",\"props\":{properties}"),
                    };
                    with_json(
                        "query-cpu-model-expansion",
                        &format!(
                            "{{\"type\":\"{kind}\",\"model\":{{\"name\":\"{model}\"{properties}}}}}"
                        ),
                    )
                })
                .collect(),
        }
    }

    /// Returns whether this session can use an accelerator other than TCG.
    pub(super) fn is_accelerated(&self) -> bool {
        self.accelerator() != "tcg"
    }

    pub(super) fn accelerator(&self) -> String {
        let answer = |name: &'static str| self.reply(&Command::new(name));
        if let Some(reply) = answer("query-accelerators")
            && let Some(enabled) = reply.result().ok().and_then(|answer| answer.get_str("enabled"))
        {
            return enabled.into_owned();
        }
        let kvm = answer("query-kvm").is_some_and(|reply| {
            let says = |key| {
                let answer = reply.result().ok();
                answer.and_then(|answer| answer.get(key)).and_then(Node::as_bool) == Some(true)
            };
            says("present") && says("enabled")
        });
        if kvm { "kvm".to_owned() } else { "tcg".to_owned() }
    }

    pub(super) fn package(&self) -> Option<String> {
        let reply = self.reply(&Command::new("query-version"))?;
        Some(reply.result().ok()?.get_str("package")?.into_owned())
    }
}

fn with_json(command: &'static str, arguments: &str) -> Command {
    // Both the table's own arguments and those built from quoted names are objects.
    Command::new(command).with_arguments(arguments).unwrap_or_else(|_| Command::new(command))
}

/// The names of a set of types, without abstract ones.
fn members(types: &[QomType], set: Types) -> Vec<String> {
    let parents: HashMap<&str, &str> =
        types.iter().filter_map(|one| Some((one.name.as_str(), one.parent.as_deref()?))).collect();
    let is_a = |name: &str, ancestor: &str| descends(&parents, name, ancestor);
    let is_in = |name: &str, set: Types| match set {
        Types::Machines => is_a(name, "machine"),
        Types::Accelerators => is_a(name, "accel"),
        Types::Cpus => is_a(name, "cpu"),
        Types::Devices => is_a(name, "device"),
        Types::Others => !["machine", "accel", "device"].iter().any(|root| is_a(name, root)),
    };
    let concrete = types.iter().filter(|one| !one.is_abstract && is_in(&one.name, set));
    concrete.map(|one| one.name.clone()).collect()
}

/// Returns whether a type equals or descends from another one.
pub(super) fn descends(parents: &HashMap<&str, &str>, name: &str, ancestor: &str) -> bool {
    let mut name = name;
    // A cycle can't be longer than the list.
    for _ in 0..=parents.len() {
        if name == ancestor {
            return true;
        }
        match parents.get(name) {
            Some(parent) => name = parent,
            None => return false,
        }
    }
    false
}
