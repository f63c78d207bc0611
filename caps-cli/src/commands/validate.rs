//! The subcommand `validate`: a matrix of commands and captures.

mod argv;
mod expect;
pub(crate) mod input;
mod item;
#[expect(clippy::disallowed_macros, reason = "escapes as XML does")]
mod junit;
mod machine;
mod matrix;
mod sarif;
mod shell;
mod summary;
mod table;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use caps_core::capture::CaptureId;
use caps_core::validate::{Exception, Level, Policy, Report, Validator};
use clap::ValueEnum;

use self::expect::Expectations;
pub(crate) use self::item::Item;
use self::matrix::{Column, Matrix};
use super::Context;
use crate::choose::Filter;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{self, say};
use crate::parallel;
use crate::source::Source;

/// Validate QMP commands and command lines against a matrix of captures.
///
/// COMMANDS contains a QMP command per line, optionally as an object with `source` and `command`;
/// or a QEMU command line: an object with `argv` and optionally `arch`, a shell line, one word per
/// line, or NUL-terminated words as in /proc/PID/cmdline. A file ending in `.args` is a command
/// line as libvirt writes it. Command lines are checked against captures of their architecture;
/// only surveys cover them fully. A directory stands for its `.jsonl` and `.args` files; `-` is
/// standard input.
///
/// Verdicts are `valid`, `invalid`, and `unknown` for what could not be checked, such as a device
/// whose properties were not captured. Only `invalid` makes the exit code 1.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Files with QMP commands or QEMU command lines.
    #[arg(value_name = "COMMANDS", required_unless_present = "argv")]
    commands: Vec<PathBuf>,

    /// Check the words after `--` as a QEMU command line.
    #[arg(long, requires = "words")]
    argv: bool,

    /// The words of a command line.
    #[arg(last = true, value_name = "ARGS", requires = "argv")]
    words: Vec<String>,

    /// A capture or a directory of captures; repeatable. Defaults to all captures of the data
    /// directory.
    #[arg(long, value_name = "CAPTURE", action = clap::ArgAction::Append, add = complete::captures())]
    captures: Vec<OsString>,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Form,

    /// Treat the use of deprecated or unstable features as an error.
    #[arg(long, value_enum, value_delimiter = ',')]
    deny: Vec<Feature>,

    /// Don't warn about deprecated or unstable features.
    #[arg(long, value_enum, value_delimiter = ',')]
    allow: Vec<Feature>,

    /// Allow a deprecated or unstable feature in one place: `COMMAND[:PATH]=REASON`.
    #[arg(long, value_name = "PLACE=REASON")]
    exception: Vec<Exception>,

    /// Allow this command even though the schema lacks it; its arguments are not checked.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    vendor: Vec<String>,

    /// The rules to apply.
    #[arg(long, value_enum, default_value_t)]
    rules: RulesOf,

    /// A file that lists the expected failures.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Print the versions in which the commands, each and all together, are valid instead of a
    /// table; with the formats text, json and md.
    #[arg(long)]
    summary: bool,
}

const AFTER_HELP: &str = "\
Examples:
  qemu-caps validate commands.jsonl --arch x86_64 --versions '>=7.2'
  qemu-caps validate disk.args --captures latest:x86_64 --deny deprecated
  qemu-caps validate commands.jsonl --expect expectations.toml --format junit

