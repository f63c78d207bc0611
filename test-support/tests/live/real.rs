use std::path::PathBuf;

use caps_core::Baseline;
use caps_core::probe::live::Live;
use caps_core::probe::{Host, Launch, Matching, Recorder, Replay, run};
use caps_core::replies::Conversation;
use caps_test_support::require_qemu;

use crate::fixture::{Fixture, ask, short_probe};

fn qemu() -> Option<PathBuf> {
    require_qemu("live", "qemu-system-x86_64")
}

#[test]
fn a_real_qemu_is_probed_and_its_recording_agrees() {
    let Some(binary) = qemu() else { return };
    let fixture = Fixture::new();
    let mut recorder = Recorder::new(Live::new(&binary, fixture.options()));
    let live = run(Baseline::Libvirt11_3, &mut recorder).expect("a probe");
    fixture.assert_nothing_is_left();
    let (_, text) = recorder.into_parts();
    let conversation = Conversation::parse(text.as_str()).expect("a conversation");
    let mut replay = Replay::new(&conversation, Matching::Strict);
    assert_eq!(run(Baseline::Libvirt11_3, &mut replay).expect("a replay"), live);
}

#[test]
fn a_real_qemu_can_be_left_at_any_time() {
    let Some(binary) = qemu() else { return };
    let fixture = Fixture::new();
    let questions = ["qmp_capabilities", "query-version", "query-qmp-schema"];
    for count in 0..=questions.len() {
        let mut live = Live::new(&binary, fixture.options());
        live.start(Launch::Accelerated).expect("a session");
        live.announce(Launch::Tcg);
        for question in &questions[..count] {
            ask(&mut live, question).expect("a reply");
        }
        drop(live);
        fixture.assert_nothing_is_left();
    }
}

#[test]
fn the_words_of_a_real_qemu_are_in_the_error() {
    let Some(binary) = qemu() else { return };
    let fixture = Fixture::new();
    let name = binary.display();
    let script = fixture.script(&format!("exec '{name}' \"$@\" -device no-such-device"));
    let mut live = Live::new(&script, fixture.options());
    let error = short_probe(&mut live).expect_err("no such device");
    let error = fixture.chain(&error);
    assert!(error.starts_with("`script` exited with status 1: "), "{error}");
    assert!(error.contains("'no-such-device' is not a valid device model name"), "{error}");
    fixture.assert_nothing_is_left();
}
