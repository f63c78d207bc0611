//! Command lines that real QEMUs were asked about, judged with the project's own surveys.
//!
//! `lines.txt` has `VERDICTS ARCH WORD...`: what QEMU 7.2.22, 10.0.13 and 11.1.3 said, each `+` for accepted, `-`
//! for rejected, `?` where the host decided.

mod explained;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use caps_core::command_line::CommandLine;
use caps_core::survey::Survey;
use caps_core::validate::{Policy, Validator, Verdict};

const LINES: &str = include_str!("lines.txt");
const VERSIONS: &[&str] = &["7.2.22", "10.0.13", "11.1.3"];

#[test]
fn agree_with_what_qemus_said() {
    let mut validators: HashMap<String, Validator> = HashMap::new();
    let (mut decided, mut unknown) = (0, 0);
    let mut disagreements = Vec::new();
    for text in LINES.lines() {
        let mut words = text.split(' ');
        let (verdicts, arch) = (words.next().expect("verdicts"), words.next().expect("an arch"));
        let argv: Vec<&str> = words.collect();
        for (version, said) in
            VERSIONS.iter().zip(verdicts.chars()).filter(|(_, said)| *said != '?')
        {
            let validator = validators
                .entry(format!("{version}_{arch}"))
                .or_insert_with(|| shipped(version, arch));
            let line = CommandLine::parse(&argv).expect("UTF-8");
            let report = validator.check_command_line(&line, &Policy::default());
            match report.verdict() {
                Verdict::Unknown => unknown += 1,
                verdict => {
                    decided += 1;
                    if (verdict == Verdict::Valid) != (said == '+') {
                        let first = report.problems.first().map(ToString::to_string);
                        disagreements.push(format!("{version} {text}: {verdict} {first:?}"));
                    }
                }
            }
        }
    }
    let all = disagreements.join("\n");
    let share = 100 * disagreements.len();
    assert!(decided > 1000 && share < 2 * decided, "{} of {decided}\n{all}", disagreements.len());
    assert!(100 * unknown < 3 * decided, "{unknown} of {decided} unknown");
    eprintln!("{decided} decided, {unknown} unknown, {} disagree\n{all}", disagreements.len());
}

/// What a shipped survey tells.
fn shipped(version: &str, arch: &str) -> Validator {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let name = format!("caps_{version}_{arch}.survey");
    let survey = Survey::from_bytes(&fs::read(dir.join(&name)).expect(&name)).expect(&name);
    Validator::from_conversation(survey.conversation()).expect("a schema")
}
