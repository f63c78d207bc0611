//! Domain capabilities: the documents of libvirt's test for each capture.

use caps_core::diff::DifferenceKind;
use caps_core::domcaps::TestDocument;

use super::capture::Facts;
use super::kind::Kind;
use super::table::{Record, Store, Table};

pub(super) struct Domcaps {
    captures: usize,
    /// By domain type and machine type.
    documents: Vec<(String, Table)>,
}

impl Domcaps {
    pub(super) fn new(captures: usize) -> Self {
        Self { captures, documents: Vec::new() }
    }

    pub(super) fn add(&mut self, capture: usize, facts: &Facts, store: &mut Store) {
        for document in TestDocument::of(&facts.id) {
            let made = document.make(facts.capabilities(), &facts.id, facts.derived.baseline);
            let Ok(made) = made else { continue };
            let domain_type = document.domain_type.name();
            let title = match document.machine {
                Some(machine) => format!("{domain_type} {machine}"),
                None => domain_type.to_owned(),
            };
            let table = self.table(&title);
            table.asked(capture);
            for (kind, name, what, value) in made.facts() {
                let Some(name) = entry(kind, name, what) else { continue };
                let record = Record::default().with("value", value).id(store);
                table.set(&format!("{title}/{name}"), capture, record);
            }
        }
    }

    fn table(&mut self, title: &str) -> &mut Table {
        let index = self.documents.iter().position(|(known, _)| known == title);
        let index = index.unwrap_or_else(|| {
            self.documents.push((title.to_owned(), Table::new(self.captures)));
            self.documents.len() - 1
        });
        &mut self.documents[index].1
    }

    pub(super) fn finish(mut self, store: &mut Store) -> Kind {
        self.documents.sort_by(|(a, _), (b, _)| a.cmp(b));
        let rows = self.documents.into_iter().flat_map(|(_, table)| table.finish(store));
        Kind::new("domcaps", rows.collect())
    }
}

/// The name of the entry for a fact, if it has one.
fn entry(kind: DifferenceKind, name: String, what: &str) -> Option<String> {
    match (kind, what) {
        (DifferenceKind::DomainCapability, _) => Some(name),
        (DifferenceKind::HostModel, "") => Some(format!("cpu/host-model/{name}")),
        (DifferenceKind::HostModel, _) => Some(format!("cpu/host-model/{what}")),
        (DifferenceKind::CpuModel, "usable") => Some(format!("cpu/custom/{name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_about_cpus_are_named_by_the_mode() {
        use DifferenceKind::{CpuBlocker, CpuModel, DomainCapability, HostModel};
        for (kind, name, what, expected) in [
            (DomainCapability, "disk/bus/sata", "", Some("disk/bus/sata")),
            (HostModel, "avx2", "", Some("cpu/host-model/avx2")),
            (HostModel, "EPYC", "fallback", Some("cpu/host-model/fallback")),
            (CpuModel, "EPYC", "usable", Some("cpu/custom/EPYC")),
            (CpuModel, "EPYC", "vendor", None),
            (CpuModel, "EPYC", "", None),
            (CpuBlocker, "EPYC", "usable", None),
        ] {
            assert_eq!(entry(kind, name.to_owned(), what).as_deref(), expected, "{name} {what}");
        }
    }
}
