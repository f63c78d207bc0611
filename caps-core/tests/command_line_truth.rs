//! Checks of real programs' command lines, compared with the answers of real QEMUs.
//!
//! `QEMU_CAPS_COMMAND_LINES_DIR` is a directory with `argv.jsonl` and `mutated.jsonl` (`{"n", "arch", "argv"}`)
//! and, for each QEMU, `truth-VERSION.jsonl` and `mutated-truth-VERSION.jsonl` (`{"n", "outcome", "stage",
//! "message"}`). The surveys are the project's own, or those of `QEMU_CAPS_SURVEYS_DIR`, named
//! `caps_VERSION_ARCH.survey`; lines of an architecture without one are counted and not judged.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use caps_core::Arch;
use caps_core::command_line::CommandLine;
use caps_core::json::{Document, Node};
use caps_core::survey::Survey;
use caps_core::validate::{Policy, Report, Validator, Verdict};
use caps_test_support::figure;

const SETS: &[(&str, &str)] = &[("argv", "truth"), ("mutated", "mutated-truth")];
const VERSIONS: &[&str] = &["7.2.22", "10.0.13", "11.1.3"];

#[derive(Default)]
struct Score {
    decided: usize,
    agreed: usize,
    unknown: usize,
    /// Lines for which there is no survey.
    skipped: usize,
    rejections: usize,
    same_stage: usize,
    disagreements: Vec<String>,
}

#[test]
fn agrees_with_real_qemus() {
    let Some(lines) = env::var_os("QEMU_CAPS_COMMAND_LINES_DIR").map(PathBuf::from) else {
        eprintln!("not run: QEMU_CAPS_COMMAND_LINES_DIR is not set");
        return;
    };
    let shipped = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let surveys = env::var_os("QEMU_CAPS_SURVEYS_DIR").map_or_else(shipped, PathBuf::from);
    let mut validators: HashMap<String, Option<Validator>> = HashMap::new();
    let mut failed = Vec::new();
    for (set, truth) in SETS {
        let mut sum = Score::default();
        for version in VERSIONS {
            let score = judge(&lines, &surveys, (set, truth, version), &mut validators);
            let line = format!(
                "{set} {version}: {} of {} agree, {} unknown, {} without a survey; stage {} of {}",
                score.agreed,
                score.decided,
                score.unknown,
                score.skipped,
                score.same_stage,
                score.rejections
            );
            eprintln!("{line}");
            for disagreement in &score.disagreements {
                eprintln!("  {disagreement}");
            }
            let good = score.decided > 0
                && 100 * score.agreed >= 98 * score.decided
                && 3 * (score.decided + score.unknown) >= 100 * score.unknown
                && 100 * score.same_stage >= 95 * score.rejections;
            if !good {
                failed.push(line);
            }
            sum.agreed += score.agreed;
            sum.decided += score.decided;
            sum.same_stage += score.same_stage;
            sum.rejections += score.rejections;
        }
        figure(&format!("command lines: {set}"), sum.agreed, sum.decided);
        figure(&format!("command lines: {set}: stage"), sum.same_stage, sum.rejections);
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

fn judge(
    lines: &Path,
    surveys: &Path,
    (set, truth, version): (&str, &str, &str),
    validators: &mut HashMap<String, Option<Validator>>,
) -> Score {
    let mut argvs = HashMap::new();
    for document in read(&lines.join(format!("{set}.jsonl"))) {
        let root = document.root();
        let text = |key: &str| root.get_str(key).expect(key).into_owned();
        let words = root.get("argv").expect("argv").elements();
        let argv: Vec<String> = words.map(|word| word.as_str().expect("a word").into()).collect();
        argvs.insert(root.get("n").and_then(Node::as_u64).expect("n"), (text("arch"), argv));
    }
    let mut score = Score::default();
    for document in read(&lines.join(format!("{truth}-{version}.jsonl"))) {
        let root = document.root();
        let outcome = root.get_str("outcome").expect("outcome");
        if outcome == "host" {
            continue;
        }
        let n = root.get("n").and_then(Node::as_u64).expect("n");
        let (arch, argv) = &argvs[&n];
        let validator = validators.entry(survey_name(version, arch)).or_insert_with_key(|name| {
            let path = surveys.join(format!("{name}.survey"));
            let bytes = fs::read(&path).ok()?;
            let survey = Survey::from_bytes(&bytes).expect("a survey");
            Some(Validator::from_conversation(survey.conversation()).expect("a schema"))
        });
        let Some(validator) = validator else {
            score.skipped += 1;
            continue;
        };
        let line = CommandLine::parse(argv).expect("UTF-8");
        let report = validator.check_command_line(&line, &Policy::default());
        let message = root.get_str("message").unwrap_or_default();
        let stage = root.get_str("stage").unwrap_or_default();
        count(&mut score, &format!("{n} {arch}"), &report, (&outcome, &stage, &message));
    }
    score
}

fn count(
    score: &mut Score,
    name: &str,
    report: &Report,
    (outcome, stage, message): (&str, &str, &str),
) {
    let verdict = report.verdict();
    let first = report.problems.first();
    let told = first.map(|first| {
        format!("[{:?}] {first} | {}", first.stage, first.qemu.as_deref().unwrap_or_default())
    });
    if verdict == Verdict::Unknown {
        score.unknown += 1;
        let reasons: Vec<String> =
            report.unchecked.iter().map(|u| format!("{}: {}", u.path, u.reason)).collect();
        score.disagreements.push(format!("{name} UNKNOWN, QEMU {outcome} {message}: {reasons:?}"));
        return;
    }
    score.decided += 1;
    let agree = (verdict == Verdict::Valid) == (outcome == "accepted");
    score.agreed += usize::from(agree);
    if !agree {
        score.disagreements.push(format!(
            "{name} {verdict}, QEMU {outcome} {message}; {}",
            told.unwrap_or_default()
        ));
    } else if let Some(first) = first {
        score.rejections += 1;
        let same = first.stage.is_some_and(|found| found.name() == stage);
        score.same_stage += usize::from(same);
        if !same {
            score
                .disagreements
                .push(format!("{name} STAGE {stage}: {message}; {}", told.unwrap_or_default()));
        }
    }
}

fn read(path: &Path) -> Vec<Document> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| Document::parse(line).expect("JSON")).collect()
}

/// Surveys use libvirt's names of architectures, command lines QEMU's.
fn survey_name(version: &str, target: &str) -> String {
    let arch = Arch::from_qemu_target(target).expect("a target");
    format!("caps_{version}_{arch}")
}
