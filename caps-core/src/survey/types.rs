use std::collections::HashMap;

use crate::hash::{NameMap, NameSet};
use crate::json::Node;

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

/// Where types and their parents are in a list of types.
#[derive(Debug)]
pub(super) struct Lineage {
    places: NameMap<String, usize>,
    parents: Vec<Option<usize>>,
}

impl Lineage {
    pub(super) fn of(types: &[QomType]) -> Self {
        let places: NameMap<String, usize> =
            types.iter().enumerate().map(|(place, one)| (one.name.clone(), place)).collect();
        let parent = |one: &QomType| places.get(one.parent.as_deref()?).copied();
        let parents = types.iter().map(parent).collect();
        Self { places, parents }
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The place of the parent of the type at a place.
    pub(super) fn parent(&self, place: usize) -> Option<usize> {
        *self.parents.get(place)?
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
        let mut seen = NameSet::default();
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
