//! The rows of the table.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::process::{Cost, cost, own_processor_time};
use crate::works::{self, Input};
use crate::{Failure, growth, root, tests};

/// A row: what was measured, and its ratio or amount.
pub struct Row {
    pub what: String,
    pub unit: &'static str,
    pub before: &'static str,
    pub goal: &'static str,
    pub value: f64,
}

fn row(
    what: &str,
    unit: &'static str,
    before: &'static str,
    goal: &'static str,
    value: f64,
) -> Row {
    Row { what: what.to_owned(), unit, before, goal, value }
}

/// The least processor time of some work over all captures.
fn least(rounds: usize, inputs: &[Input], work: impl Fn(&Input) -> usize) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..rounds {
        let start = own_processor_time();
        for input in inputs {
            black_box(work(input));
        }
        least = least.min(own_processor_time() - start);
    }
    least
}

/// Rows measured within this process.
pub fn in_process(rounds: usize, inputs: &[Input]) -> Vec<Row> {
    let documents =
        |input: &Input| input.replies.split("\n\n").map(str::to_owned).collect::<Vec<_>>();
    let serde = least(rounds, inputs, |input| {
        let values = serde_json::Deserializer::from_str(&input.replies).into_iter();
        values.map(|value: Result<serde_json::Value, _>| usize::from(value.is_ok())).sum()
    });
    let sonic = least(rounds, inputs, |input| {
        let texts = input.replies.split("\n\n");
        texts.map(|text| usize::from(sonic_rs::from_str::<sonic_rs::Value>(text).is_ok())).sum()
    });
    let simd = least(rounds, inputs, |input| {
        let texts = documents(input);
        texts
            .into_iter()
            .map(|text| {
                let mut bytes = text.into_bytes();
                usize::from(simd_json::to_borrowed_value(&mut bytes).is_ok())
            })
            .sum()
    });
    let events = least(rounds, inputs, |input| {
        let mut reader = quick_xml::Reader::from_str(&input.xml);
        let mut count = 0;
        while !matches!(reader.read_event().expect("XML"), quick_xml::events::Event::Eof) {
            count += 1;
        }
        count
    });
    let derive = least(rounds, inputs, |input| works::derive_xml(input).len());
    let load = least(rounds, inputs, |input| works::load_xml(input).flags.iter().count());
    let schemas = least(rounds, inputs, works::named("schema").expect("it is there"));
    let validate = least(rounds, inputs, works::validate_all);
    vec![
        row("derive / serde_json::Value", "", "0.96", "0.40", derive / serde),
        row("derive / sonic-rs DOM", "", "3.8", "1.8", derive / sonic),
        row("derive / simd-json", "", "", "", derive / simd),
        row("load .xml / quick-xml's events", "", "7.5", "2", load / events),
        row("validate 100 commands / parse the schema", "", "3.8", "1.3", validate / schemas),
    ]
}

const QUERY: &str = "blockdev-add/arg-type/+file/aio/^io_uring";

/// Rows of the program `qemu-caps`.
pub fn of_program(rounds: usize, dir: &Path, inputs: &[Input]) -> Result<Vec<Row>, Failure> {
    let program = build(&root().join("Cargo.toml"), &["-p", "qemu-caps-cli"], "release/qemu-caps")?;
    let dir = dir.to_str().ok_or("a directory with a name in UTF-8")?;
    let python = "import json,sys,glob\nfor f in glob.glob(sys.argv[1]+'/*.replies'):\n for d in open(f).read().split('\\n\\n'):\n  json.dumps(json.loads(d),indent=2)";
    let python = cost(rounds, "python3", &["-c", python, dir])?;
    let check = cost(rounds, &program, &["check", dir])?;
    let paths: Vec<String> =
        inputs.iter().map(|i| format!("{dir}/{}.replies", i.id.file_stem())).collect();
    let mut arguments = vec!["dump", "--all"];
    arguments.extend(paths.iter().map(String::as_str));
    let dump = cost(rounds, &program, &arguments)?;
    let mut rows = vec![
        row(
            "check of a directory / Python's loads and dumps",
            "",
            "0.285",
            "0.05",
            check.processor / python.processor,
        ),
        row("dump --all / the same", "", "0.133", "0.05", dump.processor / python.processor),
        row("query: memory for one more capture", "MB", "1.4", "0", query_growth(&program, dir)?),
    ];
    rows.extend(on_all_cores(rounds, &program, &paths)?);
    Ok(rows)
}

