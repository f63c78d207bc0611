//! What subcommands share when they print.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::Value;

/// The form of a reading command's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// The form of an output that has tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TableFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// Markdown, for reports.
    Md,
}

/// Prints a JSON value over several lines.
pub(crate) fn json(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    writeln!(out, "{value:#}")
}
