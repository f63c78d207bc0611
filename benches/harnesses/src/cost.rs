//! 200 files by 18 captures: what building, building again and running costs, beside rstest with
//! `#[files]` and `#[values]`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::harness::HARNESSES;
use crate::package::Package;
use crate::processor::processor_time;

const FILES: usize = 200;
const ROUNDS: usize = 5;

const CAPS_TEST: &str = r#"
use qemu_caps::prelude::*;

#[caps_test(
    all,
    ["aarch64", "loongarch64", "ppc64", "riscv64", "s390x", "x86_64"], // those with more than surveys
    dir = built_in,
    files("inputs/*.json")
)]
fn check(file: &InputFile, caps: &Capabilities) {
    assert!(caps.has(Flag::Vnc) && !file.bytes().is_empty());
}
"#;

/// Loads a capture once in a process, as the other does.
const RSTEST: &str = r#"
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use qemu_caps::prelude::*;
use rstest::rstest;

static LOADED: Mutex<BTreeMap<String, Arc<Capabilities>>> = Mutex::new(BTreeMap::new());

fn load(name: &str) -> Arc<Capabilities> {
    let mut loaded = LOADED.lock().unwrap();
    if let Some(caps) = loaded.get(name) {
        return caps.clone();
    }
    let path = Path::new(qemu_caps::data::DIR).join(format!("caps_{name}.xml"));
    let caps = qemu_caps::xml::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    loaded.entry(name.to_owned()).or_insert(Arc::new(caps)).clone()
}

#[rstest]
fn check(#[files("inputs/*.json")] path: PathBuf, #[values(NAMES)] name: &str) {
    assert!(load(name).has(Flag::Vnc) && !std::fs::read(path).unwrap().is_empty());
}
"#;

pub fn print(place: &Path) -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../qemucapabilitiesdata");
    let mut names = Vec::new();
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name().into_string().map_err(|_| "a name that is not UTF-8")?;
        let name = name.strip_prefix("caps_").and_then(|name| name.strip_suffix(".xml"));
        names.extend(name.map(|name| format!("\"{name}\"")));
    }
    names.sort();
    let files: Vec<String> = (0..FILES).map(|number| format!("vm-{number}.json")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|name| (name.as_str(), "{}")).collect();
    let own = HARNESSES[0].dependency;
    let both = format!("{own}\n{}", HARNESSES[1].dependency);
    let rstest = RSTEST.replace("NAMES", &names.join(", "));
    println!(
        "{FILES} files, {} captures; processor time, the median of {ROUNDS} rounds\n",
        names.len()
    );
    println!("| suite | first build of it | build again | cargo test | cargo nextest |");
    println!("|---|---|---|---|---|");
    let suites = [("cost-caps_test", own, CAPS_TEST), ("cost-rstest", both.as_str(), &rstest)];
    let mut packages = Vec::new();
    for (name, dependency, source) in suites {
        packages.push((name, Package::with(place, name, dependency, source, &files)?));
    }
    for (name, package) in &packages {
        eprintln!("measuring {name}");
        let mut row = String::new();
        // The dependencies, without the suite.
        package.cargo(&["build"])?;
        let _ = write!(row, "{:.2} s", time(package, BUILD)?);
        for (arguments, is_build) in [(BUILD, true), (RUN, false), (NEXTEST, false)] {
            let rounds = if arguments == NEXTEST { 1 } else { ROUNDS };
            let mut times = Vec::new();
            for _ in 0..rounds {
                if is_build {
                    package.touch()?;
                }
                times.push(time(package, arguments)?);
            }
            times.sort_by(f64::total_cmp);
            let _ = write!(row, " | {:.2} s", times[times.len() / 2]);
        }
        println!("| {name} | {row} |");
    }
    Ok(())
}

const BUILD: &[&str] = &["test", "--test", "suite", "--no-run"];
const RUN: &[&str] = &["test", "--test", "suite"];
const NEXTEST: &[&str] = &["nextest", "run", "--test", "suite"];

/// The processor time that cargo and its children take.
fn time(package: &Package, arguments: &[&str]) -> Result<f64, Box<dyn Error>> {
    let before = processor_time()?;
    let run = package.cargo(arguments)?;
    if !run.success {
        return Err(run.output.into());
    }
    Ok(processor_time()? - before)
}
