//! The command line of the program.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use caps_core::nearest::nearest;
use caps_core::{BaselineChoice, escape};
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::color;
use crate::commands::{Command, Deferred};
use crate::exit::{CliError, Exit};
use crate::output::print_error;

/// Records, derives and tests QEMU capabilities as libvirt does.
#[derive(Debug, Parser)]
#[command(name = "qemu-caps", version, propagate_version = true, after_help = AFTER_HELP)]
pub(crate) struct Cli<C: Subcommand> {
    /// Look up captures by name in this directory; `built-in` is the set compiled into the program.
    ///
    /// Repeatable; earlier directories take precedence. Defaults to the directory in the
    /// environment variable `QEMU_CAPS_DIR`, then to `qemucapabilitiesdata` or
    /// `tests/qemucapabilitiesdata` in the current directory or its nearest ancestor, then to the
    /// built-in captures.
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) data: Vec<PathBuf>,

    /// The libvirt release whose questions, flags and XML apply: 11.3, 12.8, or auto.
    ///
    /// `auto` selects the newest release for a live QEMU and for tables, and for a recording the
    /// release whose questions it contains.
    #[arg(long, global = true, value_name = "RELEASE", default_value = "auto")]
    pub(crate) baseline: BaselineChoice,

    #[command(subcommand)]
    pub(crate) command: C,
}

const AFTER_HELP: &str = "\
A CAPTURE is a path, `-` for standard input, VERSION_ARCH[+VARIANT] as in
`10.0.13_x86_64`, or latest[:ARCH[+VARIANT]].

Exit codes:
  0  fine
  1  the answer is no: a check failed, a command is invalid, no query holds
  2  wrong usage
  3  an input file is invalid
  4  QEMU could not be started or probed
  5  the output could not be written";

/// Defines the command line; help, completions and manual pages are generated from it.
pub(crate) fn command() -> clap::Command {
    Cli::<Command>::command()
}

/// Parses the command line, and prints help and errors. Error messages repeat the arguments, which
/// must not act on the terminal.
pub(crate) fn parse() -> Result<Cli<Deferred>, Exit> {
    // Defining all subcommands takes more time than everything else at the start; only help and errors
    // need them all.
    let error = match Cli::<Deferred>::try_parse() {
        Ok(cli) => return Ok(cli),
        Err(error) if error.kind() == ErrorKind::DisplayVersion => error,
        Err(error) => Cli::<Command>::try_parse().err().unwrap_or(error),
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Err(match error.print() {
            // As with any output, the reader may close the pipe early.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                CliError::from(error).report()
            }
            _ => Exit::Ok,
        }),
        _ => {
            // The message quotes arguments, so parse escaped ones to produce it.
            let escaped = std::env::args_os().map(|argument| {
                let text = argument.to_string_lossy();
                escape::line(&text).into_owned()
            });
            let message = match Cli::<Command>::try_parse_from(escaped) {
                Err(error) if color::is_wanted(&io::stderr()) => explain(error).ansi().to_string(),
                Err(error) => explain(error).to_string(),
                // The message quotes an argument that parses once it is escaped.
                Ok(_) => escape::lines(&explain(error).to_string()).into_owned(),
            };
            print_error(&message);
            Err(Exit::Usage)
        }
    }
}

/// Replacements for the options of libvirt's tool that can't be plain aliases.
const OF_LIBVIRT: &[(&str, &str)] = &[
    ("--dump-all", "qemu-caps dump --all"),
    ("--dump-qmp-query-strings", "qemu-caps dump --qmp-query-strings"),
    ("--dump-qom-list-types", "qemu-caps dump --qom-list-types"),
    ("--dump-device-list-properties", "qemu-caps dump --device-list-properties"),
    ("--repliesdir", "a directory as argument"),
    ("--regenerate", "qemu-caps check --regenerate"),
];

/// Formats a parser error, keeping a suggested option only if it resembles the one given.
fn explain(mut error: clap::Error) -> StyledStr {
    let mut instead = None;
    if error.kind() == ErrorKind::UnknownArgument {
        error.remove(ContextKind::Suggested);
        let text = |value: Option<&ContextValue>| match value {
            Some(ContextValue::String(text)) => text.clone(),
            _ => String::new(),
        };
        let given = text(error.get(ContextKind::InvalidArg));
        let tip = text(error.get(ContextKind::SuggestedArg));
        if nearest(&given, [tip.as_str()]).is_none() {
            error.remove(ContextKind::SuggestedArg);
        }
        instead =
            OF_LIBVIRT.iter().find(|(option, _)| *option == given).map(|(_, instead)| instead);
        if instead.is_some() {
            error.remove(ContextKind::SuggestedArg);
        }
    }
    let mut message = error.render();
    if let Some(instead) = instead {
        let tip = Styles::styled();
        let tip = tip.get_valid();
        // Writing to text in memory can't fail.
        let _ = write!(message, "\n  {tip}tip:{tip:#} use {instead}\n");
    }
    message
}
