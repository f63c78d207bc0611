//! Comparing two documents.

use std::collections::BTreeMap;

use super::document::DomainCapabilities;
use super::parts::{Enumeration, Group};
use crate::diff::{Change, Difference, DifferenceKind};

/// The subject of a fact: its kind, its name, and the attribute with the value.
type Key = (DifferenceKind, String, &'static str);

/// The facts of a document. An empty attribute means that the item exists; if only one side has the
/// item, its other facts are omitted.
#[derive(Default)]
struct Facts(BTreeMap<Key, String>);

impl DomainCapabilities {
    /// All facts of the document, sorted by kind and name: the kind, the name, the attribute and its
    /// value. Both are empty for the fact that the item exists.
    pub fn facts(&self) -> Vec<(DifferenceKind, String, &'static str, String)> {
        let Facts(facts) = Facts::of(self);
        facts.into_iter().map(|((kind, name, what), value)| (kind, name, what, value)).collect()
    }

    /// Compares with another document; the result is sorted by kind and name. Ignores the paths of
    /// binaries.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (Facts(a), Facts(b)) = (Facts::of(self), Facts::of(other));
        let mut differences = Vec::new();
        for (key, from) in &a {
            let (kind, name, what) = key;
            let change = match b.get(key) {
                Some(to) if from == to => continue,
                Some(to) => {
                    Change::Changed { what: (*what).to_owned(), from: from.clone(), to: to.clone() }
                }
                // A model that is gone is one difference, not one for each of its properties.
                None if is_part_of_news(key, &b) => continue,
                None if what.is_empty() => Change::Removed { detail: String::new() },
                None => Change::Changed {
                    what: (*what).to_owned(),
                    from: from.clone(),
                    to: String::new(),
                },
            };
            differences.push(difference(*kind, name, what, change));
        }
        for (key, to) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
            let (kind, name, what) = key;
            let change = if is_part_of_news(key, &a) {
                continue;
            } else if what.is_empty() {
                Change::Added { detail: String::new() }
            } else {
                Change::Changed { what: (*what).to_owned(), from: String::new(), to: to.clone() }
            };
            differences.push(difference(*kind, name, what, change));
        }
        differences.sort_by(|a, b| (a.kind, &a.name, &a.change).cmp(&(b.kind, &b.name, &b.change)));
        differences
    }
}

/// Returns whether the item itself, or the model it belongs to, is missing on the other side.
fn is_part_of_news((kind, name, what): &Key, other: &BTreeMap<Key, String>) -> bool {
    let absent = |kind, name: &str| !other.contains_key(&(kind, name.to_owned(), ""));
    match kind {
        DifferenceKind::CpuBlocker => {
            let model = name.split('/').next().unwrap_or(name);
            absent(DifferenceKind::CpuModel, model)
        }
        _ => !what.is_empty() && absent(*kind, name),
    }
}

fn difference(kind: DifferenceKind, name: &str, what: &str, change: Change) -> Difference {
    // What depends on the machine that runs QEMU, and not on QEMU.
    let of_host = ["sev/", "sgx/", "loader/image/"];
    let host = matches!(kind, DifferenceKind::HostModel | DifferenceKind::CpuBlocker)
        || what == "usable"
        || of_host.iter().any(|prefix| name.starts_with(prefix));
    Difference { kind, name: name.to_owned(), change, host }
}

impl Facts {
    fn of(document: &DomainCapabilities) -> Self {
        let mut facts = Self::default();
        facts.say("machine", document.machine.as_deref().unwrap_or("none"));
        facts.say("domain", document.domain_type.name());
        facts.say("arch", document.arch.name());
        facts.say("vcpu", &document.max_vcpus.unwrap_or(0).to_string());
        facts.enumeration("os", &document.os.firmware);
        for image in &document.os.images {
            facts.there(format!("loader/image/{image}"));
        }
        if let Some(varstore) = document.os.varstore {
            facts.supported("varstore", varstore);
        }
        document.groups().for_each(|group| facts.group(group));
        facts.features(document);
        facts.cpu(document);
        facts
    }

