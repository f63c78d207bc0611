//! Backends with types in the schema: `-netdev`, `-object`, `-blockdev`, `-audiodev`, `-display`,
//! `-numa`.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::{Argument, Form, Pairs, Tree, Value};
use crate::hash::{NameMap, NameSet};
use crate::json::{Document, Node};
use crate::qapi::{Entry, MetaType};
use crate::validate::{Stage, ViolationKind};

/// The value of a typed option: a tree of text, or JSON.
pub(super) enum Typed<'v> {
    Tree(Tree),
    Json(Node<'v>),
}

impl Typed<'_> {
    pub(super) fn get(&self, key: &str) -> Option<String> {
        match self {
            Self::Tree(tree) => tree.get(key)?.as_text().map(str::to_owned),
            Self::Json(node) => node.get_str(key).map(std::borrow::Cow::into_owned),
        }
    }
}

impl<'a> Judge<'a> {
    /// The JSON value of an option; `None` after reporting a problem.
    pub(super) fn json(&mut self, argument: &'a Argument) -> Option<&'a Document> {
        let Value::Json { document, .. } = &argument.value else { return None };
        match document {
            Ok(document) => {
                if let Some(key) = repeated_key(document.root()) {
                    let mut violation =
                        self.violation(&key, ViolationKind::DuplicateKey, Stage::Value);
                    violation.found = format!("`{key}`");
                    violation.qemu = Some("JSON parse error, duplicate key".to_owned());
                    self.early(|judge| judge.push(violation));
                    return None;
                }
                Some(document)
            }
            Err(error) => {
                let mut violation = self.violation("", ViolationKind::Form, Stage::Value);
                violation.found = format!("the value is not JSON: {error}");
                violation.qemu = Some("JSON parse error, expecting value".to_owned());
                self.push(violation);
                None
            }
        }
    }

    /// The value, parsed as keyval or JSON.
    pub(super) fn keyval(&mut self, argument: &'a Argument) -> Option<Typed<'a>> {
        match &argument.value {
            Value::Pairs(pairs) => self.tree(pairs).map(Typed::Tree),
            _ => self.json(argument).map(|document| Typed::Json(document.root())),
        }
    }

    pub(super) fn check_type(&mut self, type_name: Option<String>, value: &Typed<'_>, tag: &str) {
        let Some(type_name) = type_name else {
            let reason = "the schema does not have the type of the option";
            self.unchecked("", reason);
            return;
        };
        match value {
            Typed::Tree(tree) => self.check_typed(&type_name, tree, tag),
            Typed::Json(node) => self.check_node(&type_name, *node, tag),
        }
    }

    pub(super) fn check_netdevs(&mut self) {
        for argument in self.options(&["netdev"]) {
            self.at(argument);
            let type_name = self.argument_type("netdev_add");
            let value = match &argument.value {
                Value::Pairs(pairs) => {
                    self.warn_short_forms(pairs);
                    let modern = matches!(pairs.get("type"), Some("stream" | "dgram"));
                    if modern {
                        self.tree(pairs).map(Typed::Tree)
                    } else {
                        type_name.as_deref().map(|name| Typed::Tree(self.opts_tree(name, pairs)))
                    }
                }
                _ => self.json(argument).map(|document| Typed::Json(document.root())),
            };
            let Some(value) = value else { continue };
            let kind = value.get("type").unwrap_or_default();
            if kind == "help" {
                continue;
            }
            if kind == "socket"
                && !["fd", "listen", "connect", "mcast", "udp"]
                    .iter()
                    .any(|key| value.get(key).is_some())
            {
                let words = "exactly one of listen=, connect=, mcast= or udp= is required";
                self.missing(
                    "connect",
                    "one of `fd`, `listen`, `connect`, `mcast` and `udp`",
                    words,
                );
            }
            if kind == "tap"
                && value.get("fd").is_some()
                && ["ifname", "script", "downscript", "helper", "queues", "fds"]
                    .iter()
                    .any(|key| value.get(key).is_some())
            {
                let words = "ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, fds=, and vhostfds= are invalid with fd=";
                self.conflict(
                    "fd",
                    Stage::Value,
                    "`fd` excludes the keys that make another tap",
                    words,
                );
            }
            if kind == "l2tpv3"
                && matches!(value.get("udp").as_deref(), Some("on" | "yes" | "true" | "y"))
                && (value.get("srcport").is_none() || value.get("dstport").is_none())
            {
                let words = "need both src and dst port for udp";
                self.missing("dstport", "both `srcport` and `dstport`", words);
            }
            self.check_type(type_name.clone(), &value, "type");
            let listed = self.know.lists.get("netdev");
            if let (Some(listed), Some(type_name)) = (listed, &type_name)
                && !listed.contains(&kind)
                && self.has_case(type_name, "type", &kind)
            {
                let words = format!(
                    "Parameter 'type' expects a netdev backend type (not enabled in this build): {kind}"
                );
                let names: Vec<&str> = listed.iter().map(String::as_str).collect();
                self.not_among("type", &kind, (ViolationKind::NotBuilt, Stage::Type), names, words);
            }
            self.name_backend(Space::Netdev, &value, &kind);
            if let Value::Pairs(pairs) = &argument.value {
                self.check_forwarding(pairs);
            }
            if let Some(chardev) = value.get("chardev") {
                self.refer(Space::Chardev, "chardev", &chardev);
            }
            if let Some(peer) = value.get("netdev") {
                self.refer(Space::Netdev, "netdev", &peer);
            }
        }
    }

    /// Checks the rules of the user network, such as `tcp::2222-:22`.
    pub(super) fn check_forwarding(&mut self, pairs: &Pairs) {
        for pair in pairs.iter().filter(|pair| pair.key == "hostfwd") {
            if !is_forwarding(&pair.value) {
                let words = format!("Invalid host forwarding rule '{}'", pair.value);
                self.wrong_value("hostfwd", &pair.value, "a rule such as `tcp::2222-:22`", words);
            }
        }
    }

    pub(super) fn name_backend(&mut self, space: Space, value: &Typed<'_>, kind: &str) {
        let Some(id) = value.get("id") else { return };
        if self.check_id("id", &id) {
            self.name(space, &id, Named { kind: kind.to_owned(), ..Named::default() });
        }
    }

    /// Warns about bare keys, which QEMU still reads as Booleans.
    pub(super) fn warn_short_forms(&mut self, pairs: &Pairs) {
        for pair in pairs.iter() {
            let written = match pair.form {
                Form::Bare => pair.key.clone(),
                Form::Negated => format!("no{}", pair.key),
                _ => continue,
            };
            let value = &pair.value;
            self.deprecated(
                &pair.key,
                &format!("the short form `{written}`"),
                &format!("write `{}={value}`", pair.key),
            );
        }
    }

    /// Builds the tree as `QemuOpts` does for a type: repeated keys of lists accumulate, and ranges
    /// are lists.
    pub(super) fn opts_tree(&self, type_name: &str, pairs: &Pairs) -> Tree {
        let schema = self.target.schema();
        let entry = schema.entry(type_name);
        let tag = entry.and_then(Entry::tag);
        let case = tag.as_deref().and_then(|tag| pairs.get(tag));
        let shape = entry.map(Entry::shape);
        let variant = shape.zip(case).and_then(|(shape, case)| shape.variant(case));
        let variant = variant.and_then(|name| schema.entry(name)).map(Entry::shape);
        let member = |key: &str| -> Option<Entry<'_>> {
            let mut shapes = shape.into_iter().chain(variant);
            schema.entry(shapes.find_map(|shape| shape.member(key))?.type_name.as_deref()?)
        };
        let mut members: Vec<(String, Tree)> = Vec::new();
        let mut places: NameMap<&str, usize> = NameMap::default();
        for pair in pairs.iter() {
            let array =
                member(&pair.key).filter(|entry| entry.meta_type() == Some(MetaType::Array));
            let value = Tree::Text(pair.value.clone());
            let known = places.get(pair.key.as_str()).copied();
            if known.is_none() {
                places.insert(&pair.key, members.len());
            }
            let Some(array) = array else {
                match known {
                    Some(index) => members[index].1 = value,
                    None => members.push((pair.key.clone(), value)),
                }
                continue;
            };
            let element = array.element_type().and_then(|name| schema.entry(&name));
            let is_object =
                element.is_some_and(|entry| entry.meta_type() == Some(MetaType::Object));
            let elements = if is_object {
                vec![Tree::Members(vec![("str".to_owned(), value)])]
            } else {
                range(&pair.value)
            };
            match known.map(|index| &mut members[index].1) {
                Some(Tree::List(list)) => list.extend(elements),
                _ => members.push((pair.key.clone(), Tree::List(elements))),
            }
        }
        Tree::Members(members)
    }
}

/// A key that an object has twice, at any depth.
fn repeated_key(node: Node<'_>) -> Option<String> {
    let mut seen = NameSet::default();
    for (key, value) in node.members() {
        if !seen.insert(key.clone()) {
            return Some(key.into_owned());
        }
        if let Some(key) = repeated_key(value) {
            return Some(key);
        }
    }
    node.elements().find_map(repeated_key)
}

/// `[tcp|udp]:[ADDRESS]:PORT-[ADDRESS]:PORT`
fn is_forwarding(rule: &str) -> bool {
    let Some((host, guest)) = rule.split_once('-') else { return false };
    let mut host = host.splitn(3, ':');
    let (Some(protocol), Some(_), Some(port)) = (host.next(), host.next(), host.next()) else {
        // Newer QEMUs also forward from Unix sockets of the host.
        return rule.starts_with("unix:");
    };
    let Some((_, guest_port)) = guest.rsplit_once(':') else { return false };
    let number = |text: &str| text.parse::<u16>().is_ok();
    matches!(protocol, "" | "tcp" | "udp")
        && number(port.rsplit(':').next().unwrap_or_default())
        && number(guest_port)
}

/// Reads `1` or `0-3` as numbers, of which a range needs the first and the last one: those between
/// fit the type if these do. Anything else stays text, as the element of a list.
fn range(text: &str) -> Vec<Tree> {
    let bounds = text
        .split_once('-')
        .and_then(|(first, last)| Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?)));
    match bounds {
        Some((first, last)) if first <= last => {
            [first, last].map(|number| Tree::Text(number.to_string())).into()
        }
        _ => vec![Tree::Text(text.to_owned())],
    }
}
