//! The problems as SARIF 2.1.0.

use std::collections::BTreeSet;
use std::io::{self, Write};

use caps_core::validate::ViolationKind;
use serde_json::{Value, json};

use super::expect::Surprises;
use super::matrix::Matrix;
use super::table::words;
use crate::output;

/// A result for each problem, with the captures that have it.
pub(super) fn print(out: &mut dyn Write, matrix: &Matrix, surprises: &Surprises) -> io::Result<()> {
    let mut rules = BTreeSet::new();
    let mut results = Vec::new();
    for (row, item) in matrix.items.iter().enumerate() {
        let expected =
            (0..matrix.columns.len()).all(|column| surprises.expected(column, row).is_some());
        for remark in matrix.remarks(row) {
            let kind = remark.violation.kind;
            rules.insert(kind);
            let level = match (remark.is_problem, expected) {
                (true, true) => "note",
                (true, false) => "error",
                (false, _) => "warning",
            };
            let captures: Vec<String> = remark.captures.iter().map(ToString::to_string).collect();
            let text = format!("{} ({})", words(&remark), matrix.names(&remark.captures));
            results.push(json!({
                "ruleId": kind.name(),
                "level": level,
                "message": {"text": text},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": item.file},
                    "region": {"startLine": item.line},
                }}],
                "properties": {"captures": captures, "path": remark.violation.path},
            }));
        }
    }
    let rules: Vec<Value> = rules.into_iter().map(rule).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "qemu-caps",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "results": results,
        }],
    });
    output::json(out, &log)
}

/// The description of a kind of problem for SARIF viewers.
fn rule(kind: ViolationKind) -> Value {
    /// The documentation of the kinds.
    const HELP: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/json.md");
    let text = kind.description();
    json!({
        "id": kind.name(),
        "name": kind.name(),
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": format!("{text} [More]({HELP}#kinds-of-problems)")},
        "helpUri": format!("{HELP}#kinds-of-problems"),
    })
}