/// How well commands use the cores, over several copies of each capture.
fn on_all_cores(rounds: usize, program: &str, paths: &[String]) -> Result<Vec<Row>, Failure> {
    const COPIES: usize = 4;
    let dir = std::env::temp_dir().join(format!("qemu-caps-many-{}", std::process::id()));
    let mut copies = Vec::new();
    for number in 0..COPIES {
        let dir = dir.join(number.to_string());
        std::fs::create_dir_all(&dir)?;
        for path in paths {
            let copy = dir.join(Path::new(path).file_name().ok_or("the path of a file")?);
            std::fs::copy(path, &copy)?;
            copies.push(copy.to_str().ok_or("a temporary directory in UTF-8")?.to_owned());
        }
    }
    let mut rows = Vec::new();
    for (name, start) in
        [("check", &["check"][..]), ("dump", &["dump", "--all"]), ("query", &["query", QUERY])]
    {
        let arguments: Vec<&str> =
            start.iter().copied().chain(copies.iter().map(String::as_str)).collect();
        let cost = cost(rounds, program, &arguments)?;
        let what = format!("{name} of {} captures: wall / processor time", copies.len());
        rows.push(row(&what, "", "1.0", "0.55", cost.wall / cost.processor));
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(rows)
}

/// By how many megabytes the peak memory of a query grows with each capture, over many copies of the largest one.
fn query_growth(program: &str, dir: &str) -> Result<f64, Failure> {
    const COUNTS: [usize; 2] = [20, 520];
    let capture = largest(Path::new(dir))?;
    let place = std::env::temp_dir().join(format!("qemu-caps-query-{}", std::process::id()));
    let peak = |count: usize| -> Result<f64, Failure> {
        let dir = place.join(count.to_string());
        std::fs::create_dir_all(&dir)?;
        let name = |number| dir.join(format!("caps_10.0.{number}_x86_64.replies"));
        std::fs::copy(&capture, name(0))?;
        (1..count).try_for_each(|number| std::fs::hard_link(name(0), name(number)))?;
        let dir = dir.to_str().ok_or("a temporary directory with a name in UTF-8")?;
        Ok(cost(3, program, &["query", QUERY, dir])?.memory)
    };
    let peaks = COUNTS.map(peak);
    std::fs::remove_dir_all(&place)?;
    let [few, many] = peaks;
    Ok((many? - few?) / (COUNTS[1] - COUNTS[0]) as f64 / 1e6)
}

/// Rows of processes that load one capture, in the profiles of tests.
pub fn of_test_process(rounds: usize, dir: &Path) -> Result<Vec<Row>, Failure> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let capture = largest(dir)?;
    let mut rows = Vec::new();
    let profiles: [(&str, &[&str], _, _, _, _, _); 3] = [
        ("dev", &["--profile", "dev"], "debug", "58", "5", "37", "5"),
        (
            "dev and opt-level = 2 for caps-core",
            &["--profile", "dev", "--config", "profile.dev.package.caps-core.opt-level=2"],
            "debug",
            "",
            "1",
            "",
            "1.5",
        ),
        ("release", &["--profile", "release"], "release", "11", "1", "8", "1.5"),
    ];
    for (profile, options, dir, xml_before, xml_goal, replies_before, replies_goal) in profiles {
        let mut arguments = vec!["--no-default-features"];
        arguments.extend(options);
        let program = build(&manifest, &arguments, &format!("{dir}/table"))?;
        let of = |work| cost(rounds * 4, &program, &["work", work, &capture]);
        for (what, load, read, before, goal) in [
            ("xml", "load-xml", "read-xml", "", ""),
            ("replies", "load-replies", "read-replies", replies_before, replies_goal),
        ] {
            let (load, read) = (of(load)?, of(read)?);
            let what = format!("{profile}: parse .{what} to capabilities, beyond reading the file");
            rows.push(row(&what, "ms", before, goal, (load.processor - read.processor) * 1e3));
        }
        let [all, latest, derived] =
            test_processes(rounds * 4, &program, Path::new(&capture))?.map(|cost| cost.processor);
        let [xml, replies] = [of("read-xml")?, of("read-replies")?].map(|cost| cost.processor);
        for (what, time, before, goal) in [
            ("a version to `&Capabilities`", all - xml, xml_before, xml_goal),
            ("`latest` to `&Capabilities`", latest - xml, xml_before, xml_goal),
            ("those of the .replies", derived - replies, replies_before, replies_goal),
        ] {
            let what = format!("{profile}: test process, {what}, beyond reading the file");
            rows.push(row(&what, "ms", before, goal, time * 1e3));
        }
        if profile == "dev" {
            rows.push(many_tests(rounds, &program, Path::new(&capture))?);
        }
        if profile == "release" {
            let size = |extension| {
                std::fs::metadata(Path::new(&capture).with_extension(extension))
                    .map(|m| m.len() as f64)
            };
            let nothing = of("read-xml")?.memory - size("xml")?;
            let grown = growth::memory_of(&program, Path::new(&capture))?;
            for (what, work, extension, before, goal) in [
                ("derive", "derive", "replies", "3.2", "4"),
                ("load .xml", "load-xml", "xml", "13-24", "4"),
                ("check", "check", "replies", "10-17", "6"),
            ] {
                let more = grown.iter().find(|more| more.work == work).map(|more| more.per_byte);
                let more = more.ok_or_else(|| format!("no memory of `{work}`"))?;
                let what = format!("{what}: peak memory");
                rows.push(row(&format!("{what} for each byte more"), "", before, goal, more));
                let whole = (of(work)?.memory - nothing) / size(extension)?;
                let what = format!("{what} / input, with the pages of the program that it needs");
                rows.push(row(&what, "", before, goal, whole));
            }
        }
    }
    Ok(rows)
}

