//! The matrix as tables: for a terminal, and as Markdown.

use std::io::{self, Write};

use caps_core::escape;
use caps_core::validate::Verdict;

use super::expect::Surprises;
use super::matrix::{Matrix, Remark};
use crate::output::line;

fn cell(matrix: &Matrix, surprises: &Surprises, column: usize, row: usize) -> &'static str {
    if !matrix.applies(column, row) {
        return "-";
    }
    let expected = surprises.expected(column, row).is_some();
    match matrix.verdict(column, row) {
        Verdict::Invalid if expected => "xfail",
        Verdict::Invalid => "FAIL",
        Verdict::Unknown => "?",
        _ if !matrix.columns[column].reports[row].warnings.is_empty() => "warn",
        _ => "ok",
    }
}

/// A table for each architecture, then the problems.
pub(super) fn text(out: &mut dyn Write, matrix: &Matrix, surprises: &Surprises) -> io::Result<()> {
    let titles: Vec<String> = matrix
        .items
        .iter()
        .map(|item| format!("{:>4} {}", item.line, escape::line(&item.title())))
        .collect();
    let groups = matrix.groups();
    let longest = titles.iter().map(|title| title.chars().count()).max().unwrap_or_default();
    let width = groups.iter().map(|(arch, v, _)| arch.name().len() + v.as_str().len()).max();
    let width = longest.max(width.unwrap_or_default());
    for (arch, variant, columns) in groups {
        let mut head = format!("{:<width$}", format!("{arch}{}", escape::line(variant.as_str())));
        for column in columns.clone() {
            head.extend(["  ", &format!("{:>7}", matrix.columns[column].id.version.to_string())]);
        }
        line!(out, "{head}")?;
        for (row, title) in titles.iter().enumerate() {
            let mut cells = format!("{title:<width$}");
            for column in columns.clone() {
                let version = matrix.columns[column].id.version.to_string();
                let cell = cell(matrix, surprises, column, row);
                cells.extend(["  ", &format!("{cell:>0$}", version.len().max(7))]);
            }
            line!(out, "{cells}")?;
        }
        line!(out)?;
    }
    for (row, item) in matrix.items.iter().enumerate() {
        for remark in matrix.remarks(row) {
            let place = item.place();
            let level = if remark.is_problem { "error" } else { "warning" };
            line!(
                out,
                "{place}: {level}: {} ({})",
                words(&remark),
                matrix.names(&remark.captures)
            )?;
        }
    }
    totals(out, matrix)
}

/// The remark with the command that it is about.
pub(super) fn words(remark: &Remark<'_>) -> String {
    let subject = remark.subject;
    let separator = if subject.is_empty() { "" } else { ": " };
    format!("{subject}{separator}{}", remark.violation)
}

fn totals(out: &mut dyn Write, matrix: &Matrix) -> io::Result<()> {
    let mut counts = [0_usize; 3];
    for (index, column) in matrix.columns.iter().enumerate() {
        let rows = column.reports.iter().enumerate();
        for (_, report) in rows.filter(|(row, _)| matrix.applies(index, *row)) {
            let index = match report.verdict() {
                Verdict::Valid => 0,
                Verdict::Invalid => 1,
                _ => 2,
            };
            counts[index] += 1;
        }
    }
    let [valid, invalid, unknown] = counts;
    let count = |number: usize, what: &str| {
        format!("{number} {what}{}", if number == 1 { "" } else { "s" })
    };
    let commands = count(matrix.items.len(), "command");
    let captures = count(matrix.columns.len(), "capture");
    let without = matrix.without_capture();
    let rest = match without.len() {
        0 => String::new(),
        n => format!(", {n} not checked (no capture of {})", Matrix::arches(&without)),
    };
    line!(
        out,
        "{commands} in {captures}: {valid} valid, {invalid} invalid, {unknown} unknown{rest}"
    )
}

/// A Markdown table with a column for each capture, then the problems.
pub(super) fn markdown(
    out: &mut dyn Write,
    matrix: &Matrix,
    surprises: &Surprises,
) -> io::Result<()> {
    let names = matrix.columns.iter().map(|column| column.id.to_string());
    let names: Vec<_> = names.map(|name| escape::markdown(&name).into_owned()).collect();
    line!(out, "| line | command | {} |", names.join(" | "))?;
    line!(out, "|---:|---|{}", "---|".repeat(names.len()))?;
    for (row, item) in matrix.items.iter().enumerate() {
        let cells: Vec<&str> =
            (0..names.len()).map(|column| cell(matrix, surprises, column, row)).collect();
        let title = escape::markdown_code(&item.title());
        line!(out, "| {} | {title} | {} |", item.line, cells.join(" | "))?;
    }
    line!(out)?;
    for (row, item) in matrix.items.iter().enumerate() {
        for remark in matrix.remarks(row) {
            let place = escape::markdown_code(&item.place());
            let captures = matrix.names(&remark.captures);
            let (words, captures) = (words(&remark), escape::markdown(&captures).into_owned());
            line!(out, "* {place}: {} ({captures})", escape_text(&words))?;
        }
    }
    Ok(())
}

/// Prose that has spans of code.
fn escape_text(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}
