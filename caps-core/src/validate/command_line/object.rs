//! Objects and references to them; NUMA nodes.

use super::backends::Typed;
use super::judge::Judge;
use super::names::Space;
use crate::command_line::Value;
use crate::validate::setters::{Values, properties, written_properties};
use crate::validate::{Stage, ViolationKind};

/// Objects that protect the guest from the host.
const GUARDS: &[&str] = &[
    "sev-guest",
    "sev-snp-guest",
    "tdx-guest",
    "s390-pv-guest",
    "pef-guest",
    "igvm-cfg",
    "rme-guest",
];

impl Judge<'_> {
    pub(super) fn check_objects(&mut self) {
        for argument in self.options(&["object"]) {
            self.at(argument);
            let type_name = self.argument_type("object-add");
            let value = match &argument.value {
                Value::Pairs(pairs) => {
                    self.warn_short_forms(pairs);
                    type_name.as_deref().map(|name| Typed::Tree(self.opts_tree(name, pairs)))
                }
                _ => self.json(argument).map(|document| Typed::Json(document.root())),
            };
            let Some(value) = value else { continue };
            let kind = value.get("qom-type").unwrap_or_default();
            if kind == "help" {
                continue;
            }
            let before = self.problem_count();
            self.check_type(type_name.clone(), &value, "qom-type");
            let objects = self.know.objects.as_ref();
            if objects.is_some_and(|objects| !objects.contains(&kind))
                && self.problem_count() == before
            {
                let words = format!("invalid object type: {kind}");
                let unknown = (ViolationKind::UnknownObject, Stage::Type);
                self.not_among_known("qom-type", &kind, unknown, self.know.object_names(), words);
            }
            self.check_object_needs(&kind, &value);
            self.name_backend(Space::Object, &value, &kind);
        }
    }

    /// Checks limits of objects that are not in the schema, and references to secrets.
    fn check_object_needs(&mut self, kind: &str, value: &Typed<'_>) {
        let properties = match value {
            Typed::Json(node) => properties(*node),
            Typed::Tree(tree) => written_properties(tree),
        };
        let object = Values { of: kind, version: Some(self.know.version), properties };
        for breach in object.breaches() {
            let mut violation = self.violation(&breach.key, breach.kind, Stage::Value);
            violation.found = breach.found;
            violation.expected = breach.expected;
            violation.qemu = Some(breach.qemu);
            self.push(violation);
        }
        if let Some(secret) = value.get("keyid").filter(|_| kind == "secret") {
            self.refer(Space::Object, "keyid", &secret);
        }
    }

    /// Checks references between objects, which can be to later ones.
    pub(super) fn check_object_references(&mut self) {
        for argument in self.options(&["machine", "M"]) {
            self.at(argument);
            for key in ["pflash0", "pflash1"] {
                let node = argument.pairs().and_then(|pairs| pairs.get(key)).map(str::to_owned);
                if let Some(node) = node
                    && self.find(Space::Node, &node).is_none()
                    && self.find(Space::Drive, &node).is_none()
                {
                    self.refer_node(key, &node);
                }
            }
            for key in ["memory-encryption", "confidential-guest-support"] {
                let id = argument.pairs().and_then(|pairs| pairs.get(key)).map(str::to_owned);
                if let Some(id) = id {
                    self.check_guard(key, &id);
                }
            }
            let backend = argument.pairs().and_then(|pairs| pairs.get("memory-backend"));
            if let Some(backend) = backend.map(str::to_owned) {
                self.refer(Space::Object, "memory-backend", &backend);
            }
        }
        for argument in self.options(&["object"]) {
            self.at(argument);
            let get = |key: &str| match &argument.value {
                Value::Pairs(pairs) => pairs.get(key).map(str::to_owned),
                Value::Json { document: Ok(document), .. } => {
                    document.root().get_str(key).map(std::borrow::Cow::into_owned)
                }
                _ => None,
            };
            let kind = get("qom-type").unwrap_or_default();
            if (kind.starts_with("filter-") || kind == "colo-compare")
                && let Some(netdev) = get("netdev")
            {
                self.refer(Space::Netdev, "netdev", &netdev);
            }
            if let Some(chardev) = get("chardev") {
                self.refer(Space::Chardev, "chardev", &chardev);
            }
        }
    }

    /// Checks the object that protects the guest from the host.
    fn check_guard(&mut self, key: &str, id: &str) {
        let Some(kind) = self.find(Space::Object, id).map(|named| named.kind.clone()) else {
            if !self.blind {
                let words = format!("No such memory encryption object '{id}'");
                self.dangling(Space::Object, key, id, words);
            }
            return;
        };
        if !GUARDS.contains(&kind.as_str()) {
            let words = "Invalid parameter type for 'confidential-guest-support', expected: confidential-guest-support";
            self.wrong_value(
                key,
                id,
                &format!("an object that protects the guest, not a {kind}"),
                words,
            );
        }
    }

    pub(super) fn check_numa(&mut self) {
        let mut with_memory = 0;
        let mut first = None;
        for argument in self.options(&["numa"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            if !self.has_numa() {
                return;
            }
            let Some(type_name) = self.argument_type("set-numa-node") else {
                self.unchecked("", "the schema does not have the type of the option");
                continue;
            };
            let tree = self.opts_tree(&type_name, pairs);
            self.check_typed(&type_name, &tree, "type");
            if let Some(memdev) = pairs.get("memdev") {
                self.refer(Space::Object, "memdev", memdev);
            }
            if pairs.get("type") == Some("node") {
                first.get_or_insert(argument);
                with_memory +=
                    usize::from(pairs.get("mem").is_some() || pairs.get("memdev").is_some());
            }
        }
        if let Some(first) = first {
            self.at(first);
            self.check_numa_memory();
        }
        if let Some(first) = first.filter(|_| with_memory == 0) {
            self.at(first);
            let words = "total memory for NUMA nodes (0x0) should equal RAM size";
            self.conflict("", Stage::Value, "nodes without memory: none has `memdev`", words);
        }
    }
}
