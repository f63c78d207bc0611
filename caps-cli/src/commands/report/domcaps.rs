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
                let name = match kind {
                    DifferenceKind::DomainCapability => name,
                    DifferenceKind::HostModel if what.is_empty() => {
                        format!("cpu/host-model/{name}")
                    }
                    DifferenceKind::HostModel => format!("cpu/host-model/{what}"),
                    DifferenceKind::CpuModel if what == "usable" => format!("cpu/custom/{name}"),
                    _ => continue,
                };
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
