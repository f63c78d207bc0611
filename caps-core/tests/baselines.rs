//! Detecting the libvirt release of a recording, and counting answers for their own question only.

use std::fs;
use std::path::Path;

use caps_core::capture::CaptureId;
use caps_core::json::Document;
use caps_core::probe::{
    Answer, ConvertError, Derived, Host, HostError, Launch, Matching, Replay, convert,
    convert_with, derive, detect,
};
use caps_core::qmp::{Command, Reply};
use caps_core::replies::Conversation;
use caps_core::survey::Survey;
use caps_core::{Baseline, BaselineChoice, Flag};

fn text(id: &str) -> String {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    fs::read_to_string(data.join(format!("caps_{id}.replies"))).expect("one of the captures")
}

fn derived(text: &str, id: &CaptureId, baseline: impl Into<BaselineChoice>) -> Derived {
    let conversation = Conversation::parse(text).expect("a conversation");
    derive(&conversation, id, Matching::ByContent, baseline).expect("capabilities")
}

/// Renames what follows the nth question about a device type.
fn doctored(text: &str, type_name: &str, nth: usize, from: &str, to: &str) -> String {
    let question = format!("\"typename\": \"{type_name}\"");
    let (at, _) = text.match_indices(&question).nth(nth).expect("the question");
    let (before, after) = text.split_at(at);
    let changed = after.replacen(from, to, 1);
    assert_ne!(after, changed);
    before.to_owned() + &changed
}

/// libvirt asks about `virtio-blk-ccw` twice, and reads different properties from each answer.
#[test]
fn an_answer_counts_for_the_question_that_was_asked() {
    let cases = [
        ("7.2.22_s390x", Flag::VirtioBlkScsi, "scsi", 0),
        ("7.2.22_s390x", Flag::VirtioBlkScsiDefaultDisabled, "scsi", 0),
        ("10.0.13_s390x", Flag::VirtioCcwDeviceLoadparm, "loadparm", 1),
    ];
    for (id, flag, property, settled_by) in cases {
        let (mut text, id) = (text(id), id.parse().expect("a name"));
        let name = format!("\"name\": \"{property}\"");
        let gone = "\"name\": \"gone\"";
        if property == "scsi" {
            // This device shows the same flags.
            text = doctored(&text, "virtio-blk-pci", 0, &name, gone);
        }
        for &baseline in Baseline::ALL {
            let has = |text: &str| derived(text, &id, baseline).capabilities.has(flag);
            assert!(has(&text), "{baseline}: {flag}");
            for nth in [0, 1] {
                let text = doctored(&text, "virtio-blk-ccw", nth, &name, gone);
                assert_eq!(has(&text), nth != settled_by, "{baseline}: {flag} {nth}");
            }
        }
    }
}

#[test]
fn a_recording_belongs_to_the_release_whose_questions_it_has() {
    let id: CaptureId = "7.2.22_s390x".parse().expect("a name");
    let text = text("7.2.22_s390x");
    let without = |text: &str, command: &str| {
        text.replace(&format!("\"execute\": \"{command}\""), "\"execute\": \"query-events\"")
    };
    let detected = |text: &str| detect(&Conversation::parse(text).expect("a conversation"), &id);
    let exact = derived(&text, &id, BaselineChoice::Auto);
    assert!(exact.missing.is_empty() && exact.unused.is_empty());
    // Without an exact fit the nearest counts: one question more or less does not change the
    // release.
    assert_eq!(detected(&without(&text, "query-command-line-options")), exact.baseline);
    assert_eq!(detected(&without(&text, "query-gic-capabilities")), exact.baseline);
    let other =
        Baseline::ALL.iter().find(|&&baseline| baseline != exact.baseline).expect("another");
    let other = derived(&text, &id, *other);
    assert!(!other.missing.is_empty() && !other.unused.is_empty());
    let asked = |commands: &[&str]| {
        let exchange = |name| format!("{{\"execute\": \"{name}\"}}\n\n{{\"return\": []}}\n");
        commands.iter().map(exchange).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(detected(&asked(&["query-events"])), Baseline::NEWEST);
    // What a release asks only of some QEMUs may be missing.
    assert_eq!(detected(&asked(&["query-version"])), Baseline::NEWEST);
    // Each release has a question that the other does not ask; the older one misses fewer.
    let mixed = asked(&["query-kvm", "query-tpm-models", "query-accelerators"]);
    assert_eq!(detected(&mixed), Baseline::Libvirt11_3);
}

/// A QEMU with only the recorded devices.
struct Bare<'c>(Replay<'c>);

