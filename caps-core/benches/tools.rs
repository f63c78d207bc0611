//! How long the tools take over all captures of a directory, as ratios to reading the same files
//! into `serde_json::Value` once. The directory is the project's, or what `QEMU_CAPS_CONFORMANCE_DIR`
//! names.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use caps_core::diff::{Side, diff};
use caps_core::dump::{Part, dump};
use caps_core::edit::{Action, Edit, Script, Subject, Target};
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;

/// The best of this many runs counts.
const RUNS: usize = 15;

fn main() {
    let dir = std::env::var_os("QEMU_CAPS_CONFORMANCE_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../qemucapabilitiesdata"),
        PathBuf::from,
    );
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("a directory of captures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "replies"))
        .collect();
    paths.sort();
    let bytes = || paths.iter().map(|path| std::fs::read(path).expect("a readable file"));
    let read = || bytes().map(|bytes| Conversation::from_bytes(&bytes).expect("a capture"));
    let size: usize = bytes().map(|bytes| bytes.len()).sum();

    let json = best(|| {
        bytes()
            .map(|bytes| {
                let text = String::from_utf8(bytes).expect("UTF-8");
                let values = serde_json::Deserializer::from_str(&text).into_iter();
                values
                    .map(|value: Result<serde_json::Value, _>| value.expect("JSON"))
                    .map(|value| usize::from(value.is_object()))
                    .sum::<usize>()
            })
            .sum()
    });
    report(&format!("serde_json::Value, {} files, {size} bytes", paths.len()), json, json);
    let lines = |conversation: Conversation, parts: &[Part]| {
        let mut bytes = 0;
        dump(&conversation, parts, |line| bytes += line.len() + 1).expect("a whole capture");
        bytes
    };
    report("dump --all", best(|| read().map(|c| lines(c, Part::LIBVIRT)).sum()), json);
    report("dump, every part", best(|| read().map(|c| lines(c, Part::ALL)).sum()), json);
    let query: Query = "blockdev-add/arg-type/+file/aio/^io_uring".parse().expect("a query");
    let holding = |queries: usize| {
        best(|| {
            read()
                .map(|conversation| {
                    let schema = Schema::from_conversation(&conversation).expect("a schema");
                    (0..queries).filter(|_| schema.holds(std::hint::black_box(&query))).count()
                })
                .sum()
        })
    };
    report("query", holding(1), json);
    report("query, 1000 in each", holding(1000), json);
    report(
        "diff, each with the next",
        best(|| {
            let captures: Vec<Conversation> = read().collect();
            let sides = captures.iter().map(Side::new).collect::<Vec<_>>();
            sides.windows(2).map(|pair| diff(&pair[0], &pair[1]).expect("captures").len()).sum()
        }),
        json,
    );
    let script = Script::from(vec![Edit::new(Target::new("query-target"), Action::Drop)]);
    report(
        "edit, one drop",
        best(|| {
            read()
                .map(|capture| {
                    let edited = script.apply(&Subject::new(&capture)).expect("an edit");
                    edited.text.map_or(0, |text| text.len())
                })
                .sum()
        }),
        json,
    );
}

fn best(mut work: impl FnMut() -> usize) -> Duration {
    let run = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    };
    (0..times(RUNS)).map(run).min().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn report(what: &str, time: Duration, baseline: Duration) {
    let ratio = time.as_secs_f64() / baseline.as_secs_f64();
    println!("{ratio:6.2}  {:8.2} ms  {what}", time.as_secs_f64() * 1000.0);
}

/// As often as `cargo bench` wants it; `cargo test` only tries whether it works.
fn times(runs: usize) -> usize {
    if std::env::args().any(|argument| argument == "--bench") { runs } else { 1 }
}
