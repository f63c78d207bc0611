//! The matrix as tables: for a terminal, and as Markdown.

use std::io::{self, Write};
use std::iter;

use caps_core::escape;
use caps_core::validate::Verdict;

use super::expect::Surprises;
use super::matrix::{Matrix, Remark};
use crate::output::line;
use crate::table::{Column, Table};

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
        // All tables have the same first column, so that they read as one.
        let mut aligned = vec![Column::Right(7); columns.len() + 1];
        aligned[0] = Column::Left(width);
        let mut table = Table::new(aligned);
        let group = format!("{arch}{}", escape::line(variant.as_str()));
        let versions = columns.clone().map(|column| matrix.columns[column].id.version.to_string());
        table.push(iter::once(group).chain(versions).collect());
        for (row, title) in titles.iter().enumerate() {
            let cells = columns.clone().map(|column| cell(matrix, surprises, column, row));
            table.push(iter::once(title.as_str()).chain(cells).map(str::to_owned).collect());
        }
        table.text("", out)?;
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
    let names = names.map(|name| escape::markdown(&name).into_owned());
    let mut aligned = vec![Column::Left(0); matrix.columns.len() + 2];
    aligned[0] = Column::Right(0);
    let mut table = Table::new(aligned);
    table.push(["line", "command"].map(str::to_owned).into_iter().chain(names).collect());
    for (row, item) in matrix.items.iter().enumerate() {
        let head = [item.line.to_string(), escape::markdown_code(&item.title())];
        let cells = (0..matrix.columns.len()).map(|column| cell(matrix, surprises, column, row));
        table.push(head.into_iter().chain(cells.map(str::to_owned)).collect());
    }
    table.markdown(out)?;
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
