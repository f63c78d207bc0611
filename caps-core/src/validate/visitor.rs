use std::borrow::Cow;

use super::path::Path;
use super::policy::{Level, Policy};
use super::report::Report;
use super::target::Target;
use super::violation::{Violation, ViolationKind, describe, one_of};
use super::width::{ANONYMOUS, NoInteger};
use crate::json::{JsonType, Node};
use crate::qapi::{Entry, Member, MetaType};

/// Nesting beyond which a value is not looked at; no command of any QEMU comes near.
const MAX_DEPTH: usize = 160;
/// Variants within variants; more means that the schema has a loop.
const MAX_VARIANTS: usize = 32;

/// Walks a value along the schema as QEMU's input visitor does, but goes on after a problem. The order
/// of problems is that in which QEMU would come upon them.
pub(super) struct Visitor<'a> {
    pub(super) target: &'a Target,
    pub(super) policy: &'a Policy,
    /// The command or event, for exceptions of the policy.
    pub(super) name: &'a str,
    pub(super) path: Path<'a>,
    pub(super) report: &'a mut Report,
}

/// The members that an object may have.
#[derive(Default)]
struct Known<'a> {
    names: Vec<Cow<'a, str>>,
    /// Members of variants of which one applies, but it can't be told which.
    possible: Vec<Cow<'a, str>>,
}

impl<'a> Visitor<'a> {
    /// Checks the value at the path. The type is that of `member` in the entry `holder`.
    pub(super) fn value(&mut self, type_name: &str, holder: (&str, &str), node: Node<'a>) {
        let Some(entry) = self.target.schema().entry(type_name) else {
            return self.defect(format!("the schema has no type `{type_name}`"));
        };
        match entry.meta_type() {
            Some(MetaType::Builtin) => self.builtin(entry, holder, node),
            Some(MetaType::Enum) => self.enumeration(entry, node),
            Some(MetaType::Array) => self.array(entry, holder, node),
            Some(MetaType::Alternate) => self.alternate(entry, node),
            Some(MetaType::Object) => self.object(entry, node),
            _ => self.defect(format!("the entry `{type_name}` of the schema is not a type")),
        }
    }

    fn builtin(&mut self, entry: Entry<'a>, holder: (&str, &str), node: Node<'a>) {
        let json_type = entry.json_type().unwrap_or_default();
        let fits = match json_type.as_ref() {
            "value" => true,
            "string" => node.kind() == JsonType::String,
            "boolean" => node.kind() == JsonType::Bool,
            "null" => node.kind() == JsonType::Null,
            "number" => matches!(node.kind(), JsonType::Integer | JsonType::Float),
            "array" => node.kind() == JsonType::Array,
            "object" => node.kind() == JsonType::Object,
            "int" => return self.integer(holder, node),
            _ => {
                let name = entry.name();
                return self.defect(format!("builtin `{name}` of the schema has no `json-type`"));
            }
        };
        if !fits {
            self.wrong_type(type_word(&json_type), node);
        }
    }

    fn integer(&mut self, (holder, member): (&str, &str), node: Node<'a>) {
        let width = self.target.widths().get(holder, member);
        let kind = match width.check_node(node) {
            Ok(()) => return,
            Err(NoInteger::Range) => ViolationKind::Range,
            Err(NoInteger::Type) if node.kind() == JsonType::Integer => ViolationKind::Range,
            Err(NoInteger::Type) => return self.wrong_type("an integer", node),
        };
        let violation = Violation::new(self.path.to_string(), kind).found(node.compact()).expected(
            if width.bits == 64 { "an integer of 64 bits".to_owned() } else { width.describe() },
        );
        self.report.problems.push(violation);
    }

    fn enumeration(&mut self, entry: Entry<'a>, node: Node<'a>) {
        self.gate(entry.features(), || "the type of this value".to_owned());
        let Some(value) = node.as_str() else { return self.wrong_type("a string", node) };
        let found = entry.values().into_iter().position(|name| name == value);
        if let Some(index) = found {
            if let Some(member) = entry.members().nth(index) {
                self.gate(member.features(), || format!("value `{value}`"));
            }
            return;
        }
        let violation = Violation::new(self.path.to_string(), ViolationKind::Value)
            .found(describe(node))
            .among(&value, entry.values());
        self.report.problems.push(violation);
    }

