//! The domain capabilities of every capture of the project, and an orchestrator's questions.

use qemu_caps::data::DIR;
use qemu_caps::domcaps::{FilesystemDriver, LoaderSecure, OsFirmware, baseline_of, common_models};
use qemu_caps::prelude::*;
use qemu_caps::testing::{DomainDocuments, GoldenError, Suite};

// The suite: each document that libvirt's test makes of a capture, compared with its golden file.
qemu_caps::caps_test!(domain_capabilities: all, variant = any => golden_files);

fn golden_files(documents: &DomainDocuments) -> Result<(), GoldenError> {
    documents.check("domaincapsdata")
}

#[caps_test(all, "x86_64", machine = "q35", virttype = qemu)]
fn the_document_is_the_one_that_is_asked_for(domcaps: &DomainCapabilities, version: Version) {
    let machine = domcaps.machine.as_deref().unwrap_or_default();
    assert!(machine.starts_with("pc-q35-"), "{machine} of {version}");
    assert_eq!(domcaps.domain_type.name(), "qemu");
}

#[caps_test(latest, ["x86_64", "aarch64", "riscv64"])]
fn each_document_is_one_of_the_test(domcaps: &DomainCapabilities, documents: &DomainDocuments) {
    assert!(documents.iter().any(|(_, document)| document == domcaps));
}

#[test]
fn a_suite_that_names_no_document_runs_for_each() -> Result<(), Box<dyn std::error::Error>> {
    static SUITE: Suite =
        Suite::new("test", "module", env!("CARGO_MANIFEST_DIR")).captures(DIR, "all", &[]);
    for (capture, expected) in [("11.1.3_x86_64", 3), ("11.1.3_aarch64", 2), ("11.1.3_s390x", 1)] {
        let mut case = SUITE.case().over_capture(capture);
        let mut seen = Vec::new();
        while case.next_document() {
            seen.push(case.domain_capabilities().map_err(|error| error.to_string())?.clone());
        }
        let all = case.domain_documents().map_err(|error| error.to_string())?;
        assert!(seen.iter().eq(all.iter().map(|(_, document)| document)), "{capture}");
        assert_eq!(seen.len(), expected, "{capture}");
    }
    Ok(())
}

#[test]
#[should_panic(expected = "they would share its golden file; expected `machine = \"...\"`")]
fn documents_share_no_golden_file() {
    static SUITE: Suite = Suite::new("test", "module", env!("CARGO_MANIFEST_DIR"))
        .captures(DIR, "all", &[])
        .goldens(&[("", "tests/golden/{test}.{arch}-{version}.xml")]);
    let mut case = SUITE.case().over_capture("11.1.3_x86_64");
    while case.next_document() {
        case.domain_capabilities().expect("a document");
    }
}

#[test]
fn other_tests_run_once() {
    static NAMED: Suite = Suite::new("test", "module", env!("CARGO_MANIFEST_DIR"))
        .captures(DIR, "all", &[])
        .machine("q35");
    static NOT_ASKED: Suite =
        Suite::new("test", "module", env!("CARGO_MANIFEST_DIR")).captures(DIR, "all", &[]);
    for (suite, asks) in [(&NAMED, true), (&NOT_ASKED, false)] {
        let mut case = suite.case().over_capture("11.1.3_x86_64");
        let mut runs = 0;
        while case.next_document() {
            runs += 1;
            assert!(!asks || case.domain_capabilities().is_ok());
        }
        assert_eq!(runs, 1);
    }
}

#[caps_test(latest, "x86_64", clear("vhost-user-fs"))]
fn flags_count(domcaps: &DomainCapabilities) {
    assert!(!domcaps.has(FilesystemDriver::Virtiofs));
}

#[caps_test(latest, "x86_64", set("usb-bot"), clear("set-action", "migrate-rdma"))]
fn the_release_is_that_of_the_capture(domcaps: &DomainCapabilities, capture: &Capture) {
    let xml = std::fs::read_to_string(capture.xml.as_ref().expect("a description"));
    let as_it_is = qemu_caps::xml::read(&xml.expect("a file")).expect("a description");
    assert_eq!(domcaps.baseline, baseline_of(&as_it_is), "whatever flags a suite sets");
}

// The README has these.

#[caps_test(latest, "x86_64", machine = "q35")]
fn secure_boot_is_possible(domcaps: &DomainCapabilities) {
    assert!(domcaps.has(OsFirmware::Efi) && domcaps.has(LoaderSecure::Yes));
}

#[caps_test(latest, ["x86_64", "aarch64", "s390x"])]
fn takes_virtiofs(domcaps: &DomainCapabilities) {
    assert!(domcaps.has(FilesystemDriver::Virtiofs));
}

#[test]
fn a_model_for_both_hosts() -> Result<(), Box<dyn std::error::Error>> {
    let read = |name| -> Result<DomainCapabilities, Box<dyn std::error::Error>> {
        Ok(DomainCapabilities::parse(&std::fs::read_to_string(name)?)?)
    };
    let here = read("domaincapsdata/qemu_10.0.13.x86_64.xml")?;
    let there = read("domaincapsdata/qemu_11.1.3.x86_64.xml")?;
    let models = common_models(&[&here, &there]); // those usable on both, the richest first
    assert_eq!(models.first().map(|model| model.name.as_str()), Some("pentium3"));
    Ok(())
}

#[test]
fn the_readme_has_the_questions_as_they_are_here() {
    let (ours, readme) = (include_str!("domain_capabilities.rs"), include_str!("../README.md"));
    let from = ours.find("#[caps_test(latest, \"x86_64\", machine").expect("the first question");
    let to = ours.find("#[test]\nfn the_readme").expect("this test");
    assert!(readme.contains(ours[from..to].trim_end()), "copy the questions to README.md");
}
