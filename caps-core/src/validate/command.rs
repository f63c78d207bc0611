use std::sync::LazyLock;

use super::arguments;
use super::devices::Strictness;
use super::finding::FeatureOf;
use super::lexical;
use super::libvirt::Walk;
use super::path::Path;
use super::policy::{Policy, Rules};
use super::report::Report;
use super::target::Target;
use super::violation::{Violation, ViolationKind, describe};
use super::visitor::Visitor;
use super::words::Words;
use crate::json::{Document, JsonType, Node};
use crate::qapi::{Entry, MetaType};

const ARGUMENTS: &str = "arguments";

/// The data to check against.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) target: &'a Target,
    pub(super) policy: &'a Policy,
}

impl<'a> Context<'a> {
    /// Checks a QMP command: `execute`, `arguments`, `id`.
    pub(super) fn command(self, root: Node<'a>) -> Report {
        let mut report = Report::default();
        if root.kind() != JsonType::Object {
            report.problems.push(
                Violation::new("", ViolationKind::Envelope)
                    .found(describe(root))
                    .expected("a QMP command, an object with `execute`"),
            );
            return report;
        }
        lexical::check(root, &mut Path::default(), &mut report);
        let key = if root.get("exec-oob").is_some() { "exec-oob" } else { "execute" };
        for (name, value) in root.members() {
            if name != key && name != ARGUMENTS && name != "id" {
                report.problems.push(
                    Violation::new(name.as_ref(), ViolationKind::Unexpected)
                        .found(describe(value))
                        .among(&name, ["execute", ARGUMENTS, "id"]),
                );
            }
        }
        let execute = match root.get(key) {
            Some(node) if node.kind() == JsonType::String => node.as_str().unwrap_or_default(),
            found => {
                let violation = match found {
                    Some(node) => Violation::new(key, ViolationKind::Type).found(describe(node)),
                    None => Violation::new(key, ViolationKind::Missing),
                };
                report.problems.push(violation.expected("the name of a command"));
                return report;
            }
        };
        report.subject = execute.clone().into_owned();
        let arguments = root.get(ARGUMENTS);
        if let Some(node) = arguments.filter(|node| node.kind() != JsonType::Object) {
            report.problems.push(
                Violation::new(ARGUMENTS, ViolationKind::Type)
                    .found(describe(node))
                    .expected("an object"),
            );
        }
        if let Some(entry) = self.find(&execute, MetaType::Command, key, &mut report) {
            let out_of_band = entry.node().get("allow-oob").and_then(Node::as_bool);
            if key == "exec-oob" && out_of_band != Some(true) {
                report.problems.push(
                    Violation::new(key, ViolationKind::Value)
                        .found(format!("`{execute}`"))
                        .expected("a command that can be executed out of band"),
                );
            }
            let lenient = Strictness::of_device_add(self.target.devices());
            self.arguments(entry, &execute, arguments, lenient, &mut report);
        }
        report
    }

    /// Checks the JSON argument of a command-line option as the arguments of `command`.
    pub(super) fn option(self, command: &str, node: Node<'a>) -> Report {
        let mut report = Report { subject: command.to_owned(), ..Report::default() };
        lexical::check(node, &mut Path::member(ARGUMENTS), &mut report);
        if node.kind() != JsonType::Object {
            report.problems.push(
                Violation::new(ARGUMENTS, ViolationKind::Type)
                    .found(describe(node))
                    .expected("an object"),
            );
            return report;
        }
        if let Some(entry) = self.find(command, MetaType::Command, "execute", &mut report) {
            self.arguments(entry, command, Some(node), Strictness::CommandLine, &mut report);
        }
        report
    }

    /// Checks an event: `event`, `data`, `timestamp`.
    pub(super) fn event(self, root: Node<'a>) -> Report {
        let mut report = Report::default();
        lexical::check(root, &mut Path::default(), &mut report);
        let Some(name) = root.get_str("event") else {
            report.problems.push(
                Violation::new("event", ViolationKind::Missing).expected("the name of an event"),
            );
            return report;
        };
        report.subject = name.clone().into_owned();
        if let Some(entry) = self.find(&name, MetaType::Event, "event", &mut report) {
            let type_name = entry.type_member("arg-type").unwrap_or_default();
            self.walk(&name, &type_name, "data", root.get("data"), &mut report);
        }
        report
    }

    /// Checks the return value of a command.
    pub(super) fn returned(self, command: &str, root: Node<'a>) -> Report {
        let mut report = Report { subject: command.to_owned(), ..Report::default() };
        lexical::check(root, &mut Path::default(), &mut report);
        if root.get("error").is_some() {
            return report;
        }
        let Some(node) = root.get("return") else {
            report.problems.push(
                Violation::new("return", ViolationKind::Missing).expected("what was returned"),
            );
            return report;
        };
        if let Some(entry) = self.find(command, MetaType::Command, "execute", &mut report) {
            let type_name = entry.type_member("ret-type").unwrap_or_default();
            self.walk(command, &type_name, "return", Some(node), &mut report);
        }
        report
    }

