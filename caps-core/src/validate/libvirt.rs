use std::borrow::Cow;

use super::path::Path;
use super::policy::{Level, Policy};
use super::report::Report;
use super::violation::{Violation, ViolationKind, describe};
use crate::json::{JsonType, Node};
use crate::qapi::{Entry, Member, MetaType, Schema};

/// The deepest nesting allowed.
const MAX_DEPTH: usize = 160;

/// Visits a value along the schema by the rules of libvirt's test suite. Unlike libvirt, it
/// continues after a problem, which does not change the verdict.
pub(super) struct Walk<'a> {
    pub(super) schema: &'a Schema,
    pub(super) policy: &'a Policy,
    pub(super) path: Path<'a>,
    pub(super) report: &'a mut Report,
}

impl<'a> Walk<'a> {
    pub(super) fn value(&mut self, type_name: &str, node: Node<'a>) {
        let Some(entry) = self.schema.entry(type_name) else {
            return self.problem(ViolationKind::Schema, "a type that the schema lacks", "");
        };
        if self.path.len() > MAX_DEPTH {
            return self.problem(ViolationKind::Schema, "too deep a value", "");
        }
        self.gate(entry.node());
        match entry.meta_type() {
            Some(MetaType::Builtin) => self.builtin(entry, node),
            Some(MetaType::Enum) => self.enumeration(entry, node),
            Some(MetaType::Array) => self.array(entry, node),
            Some(MetaType::Alternate) => self.alternate(entry, node),
            Some(MetaType::Object) => self.object(entry, node),
            _ => self.problem(ViolationKind::Schema, "an entry that is not a type", ""),
        }
    }

    fn builtin(&mut self, entry: Entry<'a>, node: Node<'a>) {
        let json_type = entry.json_type().unwrap_or_default();
        let fits = json_type == "value"
            || match node.kind() {
                JsonType::String => json_type == "string",
                // libvirt does not check the form of a number.
                JsonType::Integer | JsonType::Float => json_type == "int" || json_type == "number",
                JsonType::Bool => json_type == "boolean",
                JsonType::Null => json_type == "null",
                JsonType::Array | JsonType::Object => false,
            };
        if !fits {
            self.problem(ViolationKind::Type, describe(node), &json_type);
        }
    }

    fn enumeration(&mut self, entry: Entry<'a>, node: Node<'a>) {
        let Some(value) = node.as_str() else {
            return self.problem(ViolationKind::Type, describe(node), "a string");
        };
        let values = entry.values();
        let Some(index) = values.iter().position(|name| *name == value) else {
            let violation = Violation::new(self.path.to_string(), ViolationKind::Value)
                .found(describe(node))
                .among(&value, values);
            self.report.problems.push(violation);
            return;
        };
        if let Some(member) = entry.members().nth(index) {
            self.gate(member.node());
        }
    }

    fn array(&mut self, entry: Entry<'a>, node: Node<'a>) {
        let Some(elements) = node.as_array() else {
            return self.problem(ViolationKind::Type, describe(node), "an array");
        };
        let Some(element_type) = entry.type_member("element-type") else {
            return self.problem(ViolationKind::Schema, "an array without `element-type`", "");
        };
        for (index, element) in elements.into_iter().enumerate() {
            self.path.push_element(index);
            self.value(&element_type, element);
            self.path.pop();
        }
    }

    /// An alternate accepts what any of its types accepts.
    fn alternate(&mut self, entry: Entry<'a>, node: Node<'a>) {
        let mut best: Option<Report> = None;
        for member in entry.members() {
            let mut trial = Report::default();
            let mut walk = Walk {
                schema: self.schema,
                policy: self.policy,
                path: self.path.clone(),
                report: &mut trial,
            };
            walk.value(&member.type_name().unwrap_or_default(), node);
            // If no type fits, the one that fits furthest is most likely the one that was meant.
            let deeper = |report: &Report| report.problems.iter().map(|p| p.path.len()).max();
            if trial.problems.is_empty() || best.as_ref().is_none_or(|b| deeper(&trial) > deeper(b))
            {
                let accepted = trial.problems.is_empty();
                best = Some(trial);
                if accepted {
                    break;
                }
            }
        }
        match best {
            Some(trial) => {
                self.report.problems.extend(trial.problems);
                self.report.warnings.extend(trial.warnings);
            }
            None => self.problem(ViolationKind::Schema, "an alternate without `members`", ""),
        }
    }

    fn object(&mut self, entry: Entry<'a>, node: Node<'a>) {
        if node.kind() != JsonType::Object {
            return self.problem(ViolationKind::Type, describe(node), "an object");
        }
        let mut members: Vec<Member<'a>> = entry.members().collect();
        if let Some(tag) = entry.tag() {
            let variant = node.get_str(&tag).and_then(|case| {
                let variant = entry.variants().find(|variant| variant.case == case)?;
                self.schema.entry(&variant.type_name)
            });
            let Some(variant) = variant else {
                let cases = entry.variants().map(|variant| variant.case);
                let found = node.get(&tag).map_or_else(|| "nothing".to_owned(), describe);
                let violation = Violation::new(self.path.to(&tag), ViolationKind::Value)
                    .found(found)
                    .among(&node.get_str(&tag).unwrap_or_default(), cases);
                self.report.problems.push(violation);
                return;
            };
            members.extend(variant.members());
        }
        // Each member is removed once it is found: one that comes twice is unexpected, and those
        // left at the end are missing.
        let known: Vec<Cow<'_, str>> = members.iter().filter_map(|member| member.name()).collect();
        for (name, value) in node.members() {
            let at = members.iter().position(|m| m.name().is_some_and(|known| known == name));
            self.path.push(name.clone());
            match at.map(|at| members.remove(at)) {
                Some(member) => {
                    self.gate(member.node());
                    self.value(&member.type_name().unwrap_or_default(), value);
                }
                None if self.policy.allow_incomplete => {}
                None => {
                    let free = known.iter().filter(|known| node.get(known).is_none());
                    let violation =
                        Violation::new(self.path.to_string(), ViolationKind::Unexpected)
                            .found(describe(value))
                            .among(&name, free.map(|name| name.clone().into_owned()));
                    self.report.problems.push(violation);
                }
            }
            self.path.pop();
        }
        for member in members.iter().filter(|member| !member.is_optional()) {
            let name = member.name().unwrap_or_default();
            let violation = Violation::new(self.path.to(&name), ViolationKind::Missing)
                .expected("a mandatory member");
            self.report.problems.push(violation);
        }
    }

    /// `unstable` can't be waived. After a waived `deprecated`, libvirt checks no further features.
    pub(super) fn gate(&mut self, holder: Node<'a>) {
        for feature in holder.get("features").into_iter().flat_map(Node::elements) {
            let Some(feature) = feature.as_str() else {
                return self.problem(ViolationKind::Schema, "a feature that is not a string", "");
            };
            let kind = match feature.as_ref() {
                "unstable" => ViolationKind::Unstable,
                "deprecated" => ViolationKind::Deprecated,
                _ => continue,
            };
            let violation = Violation::new(self.path.to_string(), kind);
            let violation = Violation { found: format!("`{}`", violation.member()), ..violation };
            if kind == ViolationKind::Deprecated && self.policy.deprecated != Level::Deny {
                self.report.warnings.push(violation);
                return;
            }
            self.report.problems.push(violation);
        }
    }

    fn problem(&mut self, kind: ViolationKind, found: impl Into<String>, expected: &str) {
        let violation = Violation::new(self.path.to_string(), kind).found(found).expected(expected);
        self.report.problems.push(violation);
    }
}
