//! Command lines that real QEMUs were asked about, judged with the project's own surveys.
//!
//! `lines.txt` has `VERDICTS ARCH WORD...`: what QEMU 7.2.22, 10.0.13 and 11.1.3 said, each `+` for accepted, `-`
//! for rejected, `?` where the host decided. `findings/ARCH.txt` has all findings about these lines, and
//! `findings/defects.txt` those about the lines that another test sends to the installed QEMU.

mod explained;
mod made_up;
mod plain;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use caps_core::command_line::CommandLine;
use caps_core::survey::Survey;
use caps_core::testing::Golden;
use caps_core::validate::{Policy, Report, Validator, Verdict, Violation};

const LINES: &str = include_str!("lines.txt");
/// What follows `-machine q35 -nodefaults -display none -S`, unless it names a machine.
const DEFECTS: &str = include_str!("../../../test-support/tests/command_line_judge/lines.txt");
const VERSIONS: [&str; 3] = ["7.2.22", "10.0.13", "11.1.3"];

#[test]
fn aarch64() {
    agrees_with_what_qemus_said("aarch64");
}

#[test]
fn alpha() {
    agrees_with_what_qemus_said("alpha");
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
fn defects() {
    let lines = DEFECTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<String> = lines
        .map(|line| {
            let names_machine = line.contains("-machine") || line.contains("-machin ");
            let machine = if names_machine { "" } else { "-machine q35 " };
            format!("??? x86_64 {machine}-nodefaults -display none -S {line}")
        })
        .collect();
    compare("defects", "x86_64", lines.iter().map(String::as_str));
}

#[test]
fn each_line_is_of_an_architecture_above() {
    for line in LINES.lines() {
        let arch = line.split(' ').nth(1).expect("an arch");
        let known = ["aarch64", "alpha", "loongarch64", "ppc64", "riscv64", "s390x", "x86_64"];
        assert!(known.contains(&arch), "{line}");
    }
}

fn agrees_with_what_qemus_said(arch: &str) {
    let (decided, unknown, wrong) = compare(arch, arch, LINES.lines());
    assert!(100 * wrong < 3 * decided, "{wrong} of {decided} are wrong");
    assert!(100 * unknown < 10 * decided, "{unknown} of {decided} unknown");
}

/// Compares the findings about the lines of an architecture with a file. Returns the numbers of verdicts, of lines that
/// the validator can't decide, and of wrong verdicts.
fn compare<'l>(
    file: &str,
    arch: &str,
    lines: impl Iterator<Item = &'l str>,
) -> (usize, usize, usize) {
    let validators = VERSIONS.map(|version| shipped(version, arch));
    let (mut decided, mut unknown, mut wrong) = (0, 0, 0);
    let mut all = String::new();
    for text in lines {
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
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command_line_rules/findings");
    Golden::at(dir.join(format!("{file}.txt"))).assert(&all);
    (decided, unknown, wrong)
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
