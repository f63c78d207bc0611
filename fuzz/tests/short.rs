//! Every target, for a bounded number of runs. `QEMU_CAPS_FUZZ_RUNS` and `QEMU_CAPS_SEED` set the
//! number of runs of the fastest targets, and the seed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use qemu_caps_fuzz::mutate::Mutator;
use qemu_caps_fuzz::{TARGETS, Target};

fn variable(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let entries = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file")).collect()
}

fn check(name: &str, target: Target, cost: u32) {
    let corpus = corpus(name);
    assert!(corpus.iter().any(|input| target(input)), "{name}: no input of the corpus is accepted");
    let (seed, begin) = (variable("QEMU_CAPS_SEED", 1), Instant::now());
    let runs = variable("QEMU_CAPS_FUZZ_RUNS", 10_000) / u64::from(cost);
    let mut mutator = Mutator::new(corpus, seed);
    let mut accepted = 0;
    for number in 0..runs {
        let input = mutator.input();
        match catch_unwind(AssertUnwindSafe(|| target(&input))) {
            Ok(is_accepted) => accepted += u64::from(is_accepted),
            Err(_) => panic!(
                "{name}, run {number}, QEMU_CAPS_SEED={seed}: {:?}",
                String::from_utf8_lossy(&input)
            ),
        }
    }
    eprintln!("{name}: {runs} runs, {accepted} accepted, in {:?}", begin.elapsed());
    assert!(accepted * 100 > runs, "{name}: nearly no input is accepted");
}

#[test]
fn every_target_holds_for_mutations_of_its_corpus() {
    std::thread::scope(|scope| {
        let (first, second) = TARGETS.split_at(TARGETS.len() / 2);
        for targets in [first, second] {
            scope.spawn(move || {
                for &(name, target, cost) in targets {
                    check(name, target, cost);
                }
            });
        }
    });
}
