//! Measures how long it takes to rebuild a suite after its source was touched, and its size: the
//! same 1200 tests (60 captures, 20 functions) written by hand, with `caps_test`, with rstest and
//! with dir-test. There are two handwritten versions: one with the same features as the others, and
//! a minimal one.
//!
//! `cargo run --manifest-path benches/rebuild/Cargo.toml [ROUNDS]`. The suites take turns in each
//! round, so that a busy machine affects them equally.

mod processor;
mod suites;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use processor::processor_time;
use suites::SUITES;

/// Captures are copies of the project's own under other names; their content does not matter here.
const CAPTURES: usize = 60;
const FUNCTIONS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = match env::args().nth(1) {
        Some(rounds) => rounds.parse()?,
        None => 11,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let place = env::temp_dir().join(format!("qemu-caps-rebuild-{}", std::process::id()));
    let measured = measure(&root, &place, rounds);
    fs::remove_dir_all(&place)?;
    let measured = measured?;

    println!(
        "{CAPTURES} captures, {FUNCTIONS} functions, {rounds} rounds; medians, and ratios to by-hand\n"
    );
    println!("| suite | rebuild | fastest | processor | size |");
    println!("|---|---|---|---|---|");
    let hand = &measured[0];
    for (suite, measures) in SUITES.iter().zip(&measured) {
        let ratio = |of: fn(&Measures) -> f64| of(measures) / of(hand);
        println!(
            "| {} | {:.2} s ({:.2}) | {:.2} s ({:.2}) | {:.2} s ({:.2}) | {:.2} MB ({:.3}) |",
            suite.name,
            measures.median(),
            ratio(Measures::median),
            measures.fastest(),
            ratio(Measures::fastest),
            measures.processor(),
            ratio(Measures::processor),
            measures.size,
            ratio(|measures| measures.size),
        );
    }
    Ok(())
}

/// The measurements of a suite.
#[derive(Default)]
struct Measures {
    /// The time of each rebuild, in seconds.
    elapsed: Vec<f64>,
    /// The processor time of each rebuild, which depends less on a busy machine.
    processor: Vec<f64>,
    /// The size of the test program in MB.
    size: f64,
}

impl Measures {
    fn median(&self) -> f64 {
        median(&self.elapsed)
    }

    fn fastest(&self) -> f64 {
        self.elapsed.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn processor(&self) -> f64 {
        median(&self.processor)
    }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Measures each suite.
fn measure(root: &Path, place: &Path, rounds: usize) -> Result<Vec<Measures>, Box<dyn Error>> {
    let mut measured = Vec::new();
    for suite in &SUITES {
        let package = place.join(suite.name);
        write_package(root, &package, suite)?;
        eprintln!("building {}", suite.name);
        let program = build(place, &package)?;
        let size = fs::metadata(&program)?.len();
        let list = Command::new(&program)
            .args(["--list", "--format", "terse"])
            .current_dir(&package)
            .output()?;
        let list = String::from_utf8(list.stdout)?;
        let tests = list.lines().filter(|line| line.ends_with(": test")).count();
        // The guard of `caps_test` adds a test for each function.
        let guards = if suite.name == "caps_test" { FUNCTIONS } else { 0 };
        if tests != CAPTURES * FUNCTIONS + guards {
            return Err(format!("{} has {tests} tests", suite.name).into());
        }
        measured.push(Measures { size: size as f64 / 1e6, ..Measures::default() });
    }
    for round in 1..=rounds {
        eprintln!("round {round}");
        for (suite, measures) in SUITES.iter().zip(&mut measured) {
            let package = place.join(suite.name);
            let source = package.join("tests/suite.rs");
            fs::write(&source, fs::read(&source)?)?;
            let (start, processor) = (Instant::now(), processor_time()?);
            build(place, &package)?;
            measures.elapsed.push(start.elapsed().as_secs_f64());
            measures.processor.push(processor_time()? - processor);
        }
    }
    Ok(measured)
}

fn write_package(root: &Path, package: &Path, suite: &suites::Suite) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(package.join("tests"))?;
    fs::create_dir_all(package.join("src"))?;
    fs::create_dir_all(package.join("qemucapabilitiesdata"))?;
    let manifest = format!(
        "[package]\nname = \"suite-{}\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nqemu-caps = {{ path = \"{}\" }}\n{}",
        suite.name,
        root.display(),
        suite.dependency
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    let names: Vec<String> =
        (0..CAPTURES).map(|n| format!("{}.{}.0_x86_64", 5 + n / 3, n % 3)).collect();
    for name in &names {
        for ending in ["xml", "replies"] {
            let from = root.join(format!("qemucapabilitiesdata/caps_11.1.3_x86_64.{ending}"));
            // Not a link, because a tool might resolve it.
            fs::copy(from, package.join(format!("qemucapabilitiesdata/caps_{name}.{ending}")))?;
        }
    }
    fs::write(package.join("tests/suite.rs"), (suite.source)(&names, FUNCTIONS))?;
    Ok(())
}

/// Builds the tests of a package and returns the program.
fn build(place: &Path, package: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new("cargo")
        .args(["test", "--test", "suite", "--no-run", "--message-format=json"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", place.join("target"))
        // The profile of users, whatever the environment says.
        .env_remove("CARGO_PROFILE_DEV_DEBUG")
        .output()?;
    let stdout = String::from_utf8(output.stdout)?;
    let key = "\"executable\":\"";
    let program = stdout
        .lines()
        .filter_map(|line| line.split_once(key))
        .filter_map(|(_, rest)| rest.split('"').next())
        .find(|program| program.contains("/suite-"));
    match program {
        Some(program) if output.status.success() => Ok(PathBuf::from(program)),
        _ => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}
