//! The matrix as tables: for a terminal, and as Markdown.

use std::io::{self, Write};
use std::iter;

use caps_core::escape;
use caps_core::validate::Verdict;

use super::expect::Surprises;
use super::matrix::{Matrix, Remark};
use crate::color::{Meaning, Piece};
use crate::output::{Out, line};
use crate::table::{Column, Table};

fn cell(matrix: &Matrix, surprises: &Surprises, column: usize, row: usize) -> Piece {
    let expected = surprises.expected(column, row).is_some();
    let (meaning, text) = match matrix.verdict(column, row) {
        _ if !matrix.applies(column, row) => (Meaning::Faint, "-"),
        Verdict::Invalid if expected => (Meaning::Changed, "xfail"),
        Verdict::Invalid => (Meaning::Bad, "FAIL"),
        Verdict::Unknown => (Meaning::Faint, "?"),
        _ if !matrix.columns[column].reports[row].warnings.is_empty() => (Meaning::Warning, "warn"),
        _ => (Meaning::Good, "ok"),
    };
    (meaning, text.to_owned())
}

/// A table for each architecture, then the problems.
pub(super) fn text(out: &mut Out, matrix: &Matrix, surprises: &Surprises) -> io::Result<()> {
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
        table.push(iter::once(group).chain(versions).map(|cell| (Meaning::Heading, cell)));
        for (row, title) in titles.iter().enumerate() {
            let cells = columns.clone().map(|column| cell(matrix, surprises, column, row));
            table.push(iter::once((Meaning::Plain, title.clone())).chain(cells));
        }
        table.matrix("", out)?;
        line!(out)?;
    }
    for (row, item) in matrix.items.iter().enumerate() {
        for remark in matrix.remarks(row) {
            let place = item.place();
            let (meaning, level) = if remark.is_problem {
                (Meaning::Bad, "error:")
            } else {
                (Meaning::Warning, "warning:")
            };
            let rest = format!(" {} ({})", words(&remark), matrix.names(&remark.captures));
            let place = (Meaning::Plain, format!("{place}: "));
            out.pieces(&[place, (meaning, level.to_owned()), (Meaning::Plain, rest)])?;
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

fn totals(out: &mut Out, matrix: &Matrix) -> io::Result<()> {
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
    let part = |count: usize, meaning: Meaning, word: &str| {
        (if count == 0 { Meaning::Plain } else { meaning }, format!("{count} {word}"))
    };
    out.pieces(&[
        (Meaning::Plain, format!("{commands} in {captures}: ")),
        part(valid, Meaning::Good, "valid"),
        (Meaning::Plain, ", ".to_owned()),
        part(invalid, Meaning::Bad, "invalid"),
        (Meaning::Plain, ", ".to_owned()),
        part(unknown, Meaning::Faint, "unknown"),
        (Meaning::Plain, rest),
    ])
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
    table.push_plain(["line", "command"].map(str::to_owned).into_iter().chain(names));
    for (row, item) in matrix.items.iter().enumerate() {
        let head = [item.line.to_string(), escape::markdown_code(&item.title())];
        let head = head.map(|cell| (Meaning::Plain, cell));
        let cells = (0..matrix.columns.len()).map(|column| cell(matrix, surprises, column, row));
        table.push(head.into_iter().chain(cells));
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

#[cfg(test)]
mod tests {
    use super::super::matrix::{Column, Matrix};
    use super::*;
    use crate::output::Kept;

    #[test]
    fn the_tables_of_all_architectures_have_the_same_first_column() {
        let column = |name: &str| Column {
            id: name.parse().expect("a name"),
            path: "a file".into(),
            reports: Vec::new(),
        };
        let columns = ["11.1.3_loongarch64+debian", "10.0.13_x86_64", "11.1.3_x86_64"];
        let matrix = Matrix { items: Vec::new(), columns: columns.map(column).into() };
        let kept = Kept::default();
        text(&mut kept.out(None), &matrix, &Surprises::default()).expect("memory");
        let printed = kept.text();
        assert!(
            printed.starts_with(
                "loongarch64+debian   11.1.3\n\n\
                 x86_64              10.0.13   11.1.3\n\n"
            ),
            "{printed}"
        );
    }
}
