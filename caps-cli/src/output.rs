//! The program's output. Outside text is escaped here, where no subcommand can forget it.

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use caps_core::escape;
use clap::ValueEnum;
use serde_json::Value;
use terminal_size::Width;

use crate::color::{self, Meaning, Piece};
use crate::wrap::wrap;

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
    stream: Box<dyn Write + Send>,
    is_terminal: bool,
    /// The width of the terminal.
    width: Option<usize>,
    is_colored: bool,
    is_closed: bool,
}

impl Out {
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let is_colored = color::is_wanted(&stdout);
        let width = terminal_size::terminal_size_of(&stdout).map(|(Width(width), _)| width.into());
        let stream = Box::new(BufWriter::new(stdout));
        Self { stream, is_terminal, width, is_colored, is_closed: false }
    }

    /// Returns whether the reader has closed the pipe.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Prints a line of pieces, each in its color.
    pub(crate) fn pieces(&mut self, pieces: &[Piece]) -> io::Result<()> {
        let mut line = color::join(pieces, self.is_colored);
        line.push('\n');
        self.put(&line)
    }

    /// Prints a line that a terminal shows in several if it is too long, `indent` blanks before all
    /// but the first.
    pub(crate) fn wrapped(&mut self, indent: usize, pieces: &[Piece]) -> io::Result<()> {
        match self.width {
            Some(width) => {
                wrap(pieces, width, indent).iter().try_for_each(|line| self.pieces(line))
            }
            None => self.pieces(pieces),
        }
    }

    /// The width that tables must not exceed.
    pub(crate) fn width(&self) -> usize {
        self.width.unwrap_or(usize::MAX)
    }

    /// Prints a difference as `diff -u` formats it.
    pub(crate) fn unified(&mut self, diff: &str) -> io::Result<()> {
        for (index, line) in diff.split_terminator('\n').enumerate() {
            let text = escape::lines(line);
            let meaning = match text.chars().next() {
                // The names of the files.
                _ if index < 2 => Meaning::Heading,
                Some('@') => Meaning::Faint,
                sign => sign.map_or(Meaning::Plain, Meaning::of_sign),
            };
            let text = if self.is_colored { meaning.paint(&text) } else { text };
            self.put(&text)?;
            self.put("\n")?;
        }
        Ok(())
    }

    /// Prints text that is escaped and may be colored.
    fn put(&mut self, text: &str) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let result = self.stream.write_all(text.as_bytes());
        self.unless_closed(result)
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
            if self.is_terminal {
                let text = String::from_utf8_lossy(bytes);
                self.put(&escape::lines(&text))?;
            } else {
                let result = self.stream.write_all(bytes);
                self.unless_closed(result)?;
            }
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

/// Prints one line to an [`Out`] in pieces, each with its [`Meaning`]: `pieces!(out, Plain "'{path}' ... ", Good "OK")`.
macro_rules! pieces {
    ($out:expr, $($meaning:ident $format:literal),+ $(,)?) => {
        $out.pieces(&[$(($crate::color::Meaning::$meaning, format!($format))),+])
    };
}
pub(crate) use pieces;

/// What a line on standard error begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Error,
    CausedBy,
    Warning,
    Note,
}

impl Label {
    fn piece(self) -> Piece {
        let (meaning, label) = match self {
            Self::Error => (Meaning::Bad, "error:"),
            Self::CausedBy => (Meaning::Heading, "caused by:"),
            Self::Warning => (Meaning::Warning, "warning:"),
            Self::Note => (Meaning::Note, "note:"),
        };
        (meaning, label.to_owned())
    }
}

/// Prints one line to standard error, with or without a [`Label`].
macro_rules! say {
    ($label:ident: $($format:tt)*) => {
        $crate::output::print_message(Some($crate::output::Label::$label), format!($($format)*))
    };
    ($($format:tt)*) => { $crate::output::print_message(None, format!($($format)*)) };
}
pub(crate) use say;

pub(crate) fn print_message(label: Option<Label>, message: String) {
    let mut pieces = Vec::new();
    if let Some(label) = label {
        pieces.extend([label.piece(), (Meaning::Plain, " ".to_owned())]);
    }
    pieces.push((Meaning::Plain, message));
    let mut line = color::join(&pieces, color::is_wanted(&io::stderr()));
    line.push('\n');
    print_error(&line);
}

/// Prints text that is escaped and may be colored to standard error.
pub(crate) fn print_error(text: &str) {
    // A failure to write standard error can't be reported anywhere.
    let _ = io::stderr().lock().write_all(text.as_bytes());
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

/// Output kept in memory, for tests.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Kept {
    /// Output into this memory, for a terminal of this width.
    pub(crate) fn out(&self, width: Option<usize>) -> Out {
        let stream = Box::new(self.clone());
        Out { stream, is_terminal: false, width, is_colored: false, is_closed: false }
    }

    /// The same with colors.
    pub(crate) fn colored(&self) -> Out {
        Out { is_colored: true, ..self.out(None) }
    }

    /// What was written.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
    }
}

#[cfg(test)]
impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that nothing can be written to.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    fn failing(kind: ErrorKind) -> Out {
        Out { stream: Box::new(Failing(kind)), ..Kept::default().out(None) }
    }

    #[test]
    fn a_closed_pipe_is_noted_and_other_failures_are_errors() {
        let mut out = failing(ErrorKind::BrokenPipe);
        assert!(!out.is_closed());
        line!(&mut out, "a line").expect("nobody reads it");
        assert!(out.is_closed());
        out.flush().expect("nothing is left to write");
        let mut out = failing(ErrorKind::BrokenPipe);
        out.flush().expect("nobody reads it");
        assert!(out.is_closed());
        let mut out = failing(ErrorKind::StorageFull);
        assert!(line!(&mut out, "a line").is_err());
        assert!(out.pieces(&[(Meaning::Plain, "a line".to_owned())]).is_err());
        assert!(out.flush().is_err());
        assert!(!out.is_closed());
    }

    #[test]
    fn differences_have_the_colors_of_git() {
        let diff = "--- old\n+++ new\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n";
        let kept = Kept::default();
        kept.out(None).unified(diff).expect("memory");
        assert_eq!(kept.text(), diff);
        let kept = Kept::default();
        kept.colored().unified(diff).expect("memory");
        let lines = [
            Meaning::Heading.paint("--- old"),
            Meaning::Heading.paint("+++ new"),
            Meaning::Faint.paint("@@ -1,2 +1,2 @@"),
            Meaning::Removed.paint("-a"),
            Meaning::Added.paint("+b"),
            " c".into(),
        ];
        assert_eq!(kept.text(), lines.join("\n") + "\n");
    }
}
