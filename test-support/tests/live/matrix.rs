//! The fault matrix: every exchange of a whole probe and of a survey, with every misbehavior.

mod kinds;
mod table;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use caps_core::Baseline;
use caps_core::probe::live::Live;
use caps_core::probe::{Recorder, run};
use caps_core::replies::{Conversation, Exchange};
use caps_core::survey::{RecordOptions, Survey, record};
use caps_test_support::on_threads;

use crate::fixture::Fixture;
use kinds::{Expected, IGNORES_SIGTERM, KINDS, Kind};
use table::{Counts, Outcome};

/// No probe takes longer, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// No survey takes longer: it starts many QEMUs to find the question that ends them.
const SURVEY_LIMIT: Duration = Duration::from_secs(300);

/// The timeout for a QEMU that hangs, and the time between `SIGTERM` and `SIGKILL`.
const SHORT: Duration = Duration::from_millis(500);

/// How many cases of the slow misbehaviors and of surveys an ordinary run tries.
const SAMPLE: usize = 25;

/// A recorded QEMU that the fake one imitates.
struct Recorded {
    /// The file of answers; see `misbehavior.rs`.
    answers: PathBuf,
    /// What an undisturbed run records.
    text: String,
    /// The commands in the order of an undisturbed run.
    commands: Vec<String>,
}

#[derive(Clone, Copy)]
enum Subject {
    Probe(Baseline),
    Survey,
}

/// A run with one misbehavior.
struct Case<'a> {
    recorded: &'a Recorded,
    subject: Subject,
    kind: &'static Kind,
    /// The number of the exchange, from 1.
    at: usize,
}

fn capture() -> Survey {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../qemucapabilitiesdata/caps_7.2.22_x86_64.survey");
    Survey::from_bytes(&fs::read(path).expect("a survey of the project")).expect("a survey")
}

/// Writes the answers of a conversation, with the types that match `is_known`.
fn write_answers(path: &Path, conversation: &Conversation, lists_types: bool) {
    let mut text = String::new();
    for (session, exchanges) in conversation.sessions().iter().enumerate() {
        let session = if session == 0 { "accelerated" } else { "tcg" };
        for exchange in exchanges.exchanges() {
            let command = exchange.command();
            let reply = if !lists_types && command.execute() == "qom-list-types" {
                "{\"return\": []}".to_owned()
            } else {
                without_id(exchange)
            };
            let arguments = command.arguments().unwrap_or_default();
            writeln!(text, "{session}\t{}\t{arguments}\t{reply}", command.execute())
                .expect("a string takes everything");
        }
    }
    fs::write(path, text).expect("a file");
}

fn without_id(exchange: &Exchange) -> String {
    let reply = exchange.reply().expect("a reply");
    let members = reply.document().root().members().filter(|(key, _)| key != "id");
    let members: Vec<String> =
        members.map(|(key, value)| format!("\"{key}\": {}", value.compact())).collect();
    format!("{{{}}}", members.join(", "))
}

/// The text that a run records, or its error, and the exchange it got to.
fn attempt(
    answers: &Path,
    subject: Subject,
    fault: &str,
    timeout: Duration,
) -> (Result<String, String>, usize) {
    let fixture = Fixture::new();
    let mut binary = fixture.fake("misbehaves");
    if fault.starts_with(IGNORES_SIGTERM) {
        let text = format!("#!/bin/sh\ntrap '' TERM\nexec '{}' \"$@\"", binary.display());
        binary = fixture.program("script", &text);
    }
    symlink(answers, fixture.path("answers")).expect("a link");
    fs::write(fixture.path("fault"), fault).expect("a file");
    let mut options = fixture.options();
    options.timeout = timeout;
    options.grace = SHORT;
    options.tdx = Some(false);
    let result = match subject {
        Subject::Probe(baseline) => {
            let mut recorder = Recorder::new(Live::new(&binary, options));
            let result = run(baseline, &mut recorder);
            let text = recorder.into_parts().1;
            result.map(|_| text).map_err(|error| fixture.chain(&error))
        }
        Subject::Survey => {
            let mut record_options = RecordOptions::default();
            record_options.live = options;
            record_options.jobs = std::num::NonZero::<usize>::MIN;
            let result = record(&binary, &record_options, &|_| {});
            result.map(|survey| timeless(&survey)).map_err(|error| fixture.chain(&error))
        }
    };
    fixture.assert_nothing_is_left();
    let asked = fs::metadata(fixture.path("count")).map_or(0, |file| file.len());
    (result, usize::try_from(asked).expect("a number of questions"))
}

/// The survey without the date.
fn timeless(survey: &Survey) -> String {
    let exchanges = survey.conversation().exchanges();
    let exchanges =
        exchanges.filter(|exchange| exchange.command().execute() != "qemu-caps:provenance");
    let lines: Vec<String> = exchanges
        .flat_map(|exchange| [exchange.command().to_string(), exchange.reply_text().to_owned()])
        .collect();
    lines.join("\n")
}

impl Recorded {
    fn new(dir: &Path, name: &str, conversation: &Conversation, subject: Subject) -> Self {
        let answers = dir.join(name);
        write_answers(&answers, conversation, matches!(subject, Subject::Probe(_)));
        let (text, count) = attempt(&answers, subject, "nothing 0", LIMIT);
        let text = text.unwrap_or_else(|error| panic!("an undisturbed {name}: {error}"));
        let commands = match subject {
            Subject::Probe(_) => Conversation::parse(&text)
                .expect("a conversation")
                .exchanges()
                .map(|exchange| exchange.command().execute().to_owned())
                .collect(),
            Subject::Survey => vec![String::new(); count],
        };
        assert_eq!(commands.len(), count);
        Self { answers, text, commands }
    }
}

