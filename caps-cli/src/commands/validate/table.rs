//! The matrix as tables: for a terminal, and as Markdown.

use std::io::{self, Write};

use caps_core::qapi::validate::Verdict;

use super::expect::Surprises;
use super::matrix::{Matrix, Remark};

fn cell(matrix: &Matrix, surprises: &Surprises, column: usize, row: usize) -> &'static str {
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
    let titles: Vec<String> =
        matrix.items.iter().map(|item| format!("{:>4} {}", item.line, item.title())).collect();
    let groups = matrix.groups();
    let longest = titles.iter().map(|title| title.chars().count()).max().unwrap_or_default();
    let width = groups.iter().map(|(arch, v, _)| arch.name().len() + v.as_str().len()).max();
    let width = longest.max(width.unwrap_or_default());
    for (arch, variant, columns) in groups {
        write!(out, "{:<width$}", format!("{arch}{variant}"))?;
        for column in columns.clone() {
            write!(out, "  {:>7}", matrix.columns[column].id.version.to_string())?;
        }
        writeln!(out)?;
        for (row, title) in titles.iter().enumerate() {
            write!(out, "{title:<width$}")?;
            for column in columns.clone() {
                let version = matrix.columns[column].id.version.to_string();
                let cell = cell(matrix, surprises, column, row);
                write!(out, "  {cell:>0$}", version.len().max(7))?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    for (row, item) in matrix.items.iter().enumerate() {
        for remark in matrix.remarks(row) {
            let place = item.place();
            let level = if remark.is_problem { "error" } else { "warning" };
            writeln!(
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
    printable(&format!("{subject}{separator}{}", remark.violation))
}

/// Text from an input file, fit for a terminal.
fn printable(text: &str) -> String {
    let escaped =
        |c: char| if c.is_control() && c != '\n' { c.escape_debug().to_string() } else { c.into() };
    text.chars().map(escaped).collect()
}

fn totals(out: &mut dyn Write, matrix: &Matrix) -> io::Result<()> {
    let mut counts = [0_usize; 3];
    for column in &matrix.columns {
        for report in &column.reports {
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
    writeln!(out, "{commands} in {captures}: {valid} valid, {invalid} invalid, {unknown} unknown")
}

/// A Markdown table with a column for each capture, then the problems.
pub(super) fn markdown(
    out: &mut dyn Write,
    matrix: &Matrix,
    surprises: &Surprises,
) -> io::Result<()> {
    write!(out, "| line | command |")?;
    for column in &matrix.columns {
        write!(out, " {} |", column.id)?;
    }
    writeln!(out, "\n|---:|---|{}", "---|".repeat(matrix.columns.len()))?;
    for (row, item) in matrix.items.iter().enumerate() {
        write!(out, "| {} | `{}` |", item.line, escape(&item.title()))?;
        for column in 0..matrix.columns.len() {
            write!(out, " {} |", cell(matrix, surprises, column, row))?;
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    for (row, item) in matrix.items.iter().enumerate() {
        for remark in matrix.remarks(row) {
            let (place, captures) = (item.place(), matrix.names(&remark.captures));
            writeln!(out, "* `{place}`: {} ({captures})", escape(&words(&remark)))?;
        }
    }
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
