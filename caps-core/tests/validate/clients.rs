use std::fs;

use caps_core::validate::{Policy, Verdict};
use caps_test_support::{clients_dir, figure};

use crate::{NEW, OLD, check, surveyed};

/// The recorded answers of real QEMUs to the commands of real programs.
#[test]
fn verdicts_agree_with_the_answers_to_clients() {
    let Some(clients) = clients_dir("validate") else { return };
    let read = |name: &str| fs::read_to_string(clients.join(name)).expect(name);
    let commands = read("commands.jsonl");
    // QEMU checked the bus, and whether it accepts a device, before the properties.
    let stopped_earlier = [(OLD, 22), (NEW, 16), (NEW, 23), (NEW, 44)];
    let (mut agreed, mut all) = (0, 0);
    for version in [OLD, NEW] {
        let validator = surveyed(version);
        let answers = read(&format!("answers-{version}.jsonl"));
        assert_eq!(commands.lines().count(), answers.lines().count());
        let mut disagreements = Vec::new();
        for (index, (command, answer)) in commands.lines().zip(answers.lines()).enumerate() {
            let command: serde_json::Value = serde_json::from_str(command).expect(command);
            let answer: serde_json::Value = serde_json::from_str(answer).expect(answer);
            let outcome = answer["outcome"].as_str().expect("an outcome");
            let refused = [
                "is unexpected",
                "is missing",
                "Invalid parameter type",
                "does not accept value",
                "is not a valid device model name",
                "CommandNotFound",
            ]
            .iter()
            .any(|words| outcome.contains(words));
            let text = command["command"].to_string();
            let verdict = check(&validator, &text, &Policy::default()).verdict();
            let expected = if refused { Verdict::Invalid } else { Verdict::Valid };
            if verdict != expected {
                disagreements.push((version, index + 1));
            }
        }
        let expected: Vec<_> =
            stopped_earlier.iter().copied().filter(|(of, _)| *of == version).collect();
        assert_eq!(disagreements, expected);
        all += commands.lines().count();
        agreed += commands.lines().count() - disagreements.len();
    }
    figure("QMP commands", agreed, all);
}

/// A survey contains everything needed to validate the commands of real programs.
#[test]
fn a_survey_leaves_no_verdict_on_clients_open() {
    let Some(clients) = clients_dir("validate") else { return };
    let commands = fs::read_to_string(clients.join("commands.jsonl")).expect("commands.jsonl");
    for version in [OLD, "10.0.13", NEW] {
        let validator = surveyed(version);
        for line in commands.lines() {
            let command: serde_json::Value = serde_json::from_str(line).expect(line);
            let report = check(&validator, &command["command"].to_string(), &Policy::default());
            assert_ne!(report.verdict(), Verdict::Unknown, "{version}: {line}");
        }
    }
}
