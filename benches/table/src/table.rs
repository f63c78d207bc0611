//! Collecting and printing the table.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rows::{self, Row};
use crate::works::Input;
use crate::{Failure, builds, id, root};

/// Measures everything and prints it.
pub fn print(options: &[&str]) -> Result<(), Failure> {
    let rounds = match options.iter().position(|option| *option == "--rounds") {
        Some(at) => options.get(at + 1).ok_or("--rounds takes a number")?.parse()?,
        None => 15,
    };
    let dir = std::env::var_os("QEMU_CAPS_CONFORMANCE_DIR")
        .map_or_else(|| root().join("qemucapabilitiesdata"), PathBuf::from)
        .canonicalize()?;
    let inputs = inputs(&dir)?;
    let mut rows = rows::in_process(rounds, &inputs);
    if !options.contains(&"--quick") {
        rows.extend(rows::of_program(rounds, &dir, &inputs)?);
        rows.extend(rows::of_test_process(rounds, &dir)?);
    }
    if options.contains(&"--builds") {
        rows.extend(builds::clean_builds()?);
        rows.extend(builds::rebuilds(rounds)?);
    }
    let cores = std::thread::available_parallelism()?;
    let bytes: usize = inputs.iter().map(|input| input.replies.len()).sum();
    if options.contains(&"--json") {
        let rows: Vec<serde_json::Value> = rows.iter().map(json).collect();
        let all = serde_json::json!({
            "cores": cores, "captures": inputs.len(), "bytes": bytes, "rounds": rounds, "rows": rows,
        });
        println!("{all:#}");
        return Ok(());
    }
    println!(
        "{cores} cores, {} captures of {bytes} bytes, the least of {rounds} rounds\n",
        inputs.len()
    );
    println!("| work | before | goal | now |\n|---|---|---|---|");
    for Row { what, unit, before, goal, value } in &rows {
        let digits = if *value < 10.0 { 3 } else { 1 };
        println!("| {what} | {before} | {goal} | {value:.digits$} {unit} |");
    }
    Ok(())
}

fn json(row: &Row) -> serde_json::Value {
    let Row { what, unit, before, goal, value } = row;
    serde_json::json!({"work": what, "unit": unit, "before": before, "goal": goal, "now": value})
}

/// The captures of a directory.
fn inputs(dir: &Path) -> Result<Vec<Input>, Failure> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "replies"));
    paths.sort();
    let read = |path: &PathBuf| -> Result<Input, Failure> {
        let replies = fs::read_to_string(path)?;
        Ok(Input {
            id: id(path)?,
            replies: replies.into(),
            xml: fs::read_to_string(path.with_extension("xml"))?,
        })
    };
    paths.iter().map(read).collect()
}
