//! Measures how long a suite takes to build again after its source was touched, and how large it is: the
//! same 1200 tests (60 captures, 20 functions) written by hand, made by `caps_test`, by rstest and by
//! dir-test.
//!
//! `cargo run --manifest-path benches/rebuild/Cargo.toml [ROUNDS]`. The suites take turns in each round, so
//! that a busy machine is as unfair to one as to another.

mod suites;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use suites::SUITES;

/// Captures are the project's own under other names; what is in them does not matter here.
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

    let (hand, hand_size) = measured[0].clone();
    println!("{CAPTURES} captures, {FUNCTIONS} functions, {rounds} rounds\n");
    println!("| suite | rebuild, median | fastest | median / by hand | size | size / by hand |");
    println!("|---|---|---|---|---|---|");
    for (suite, (times, size)) in SUITES.iter().zip(&measured) {
        println!(
            "| {} | {:.2} s | {:.2} s | {:.2} | {:.2} MB | {:.3} |",
            suite.name,
            median(times).as_secs_f64(),
            times.iter().min().unwrap_or(&Duration::ZERO).as_secs_f64(),
            median(times).as_secs_f64() / median(&hand).as_secs_f64(),
            *size as f64 / 1e6,
            *size as f64 / hand_size as f64,
        );
    }
    Ok(())
}

/// The times and the size of each suite.
fn measure(
    root: &Path,
    place: &Path,
    rounds: usize,
) -> Result<Vec<(Vec<Duration>, u64)>, Box<dyn Error>> {
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
        // The guard of `caps_test` is a test more for each function.
        let guards = if suite.name == "caps_test" { FUNCTIONS } else { 0 };
        if tests != CAPTURES * FUNCTIONS + guards {
            return Err(format!("{} has {tests} tests", suite.name).into());
        }
        measured.push((Vec::new(), size));
    }
    for round in 1..=rounds {
        eprintln!("round {round}");
        for (suite, (times, _)) in SUITES.iter().zip(&mut measured) {
            let package = place.join(suite.name);
            let source = package.join("tests/suite.rs");
            fs::write(&source, fs::read(&source)?)?;
            let start = Instant::now();
            build(place, &package)?;
            times.push(start.elapsed());
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
            // Not a link: a tool may look behind it.
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

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
