use std::borrow::Cow;

use super::finding::{FeatureOf, Finding, Voice};
use super::path::Path;
use super::qemu_order;
use super::target::Target;
use super::width::ANONYMOUS;
use crate::hash::NameSet;
use crate::json::{JsonType, Node};
use crate::qapi::{Entry, MemberShape, MetaType, Shape};

/// The deepest nesting to check; no command of any QEMU comes close.
const MAX_DEPTH: usize = 160;
/// The limit for variants within variants; exceeding it means that the schema has a loop.
const MAX_VARIANTS: usize = 32;

/// Visits a value along the schema as QEMU's input visitor does, but continues after a problem.
/// Findings come in the order in which QEMU would report them.
pub(crate) struct Visitor<'a> {
    pub(crate) target: &'a Target,
    /// Whether to accept members that the schema lacks.
    pub(crate) open: bool,
    pub(crate) path: Path<'a>,
    pub(crate) voice: &'a mut dyn Voice,
}

/// The members that an object can have.
#[derive(Default)]
struct Known<'a> {
    /// The types whose members QEMU visits, in this order.
    types: Vec<&'a Shape>,
    /// The types of variants, if it is unknown which one applies.
    possible: Vec<Entry<'a>>,
}

impl<'a> Known<'a> {
    /// The names in the order in which QEMU asks for them, whether they are there or not: it removes
    /// them in this order.
    fn names(&self) -> impl Iterator<Item = &'a str> {
        let members = self.types.iter().flat_map(|shape| &shape.members);
        members.filter_map(|member| member.type_name.as_ref().and(member.name.as_deref()))
    }

    fn may_be_of_variant(&self, name: &str) -> bool {
        self.possible.iter().any(|variant| variant.shape().member(name).is_some())
    }
}

impl<'a> Visitor<'a> {
    /// Checks the value at the path. Its type is that of `member` in the entry `holder`.
    pub(crate) fn value(&mut self, type_name: &str, holder: (&str, &str), node: Node<'a>) {
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
        let fits = match entry.json_type().as_deref() {
            Some("int") => return self.integer(holder, node),
            // As in QEMU, an integer is a valid number, but a number is not a valid integer.
            Some("number") => matches!(node.kind(), JsonType::Integer | JsonType::Float),
            Some("value") => true,
            other => {
                let Some(qtype) = other.and_then(qtype) else {
                    let name = entry.name();
                    return self.defect(format!("builtin `{name}` has no `json-type` of QAPI"));
                };
                qtype == node.kind()
            }
        };
        if !fits {
            self.wrong_type(entry, node);
        }
    }

    fn integer(&mut self, (holder, member): (&str, &str), found: Node<'a>) {
        let of = self.target.integer(holder, member);
        if let Err(why) = of.check(found) {
            self.say(Finding::Integer { of, why, found });
        }
    }

    fn enumeration(&mut self, entry: Entry<'a>, found: Node<'a>) {
        self.gate(entry.features(), FeatureOf::Type);
        let Some(value) = found.as_str() else { return self.wrong_type(entry, found) };
        match entry.position(&value) {
            Some(index) => {
                // QEMU before 6.2 has only `values`, without features.
                if let Some(member) = entry.members().nth(index) {
                    self.gate(member.features(), FeatureOf::Value(&value));
                }
            }
            None => self.say(Finding::Value { expected: entry, found }),
        }
    }

