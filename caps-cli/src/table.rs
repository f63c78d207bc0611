//! Tables, for a terminal and as Markdown.

use std::io::{self, Write};
use std::iter;

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

/// The blanks between columns.
const GAP: usize = 2;

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

    /// Prints aligned columns. On a terminal, the last one is wrapped.
    pub(crate) fn text(&self, indent: &str, out: &mut Out) -> io::Result<()> {
        let columns: Vec<usize> = (0..self.columns.len()).collect();
        self.print(indent, &self.widths(), &columns, out)
    }

    /// Prints aligned columns. If a terminal is too narrow for all, prints several tables, each with
    /// the first column.
    pub(crate) fn matrix(&self, indent: &str, out: &mut Out) -> io::Result<()> {
        let widths = self.widths();
        let mut begin = 1;
        while begin < widths.len() {
            let mut used = indent.len() + widths[0];
            let fits = |width: &&usize| {
                used += GAP + **width;
                used <= out.width()
            };
            let end = begin + widths[begin..].iter().take_while(fits).count().max(1);
            if begin > 1 {
                line!(out)?;
            }
            let columns: Vec<usize> = iter::once(0).chain(begin..end).collect();
            self.print(indent, &widths, &columns, out)?;
            begin = end;
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let width = |(index, column): (usize, &Column)| {
            let (Column::Left(least) | Column::Right(least)) = *column;
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            cells.map(|(_, text)| text.chars().count()).fold(least, usize::max)
        };
        self.columns.iter().enumerate().map(width).collect()
    }

    /// Prints some of the columns.
    fn print(
        &self,
        indent: &str,
        widths: &[usize],
        columns: &[usize],
        out: &mut Out,
    ) -> io::Result<()> {
        let before_last = columns.split_last().map_or(&[][..], |(_, before)| before);
        let last =
            indent.len() + before_last.iter().map(|&column| widths[column] + GAP).sum::<usize>();
        for row in &self.rows {
            let mut line: Vec<Piece> = vec![(Meaning::Plain, indent.to_owned())];
            // Blanks have no color, and a line does not end with them.
            let mut blanks = 0;
            for &column in columns {
                let Some((meaning, text)) = row.get(column).filter(|(_, text)| !text.is_empty())
                else {
                    blanks += widths[column] + GAP;
                    continue;
                };
                let rest = widths[column] - text.chars().count();
                let (before, after) = match self.columns[column] {
                    Column::Left(_) => (0, rest),
                    Column::Right(_) => (rest, 0),
                };
                line.push((Meaning::Plain, " ".repeat(blanks + before)));
                line.push((*meaning, text.clone()));
                blanks = after + GAP;
            }
            out.wrapped(last, &line)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Kept;

    #[test]
    fn the_last_column_continues_below_itself() {
        let mut table = Table::new(vec![Column::Left(6), Column::Right(4), Column::Left(0)]);
        let text = "what is said of it takes more than one line of this terminal";
        table.push_plain(["one", "1", text]);
        let printed = |width| {
            let kept = Kept::default();
            table.text("  ", &mut kept.out(width)).expect("memory");
            kept.text()
        };
        let begin = "  one        1  what is said of it takes more than one line";
        assert_eq!(printed(None), format!("{begin} of this terminal\n"));
        let expected = format!("{begin}\n                of this terminal\n");
        assert_eq!(printed(Some(60)), expected);
    }
}
