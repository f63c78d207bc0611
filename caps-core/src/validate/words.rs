use super::device;
use super::finding::{FeatureOf, Finding, NameOf, Voice};
use super::path::Path;
use super::policy::{Level, Policy};
use super::report::Report;
use super::violation::{Violation, ViolationKind, describe, one_of};
use super::width::NoInteger;
use crate::json::JsonType;
use crate::qapi::{Entry, Member, MetaType, Schema};

/// Phrases findings for a report, according to the policy.
pub(super) struct Words<'a> {
    pub(super) schema: &'a Schema,
    pub(super) policy: &'a Policy,
    /// The command or event, for the policy's exceptions.
    pub(super) name: &'a str,
    pub(super) report: &'a mut Report,
}

impl Voice for Words<'_> {
    fn say(&mut self, path: &Path<'_>, finding: Finding<'_>) {
        let new = |kind| Violation::new(path.to_string(), kind);
        let violation = match finding {
            Finding::Missing(type_name) => {
                new(ViolationKind::Missing).expected(self.describe_type(type_name))
            }
            Finding::Unexpected { object, free } => new(ViolationKind::Unexpected)
                .found(describe(object))
                .among(path.leaf().unwrap_or_default(), free),
            Finding::Type { expected, found } => {
                let expected = match expected.meta_type() {
                    Some(MetaType::Alternate) => self.branches(expected),
                    _ => type_words(expected).unwrap_or("a value").to_owned(),
                };
                new(ViolationKind::Type).found(describe(found)).expected(expected)
            }
            Finding::Integer { why: NoInteger::Type, found, .. }
                if found.kind() != JsonType::Integer =>
            {
                new(ViolationKind::Type).found(describe(found)).expected("an integer")
            }
            Finding::Integer { of, found, .. } => {
                let narrow = of.width().filter(|width| width.bits < 64);
                let expected = narrow
                    .map_or_else(|| "an integer of 64 bits".to_owned(), super::Width::describe);
                new(ViolationKind::Range).found(found.compact()).expected(expected)
            }
            Finding::Value { expected, found } => new(ViolationKind::Value)
                .found(describe(found))
                .among_shared(&found.as_str().unwrap_or_default(), expected.all_values().clone()),
            Finding::Identifier { found } => {
                new(ViolationKind::Value).found(describe(found)).expected("an identifier")
            }
            Finding::ObjectType { found } => new(ViolationKind::UnknownObject)
                .found(format!("`{}`", found.as_str().unwrap_or_default())),
            Finding::Name { of, found, nearest } => {
                let (kind, expected) = match of {
                    NameOf::Device => (ViolationKind::UnknownDevice, "a device type of this QEMU"),
                    NameOf::ConcreteDevice => {
                        (ViolationKind::UnknownDevice, "a type that devices can be made of")
                    }
                    NameOf::Class => (ViolationKind::UnknownType, ""),
                    NameOf::CpuModel => (ViolationKind::UnknownCpu, ""),
                };
                let name = format!("`{}`", found.as_str().unwrap_or_default());
                Violation { nearest, ..new(kind).found(name).expected(expected) }
            }
            Finding::CpuProperty { model, found, nearest } => {
                let violation = new(ViolationKind::UnknownProperty).found(describe(found));
                Violation { nearest, ..violation.expected(format!("`{model}`")) }
            }
            Finding::Property { property, why, found, .. } => {
                device::violation(path.to_string(), property, found, why)
            }
            Finding::Limit(breach) => {
                new(breach.kind).found(breach.found.clone()).expected(breach.expected.clone())
            }
            Finding::Feature { feature, of } => return self.feature(path, feature, of),
            Finding::Unchecked(reason) => {
                return self.report.unchecked(&path.to_string(), reason);
            }
            Finding::Defect(what) => new(ViolationKind::Schema).found(what),
        };
        self.report.problems.push(violation);
    }
}

impl Words<'_> {
    fn feature(&mut self, path: &Path<'_>, feature: &str, of: FeatureOf<'_>) {
        let (level, kind) = match feature {
            "deprecated" => (self.policy.deprecated, ViolationKind::Deprecated),
            "unstable" => (self.policy.unstable, ViolationKind::Unstable),
            _ => return,
        };
        if level == Level::Allow {
            return;
        }
        let path = path.to_string();
        let exception = self.policy.exception(self.name, &path);
        let mut violation = Violation::new(path, kind);
        violation.found = match of {
            FeatureOf::Command(name) => format!("command `{name}`"),
            FeatureOf::Member => format!("`{}`", violation.member()),
            FeatureOf::Type => "the type of this value".to_owned(),
            FeatureOf::Branch => "this form of the value".to_owned(),
            FeatureOf::Value(value) => format!("value `{value}`"),
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

    /// Describes a type for a message about a missing member.
    fn describe_type(&self, type_name: &str) -> String {
        let Some(entry) = self.schema.entry(type_name) else { return "a value".to_owned() };
        match entry.meta_type() {
            Some(MetaType::Enum) => {
                let values: Vec<String> = entry.values().into_iter().map(Into::into).collect();
                one_of(&values)
            }
            Some(MetaType::Alternate) => self.branches(entry),
            _ => type_words(entry).unwrap_or("a value").to_owned(),
        }
    }

    fn branches(&self, alternate: Entry<'_>) -> String {
        let names = alternate.members().filter_map(Member::type_name);
        let words = names.filter_map(|name| type_words(self.schema.entry(&name)?));
        words.collect::<Vec<_>>().join(" or ")
    }
}

/// The JSON type of a type; alternates have none.
fn type_words(entry: Entry<'_>) -> Option<&'static str> {
    Some(match entry.meta_type()? {
        MetaType::Builtin => match entry.json_type()?.as_ref() {
            "string" => "a string",
            "int" => "an integer",
            "number" => "a number",
            "boolean" => "a boolean",
            "null" => "null",
            "array" => "an array",
            "object" => "an object",
            _ => "a value",
        },
        MetaType::Enum => "a string",
        MetaType::Array => "an array",
        MetaType::Object => "an object",
        _ => return None,
    })
}
