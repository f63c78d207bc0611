//! Command lines over all options, most with one defect, sent to a real QEMU and to the validator.
//!
//! `command_line_judge/lines.txt` contains what follows `-machine q35 -nodefaults -display none
//! -S`.

use std::path::Path;

use caps_core::command_line::CommandLine;
use caps_core::survey::{RecordOptions, record};
use caps_core::validate::{Policy, Validator, Verdict};
use caps_test_support::{on_threads, qemu, require_qemu};

const LINES: &str = include_str!("command_line_judge/lines.txt");
const BASE: &[&str] = &["-nodefaults", "-display", "none", "-S"];
/// QEMU's messages that depend on the host.
const HOST: &[&str] = &[
    "Could not open",
    "could not load",
    "No such file",
    "cannot open",
    "could not read",
    "Could not read",
    "Could not access KVM",
    "failed to open",
    "module",
    "not available",
    "bind",
    "tap",
    "vhost-vsock",
    "Unable to",
    "combined size of system firmware",
    "fd is not valid",
    "can't open",
];

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Accepted,
    Rejected(String),
    Host,
}

#[test]
fn agrees_with_the_installed_qemu() {
    let Some(binary) = require_qemu("agrees_with_the_installed_qemu", "qemu-system-x86_64") else {
        return;
    };
    let survey = record(&binary, &RecordOptions::default(), &|_| {}).expect("a survey");
    let validator = Validator::from_conversation(survey.conversation()).expect("a schema");
    let lines: Vec<&str> =
        LINES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len() > 400, "{}", lines.len());
    let judged = on_threads(2, &lines, |line| judge(&binary, &validator, line));
    let judged: Vec<_> = judged.into_iter().flatten().collect();
    let wrong: Vec<&String> = judged.iter().filter_map(|one| one.as_ref().err()).collect();
    let decided = judged.len();
    assert!(decided > 350, "{decided} of {} lines were decided", lines.len());
    assert!(
        100 * wrong.len() <= 3 * decided,
        "{} of {decided} are judged otherwise: {wrong:#?}",
        wrong.len()
    );
}

/// `Ok` if QEMU and the validator agree; `None` if that can't be decided.
fn judge(binary: &Path, validator: &Validator, line: &str) -> Option<Result<(), String>> {
    let words: Vec<&str> = line.split(' ').collect();
    let names_machine = words
        .windows(2)
        .any(|pair| matches!(pair[0], "-machine" | "-machin") && !pair[1].starts_with(['a', '{']));
    let machine: &[&str] = if names_machine { &[] } else { &["-machine", "q35"] };
    let argv = [machine, BASE, &words].concat();
    let outcome = run(binary, &argv);
    let line = CommandLine::parse(&argv).expect("UTF-8");
    let report = validator.check_command_line(&line, &Policy::default());
    let agrees = match (&outcome, report.verdict()) {
        (Outcome::Host, _) | (_, Verdict::Unknown) => return None,
        (Outcome::Accepted, verdict) => verdict == Verdict::Valid,
        (Outcome::Rejected(_), verdict) => verdict == Verdict::Invalid,
    };
    let first = report.problems.first().map(ToString::to_string);
    Some(agrees.then_some(()).ok_or_else(|| {
        format!("`{}`: {outcome:?}, {:?} {first:?}", words.join(" "), report.verdict())
    }))
}

fn run(binary: &Path, argv: &[&str]) -> Outcome {
    let Err(error) = qemu::starts(binary, argv, Path::new(".")) else { return Outcome::Accepted };
    let error = error.unwrap_or_default();
    if HOST.iter().any(|words| error.contains(words)) {
        Outcome::Host
    } else {
        Outcome::Rejected(error)
    }
}
