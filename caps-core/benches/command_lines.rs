//! The time to judge command lines against surveys, as a ratio to loading the surveys once.
//!
//! `cargo bench -p caps-core --bench command_lines -- LINES.jsonl [LINES.jsonl...]`, with objects that have
//! `argv`. The first 265 lines are judged against the project's nine surveys of `x86_64`, `aarch64` and `riscv64`.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use caps_core::command_line::CommandLine;
use caps_core::json::Document;
use caps_core::survey::Survey;
use caps_core::validate::{Policy, Validator, Verdict};

const RUNS: usize = 9;
const LINES: usize = 265;
const ARCHES: &[&str] = &["x86_64", "aarch64", "riscv64"];

fn main() {
    let files: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if files.is_empty() {
        eprintln!("no file of command lines was given, there is nothing to measure");
        return;
    }
    let lines: Vec<Vec<String>> = files.iter().flat_map(|file| read(file)).take(LINES).collect();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let mut surveys: Vec<Vec<u8>> = Vec::new();
    for version in ["7.2.22", "10.0.13", "11.1.3"] {
        for arch in ARCHES {
            let path = dir.join(format!("caps_{version}_{arch}.survey"));
            surveys.push(fs::read(&path).expect("a survey"));
        }
    }
    let (mut loading, mut first, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times(RUNS) {
        let start = Instant::now();
        let validators: Vec<Validator> = surveys.iter().map(|bytes| load(bytes)).collect();
        loading.push(start.elapsed());
        for taken in [&mut first, &mut later] {
            let start = Instant::now();
            black_box(judge(&lines, &validators));
            taken.push(start.elapsed());
        }
    }
    let (loading, first, later) = (median(loading), median(first), median(later));
    let ratio = |time: Duration| time.as_secs_f64() / loading.as_secs_f64();
    eprintln!(
        "{} command lines, {} surveys: loading {loading:.1?}; judging {first:.1?} the first time (ratio {:.3}), \
         {later:.1?} later (ratio {:.3})",
        lines.len(),
        surveys.len(),
        ratio(first),
        ratio(later)
    );
}

fn read(file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).expect("a file of command lines");
    let argv = |line: &str| {
        let document = Document::parse(line).expect("an object");
        let words = document.root().get("argv").expect("argv").elements();
        words.map(|word| word.as_str().expect("a word").into_owned()).collect()
    };
    text.lines().map(argv).collect()
}

fn load(bytes: &[u8]) -> Validator {
    let survey = Survey::from_bytes(bytes).expect("a survey");
    Validator::from_conversation(survey.conversation()).expect("a schema")
}

/// Judges each line against all surveys, as `qemu-caps validate` does.
fn judge(lines: &[Vec<String>], validators: &[Validator]) -> usize {
    let policy = Policy::default();
    let lines = lines.iter().map(|line| CommandLine::parse(line).expect("UTF-8"));
    let invalid = |line: &CommandLine, validator: &Validator| {
        validator.check_command_line(line, &policy).verdict() == Verdict::Invalid
    };
    lines.map(|line| validators.iter().filter(|one| invalid(&line, one)).count()).sum()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// As often as `cargo bench` wants it; `cargo test` only tries whether it works.
fn times(runs: usize) -> usize {
    if std::env::args().any(|argument| argument == "--bench") { runs } else { 1 }
}