    fn array(&mut self, entry: Entry<'a>, holder: (&str, &str), node: Node<'a>) {
        if node.kind() != JsonType::Array {
            return self.wrong_type("an array", node);
        }
        let Some(element_type) = entry.type_member("element-type") else {
            return self.defect(format!("array `{}` has no `element-type`", entry.name()));
        };
        for (index, element) in node.elements().enumerate() {
            self.path.push_element(index);
            self.value(&element_type, holder, element);
            self.path.pop();
        }
    }

    /// The JSON type alone selects the branch.
    fn alternate(&mut self, entry: Entry<'a>, node: Node<'a>) {
        let mut branches = Vec::new();
        for member in entry.members() {
            let Some(type_name) = member.type_name() else { continue };
            let Some(branch) = self.target.schema().entry(&type_name) else { continue };
            let Some(word) = branch_word(branch) else { continue };
            if accepts(word, node.kind()) {
                self.gate(member.features(), || "this form of the value".to_owned());
                return self.value(&type_name, (&entry.name(), ANONYMOUS), node);
            }
            branches.push(word);
        }
        self.wrong_type(&branches.join(" or "), node);
    }

    /// Checks an object against an object type.
    pub(super) fn object(&mut self, entry: Entry<'a>, node: Node<'a>) {
        if node.kind() != JsonType::Object {
            return self.wrong_type("an object", node);
        }
        if self.path.len() > MAX_DEPTH {
            let path = self.path.to_string();
            return self.report.unchecked(&path, format!("more than {MAX_DEPTH} levels deep"));
        }
        let mut known = Known::default();
        self.members(entry, node, &mut known, 0);
        if self.policy.allow_incomplete {
            return;
        }
        for (name, _) in node.members() {
            if known.names.contains(&name) || known.possible.contains(&name) {
                continue;
            }
            let free: Vec<String> = known
                .names
                .iter()
                .filter(|known| node.get(known).is_none())
                .map(|known| known.clone().into_owned())
                .collect();
            let violation = Violation::new(self.path.to_string(), ViolationKind::Unexpected)
                .found(describe(node))
                .among(&name, free);
            self.report.problems.push(Violation { path: self.path.to(&name), ..violation });
        }
    }

    /// Visits the members of an object type and of the variant that applies.
    fn members(&mut self, entry: Entry<'a>, node: Node<'a>, known: &mut Known<'a>, depth: usize) {
        self.gate(entry.features(), || "the type of this value".to_owned());
        let holder = entry.name();
        for member in entry.members() {
            self.member(member, &holder, node, known);
        }
        let Some(tag) = entry.tag() else { return };
        if depth > MAX_VARIANTS {
            return self.defect(format!("the variants of `{holder}` form a loop"));
        }
        let value = node.get(&tag);
        let variant = value
            .and_then(Node::as_str)
            .and_then(|case| entry.variants().find(|variant| variant.case == case));
        if let Some(variant) = variant {
            match self.target.schema().entry(&variant.type_name) {
                Some(variant) => self.members(variant, node, known, depth + 1),
                None => self.defect(format!("the schema has no type `{}`", variant.type_name)),
            }
            return;
        }
        let optional = entry.member(&tag).is_some_and(Member::is_optional);
        if value.is_none() && optional {
            let path = self.path.to(&tag);
            self.report
                .unchecked(&path, "without it, a variant that the schema does not name applies");
        }
        // A tag with a value that the enum has and no variant adds nothing; else it is a problem that
        // has been told, and what it would have selected is not known.
        let told = value.is_none_or(|value| !self.is_case(entry, &tag, value));
        if told {
            for variant in entry.variants() {
                let entry = self.target.schema().entry(&variant.type_name);
                let members = entry.into_iter().flat_map(Entry::members);
                known.possible.extend(members.filter_map(Member::name));
            }
        }
    }

    fn is_case(&self, entry: Entry<'a>, tag: &str, value: Node<'a>) -> bool {
        let tag_type = entry.member(tag).and_then(Member::type_name);
        let values = tag_type.and_then(|name| self.target.schema().entry(&name)).map(Entry::values);
        values.unwrap_or_default().iter().any(|case| value.is_str(case))
    }

