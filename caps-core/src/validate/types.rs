use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::allowed::Allowed;
use crate::hash::NameMap;
use crate::json::{Named, NamedElement, Node, Outline};
use crate::qmp::Reply;
use crate::replies::Answer;

/// Abstract types without descendants that are devices, as in QEMU 7.2 to 11.1. `qom-list-types`
/// reports the parent of a type, but not the parent of an abstract type, so its ancestry must be
/// built in.
const NO_DEVICES: &[&str] = &[
    "accel",
    "amd-versal-virt-base-machine",
    "aspeed-machine",
    "audio-backend",
    "authz",
    "bus",
    "can-host",
    "chardev",
    "chardev-fd",
    "chardev-spice",
    "confidential-guest-support",
    "event-loop-base",
    "generic-pc-machine",
    "host-iommu-device",
    "host-iommu-device-iommufd",
    "iommu-memory-region",
    "machine",
    "memory-backend",
    "monitor",
    "mps2",
    "mps2tz",
    "mps3r",
    "musca",
    "netfilter",
    "npcm7xx-machine",
    "npcm8xx-machine",
    "object",
    "pegasos-machine",
    "powernv-machine",
    "ppc405-machine",
    "ppce500-base-machine",
    "pr-manager",
    "qemu-console",
    "qio-channel",
    "raspi-base-machine",
    "raspi-common-machine",
    "rng-backend",
    "s390-ccw-machine",
    "secret_common",
    "sev-common",
    "spapr-machine",
    "spitz-common",
    "sun4m-common-machine",
    "target-info",
    "tls-creds",
    "tpm-backend",
    "vexpress",
    "vfio-iommu",
    "virt-machine",
    "virtio-bus",
    "x86-confidential-guest",
    "x86-machine",
];

const DEVICE: &str = "device";

/// The most ancestors of a type that are looked at. QEMU's types have fewer than ten; more are a
/// cycle.
const MAX_ANCESTORS: usize = 100;

/// The QOM types in the answers of `qom-list-types`.
#[derive(Debug, Clone, Default)]
pub(super) struct Types {
    answers: Vec<List>,
    names: OnceLock<Names>,
    /// The names of non-abstract types that may be devices.
    devices: OnceLock<Allowed>,
}

/// An answer of `qom-list-types`.
#[derive(Debug, Clone)]
struct List {
    answer: Answer,
    outline: OnceLock<Outline>,
    types: OnceLock<Named>,
}

impl List {
    fn types(&self) -> &Named {
        self.types.get_or_init(|| {
            let outline = self.outline.get_or_init(|| self.answer.outline());
            let elements = outline.list().map_or(&[][..], |list| &list.elements);
            Named::new(outline.source(), elements)
        })
    }
}

/// What only looking at each type shows.
#[derive(Debug, Clone, Default)]
struct Names {
    concrete: BTreeSet<String>,
    /// If an answer lists them.
    abstract_types: Option<BTreeSet<String>>,
    /// The parents of others, abstract or not. A probe lists no abstract types, which show only
    /// here.
    parents: BTreeSet<String>,
    /// By type. Of several entries, the last non-abstract one counts, or else the last one.
    parent_of: NameMap<String, Parent>,
}

#[derive(Debug, Clone)]
struct Parent {
    name: String,
    is_of_abstract: bool,
}

impl Types {
    /// Adds the answer in a reply with an outline.
    pub(super) fn add(&mut self, reply: &Reply) {
        let Some(outline) = reply.outline() else { return };
        let Some(list) = outline.list() else { return };
        let answer = Answer::new(outline.source().clone(), list.range());
        let outline = OnceLock::from(outline.clone());
        self.answers.push(List { answer, outline, types: OnceLock::new() });
    }

