//! What the program prints. Whatever comes from outside is escaped here, so that no subcommand can
//! forget to.

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use caps_core::escape;
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

/// Standard output.
///
/// Documents are written as they are, but nothing in them acts on a terminal. Once the reader has
/// gone away, what is written is dropped, and the program still exits with its answer.
pub(crate) struct Out {
    stream: Box<dyn Write>,
    is_terminal: bool,
    is_closed: bool,
}

impl Out {
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let stream = Box::new(BufWriter::new(stdout.lock()));
        Self { stream, is_terminal, is_closed: false }
    }

    /// Has the reader gone away?
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn unless_closed(&mut self, result: io::Result<()>) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            result => result,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_closed {
            let result = if self.is_terminal {
                let text = String::from_utf8_lossy(bytes);
                self.stream.write_all(escape::lines(&text).as_bytes())
            } else {
                self.stream.write_all(bytes)
            };
            self.unless_closed(result)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let result = self.stream.flush();
        self.unless_closed(result)
    }
}

/// Prints one line of a listing: no name in it can begin another.
macro_rules! line {
    ($out:expr) => { $crate::output::write_line($out, format_args!("")) };
    ($out:expr, $($format:tt)*) => {
        $crate::output::write_line($out, format_args!($($format)*))
    };
}
pub(crate) use line;

pub(crate) fn write_line<W: Write + ?Sized>(
    out: &mut W,
    line: fmt::Arguments<'_>,
) -> io::Result<()> {
    let line = line.to_string();
    out.write_all(escape::line(&line).as_bytes())?;
    out.write_all(b"\n")
}

/// Prints one line on standard error.
macro_rules! say {
    ($($format:tt)*) => { $crate::output::print_message(format_args!($($format)*)) };
}
pub(crate) use say;

pub(crate) fn print_message(message: fmt::Arguments<'_>) {
    // There is no place left to report that standard error can't be written.
    let _ = write_line(&mut io::stderr().lock(), message);
}

/// Prints a JSON value over several lines.
pub(crate) fn json<W: Write + ?Sized>(out: &mut W, value: &Value) -> io::Result<()> {
    out.write_all(escape::json(&format!("{value:#}")).as_bytes())?;
    out.write_all(b"\n")
}

/// Prints a JSON value on one line.
pub(crate) fn json_line<W: Write + ?Sized>(out: &mut W, value: &Value) -> io::Result<()> {
    out.write_all(escape::json(&value.to_string()).as_bytes())?;
    out.write_all(b"\n")
}
