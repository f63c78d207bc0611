//! A QEMU whose TCG is a module that is not installed: it starts with KVM, and without it not at all.

use std::fs;
use std::path::{Path, PathBuf};

use caps_core::Baseline;
use caps_core::caps::Capabilities;
use caps_core::probe::live::{Accelerators, Live, Options};
use caps_core::probe::{Matching, ProbeError, Recorder, derive, run};
use caps_core::replies::Conversation;
use caps_core::survey::{RecordOptions, record};

use crate::fixture::Fixture;

const CAPTURE: &str = "10.0.13_x86_64";

/// The fake QEMU, and the first session of the capture, which it answers from.
fn fake(fixture: &Fixture) -> (PathBuf, String) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let text = fs::read_to_string(data.join(format!("caps_{CAPTURE}.replies"))).expect("a capture");
    let second = text.rfind("{\n  \"execute\": \"qmp_capabilities\"").expect("two sessions");
    let first = format!("{}\n", text[..second].trim_end());
    fs::write(fixture.path("conversation"), &text).expect("a file");
    (fixture.fake("has-no-tcg"), first)
}

fn probe(binary: &Path, options: Options) -> (Result<Capabilities, ProbeError>, String) {
    let mut recorder = Recorder::new(Live::new(binary, options));
    let result = run(Baseline::NEWEST, &mut recorder);
    (result, recorder.into_parts().1)
}

#[test]
fn a_probe_without_tcg_records_what_there_is() {
    let fixture = Fixture::new();
    let (binary, first) = fake(&fixture);
    let (result, _) = probe(&binary, fixture.options());
    let error = fixture.chain(&result.expect_err("TCG can't start"));
    assert!(error.contains("invalid accelerator tcg"), "{error}");
    fixture.assert_nothing_is_left();

    let mut options = fixture.options();
    options.accelerators = Accelerators::Host;
    let (result, text) = probe(&binary, options);
    assert!(result.expect("KVM can start").is_accelerated());
    assert!(text == first, "not what was recorded in the first session");
    fixture.assert_nothing_is_left();

    let conversation = Conversation::parse(&text).expect("a conversation");
    let id = CAPTURE.parse().expect("a name");
    let derived = derive(&conversation, &id, Matching::ByContent, Baseline::NEWEST).expect("KVM");
    assert_eq!(derived.missing, ["`qmp_capabilities` (session 2)"]);
    let strict = derive(&conversation, &id, Matching::Strict, Baseline::NEWEST);
    assert!(strict.expect_err("libvirt has two sessions").to_string().contains("can't start"));
}

#[test]
fn a_survey_says_which_session_did_not_start() {
    let fixture = Fixture::new();
    let (binary, first) = fake(&fixture);
    let mut options = RecordOptions::default();
    options.live = fixture.options();
    let survey = record(&binary, &options, &|_| {}).expect("a survey of the other session");
    fixture.assert_nothing_is_left();
    assert!(survey.text().contains("qemu-caps:NotStarted"));
    assert!(survey.text().contains("invalid accelerator tcg"));
    let replies = survey.replies(Baseline::NEWEST).expect("a conversation");
    assert!(replies.text() == first, "not what was recorded in the first session");
    let id = CAPTURE.parse().expect("a name");
    let capabilities = survey.capabilities(Baseline::NEWEST, &id).expect("capabilities");
    assert!(capabilities.is_accelerated() && capabilities.tcg.cpus.is_none());
}
