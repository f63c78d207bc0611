use std::collections::HashMap;

use super::log::Log;
use super::question::{Ask, EXPANSION_PROPERTIES, Types, UNASKED};
use super::types::{QomType, descends};
use crate::json::{Document, Node, quote};
use crate::qapi::Schema;
use crate::qmp::{Command, Reply};

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