    /// The answers.
    pub(super) fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().map(|list| &list.answer)
    }

    /// Returns whether there is an answer.
    pub(super) fn are_known(&self) -> bool {
        !self.answers.is_empty()
    }

    fn lists(&self) -> impl DoubleEndedIterator<Item = &Named> {
        self.answers.iter().map(List::types)
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::default();
            for list in &self.answers {
                list.answer.read(|types| types.elements().for_each(|node| names.add(node)));
            }
            names
        })
    }

    /// The entry of a type. Of several, the last counts.
    fn entry(&self, name: &str, wanted: fn(Node<'_>) -> bool) -> Option<Node<'_>> {
        let lists = self.lists().rev();
        let mut nodes = lists.flat_map(|list| list.of_name(name).rev()).map(NamedElement::node);
        nodes.find(|node| wanted(*node))
    }

    /// Returns whether there is a non-abstract type of this name.
    pub(super) fn has_concrete(&self, name: &str) -> bool {
        self.entry(name, is_concrete).is_some()
    }

    /// Returns whether there is a type of this name, abstract or not; `None` if that was not
    /// captured.
    pub(super) fn has(&self, name: &str) -> Option<bool> {
        if !self.are_known() {
            return None;
        }
        let names = self.names();
        if names.parents.contains(name) || names.concrete.contains(name) {
            return Some(true);
        }
        names.abstract_types.as_ref().map(|types| types.contains(name))
    }

    /// The names of all non-abstract types, sorted.
    pub(super) fn concrete(&self) -> impl Iterator<Item = &str> {
        self.names().concrete.iter().map(String::as_str)
    }

    /// Returns whether the type is known to be something other than a device.
    pub(super) fn is_no_device(&self, name: &str) -> bool {
        is_no_device(name, |name| {
            let entry = self.entry(name, is_concrete).or_else(|| self.entry(name, is_abstract))?;
            Some(entry.get_str("parent").unwrap_or_default())
        })
    }

    /// The names of all non-abstract types except those known to be something other than a device, sorted.
    pub(super) fn devices(&self) -> &Allowed {
        self.devices.get_or_init(|| {
            let parent_of = &self.names().parent_of;
            let parent = |name: &str| Some(Cow::Borrowed(parent_of.get(name)?.name.as_str()));
            Allowed::new(self.concrete().filter(|name| !is_no_device(name, parent)))
        })
    }
}

impl Names {
    fn add(&mut self, node: Node<'_>) {
        let Some(name) = node.get_str("name") else { return };
        let parent = node.get_str("parent").unwrap_or_default();
        self.parents.insert(parent.clone().into_owned());
        let is_of_abstract = is_abstract(node);
        if self.parent_of.get(name.as_ref()).is_none_or(|known| known.is_of_abstract)
            || !is_of_abstract
        {
            let parent = Parent { name: parent.into_owned(), is_of_abstract };
            self.parent_of.insert(name.clone().into_owned(), parent);
        }
        let list = if is_of_abstract {
            self.abstract_types.get_or_insert_default()
        } else {
            &mut self.concrete
        };
        list.insert(name.into_owned());
    }
}

/// Returns whether the root of the types that `parent` tells is something other than a device.
fn is_no_device<'n>(name: &'n str, parent: impl Fn(&str) -> Option<Cow<'n, str>>) -> bool {
    let mut root = Cow::Borrowed(name);
    // A malformed capture can name types as each other's parents.
    for _ in 0..MAX_ANCESTORS {
        match parent(&root).filter(|parent| !parent.is_empty() && root != DEVICE) {
            Some(parent) => root = parent,
            None => break,
        }
    }
    root != name && NO_DEVICES.binary_search(&root.as_ref()).is_ok()
}

impl FromIterator<Answer> for Types {
    fn from_iter<I: IntoIterator<Item = Answer>>(answers: I) -> Self {
        let list = |answer| List { answer, outline: OnceLock::new(), types: OnceLock::new() };
        Self { answers: answers.into_iter().map(list).collect(), ..Self::default() }
    }
}

fn is_abstract(node: Node<'_>) -> bool {
    node.get("abstract").and_then(Node::as_bool) == Some(true)
}

fn is_concrete(node: Node<'_>) -> bool {
    !is_abstract(node)
}

#[cfg(test)]
mod tests {
    use super::Types;
    use crate::replies::Answer;

    /// Types that are listed again with other parents, as abstract ones or not, and as each other's parents.
    const LISTS: [&str; 2] = [
        r#"[{"name": "device", "abstract": true, "parent": "object"}, {"name": "nic", "parent": "device"},
            {"name": "twice", "parent": "machine"}, {"name": "twice", "parent": "device"},
            {"name": "both", "parent": "machine"}, {"name": "both", "parent": "device", "abstract": true},
            {"name": "back", "parent": "machine", "abstract": true}, {"name": "back", "parent": "device"},
            {"name": "base", "parent": "device", "abstract": true}, {"name": "of-base", "parent": "base"},
            {"name": "orphan"}, {"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}, {"parent": "bus"}]"#,
        r#"[{"name": "base", "parent": "machine", "abstract": true}, {"name": "nic", "parent": "bus"}, 7]"#,
    ];

    #[test]
    fn devices_are_listed_as_asked_one_by_one() {
        for count in [1, 2] {
            let lists = LISTS[..count].iter();
            let types: Types =
                lists.map(|text| Answer::new((*text).into(), 0..text.len())).collect();
            let devices: Vec<&str> = types.devices().names().collect();
            let asked: Vec<&str> =
                types.concrete().filter(|name| !types.is_no_device(name)).collect();
            assert_eq!(devices, asked);
            let expected: &[&str] = match count {
                1 => &["a", "b", "back", "nic", "of-base", "orphan", "twice"],
                _ => &["a", "b", "back", "orphan", "twice"],
            };
            assert_eq!(devices, expected);
        }
    }
}
