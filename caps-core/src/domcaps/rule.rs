//! The rows of the table, and how they become parts of a document.

use super::condition::{Condition, Facts};
use super::parts::{Enumeration, Group, Toggle};

/// A rule for a group of enumerations.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupRule {
    pub(super) name: &'static str,
    pub(super) support: Support,
    pub(super) enums: &'static [EnumRule],
}

/// When a group is supported.
#[derive(Debug, Clone, Copy)]
pub(super) enum Support {
    When(Condition),
    /// If its first enumeration has a value.
    IfFirst,
}

/// A rule for an enumeration: its values in order, each with its condition.
#[derive(Debug, Clone, Copy)]
pub(super) struct EnumRule {
    pub(super) name: &'static str,
    pub(super) presence: Presence,
    pub(super) values: &'static [(&'static str, Condition)],
}

/// When the document has an enumeration.
#[derive(Debug, Clone, Copy)]
pub(super) enum Presence {
    When(Condition),
    /// If it has a value.
    IfAny,
}

/// A rule for a line that says yes or no.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToggleRule {
    pub(super) name: &'static str,
    /// When the document has the line.
    pub(super) presence: Condition,
    /// When the line says yes.
    pub(super) support: Condition,
}

impl EnumRule {
    /// The enumeration, if the document has it.
    pub(super) fn make(&self, facts: &Facts<'_>) -> Option<Enumeration> {
        let values: Vec<String> = self
            .values
            .iter()
            .filter(|(_, condition)| condition.holds(facts))
            .map(|&(name, _)| name.to_owned())
            .collect();
        let present = match self.presence {
            Presence::When(condition) => condition.holds(facts),
            Presence::IfAny => !values.is_empty(),
        };
        present.then(|| Enumeration { name: self.name.to_owned(), values })
    }
}

impl GroupRule {
    /// The group; empty if it is not supported.
    pub(super) fn make(&self, facts: &Facts<'_>) -> Group {
        let mut enums: Vec<Enumeration> =
            self.enums.iter().filter_map(|rule| rule.make(facts)).collect();
        let supported = match self.support {
            Support::When(condition) => condition.holds(facts),
            Support::IfFirst => enums.first().is_some_and(|first| !first.values.is_empty()),
        };
        if !supported {
            enums.clear();
        }
        Group { name: self.name.to_owned(), supported, enums }
    }
}

impl ToggleRule {
    /// The line, if the document has it.
    pub(super) fn make(&self, facts: &Facts<'_>) -> Option<Toggle> {
        self.presence
            .holds(facts)
            .then(|| Toggle { name: self.name.to_owned(), supported: self.support.holds(facts) })
    }
}
