use std::sync::Mutex;

use caps_core::Baseline;
use caps_core::probe::live::Live;
use caps_core::probe::{Host, Recorder, run};
use caps_core::survey::{Progress, RecordOptions, Survey, SurveyHost, record};
use caps_test_support::require_qemu;

use crate::fixture::Fixture;

fn probe(baseline: Baseline, host: impl Host) -> String {
    let mut recorder = Recorder::new(host);
    run(baseline, &mut recorder).expect("a probe");
    recorder.into_parts().1
}

/// Some of the questions crash QEMU 7.2.
#[test]
fn a_probe_of_a_survey_is_a_probe_of_its_qemu() {
    let Some(binary) = require_qemu("live", "qemu-system-x86_64") else { return };
    let fixture = Fixture::new();
    let mut options = RecordOptions::default();
    options.live = fixture.options();
    let last = Mutex::new(None);
    let note = |progress: Progress| *last.lock().expect("no panic") = Some(progress);
    let survey = record(&binary, &options, &note).expect("a survey");
    fixture.assert_nothing_is_left();
    let last = last.into_inner().expect("no panic").expect("progress");
    assert!(last.done > 500 && last.total >= last.done, "{last:?}");

    for &baseline in Baseline::ALL {
        let live = probe(baseline, Live::new(&binary, fixture.options()));
        assert_eq!(probe(baseline, SurveyHost::new(&survey, baseline)), live, "{baseline}");
    }
    assert_complete(&survey);
    let again = Survey::parse(survey.text()).expect("a survey");
    assert_eq!(again.provenance(), survey.provenance());
}

/// The survey has the properties of each device type, or how it crashed QEMU.
fn assert_complete(survey: &Survey) {
    let ended: Vec<String> =
        survey.ends().iter().map(|(exchange, _)| exchange.command().to_string()).collect();
    let devices = survey.devices();
    assert!(devices.len() > 100, "{}", devices.len());
    for device in devices {
        let is_ended =
            ended.iter().any(|question| question.contains(&format!("\"{}\"", device.name)));
        let is_listed = survey.device_properties(&device.name).listed().is_some();
        assert!(is_listed || is_ended, "{}", device.name);
    }
    for machine in survey.machines() {
        let question = format!("\"{}-machine\"", machine.name);
        let is_ended = ended.iter().any(|ended| ended.contains(&question));
        assert!(
            survey.machine_properties(&machine.name).listed().is_some() || is_ended,
            "{question}"
        );
    }
    for option in ["accel", "cpu", "device", "object", "netdev", "chardev", "machine", "drive"] {
        assert!(survey.listed(option).is_some_and(|list| !list.is_empty()), "{option}");
    }
    assert!(survey.help_options().is_some_and(|options| options.len() > 90));
    assert!(survey.command_line_options().is_some_and(|options| options.len() > 30));
}