    /// Checks a value against a type in the schema.
    pub(super) fn value(self, type_name: &str, node: Node<'a>) -> Report {
        let mut report = Report::default();
        self.walk_value(type_name, "", type_name, node, Path::default(), &mut report);
        report
    }

    /// Finds the entry of a command or event, or reports that it does not exist.
    fn find(
        self,
        name: &str,
        meta_type: MetaType,
        path: &str,
        report: &mut Report,
    ) -> Option<Entry<'a>> {
        let entry =
            self.target.schema().entry(name).filter(|entry| entry.meta_type() == Some(meta_type));
        if entry.is_some() {
            return entry;
        }
        if self.policy.vendor.contains(name) {
            report
                .unchecked(path, format!("`{name}` is a vendor's command that is allowed by name"));
        } else if !self.policy.allow_removed {
            let kind = match meta_type {
                MetaType::Event => ViolationKind::UnknownEvent,
                _ => ViolationKind::UnknownCommand,
            };
            let mut violation = Violation::new(path, kind).found(format!("`{name}`"));
            violation.nearest = self.target.nearest_entry(name, meta_type).map(str::to_owned);
            report.problems.push(violation);
        }
        None
    }

    fn arguments(
        self,
        entry: Entry<'a>,
        execute: &str,
        arguments: Option<Node<'a>>,
        strictness: Strictness,
        report: &mut Report,
    ) {
        let arguments = arguments.filter(|node| node.kind() == JsonType::Object);
        let type_name = entry.type_member("arg-type").unwrap_or_default();
        if self.policy.rules == Rules::Libvirt {
            let incomplete = execute == "device_add" || self.policy.allow_incomplete;
            let policy = Policy { allow_incomplete: incomplete, ..self.policy.clone() };
            let context = Context { policy: &policy, ..self };
            let mut found = Report::default();
            let mut walk = Walk {
                schema: self.target.schema(),
                policy: &policy,
                path: Path::default(),
                report: &mut found,
            };
            walk.gate(entry.node());
            context.walk(execute, &type_name, ARGUMENTS, arguments, &mut found);
            report.problems.append(&mut found.problems);
            report.warnings.append(&mut found.warnings);
            return;
        }
        let mut words = self.words(execute, report);
        let path = Path::member("execute");
        let mut visitor = Visitor { target: self.target, open: false, path, voice: &mut words };
        visitor.gate(entry.features(), FeatureOf::Command(execute));
        if execute == "device_add" {
            if let Some(driver) = arguments.and_then(|node| node.get_str("driver")) {
                report.subject = format!("device_add {driver}");
            }
            super::device::check(self.target.devices(), arguments, strictness, report);
            return;
        }
        let node = arguments.unwrap_or_else(no_members);
        let at = (Path::member(ARGUMENTS), self.policy.allow_incomplete);
        arguments::visit(self.target, (execute, entry), node, at, &mut words);
    }

    fn words<'r>(self, name: &'r str, report: &'r mut Report) -> Words<'r>
    where
        'a: 'r,
    {
        Words { schema: self.target.schema(), policy: self.policy, name, report }
    }

    /// Visits `node`, or an empty object in its absence.
    fn walk(
        self,
        name: &str,
        type_name: &str,
        member: &'static str,
        node: Option<Node<'a>>,
        report: &mut Report,
    ) {
        let node = node.unwrap_or_else(no_members);
        self.walk_value(name, name, type_name, node, Path::member(member), report);
    }

    fn walk_value<'b>(
        self,
        name: &str,
        holder: &str,
        type_name: &str,
        node: Node<'b>,
        path: Path<'b>,
        report: &mut Report,
    ) where
        'a: 'b,
    {
        match self.policy.rules {
            Rules::Qemu => {
                let mut words = self.words(name, report);
                let open = self.policy.allow_incomplete;
                let mut visitor = Visitor { target: self.target, open, path, voice: &mut words };
                visitor.value(type_name, (holder, ""), node);
            }
            Rules::Libvirt => {
                let mut walk =
                    Walk { schema: self.target.schema(), policy: self.policy, path, report };
                walk.value(type_name, node);
            }
        }
    }
}

/// An empty object.
fn no_members<'n>() -> Node<'n> {
    static EMPTY: LazyLock<Document> =
        LazyLock::new(|| Document::parse("{}").expect("an empty object is JSON"));
    EMPTY.root()
}
