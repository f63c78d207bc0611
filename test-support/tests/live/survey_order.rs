//! A survey of a QEMU whose answers depend on the questions before.

use std::fs;
use std::path::Path;

use caps_core::Baseline;
use caps_core::probe::live::Live;
use caps_core::probe::{Host, Recorder, run};
use caps_core::survey::{RecordOptions, Survey, SurveyHost, record};

use crate::fixture::Fixture;

fn probe(baseline: Baseline, host: impl Host) -> String {
    let mut recorder = Recorder::new(host);
    run(baseline, &mut recorder).expect("a probe");
    recorder.into_parts().1
}

/// The newest baseline asks the question that changes the order of types, the oldest does not.
#[test]
fn each_baseline_gets_the_answers_to_its_own_order_of_questions() {
    let fixture = Fixture::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let shipped = fs::read(data.join("caps_11.1.3_loongarch64.survey")).expect("a survey");
    let shipped = Survey::from_bytes(&shipped).expect("a survey");
    let known = |&baseline| shipped.replies(baseline).expect("a conversation").text().to_owned();
    let known: Vec<String> = Baseline::ALL.iter().map(known).collect();
    fs::write(fixture.path("conversation"), known.join("\n")).expect("a file");
    let binary = fixture.fake("has-moods");
    let mut options = RecordOptions::default();
    options.live = fixture.options();
    let survey = record(&binary, &options, &|_| {}).expect("a survey");
    fixture.assert_nothing_is_left();
    assert_eq!(survey.text().matches("\"qemu-caps:walk\"").count(), 1, "only one answer differs");

    let first_of_two = |replies: &str| {
        let place = |name| replies.find(name).expect(name);
        place("\"virtio-blk-pci\"") < place("\"virtio-net-pci\"")
    };
    let mut orders = Vec::new();
    for survey in [&survey, &survey.anonymized().expect("a survey"), &read_back(&survey)] {
        for &baseline in Baseline::ALL {
            let live = probe(baseline, Live::new(&binary, fixture.options()));
            assert!(probe(baseline, SurveyHost::new(survey, baseline)) == live, "{baseline}");
            orders.push(first_of_two(&live));
        }
    }
    assert!(orders.contains(&true) && orders.contains(&false), "{orders:?}");
}

fn read_back(survey: &Survey) -> Survey {
    Survey::parse(survey.text()).expect("a survey")
}
