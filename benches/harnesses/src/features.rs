//! The table of features: each cell is what was seen when it was tried.

use std::error::Error;
use std::path::Path;

use crate::harness::{HARNESSES, Harness};
use crate::package::Package;

type Cell = Result<String, Box<dyn Error>>;
type Trial = fn(&Path, &Harness) -> Cell;

/// What is tried, and how.
const TRIALS: [(&str, Trial); 8] = [
    ("two files", two_files),
    ("one of them fails", one_fails),
    ("a new file, source untouched", new_file),
    ("names when a file comes first", names),
    ("no file matches", no_match),
    ("`a-b.json` and `a_b.json`", collision),
    ("a hidden file", hidden),
    ("files by values", product),
];

const FILES: [(&str, &str); 2] = [("a.json", "{}"), ("b.json", "{}")];

/// Tries the harnesses whose names contain a text.
pub fn print(place: &Path, wanted: &str) -> Result<(), Box<dyn Error>> {
    let columns: Vec<&str> = TRIALS.iter().map(|(what, _)| *what).collect();
    println!("| harness | {} |\n|{}", columns.join(" | "), "---|".repeat(TRIALS.len() + 1));
    for harness in HARNESSES.iter().filter(|harness| harness.name.contains(wanted)) {
        eprintln!("trying {}", harness.name);
        let cells: Result<Vec<String>, _> =
            TRIALS.iter().map(|(_, trial)| trial(place, harness)).collect();
        println!("| {} | {} |", harness.name, cells?.join(" | "));
    }
    Ok(())
}

fn package(
    place: &Path,
    harness: &Harness,
    files: &[(&str, &str)],
) -> Result<Package, Box<dyn Error>> {
    let package = Package::new(place, harness, harness.source, files)?;
    package.touch()?;
    Ok(package)
}

fn two_files(place: &Path, harness: &Harness) -> Cell {
    let package = package(place, harness, &FILES)?;
    let (names, run) = (package.names()?, package.test()?);
    if !run.success {
        return Err(format!("{} does not work: {}", harness.name, run.output).into());
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Ok(names.join(", "))
}

fn one_fails(place: &Path, harness: &Harness) -> Cell {
    let package = package(place, harness, &[FILES[0], ("b.json", "bad")])?;
    let run = package.test()?;
    let counts = (run.count("ok"), run.count("FAILED"));
    Ok(format!("{} pass, {} fail", counts.0, counts.1))
}

fn new_file(place: &Path, harness: &Harness) -> Cell {
    let package = package(place, harness, &FILES)?;
    package.test()?;
    package.write("inputs/c.json", "bad")?;
    let run = package.test()?;
    Ok(match (run.success, run.count("FAILED")) {
        (true, _) => "passes in silence",
        (false, 0) => "a test says so",
        (false, _) => "is tested",
    }
    .to_owned())
}

fn names(place: &Path, harness: &Harness) -> Cell {
    let package = package(place, harness, &FILES)?;
    let before = package.names()?;
    package.write("inputs/aa.json", "{}")?;
    package.write("inputs/0.json", "{}")?;
    package.touch()?;
    let after = package.names()?;
    let gone: Vec<&String> = before.difference(&after).collect();
    Ok(match (gone.is_empty(), after.len() - before.len()) {
        (false, _) => format!("{} of {} change", gone.len(), before.len()),
        (true, 0) => "stay, none is new".to_owned(),
        (true, _) => "stay".to_owned(),
    })
}

fn no_match(place: &Path, harness: &Harness) -> Cell {
    let run = package(place, harness, &[])?.test()?;
    Ok(told(run.success, &run.output).to_owned())
}

fn collision(place: &Path, harness: &Harness) -> Cell {
    let package = package(place, harness, &[("a-b.json", "{}"), ("a_b.json", "{}")])?;
    let (names, run) = (package.names()?, package.test()?);
    let names_both = run.output.contains("a-b.json") && run.output.contains("a_b.json");
    Ok(match told(run.success, &run.output) {
        "passes" => format!("{} tests", names.len()),
        told if names_both => format!("{told}, names both"),
        told => told.to_owned(),
    })
}

fn hidden(place: &Path, harness: &Harness) -> Cell {
    let run = package(place, harness, &[FILES[0], FILES[1], (".h.json", "bad")])?.test()?;
    Ok(match told(run.success, &run.output) {
        "passes" => "is left out",
        "fails" => "is tested",
        told => told,
    }
    .to_owned())
}

fn product(place: &Path, harness: &Harness) -> Cell {
    let Some(source) = harness.product else { return Ok("no way to write it".to_owned()) };
    let package = Package::new(place, harness, source, &FILES)?;
    package.touch()?;
    Ok(format!("{} tests", package.names()?.len()))
}

fn told(success: bool, output: &str) -> &'static str {
    match (success, output.contains("could not compile")) {
        (true, _) => "passes",
        (false, true) => "compile error",
        (false, false) => "fails",
    }
}
