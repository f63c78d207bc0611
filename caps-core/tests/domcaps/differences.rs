//! Differences of two documents.

use caps_core::diff::{Change, DifferenceKind};
use caps_core::domcaps::{DomainCapabilities, DomainType};

use crate::support::{Cpu, document, features_of};

fn made() -> DomainCapabilities {
    let cpu = Cpu::with(&features_of("Haswell")).vendor("GenuineIntel");
    let caps = cpu.listed("Haswell", &["rtm"]).listed("Broadwell", &[]).capabilities();
    document(&caps, DomainType::Kvm, None)
}

/// The differences, each in a line.
fn lines(from: &DomainCapabilities, to: &DomainCapabilities) -> Vec<String> {
    let lines = from.differences(to).into_iter().map(|difference| {
        let name = &difference.name;
        let host = if difference.host { " (host)" } else { "" };
        match &difference.change {
            Change::Added { .. } => format!("+{name}{host}"),
            Change::Removed { .. } => format!("-{name}{host}"),
            Change::Changed { what, from, to } => format!("{name} {what}: {from} -> {to}{host}"),
            _ => unreachable!("all changes are known"),
        }
    });
    lines.collect()
}

#[test]
fn equal_documents_have_no_differences_and_many_facts() {
    let document = made();
    assert_eq!(document.differences(&document), []);
    let facts = document.facts();
    let has = |kind, name: &str, what, value: &str| {
        facts.contains(&(kind, name.to_owned(), what, value.to_owned()))
    };
    assert!(has(DifferenceKind::DomainCapability, "arch", "", "x86_64"));
    assert!(has(DifferenceKind::DomainCapability, "domain", "", "kvm"));
    assert!(facts.iter().any(|(_, name, ..)| name == "disk/bus/ide"), "{facts:?}");
    assert!(has(DifferenceKind::CpuModel, "Haswell", "", ""), "{facts:?}");
    assert!(facts.is_sorted_by(|a, b| (a.0, &a.1) <= (b.0, &b.1)));
}

#[test]
fn each_difference_is_named_once() {
    let old = made();
    let mut new = old.clone();
    new.cpu.custom.retain(|model| model.name != "Haswell");
    assert_eq!(lines(&old, &new), ["-Haswell"], "with its blockers and all that it had");
    assert_eq!(lines(&new, &old), ["+Haswell"]);

    let mut new = old.clone();
    let broadwell = new.cpu.custom.iter_mut().find(|model| model.name == "Broadwell");
    broadwell.expect("a model").blockers.push("hle".to_owned());
    assert_eq!(lines(&old, &new), ["+Broadwell/hle (host)"]);
    assert_eq!(lines(&new, &old), ["-Broadwell/hle (host)"]);

    let mut new = old.clone();
    (new.max_vcpus, new.machine) = (Some(3), Some("q35".to_owned()));
    let machine = old.machine.as_deref().expect("a machine type");
    let vcpus = old.max_vcpus.expect("a limit");
    let expected = [format!("machine : {machine} -> q35"), format!("vcpu : {vcpus} -> 3")];
    assert_eq!(lines(&old, &new), expected);

    let mut new = old.clone();
    let model = new.cpu.host_model.as_mut().expect("a host model");
    model.model = "Other".to_owned();
    let expected = ["host-model model: Haswell -> Other (host)"];
    assert_eq!(lines(&old, &new), expected);
    // What an item says of itself can be gone although the item stays.
    let mut silent = old.clone();
    silent.cpu.host_model.as_mut().expect("a host model").vendor = None;
    assert_eq!(lines(&old, &silent), ["host-model vendor: Intel ->  (host)"]);
    assert_eq!(lines(&silent, &old), ["host-model vendor:  -> Intel (host)"]);
    new.cpu.host_model = None;
    assert!(lines(&old, &new).iter().all(|line| line.ends_with("(host)")));
}
