//! Figures that the documentation states and that tests produce.

use std::fs;
use std::path::Path;

/// Compares how many of how many passed with the row `name` of docs/correctness.md:
///
/// ```text
/// | <!-- name --> what was compared | N of M | ...
/// ```
///
/// The data come from a directory outside of the project; where it has another number of things than that of the row, the
/// figure is only printed. `VIR_TEST_REGENERATE_OUTPUT=1` writes the row.
///
/// # Panics
///
/// Panics if the row is missing, or states another figure for as many things.
pub fn figure(name: &str, passed: usize, of: usize) {
    let found = format!("{passed} of {of}");
    eprintln!("{name}: {found}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/correctness.md");
    let text = fs::read_to_string(&path).expect("docs/correctness.md");
    let mark = format!("| <!-- {name} --> ");
    let row = text.lines().find(|line| line.starts_with(&mark));
    let row = row.unwrap_or_else(|| panic!("docs/correctness.md has no row `{name}`"));
    let stated = row.split(" | ").nth(1).expect("a row has a figure");
    if stated == found {
        return;
    }
    if std::env::var_os("VIR_TEST_REGENERATE_OUTPUT").is_some_and(|value| value == "1") {
        let new = row.replacen(&format!(" | {stated} | "), &format!(" | {found} | "), 1);
        fs::write(&path, text.replace(row, &new)).expect("docs/correctness.md is written");
        return;
    }
    let is_same_set = stated.rsplit(' ').next() == found.rsplit(' ').next();
    assert!(!is_same_set, "docs/correctness.md states {stated} for {name}, found {found}");
    eprintln!("{name}: docs/correctness.md states {stated}, of another set");
}