/// Processes with one test of one capture, which an earlier process has read: the capture selected by its version, as
/// the latest, and by its version for what its `.replies` gives.
fn test_processes(rounds: usize, program: &str, capture: &Path) -> Result<[Cost; 3], Failure> {
    let place = std::env::temp_dir().join(format!("qemu-caps-test-{}", std::process::id()));
    let measured = tests::captures(capture, &place.join("captures"), 1).and_then(|()| {
        // Where cargo puts test programs, which is beside the compact forms of captures.
        std::fs::create_dir_all(place.join("deps"))?;
        let copy = place.join("deps/suite");
        std::fs::copy(program, &copy)?;
        let (copy, dir) =
            (copy.display().to_string(), place.join("captures").display().to_string());
        let of =
            |rounds, which: &[&str]| cost(rounds, &copy, &[&["tests", &dir, "1"], which].concat());
        let kept = |which: &[&str]| of(1, which).and_then(|_| of(rounds, which));
        Ok([kept(&[])?, kept(&["latest"])?, kept(&["derived"])?])
    });
    std::fs::remove_dir_all(&place)?;
    measured
}

/// A thousand tests over some captures, beside loading each capture once.
fn many_tests(rounds: usize, program: &str, capture: &Path) -> Result<Row, Failure> {
    let place = std::env::temp_dir().join(format!("qemu-caps-tests-{}", std::process::id()));
    let measured = tests::captures(capture, &place, tests::CAPTURES).and_then(|()| {
        let dir = place.to_str().ok_or("a temporary directory with a name in UTF-8")?;
        let of = |count: usize| cost(rounds, program, &["tests", dir, &count.to_string()]);
        Ok(of(1000)?.processor / of(tests::CAPTURES)?.processor)
    });
    std::fs::remove_dir_all(&place)?;
    Ok(row("dev: 1000 tests over 60 captures / loading 60 once", "", "1.15", "1.1", measured?))
}

/// The capture with the largest `.replies`.
fn largest(dir: &Path) -> Result<String, Failure> {
    let mut files: Vec<(u64, String)> = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "replies") && path.with_extension("xml").exists() {
            files.push((path.metadata()?.len(), path.display().to_string()));
        }
    }
    files.sort();
    files.pop().map(|(_, path)| path).ok_or_else(|| "no captures".into())
}

/// Builds a program and returns its path.
fn build(manifest: &Path, options: &[&str], program: &str) -> Result<String, Failure> {
    let manifest = manifest.canonicalize()?;
    let target = manifest.with_file_name("target").join("measured");
    let mut command = Command::new("cargo");
    command.arg("build").arg("--manifest-path").arg(&manifest).env("CARGO_TARGET_DIR", &target);
    if !options.contains(&"--profile") {
        command.arg("--release");
    }
    let status = command.args(options).status()?;
    if !status.success() {
        return Err(format!("{program} does not build").into());
    }
    Ok(target.join(program).display().to_string())
}
