//! Tables, for a terminal and as Markdown.

use std::io::{self, Write};

use crate::color::{Meaning, Piece};
use crate::output::{Out, line};

/// Rows of cells; the first row is the header.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Piece>>,
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

    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = Piece>) {
        self.rows.push(row.into_iter().collect());
    }

    /// Adds a row without colors.
    pub(crate) fn push_plain<T: Into<String>>(&mut self, row: impl IntoIterator<Item = T>) {
        self.push(row.into_iter().map(|cell| (Meaning::Plain, cell.into())));
    }

    /// Prints aligned columns.
    pub(crate) fn text(&self, indent: &str, out: &mut Out) -> io::Result<()> {
        let width = |column: usize, least: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|(_, text)| text.chars().count()).fold(least, usize::max)
        };
        let columns = self.columns.iter().enumerate().map(|(index, column)| match *column {
            Column::Left(least) => Column::Left(width(index, least)),
            Column::Right(least) => Column::Right(width(index, least)),
        });
        let columns: Vec<Column> = columns.collect();
        for row in &self.rows {
            let mut line: Vec<Piece> = vec![(Meaning::Plain, indent.to_owned())];
            // Blanks have no color, and a line does not end with them.
            let filled =
                row.iter().rposition(|(_, text)| !text.is_empty()).map_or(0, |last| last + 1);
            let mut blanks = 0;
            for ((meaning, text), column) in row[..filled].iter().zip(&columns) {
                let (Column::Left(width) | Column::Right(width)) = *column;
                let rest = width - text.chars().count();
                let (before, after) = match column {
                    Column::Left(_) => (0, rest),
                    Column::Right(_) => (rest, 0),
                };
                line.push((Meaning::Plain, " ".repeat(blanks + before)));
                line.push((*meaning, text.clone()));
                blanks = after + 2;
            }
            out.pieces(&line)?;
        }
        Ok(())
    }

    /// Prints a Markdown table; the cells are Markdown.
    pub(crate) fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        for (index, row) in self.rows.iter().enumerate() {
            let cells: Vec<&str> = row.iter().map(|(_, text)| text.as_str()).collect();
            line!(out, "| {} |", cells.join(" | "))?;
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
