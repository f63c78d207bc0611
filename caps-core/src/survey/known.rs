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

#[cfg(test)]
mod tests {
    use super::super::log::Log;
    use super::super::question::{Ask, Types};
    use super::Known;
    use crate::qmp::Command;

    /// What a session was asked and answered.
    fn log(exchanges: &[(&'static str, &str, &str)]) -> Log {
        let mut log = Log::default();
        for (name, arguments, reply) in exchanges {
            let command = Command::new(*name);
            let command = match *arguments {
                "" => command,
                arguments => command.with_arguments(arguments).expect("an object"),
            };
            log.push(command, format!("{{\"return\":{reply}}}"));
        }
        log
    }

    fn commands(exchanges: &[(&'static str, &str, &str)], ask: Ask) -> Vec<String> {
        let log = log(exchanges);
        Known::new(&log).commands(ask).iter().map(ToString::to_string).collect()
    }

    const SCHEMA: &str = r#"[
        {"name":"0","meta-type":"object","members":[]},
        {"name":"1","meta-type":"object","members":[{"name":"a","type":"str"}]},
        {"name":"2","meta-type":"object","members":[{"name":"a","type":"str","default":null}]},
        {"name":"query-none","meta-type":"command","arg-type":"0","ret-type":"0"},
        {"name":"query-needs","meta-type":"command","arg-type":"1","ret-type":"0"},
        {"name":"query-may","meta-type":"command","arg-type":"2","ret-type":"0"},
        {"name":"query-object","meta-type":"object","members":[]},
        {"name":"query-chardev","meta-type":"command","arg-type":"0","ret-type":"0"},
        {"name":"quit","meta-type":"command","arg-type":"0","ret-type":"0"}]"#;

    #[test]
    fn queries_that_need_nothing_are_asked() {
        let schema = ("query-qmp-schema", "", SCHEMA);
        assert_eq!(commands(&[schema], Ask::EveryQuery), ["query-may", "query-none"]);
        assert_eq!(commands(&[], Ask::EveryQuery), [""; 0]);
    }

    const TYPES: &str = r#"[
        {"name":"interface","abstract":true},
        {"name":"plug","parent":"interface","abstract":true},
        {"name":"object","abstract":true},
        {"name":"machine","parent":"object","abstract":true},
        {"name":"q35-machine","parent":"machine"},
        {"name":"accel","parent":"object","abstract":true},
        {"name":"tcg-accel","parent":"accel"},
        {"name":"device","parent":"object","abstract":true},
        {"name":"cpu","parent":"device","abstract":true},
        {"name":"max-cpu","parent":"cpu"},
        {"name":"nvme","parent":"device"},
        {"name":"secret","parent":"object"}]"#;

    #[test]
    fn types_are_asked_about_by_their_ancestors() {
        let all = ("qom-list-types", r#"{"abstract":true}"#, TYPES);
        for (set, expected) in [
            (Types::Machines, &["q35-machine"][..]),
            (Types::Accelerators, &["tcg-accel"]),
            (Types::Cpus, &["max-cpu"]),
            (Types::Devices, &["max-cpu", "nvme"]),
            (Types::Others, &["secret"]),
        ] {
            let found = commands(&[all], Ask::Each("qom-list-properties", set));
            let expected: Vec<String> = expected
                .iter()
                .map(|name| format!("qom-list-properties {{\"typename\":\"{name}\"}}"))
                .collect();
            assert_eq!(found, expected);
        }
        let plug = r#"qom-list-types {"implements":"plug","abstract":true}"#;
        assert_eq!(commands(&[all], Ask::EachInterface), [plug]);
        // Some QEMUs have no list with abstract types.
        let plain = ("qom-list-types", "", r#"[{"name":"plug","parent":"interface"}]"#);
        assert_eq!(commands(&[plain], Ask::EachInterface), [plug]);
        assert_eq!(commands(&[], Ask::EachInterface), [""; 0]);
    }

    #[test]
    fn the_accelerator_is_the_one_in_use() {
        let kvm = |reply| ("query-kvm", "", reply);
        for (exchanges, expected) in [
            (&[][..], "tcg"),
            (&[kvm(r#"{"enabled":true,"present":true}"#)], "kvm"),
            (&[kvm(r#"{"enabled":false,"present":true}"#)], "tcg"),
            (&[kvm(r#"{"enabled":true,"present":false}"#)], "tcg"),
            (&[("query-accelerators", "", r#"{"enabled":"mshv","present":[]}"#)], "mshv"),
        ] {
            let log = log(exchanges);
            let known = Known::new(&log);
            assert_eq!(known.accelerator(), expected);
            assert_eq!(known.is_accelerated(), expected != "tcg");
        }
    }

    #[test]
    fn the_package_is_told_with_the_version() {
        let log_of = |reply| log(&[("query-version", "", reply)]);
        for (reply, expected) in
            [(r#"{"package":"Debian 1"}"#, Some("Debian 1")), (r#"{"qemu":{}}"#, None)]
        {
            assert_eq!(Known::new(&log_of(reply)).package().as_deref(), expected);
        }
        assert_eq!(Known::new(&Log::default()).package(), None);
    }
}