    fn array(&mut self, entry: Entry<'a>, holder: (&str, &str), node: Node<'a>) {
        if node.kind() != JsonType::Array {
            return self.wrong_type(entry, node);
        }
        let Some(element_type) = entry.element_type() else {
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
        for member in entry.members() {
            let Some(type_name) = member.type_name() else { continue };
            let branch = self.target.schema().entry(&type_name);
            if branch.is_some_and(|branch| selects(branch, node.kind())) {
                self.gate(member.features(), FeatureOf::Branch);
                // QEMU selects the branch before it looks inside, so no other branch gets a chance.
                return self.value(&type_name, (&entry.name(), ANONYMOUS), node);
            }
        }
        self.wrong_type(entry, node);
    }

    /// Checks an object against an object type.
    fn object(&mut self, entry: Entry<'a>, node: Node<'a>) {
        if node.kind() != JsonType::Object {
            return self.wrong_type(entry, node);
        }
        // Bounds the recursion, since the input is arbitrary.
        if self.path.len() > MAX_DEPTH {
            return self.say(Finding::Unchecked(format!("more than {MAX_DEPTH} levels deep")));
        }
        let mut known = Known::default();
        self.members(entry, node, &mut known, 0);
        // The common case, which needs no order.
        if self.open || node.members().all(|(name, _)| known.names().any(|known| known == name)) {
            return;
        }
        let known_names: Vec<Cow<'a, str>> = known.names().map(Cow::Borrowed).collect();
        let free: Vec<String> = known_names
            .iter()
            .filter(|known| node.get(known).is_none())
            .map(|known| known.clone().into_owned())
            .collect();
        let mut names: Vec<Cow<'a, str>> = Vec::new();
        let mut seen = NameSet::default();
        // A member of a variant is not unexpected if it is unknown which variant applies.
        for (name, _) in node.members().filter(|(name, _)| !known.may_be_of_variant(name)) {
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        for name in qemu_order::left(&names, &known_names) {
            self.path.push(name.to_owned());
            self.say(Finding::Unexpected { object: node, free: free.clone() });
            self.path.pop();
        }
    }

    /// Visits the members of an object type and of the selected variant.
    fn members(&mut self, entry: Entry<'a>, node: Node<'a>, known: &mut Known<'a>, depth: usize) {
        self.gate(entry.features(), FeatureOf::Type);
        let holder = entry.name();
        known.types.push(entry.shape());
        for member in &entry.shape().members {
            self.member(entry, member, &holder, node);
        }
        let Some(tag) = entry.tag() else { return };
        if depth > MAX_VARIANTS {
            return self.defect(format!("the variants of `{holder}` form a loop"));
        }
        let value = node.get(&tag);
        let variant = value.and_then(Node::as_str).and_then(|case| entry.shape().variant(&case));
        if let Some(variant) = variant {
            match self.target.schema().entry(variant) {
                Some(variant) => self.members(variant, node, known, depth + 1),
                None => self.defect(format!("the schema has no type `{variant}`")),
            }
            return;
        }
        let optional = entry.shape().member(&tag).is_some_and(|tag| tag.is_optional);
        if value.is_none() && optional {
            self.path.push(tag.clone());
            let reason = "without it, a variant that the schema does not name applies".to_owned();
            self.say(Finding::Unchecked(reason));
            self.path.pop();
        }
        // A valid tag value without a variant adds nothing. An invalid one is already a finding,
        // and it is unknown which variant it was meant to select.
        if value.is_none_or(|value| !self.is_case(entry, &tag, value)) {
            let types = entry.shape().variant_types();
            known.possible.extend(types.filter_map(|name| self.target.schema().entry(name)));
        }
    }

    fn is_case(&self, entry: Entry<'a>, tag: &str, value: Node<'a>) -> bool {
        let tag_type = entry.shape().member_type(tag);
        let tag_type = tag_type.and_then(|name| self.target.schema().entry(name));
        let case = value.as_str();
        tag_type.zip(case).is_some_and(|(tag_type, case)| tag_type.position(&case).is_some())
    }

    /// Visits a member of an entry.
    fn member(&mut self, entry: Entry<'a>, member: &'a MemberShape, holder: &str, node: Node<'a>) {
        let (Some(name), Some(type_name)) = (&member.name, &member.type_name) else {
            return self.defect(format!("a member of `{holder}` has no name or no type"));
        };
        let value = node.get(name);
        if value.is_none() && member.is_optional {
            return;
        }
        self.path.push(name.as_str());
        match value {
            Some(value) => {
                if member.has_features {
                    self.gate(entry.features_at(member), FeatureOf::Member);
                }
                self.value(type_name, (holder, name), value);
            }
            None => self.say(Finding::Missing(type_name)),
        }
        self.path.pop();
    }

    /// Reports the features in use.
    pub(crate) fn gate<'f>(
        &mut self,
        features: impl Iterator<Item = Cow<'f, str>>,
        of: FeatureOf<'_>,
    ) {
        for feature in features {
            self.say(Finding::Feature { feature: &feature, of });
        }
    }

    fn wrong_type(&mut self, expected: Entry<'_>, found: Node<'_>) {
        self.say(Finding::Type { expected, found });
    }

    fn defect(&mut self, what: String) {
        self.say(Finding::Defect(what));
    }

    fn say(&mut self, finding: Finding<'_>) {
        self.voice.say(&self.path, finding);
    }
}

/// Converts the JSON type of a builtin.
fn qtype(json_type: &str) -> Option<JsonType> {
    Some(match json_type {
        "string" => JsonType::String,
        "boolean" => JsonType::Bool,
        "null" => JsonType::Null,
        "array" => JsonType::Array,
        "object" => JsonType::Object,
        _ => return None,
    })
}

/// Returns whether a JSON type selects this branch of an alternate. All numbers count as one type
/// here.
fn selects(branch: Entry<'_>, kind: JsonType) -> bool {
    let selected = match branch.meta_type() {
        Some(MetaType::Enum) => JsonType::String,
        Some(MetaType::Array) => JsonType::Array,
        Some(MetaType::Object) => JsonType::Object,
        Some(MetaType::Builtin) => match branch.json_type().as_deref() {
            Some("int" | "number") => {
                return matches!(kind, JsonType::Integer | JsonType::Float);
            }
            other => match other.and_then(qtype) {
                Some(qtype) => qtype,
                None => return false,
            },
        },
        _ => return false,
    };
    selected == kind
}
