//! Capability flags by libvirt release.

use caps_core::{Baseline, Flag};
use serde_json::{Map, Value, json};

use super::capture::Facts;
use super::kind::Kind;
use super::table::{PRESENT, Store, Table};

pub(super) struct Flags(Vec<(Baseline, Table)>);

impl Flags {
    pub(super) fn new(captures: usize) -> Self {
        Self(Baseline::ALL.iter().map(|&baseline| (baseline, Table::new(captures))).collect())
    }

    pub(super) fn add(&mut self, capture: usize, facts: &Facts) {
        for (baseline, table) in &mut self.0 {
            let Some(derived) = facts.by_baseline.iter().find(|one| one.baseline == *baseline)
            else {
                continue;
            };
            table.asked(capture);
            for &flag in Flag::ALL.iter().filter(|flag| flag.is_live(*baseline)) {
                if derived.capabilities.has(flag) {
                    table.set(flag.name(), capture, PRESENT);
                } else if !derived.settles(flag) {
                    table.set_unasked(flag.name(), capture);
                }
            }
        }
    }

    pub(super) fn finish(self, store: &mut Store) -> Vec<Kind> {
        let kind = |(baseline, mut table): (Baseline, Table)| {
            let live = || Flag::ALL.iter().filter(move |flag| flag.is_live(baseline));
            live().for_each(|flag| table.add(flag.name()));
            let about: Map<String, Value> =
                live().map(|flag| (flag.name().to_owned(), about(*flag, baseline))).collect();
            Kind {
                baseline: Some(baseline.name()),
                about,
                ..Kind::new("flag", table.finish(store))
            }
        };
        self.0.into_iter().map(kind).collect()
    }
}

fn about(flag: Flag, baseline: Baseline) -> Value {
    let rules: Vec<String> = flag
        .rules_in(baseline)
        .map(|rule| match rule.accel {
            Some(accel) => format!("{} with {accel}", rule.kind),
            None => rule.kind.to_string(),
        })
        .collect();
    json!({"index": flag.index(), "doc": flag.doc(), "rules": rules})
}