Expectations:
  A file of expectations is TOML. An entry whose commands no longer fail is
  itself a failure.

  vendor = [\"__com.redhat_drive_del\"]
  [[expect]]
  command = \"device_add virtio-mem-ccw\"   # or the command alone; or line = 8;
                                          # or source = \"...\"
  captures = [\"10.0.13_x86_64\"]           # or versions = \"<9.0\" and
                                          # arch = [\"x86_64\"]; default: all
  expect = \"fail\"
  reason = \"only on s390x\"";

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Form {
    /// A table for people.
    #[default]
    Text,
    /// One object per command and capture.
    Json,
    /// `JUnit` XML with a suite per capture.
    Junit,
    /// Markdown.
    Md,
    /// SARIF 2.1.0, for code review tools.
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Feature {
    Deprecated,
    Unstable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum RulesOf {
    /// QEMU's own rules.
    #[default]
    Qemu,
    /// The rules of libvirt's test suite.
    Libvirt,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    if args.summary && matches!(args.format, Form::Junit | Form::Sarif) {
        return Err(CliError::usage(
            "`--summary` can't be printed in this format, expected `--format` text, json or md",
        ));
    }
    let mut items =
        if args.commands.is_empty() { Vec::new() } else { input::read(&args.commands)? };
    if args.argv {
        items.push(argv::from_words(&args.words)?);
    }
    let mut expectations = match &args.expect {
        Some(path) => Expectations::read(path)?,
        None => Expectations::default(),
    };
    let policy = policy(args, &mut expectations);
    let mut matrix = Matrix { items, columns: Vec::new() };
    let concerns = |id: &CaptureId, items: &[Item]| {
        items.is_empty() || items.iter().any(|item| item.is_for(id.arch))
    };
    let sources = context.sources.choose(&args.captures, &args.filter)?;
    let column = |source: Source| -> Result<Option<Column>, CliError> {
        // The name settles it for most captures, without loading them.
        if source.id.as_ref().is_some_and(|id| !concerns(id, &matrix.items)) {
            return Ok(None);
        }
        let loaded = source.prefer_survey().load()?;
        let id = loaded.id()?;
        if !concerns(&id, &matrix.items) {
            return Ok(None);
        }
        let path = loaded.source.replies.clone();
        let validator = Validator::from_conversation(&loaded.conversation).map_err(|error| {
            let path = path.display();
            CliError::input(error).context(format!("can't validate against `{path}`"))
        })?;
        let check = |item: &Item| {
            if item.is_for(id.arch) { item.check(&validator, &policy) } else { Report::default() }
        };
        let reports = matrix.items.iter().map(check).collect();
        Ok(Some(Column { id, path, reports }))
    };
    matrix.columns = parallel::map(sources, column)?.into_iter().flatten().collect();
    if matrix.columns.is_empty() {
        return Err(CliError::usage(format!(
            "no capture of {} is selected, which the command lines are for",
            Matrix::arches(&matrix.without_capture())
        )));
    }
    matrix.columns.sort_by(|a, b| a.id.cmp(&b.id));
    // A directory and a name can select the same capture.
    matrix.columns.dedup_by(|a, b| a.id == b.id);
    let surprises = expectations.apply(&matrix);
    let out = &mut context.out;
    match args.format {
        Form::Text if args.summary => summary::print(out, &matrix)?,
        Form::Text => table::text(out, &matrix, &surprises)?,
        Form::Json if args.summary => {
            output::json(out, &summary::value(&matrix, &context.sources.dirs()))?;
        }
        Form::Json => machine::json(out, &matrix, &surprises)?,
        Form::Junit => junit::print(out, &matrix, &surprises)?,
        Form::Md => table::markdown(out, &matrix, &surprises)?,
        Form::Sarif => sarif::print(out, &matrix, &surprises)?,
    }
    if args.summary && args.format == Form::Md {
        output::line!(out)?;
        summary::print(out, &matrix)?;
    }
    for complaint in &surprises.complaints {
        out.flush()?;
        say!("{complaint}");
    }
    Ok(if surprises.is_failure(&matrix) { Exit::No } else { Exit::Ok })
}

fn policy(args: &Args, expectations: &mut Expectations) -> Policy {
    let mut policy = match args.rules {
        RulesOf::Qemu => Policy::default(),
        RulesOf::Libvirt => Policy::libvirt(),
    };

    for (features, level) in [(&args.allow, Level::Allow), (&args.deny, Level::Deny)] {
        for feature in features {
            match feature {
                Feature::Deprecated => policy.deprecated = level,
                Feature::Unstable => policy.unstable = level,
            }
        }
    }
    policy.exceptions.clone_from(&args.exception);
    policy.exceptions.append(&mut expectations.exceptions);
    policy.vendor.extend(args.vendor.iter().cloned());
    policy.vendor.append(&mut expectations.vendor);
    policy
}