impl Host for Bare<'_> {
    type Error = HostError;

    fn start(&mut self, launch: Launch) -> Result<(), HostError> {
        Ok(self.0.start(launch)?)
    }

    fn ask(&mut self, command: &Command) -> Result<Answer, HostError> {
        let none = if command.execute().starts_with("query-") {
            r#"{"return":[]}"#
        } else {
            r#"{"error":{"class":"DeviceNotFound","desc":"no such device"}}"#
        };
        match self.0.ask(command)? {
            Answer::Missing => Ok(Answer::Reply(Reply::from_document(Document::parse(none)?)?)),
            answer @ Answer::Reply(_) => Ok(answer),
        }
    }
}

#[test]
fn a_capture_can_be_converted_there_and_back() {
    let id: CaptureId = "10.0.13_s390x".parse().expect("a name");
    let text = text("10.0.13_s390x");
    let original = Conversation::parse(&text).expect("a conversation");
    let from = detect(&original, &id);
    let to = Baseline::ALL.iter().copied().find(|&to| to != from).expect("another");
    let Err(ConvertError::Unanswered(questions)) = convert(&original, &id, to) else {
        panic!("what was not asked has no answer");
    };
    assert!(!questions.is_empty());
    let mut bare = Bare(Replay::new(&original, Matching::ByContent));
    let converted = convert_with(&original, &id, to, &mut bare).expect("a conversation");
    let converted = Conversation::parse(&converted).expect("a conversation");
    assert_eq!(detect(&converted, &id), to);
    derive(&converted, &id, Matching::Strict, to).expect("exactly its conversation");
    let mut recorded = Replay::new(&original, Matching::ByContent);
    let back = convert_with(&converted, &id, from, &mut recorded).expect("a conversation");
    assert!(back == text, "the original");
}

#[test]
fn another_qemu_does_not_answer_for_the_recorded_one() {
    let id: CaptureId = "10.0.13_s390x".parse().expect("a name");
    let [old, new] = ["7.2.22_s390x", "10.0.13_s390x"].map(text);
    let [old, new] = [old, new].map(|text| Conversation::parse(&text).expect("a conversation"));
    let mut other = Replay::new(&old, Matching::ByContent);
    let error = convert_with(&new, &id, Baseline::NEWEST, &mut other).expect_err("another QEMU");
    let ConvertError::Probe(error) = error else { panic!("{error}") };
    assert!(error.kind.to_string().starts_with("expected the QEMU of the recording"), "{error}");
}

/// The first session has most of the questions, and those that tell releases apart.
#[test]
fn of_sessions_for_two_releases_the_first_decides() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let bytes = fs::read(data.join("caps_11.1.3_x86_64.survey")).expect("a survey");
    let survey = Survey::from_bytes(&bytes).expect("a survey");
    let id: CaptureId = "11.1.3_x86_64".parse().expect("a name");
    let sessions = |baseline| {
        let text = survey.replies(baseline).expect("every answer").text().to_owned();
        let command = text.rfind("\"execute\": \"qmp_capabilities\"").expect("a second session");
        let start = text[..command].rfind("\n\n").expect("an exchange before it");
        let (first, second) = text.split_at(start);
        (first.to_owned(), second.to_owned())
    };
    for (&one, &other) in Baseline::ALL.iter().zip(Baseline::ALL.iter().rev()) {
        let mixed = Conversation::parse(&(sessions(one).0 + &sessions(other).1)).expect("both");
        assert_eq!(detect(&mixed, &id), one);
        let derived = derive(&mixed, &id, Matching::ByContent, BaselineChoice::Auto);
        let capabilities = derived.expect("capabilities").capabilities;
        assert!(capabilities == survey.capabilities(one, &id).expect("capabilities"), "{one}");
    }
}

/// What no answer shows is neither there nor absent: libvirt does not ask, or does not know the flag.
#[test]
fn flags_without_an_answer_are_not_settled() {
    let id = "10.0.13_x86_64".parse().expect("a name");
    let text = text("10.0.13_x86_64");
    let settles = |baseline: Baseline, flag| derived(&text, &id, baseline).settles(flag);
    assert!(settles(Baseline::NEWEST, Flag::Vnc) && settles(Baseline::Libvirt11_3, Flag::Vnc));
    assert!(!settles(Baseline::NEWEST, Flag::VirtioCcwDeviceLoadparm));
    let newer = Flag::ALL.iter().filter(|flag| {
        flag.rules_in(Baseline::NEWEST).next().is_some()
            && flag.rules_in(Baseline::Libvirt11_3).next().is_none()
    });
    assert!(newer.copied().all(|flag| !settles(Baseline::Libvirt11_3, flag)));
}
