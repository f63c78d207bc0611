//! Tables, for a terminal and as Markdown.

use std::io::{self, Write};

use crate::output::line;

/// Rows of cells; the first row is the header.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// How the cells of a column are aligned, and the least width of the column.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Left(usize),
    Right(usize),
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Prints aligned columns.
    pub(crate) fn text(&self, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        let width = |column: usize, least: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).fold(least, usize::max)
        };
        let columns = self.columns.iter().enumerate().map(|(index, column)| match *column {
            Column::Left(least) => Column::Left(width(index, least)),
            Column::Right(least) => Column::Right(width(index, least)),
        });
        let columns: Vec<Column> = columns.collect();
        for row in &self.rows {
            let cells = row.iter().zip(&columns).map(|(cell, column)| match *column {
                Column::Left(width) => format!("{cell:<width$}"),
                Column::Right(width) => format!("{cell:>width$}"),
            });
            let cells: Vec<String> = cells.collect();
            line!(out, "{indent}{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }

    /// Prints a Markdown table; the cells are Markdown.
    pub(crate) fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        for (index, row) in self.rows.iter().enumerate() {
            line!(out, "| {} |", row.join(" | "))?;
            if index == 0 {
                let rules = self.columns.iter().map(|column| match column {
                    Column::Left(_) => " --- |",
                    Column::Right(_) => " ---: |",
                });
                line!(out, "|{}", rules.collect::<String>())?;
            }
        }
        Ok(())
    }
}