    fn add(&mut self, kind: DifferenceKind, name: String, what: &'static str, value: &str) {
        self.0.insert((kind, name, what), value.to_owned());
    }

    /// Adds an item that exists or not.
    fn there(&mut self, name: String) {
        self.add(DifferenceKind::DomainCapability, name, "", "");
    }

    /// Adds an item with a value.
    fn say(&mut self, name: &str, value: &str) {
        self.add(DifferenceKind::DomainCapability, name.to_owned(), "", value);
    }

    fn supported(&mut self, name: &str, yes: bool) {
        self.say(name, if yes { "yes" } else { "no" });
    }

    fn group(&mut self, group: &Group) {
        self.supported(&group.name, group.supported);
        group.enums.iter().for_each(|found| self.enumeration(&group.name, found));
    }

    fn enumeration(&mut self, group: &str, found: &Enumeration) {
        for value in &found.values {
            self.there(format!("{group}/{}/{value}", found.name));
        }
    }

    fn features(&mut self, document: &DomainCapabilities) {
        let features = &document.features;
        for toggle in &features.toggles {
            self.supported(&toggle.name, toggle.supported);
        }
        self.supported("sev", features.sev.is_some());
        if let Some(sev) = &features.sev {
            self.say("sev/cbitpos", &sev.cbitpos.to_string());
            self.say("sev/reducedPhysBits", &sev.reduced_phys_bits.to_string());
            self.say("sev/maxGuests", &sev.max_guests.to_string());
            self.say("sev/maxESGuests", &sev.max_es_guests.to_string());
            if let Some(id) = &sev.cpu0_id {
                self.say("sev/cpu0Id", id);
            }
        }
        self.supported("sgx", features.sgx.is_some());
        if let Some(sgx) = &features.sgx {
            self.say("sgx/section_size", &sgx.section_size.to_string());
            for (name, on) in [("flc", sgx.flc), ("sgx1", sgx.sgx1), ("sgx2", sgx.sgx2)] {
                self.supported(&format!("sgx/{name}"), on);
            }
            for section in &sgx.sections {
                self.say(&format!("sgx/section/{}", section.node), &section.size.to_string());
            }
        }
        if let Some(hyperv) = &features.hyperv {
            self.supported("hyperv", hyperv.supported);
            for enlightenment in &hyperv.enlightenments {
                self.there(format!("hyperv/features/{enlightenment}"));
            }
            for (name, value) in hyperv.defaults.entries() {
                self.say(&format!("hyperv/defaults/{name}"), &value);
            }
        }
    }

    fn cpu(&mut self, document: &DomainCapabilities) {
        let kind = DifferenceKind::HostModel;
        self.add(kind, "host-model".to_owned(), "", "");
        if let Some(model) = &document.cpu.host_model {
            let name = || "host-model".to_owned();
            self.add(kind, name(), "model", &model.model);
            let fallback = if model.allows_fallback { "allow" } else { "forbid" };
            self.add(kind, name(), "fallback", fallback);
            if let Some(vendor) = &model.vendor {
                self.add(kind, name(), "vendor", vendor);
            }
            if let Some(bits) = model.max_phys_address {
                self.add(kind, name(), "maxphysaddr", &bits.to_string());
            }
            for feature in &model.features {
                self.add(kind, feature.name.clone(), "", feature.policy.name());
            }
        }
        let kind = DifferenceKind::CpuModel;
        for model in &document.cpu.custom {
            let mut say = |what, value: &str| self.add(kind, model.name.clone(), what, value);
            let yes_no = |yes| if yes { "yes" } else { "no" };
            say("", "");
            say("usable", model.usable.map_or("unknown", yes_no));
            say("deprecated", yes_no(model.deprecated));
            say("vendor", &model.vendor);
            if let Some(canonical) = &model.canonical {
                say("canonical", canonical);
            }
            for blocker in &model.blockers {
                let name = format!("{}/{blocker}", model.name);
                self.add(DifferenceKind::CpuBlocker, name, "", "");
            }
        }
    }
}
