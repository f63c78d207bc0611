//! The program's output. Outside text is escaped here, where no subcommand can forget it.

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use caps_core::escape;
use clap::ValueEnum;
use serde_json::Value;

/// The output format of a reading command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// The output format of a command that prints tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TableFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// Markdown.
    Md,
}

/// Standard output.
///
/// Documents keep their text, except for what would act on a terminal. After the reader closes the
/// pipe, further output is dropped; the exit code stays the same.
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

    /// Returns whether the reader has closed the pipe.
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

/// Prints one line of a listing; names are escaped, so that none can start a new line.
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

/// Prints one line to standard error.
macro_rules! say {
    ($($format:tt)*) => { $crate::output::print_message(format_args!($($format)*)) };
}
pub(crate) use say;

pub(crate) fn print_message(message: fmt::Arguments<'_>) {
    // A failure to write standard error can't be reported anywhere.
    let _ = write_line(&mut io::stderr().lock(), message);
}

/// Prints a JSON value, indented.
pub(crate) fn json<W: Write + ?Sized>(out: &mut W, value: &Value) -> io::Result<()> {
    out.write_all(escape::json(&format!("{value:#}")).as_bytes())?;
    out.write_all(b"\n")
}

/// Prints a JSON value on one line.
pub(crate) fn json_line<W: Write + ?Sized>(out: &mut W, value: &Value) -> io::Result<()> {
    out.write_all(escape::json(&value.to_string()).as_bytes())?;
    out.write_all(b"\n")
}
