//! A probe of a survey is a probe of its QEMU, for the installed one and for a directory of them.

use std::path::Path;

use caps_core::capture::{CaptureId, Captures};
use caps_core::probe::live::{Live, Options};
use caps_core::probe::{Matching, Recorder, derive, run};
use caps_core::replies::Conversation;
use caps_core::survey::{Provenance, RecordOptions, Survey, UnknownQemu, record};
use caps_core::xml;
use caps_core::{Arch, Baseline};
use caps_test_support::{not_run, qemus, require_qemu};

#[test]
fn the_installed_qemu_gives_what_its_survey_gives() {
    if let Some(binary) = require_qemu("shipped", "qemu-system-x86_64") {
        compare(&binary);
    }
}

#[test]
fn each_qemu_of_the_directory_gives_what_its_survey_gives() {
    for binary in qemus("shipped") {
        compare(&binary);
    }
}

/// Compares probes with those of a new survey, and of the shipped one if it was recorded on this host.
fn compare(binary: &Path) {
    let shown = binary.display();
    let fresh = record(binary, &RecordOptions::default(), &|_| {}).expect("a survey");
    let id = match fresh.capture_id(binary) {
        Ok(id) => id,
        Err(error @ UnknownQemu::Target(_)) => {
            return not_run("shipped", &format!("{shown}: {error}"));
        }
        Err(error) => panic!("{shown}: {error}"),
    };
    let shipped = shipped(&id).filter(|_| is_whole_target(binary));
    let host = |survey: &Survey| survey.provenance().map(|origin| host(&origin));
    let same = shipped.filter(|shipped| host(shipped) == host(&fresh));
    if same.is_none() {
        let why =
            format!("{shown}: no shipped survey of this build on this host; its own is compared");
        not_run("shipped", &why);
    }
    for &baseline in Baseline::ALL {
        let mut recorder = Recorder::new(Live::new(binary, Options::default()));
        run(baseline, &mut recorder).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let (_, live) = recorder.into_parts();
        for survey in [Some(&fresh), same.as_ref()].into_iter().flatten() {
            let replies =
                survey.replies(baseline).unwrap_or_else(|error| panic!("{shown}: {error}"));
            assert_same(replies.text(), &live, &format!("{shown}, libvirt {baseline}"));
            let derived = survey.capabilities(baseline, &id).expect("capabilities");
            let live = Conversation::parse(&live).expect("a conversation");
            let live = derive(&live, &id, Matching::Strict, baseline).expect("capabilities");
            assert!(xml::write(&derived) == xml::write(&live.capabilities), "{shown}: XML");
        }
    }
}

/// A build of another name, such as `qemu-system-x86_64-microvm`, is another QEMU of the same target.
fn is_whole_target(binary: &Path) -> bool {
    let target = binary.file_name().and_then(|name| name.to_str()?.strip_prefix("qemu-system-"));
    target.and_then(Arch::from_qemu_target).is_some()
}

/// Fails with the first line that differs.
fn assert_same(recorded: &str, live: &str, what: &str) {
    for (number, (recorded, live)) in (1..).zip(recorded.lines().zip(live.lines())) {
        assert_eq!(recorded, live, "{what}: line {number} of a survey's probe and of a live one");
    }
    assert_eq!(recorded.len(), live.len(), "{what}: the length");
}

/// What answers depend on: the QEMU, and the host that it asks about.
fn host(origin: &Provenance) -> [Option<String>; 5] {
    let Provenance { package, accelerator, host_arch, host_cpu, kernel, .. } = origin.clone();
    [package, accelerator, host_arch, host_cpu, kernel]
}

/// The survey of that name which comes with the project.
fn shipped(id: &CaptureId) -> Option<Survey> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let captures = Captures::discover(dir).expect("captures");
    let capture = captures.iter().find(|capture| capture.id == *id)?;
    let bytes = std::fs::read(capture.survey.as_ref()?).expect("a file");
    Some(Survey::from_bytes(&bytes).expect("a survey"))
}