    fn member(&mut self, member: Member<'a>, holder: &str, node: Node<'a>, known: &mut Known<'a>) {
        let (Some(name), Some(type_name)) = (member.name(), member.type_name()) else {
            return self.defect(format!("a member of `{holder}` has no name or no type"));
        };
        known.names.push(name.clone());
        match node.get(&name) {
            Some(value) => {
                self.path.push(name.clone());
                self.gate(member.features(), || "it".to_owned());
                self.value(&type_name, (holder, &name), value);
                self.path.pop();
            }
            None if member.is_optional() => {}
            None => {
                let violation = Violation::new(self.path.to(&name), ViolationKind::Missing)
                    .expected(self.describe_type(&type_name));
                self.report.problems.push(violation);
            }
        }
    }

    /// What a type is, for a message about a missing member.
    fn describe_type(&self, type_name: &str) -> String {
        let Some(entry) = self.target.schema().entry(type_name) else {
            return "a value".to_owned();
        };
        match entry.meta_type() {
            Some(MetaType::Enum) => {
                let values: Vec<String> = entry.values().into_iter().map(Into::into).collect();
                one_of(&values)
            }
            Some(MetaType::Alternate) => {
                let branches = entry.members().filter_map(|member| {
                    branch_word(self.target.schema().entry(&member.type_name()?)?)
                });
                branches.collect::<Vec<_>>().join(" or ")
            }
            _ => branch_word(entry).unwrap_or("a value").to_owned(),
        }
    }

    /// Tells of features that policy minds. `what` has them; "it" is the member at the path.
    pub(super) fn gate<'f>(
        &mut self,
        features: impl Iterator<Item = Cow<'f, str>>,
        what: impl Fn() -> String,
    ) {
        for feature in features {
            let (level, kind) = match feature.as_ref() {
                "deprecated" => (self.policy.deprecated, ViolationKind::Deprecated),
                "unstable" => (self.policy.unstable, ViolationKind::Unstable),
                _ => continue,
            };
            if level == Level::Allow {
                continue;
            }
            let path = self.path.to_string();
            let exception = self.policy.exception(self.name, &path);
            let mut violation = Violation::new(path, kind);
            violation.found = match what() {
                it if it == "it" => format!("`{}`", violation.member()),
                other => other,
            };
            if let Some(exception) = exception {
                violation.note = Some(format!("allowed, {}", exception.reason()));
            }
            if level == Level::Deny && exception.is_none() {
                self.report.problems.push(violation);
            } else {
                self.report.warnings.push(violation);
            }
        }
    }

    fn wrong_type(&mut self, expected: &str, node: Node<'_>) {
        let violation = Violation::new(self.path.to_string(), ViolationKind::Type)
            .found(describe(node))
            .expected(expected);
        self.report.problems.push(violation);
    }

    pub(super) fn defect(&mut self, what: String) {
        let violation = Violation::new(self.path.to_string(), ViolationKind::Schema).found(what);
        self.report.problems.push(violation);
    }
}

/// QAPI's `json-type` in words.
fn type_word(json_type: &str) -> &'static str {
    match json_type {
        "string" => "a string",
        "int" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "null" => "null",
        "array" => "an array",
        "object" => "an object",
        _ => "a value",
    }
}

fn branch_word(branch: Entry<'_>) -> Option<&'static str> {
    Some(match branch.meta_type()? {
        MetaType::Builtin => type_word(&branch.json_type()?),
        MetaType::Enum => "a string",
        MetaType::Array => "an array",
        MetaType::Object => "an object",
        _ => return None,
    })
}

/// Does a JSON type select the branch that these words are for?
fn accepts(word: &str, kind: JsonType) -> bool {
    match kind {
        JsonType::Null => word == "null",
        JsonType::Bool => word == "a boolean",
        JsonType::Integer | JsonType::Float => matches!(word, "an integer" | "a number"),
        JsonType::String => word == "a string",
        JsonType::Array => word == "an array",
        JsonType::Object => word == "an object",
    }
}
