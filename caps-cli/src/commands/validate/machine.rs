//! The matrix as JSON, an object a line.

use std::io::{self, Write};

use caps_core::validate::Violation;
use serde_json::{Value, json};

use super::expect::Surprises;
use super::matrix::Matrix;
use crate::output::json_line;

pub(super) fn json(out: &mut dyn Write, matrix: &Matrix, surprises: &Surprises) -> io::Result<()> {
    for (row, item) in matrix.items.iter().enumerate() {
        for (column, capture) in matrix.columns.iter().enumerate() {
            if !matrix.applies(column, row) {
                continue;
            }
            let report = &capture.reports[row];
            let unchecked: Vec<Value> = report
                .unchecked
                .iter()
                .map(|part| json!({"path": part.path, "reason": part.reason}))
                .collect();
            let mut object = json!({
                "file": item.file,
                "line": item.line,
                "command": item.command(),
                "capture": capture.id.to_string(),
                "replies": capture.path.display().to_string(),
                "verdict": report.verdict().name(),
                "problems": report.problems.iter().map(violation).collect::<Vec<_>>(),
                "warnings": report.warnings.iter().map(violation).collect::<Vec<_>>(),
                "unchecked": unchecked,
            });
            if !report.host.is_empty() {
                let host = report.host.iter();
                let host = host.map(|part| json!({"path": part.path, "reason": part.reason}));
                object["host"] = host.collect();
            }
            if let Some(source) = &item.source {
                object["source"] = json!(source);
            }
            if let Some(expected) = surprises.expected(column, row) {
                object["expected"] = json!(expected);
            }
            json_line(out, &object)?;
        }
    }
    Ok(())
}

fn violation(violation: &Violation) -> Value {
    let mut object = json!({
        "path": violation.path,
        "kind": violation.kind.name(),
        "message": violation.message(),
    });
    if let Some(argument) = violation.argument {
        object["argument"] = json!(argument);
    }
    if let Some(stage) = violation.stage {
        object["stage"] = json!(stage.name());
    }
    if let Some(words) = &violation.qemu {
        object["qemu"] = json!(words);
    }
    if !violation.allowed.is_empty() {
        object["allowed"] = json!(*violation.allowed);
    }
    if let Some(removal) = &violation.removal {
        object["removed"] = json!(removal.release);
        object["instead"] = json!(removal.instead);
    }
    if let Some(nearest) = &violation.nearest {
        object["nearest"] = json!(nearest);
    }
    object
}