impl Case<'_> {
    /// Runs the case; panics if the outcome is not as expected.
    fn check(&self) -> Outcome {
        let Self { recorded, kind, at, .. } = self;
        let fault = format!("{} {at}", kind.name);
        let started = Instant::now();
        let hangs = kind.expected == Expected::Error && !kind.is_fast;
        let timeout = if hangs { SHORT } else { LIMIT };
        let (result, _) = attempt(&recorded.answers, self.subject, &fault, timeout);
        let took = started.elapsed();
        let limit = match self.subject {
            Subject::Probe(_) => LIMIT,
            Subject::Survey => SURVEY_LIMIT,
        };
        assert!(took < limit, "{fault}: {took:?}");
        let outcome = match &result {
            Ok(text) if *text == recorded.text => Outcome::Same,
            Ok(_) => Outcome::Different,
            Err(_) => Outcome::Error,
        };
        // A survey asks again, and records errors.
        if let Subject::Probe(_) = self.subject {
            let command = &recorded.commands[at - 1];
            let names = result.as_ref().is_err_and(|error| error.contains(&format!("`{command}")));
            let is_expected = match kind.expected {
                Expected::Nothing => outcome == Outcome::Same,
                Expected::Error => outcome == Outcome::Error,
                Expected::NamedError => names,
                Expected::Either => result.as_ref().err().is_none_or(|error| names_any(error)),
            };
            let error = result.err().unwrap_or_default();
            let shown: String = error.chars().take(500).collect();
            assert!(is_expected, "{fault} (`{command}`): {outcome:?}, {shown}");
        }
        outcome
    }
}

fn names_any(error: &str) -> bool {
    ["answer to `", "reply to `"].iter().any(|text| error.contains(text))
}

/// Runs the cases on two threads, and counts the outcomes.
fn check_all(cases: &[Case<'_>]) -> BTreeMap<&'static str, Counts> {
    let mut counts: BTreeMap<&'static str, Counts> = BTreeMap::new();
    for (name, outcome) in on_threads(2, cases, |case| (case.kind.name, case.check())) {
        counts.entry(name).or_default().add(outcome);
    }
    counts
}

/// An even sample that begins at a random place, which is printed.
fn sample<T>(cases: Vec<T>, what: &str) -> Vec<T> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time");
    let seed = std::env::var("QEMU_CAPS_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let seed: usize = seed.unwrap_or(now.subsec_micros() as usize);
    let step = cases.len().div_ceil(SAMPLE);
    eprintln!("{what}: every {step}th of {} cases, QEMU_CAPS_SEED={seed}", cases.len());
    cases.into_iter().skip(seed % step).step_by(step).collect()
}

struct Subjects {
    _dir: tempfile::TempDir,
    probes: Vec<(Subject, Recorded)>,
}

fn probes() -> Subjects {
    let dir = tempfile::tempdir().expect("a directory");
    let survey = capture();
    let probes = Baseline::ALL.iter().map(|&baseline| {
        let subject = Subject::Probe(baseline);
        let replies = survey.replies(baseline).expect("a conversation");
        (subject, Recorded::new(dir.path(), &baseline.to_string(), &replies, subject))
    });
    Subjects { probes: probes.collect(), _dir: dir }
}

/// A QEMU without QOM types, so that the survey is short.
fn survey() -> Subjects {
    let dir = tempfile::tempdir().expect("a directory");
    let replies = capture().replies(Baseline::NEWEST).expect("a conversation");
    let recorded = Recorded::new(dir.path(), "survey", &replies, Subject::Survey);
    Subjects { probes: vec![(Subject::Survey, recorded)], _dir: dir }
}

fn cases(subjects: &Subjects, is_fast: bool) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for (subject, recorded) in &subjects.probes {
        for kind in KINDS.iter().filter(|kind| kind.is_fast == is_fast) {
            for at in 1..=recorded.commands.len() {
                cases.push(Case { recorded, subject: *subject, kind, at });
            }
        }
    }
    cases
}

#[test]
fn every_fast_misbehavior_at_every_exchange_of_a_probe() {
    let subjects = probes();
    let counts = check_all(&cases(&subjects, true));
    table::check("probes", &counts);
}

#[test]
fn some_slow_misbehaviors_at_some_exchanges_of_a_probe() {
    let subjects = probes();
    check_all(&sample(cases(&subjects, false), "slow misbehaviors in probes"));
}

#[test]
fn some_misbehaviors_at_some_exchanges_of_a_survey() {
    let subjects = survey();
    let mut all = cases(&subjects, true);
    all.extend(cases(&subjects, false));
    check_all(&sample(all, "misbehaviors in surveys"));
}

#[test]
#[ignore = "takes many minutes"]
fn every_slow_misbehavior_at_every_exchange_of_a_probe() {
    let subjects = probes();
    table::check("slow probes", &check_all(&cases(&subjects, false)));
}

#[test]
#[ignore = "takes many minutes"]
fn every_misbehavior_at_every_exchange_of_a_survey() {
    let subjects = survey();
    let mut all = cases(&subjects, true);
    all.extend(cases(&subjects, false));
    table::check("surveys", &check_all(&all));
}
