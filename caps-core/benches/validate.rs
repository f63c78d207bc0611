//! The time to validate commands against all captures, as a ratio to parsing the captures' schemas once.
//!
//! `cargo bench -p caps-core --bench validate -- COMMANDS.jsonl [DIR]`, with a command a line (or objects with
//! `command`), and the project's captures as default.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caps_core::capture::Captures;
use caps_core::json::Document;
use caps_core::qapi::Schema;
use caps_core::replies::Conversation;
use caps_core::validate::Validator;
use caps_core::validate::{Policy, Verdict};

const RUNS: usize = 15;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let Some(file) = arguments.next() else {
        eprintln!("no file of commands was given, there is nothing to measure");
        return;
    };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata");
    let dir = arguments.next().map_or(data, PathBuf::from);
    let commands: Vec<Document> = fs::read_to_string(&file)
        .expect("a file of commands")
        .lines()
        .map(|line| Document::parse(line).expect("a command"))
        .collect();
    let captures = Captures::discover(&dir).expect("captures");
    let texts: Vec<String> = captures
        .iter()
        .filter_map(|capture| capture.replies.as_ref())
        .map(|path| fs::read_to_string(path).expect("a capture"))
        .collect();
    let conversations: Vec<Conversation> =
        texts.iter().map(|text| Conversation::parse(text).expect("a conversation")).collect();
    let (mut parsing, mut first, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times(RUNS) {
        let start = Instant::now();
        for conversation in &conversations {
            // An entry is parsed when it is asked for.
            let schema = Schema::from_conversation(conversation).expect("a schema");
            std::hint::black_box(schema.entries().count());
        }
        parsing.push(start.elapsed());
        let validators: Vec<Validator> = conversations
            .iter()
            .map(|conversation| Validator::from_conversation(conversation).expect("a schema"))
            .collect();
        for taken in [&mut first, &mut later] {
            let start = Instant::now();
            std::hint::black_box(validate(&commands, &validators));
            taken.push(start.elapsed());
        }
    }
    let (parsing, first, later) = (median(parsing), median(first), median(later));
    let ratio = |time: Duration| time.as_secs_f64() / parsing.as_secs_f64();
    eprintln!(
        "{} commands, {} captures: parsing the schemas {parsing:.1?}; validating {first:.1?} the first time \
         (ratio {:.3}), {later:.1?} later (ratio {:.3})",
        commands.len(),
        conversations.len(),
        ratio(first),
        ratio(later)
    );
}

fn validate(commands: &[Document], validators: &[Validator]) -> usize {
    let policy = Policy::default();
    let all = validators.iter().flat_map(|v| commands.iter().map(move |command| (v, command)));
    all.filter(|(validator, command)| {
        let root = command.root();
        let command = root.get("command").unwrap_or(root);
        validator.check(command, &policy).verdict() == Verdict::Invalid
    })
    .count()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// As often as `cargo bench` wants it; `cargo test` only tries whether it works.
fn times(runs: usize) -> usize {
    if std::env::args().any(|argument| argument == "--bench") { runs } else { 1 }
}
