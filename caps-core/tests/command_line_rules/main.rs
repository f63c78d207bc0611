//! Command lines that real QEMUs were asked about, judged with the project's own surveys.
//!
//! `lines.txt` has `VERDICTS ARCH WORD...`: what QEMU 7.2.22, 10.0.13 and 11.1.3 said, each `+` for accepted, `-`
//! for rejected, `?` where the host decided. `findings/ARCH.txt` has all findings about these lines.

mod explained;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use caps_core::command_line::CommandLine;
use caps_core::survey::Survey;
use caps_core::testing::Golden;
use caps_core::validate::{Policy, Report, Validator, Verdict, Violation};

const LINES: &str = include_str!("lines.txt");
const VERSIONS: [&str; 3] = ["7.2.22", "10.0.13", "11.1.3"];

#[test]
fn aarch64() {
    agrees_with_what_qemus_said("aarch64");
}

#[test]
fn loongarch64() {
    agrees_with_what_qemus_said("loongarch64");
}

#[test]
fn ppc64() {
    agrees_with_what_qemus_said("ppc64");
}

#[test]
fn riscv64() {
    agrees_with_what_qemus_said("riscv64");
}

#[test]
fn s390x() {
    agrees_with_what_qemus_said("s390x");
}

#[test]
fn x86_64() {
    agrees_with_what_qemus_said("x86_64");
}

#[test]
fn each_line_is_of_an_architecture_above() {
    for line in LINES.lines() {
        let arch = line.split(' ').nth(1).expect("an arch");
        let known = ["aarch64", "loongarch64", "ppc64", "riscv64", "s390x", "x86_64"];
        assert!(known.contains(&arch), "{line}");
    }
}

fn agrees_with_what_qemus_said(arch: &str) {
    let validators = VERSIONS.map(|version| shipped(version, arch));
    let (mut decided, mut unknown, mut wrong) = (0, 0, 0);
    let mut all = String::new();
    for text in LINES.lines() {
        let (verdicts, line) = text.split_once(' ').expect("verdicts");
        let Some(line) = line.strip_prefix(arch).and_then(|line| line.strip_prefix(' ')) else {
            continue;
        };
        let argv: Vec<&str> = line.split(' ').collect();
        let argv = CommandLine::parse(&argv).expect("UTF-8");
        // By their text, because most are the same in several versions.
        let mut findings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for ((version, validator), said) in VERSIONS.iter().zip(&validators).zip(verdicts.chars()) {
            let report = validator.check_command_line(&argv, &Policy::default());
            let mut found = describe(&report);
            match (report.verdict(), said) {
                (_, '?') => {}
                (Verdict::Unknown, _) => unknown += 1,
                (verdict, said) => {
                    decided += 1;
                    if (verdict == Verdict::Valid) != (said == '+') {
                        wrong += 1;
                        found.push_str("  WRONG\n");
                    }
                }
            }
            if !found.is_empty() {
                findings.entry(found).or_default().push(version);
            }
        }
        if !findings.is_empty() {
            writeln!(all, "{verdicts} {line}").expect("a string");
        }
        for (found, versions) in findings {
            write!(all, " {}\n{found}", versions.join(" ")).expect("a string");
        }
    }
    assert!(100 * wrong < 3 * decided, "{wrong} of {decided} are wrong\n{all}");
    assert!(100 * unknown < 10 * decided, "{unknown} of {decided} unknown\n{all}");
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command_line_rules/findings");
    Golden::at(dir.join(format!("{arch}.txt"))).assert(&all);
}

/// All findings, a line each.
fn describe(report: &Report) -> String {
    let mut text = String::new();
    let mut put = |kind: &str, finding: &Violation| {
        let (at, stage) = (finding.argument, finding.stage);
        write!(text, "  {kind}").expect("a string");
        if let (Some(at), Some(stage)) = (at, stage) {
            write!(text, " at {at}, {stage:?}").expect("a string");
        }
        writeln!(text, ": {finding}").expect("a string");
        if let Some(words) = &finding.qemu {
            writeln!(text, "    QEMU: {words}").expect("a string");
        }
    };
    report.problems.iter().for_each(|finding| put("problem", finding));
    report.warnings.iter().for_each(|finding| put("warning", finding));
    for (kind, findings) in [("unchecked", &report.unchecked), ("host", &report.host)] {
        for finding in findings {
            writeln!(text, "  {kind}: {}: {}", finding.path, finding.reason).expect("a string");
        }
    }
    text
}

/// What a shipped survey tells.
fn shipped(version: &str, arch: &str) -> Validator {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let name = format!("caps_{version}_{arch}.survey");
    let survey = Survey::from_bytes(&fs::read(dir.join(&name)).expect(&name)).expect(&name);
    Validator::from_conversation(survey.conversation()).expect("a schema")
}
