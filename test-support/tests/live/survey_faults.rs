//! Surveys of QEMUs that are killed during the recording.

use std::fs;

use caps_core::survey::{RecordOptions, Survey, record};
use caps_test_support::require_qemu;

use crate::fixture::Fixture;

fn options(fixture: &Fixture) -> RecordOptions {
    let mut options = RecordOptions::default();
    options.live = fixture.options();
    options
}

/// The survey of a fake QEMU that is killed at this question, counted from 1, and the number of
/// questions it was asked.
fn killed_at(number: u64) -> (Result<Survey, String>, u64) {
    let fixture = Fixture::new();
    let binary = fixture.fake(&format!("is-killed-at-{number}"));
    let survey = record(&binary, &options(&fixture), &|_| {});
    fixture.assert_nothing_is_left();
    let asked = fs::metadata(binary.with_extension("count")).map_or(0, |file| file.len());
    (survey.map_err(|error| fixture.chain(&error)), asked)
}

/// Fails with the first question whose answer differs.
fn assert_same(survey: &Survey, undisturbed: &Survey, when: &str) {
    let pair = survey.conversation().exchanges().zip(undisturbed.conversation().exchanges());
    for (one, other) in pair.filter(|(one, _)| one.command().execute() != "qemu-caps:provenance") {
        assert_eq!(one.command_text(), other.command_text(), "{when}");
        assert_eq!(one.reply_text(), other.reply_text(), "{when}: {}", one.command());
    }
    assert!(survey.has_same_answers(undisturbed), "{when}");
}

/// For every question, the survey equals that of a QEMU that survives.
#[test]
fn a_qemu_that_is_killed_once_is_asked_again() {
    let (undisturbed, count) = killed_at(0);
    let undisturbed = undisturbed.expect("a survey");
    assert!(count > 10, "{count}");
    for number in 1..=count {
        let survey = killed_at(number).0.expect("a survey");
        assert_same(&survey, &undisturbed, &format!("killed at {number}"));
    }
}

/// Neither of the two questions ends it alone; both have their answers.
#[test]
fn two_questions_that_end_a_qemu_together_are_found() {
    let fixture = Fixture::new();
    let survey = record(&fixture.fake("dies-of-two"), &options(&fixture), &|_| {});
    fixture.assert_nothing_is_left();
    let survey = survey.expect("a survey");
    let ends = survey.ends();
    let [(exchange, end)] = ends.as_slice() else { panic!("one end, not {ends:?}") };
    assert_eq!(exchange.command().execute(), "query-cpu-model-expansion");
    let after = end.after.as_deref().unwrap_or_default();
    assert!(after.starts_with(r#"{"execute":"human-monitor-command""#), "{after}");
    assert_eq!(end.last_words.last().map(String::as_str), Some("two is too much"));
    assert!(exchange.reply().expect("a reply").result().is_ok());
}

/// A real QEMU, the first launch of which is killed after some time.
#[test]
fn a_real_qemu_that_is_killed_once_is_asked_again() {
    let Some(binary) = require_qemu("live", "qemu-system-x86_64") else { return };
    let fixture = Fixture::new();
    let undisturbed = record(&binary, &options(&fixture), &|_| {}).expect("a survey");
    for delay in ["0.05", "0.3", "0.6", "1.0"] {
        let fixture = Fixture::new();
        let first = fixture.path("first");
        let script = format!(
            "#!/bin/sh\nif [ ! -e '{first}' ]; then\n  : >'{first}'\n  (sleep {delay}; kill -9 $$) &\nfi\n\
             exec '{}' \"$@\"",
            binary.display(),
            first = first.display(),
        );
        let script = fixture.program("qemu", &script);
        match record(&script, &options(&fixture), &|_| {}) {
            Ok(survey) => assert_same(&survey, &undisturbed, &format!("killed after {delay} s")),
            Err(error) => {
                let error = fixture.chain(&error);
                assert!(error.contains("was killed by signal 9"), "after {delay} s: {error}");
            }
        }
        fixture.await_nothing_left();
    }
}
