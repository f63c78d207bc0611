mod build;
mod capture;
mod devices;
mod document;
mod domcaps;
mod flags;
mod kind;
mod machines;
mod options;
mod page;
mod schema;
mod table;
mod validation;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use self::build::Builder;
use self::page::write as write_page;
use super::Context;
use super::validate::input;
use crate::choose::Filter;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::progress::Progress;

/// Generate a page that shows which QEMU has what.
///
/// The page is one HTML file that needs no network: a matrix of capability flags, QMP commands,
/// device types, options, machine types, CPU models and domain capabilities by version, with
/// search, filters, the difference of any two captures, and a link for each entry.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps report -o report.html
  qemu-caps report old/ new/ --arch x86_64 -o report.html
  qemu-caps report --commands hotplug.jsonl -o report.html
  qemu-caps report latest:x86_64 --json | jq '.captures[].version'")]
pub(crate) struct Args {
    /// The captures, or directories of them. Defaults to all captures of the data directory.
    #[arg(value_name = "CAPTURE", add = complete::captures())]
    captures: Vec<OsString>,

    #[command(flatten)]
    filter: Filter,

    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Validate these QMP commands and command lines, and include the verdicts; same input as for
    /// `validate`.
    #[arg(long, value_name = "FILE")]
    commands: Vec<PathBuf>,

    /// Print the data of the page instead, in the format of docs/report.md.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let items = if args.commands.is_empty() { Vec::new() } else { input::read(&args.commands)? };
    let mut chosen = Vec::new();
    for source in context.sources.choose(&args.captures, &args.filter)? {
        let source = source.prefer_survey();
        let id = match &source.id {
            Some(id) => id.clone(),
            None => source.clone().load()?.id()?,
        };
        chosen.push((id, source));
    }
    chosen.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut builder = Builder::new(chosen.len(), items);
    let mut names = HashSet::new();
    let progress = Progress::new(chosen.len());
    for ((id, source), done) in chosen.into_iter().zip(1..) {
        let mut name = id.to_string();
        if names.contains(&name) {
            name = format!("{name} ({})", source.replies.display());
        }
        names.insert(name.clone());
        builder.add(name, source.load()?, context.sources.baseline)?;
        progress.show(done);
    }
    drop(progress);
    let document = builder.finish();
    let text = if args.json {
        let text = serde_json::to_string(&document).map_err(CliError::output)?;
        caps_core::escape::json(&text).into_owned() + "\n"
    } else {
        write_page(&document).map_err(CliError::output)?
    };
    match &args.output {
        Some(path) => files::write_output(path, text.as_bytes())?,
        None => context.out.write_all(text.as_bytes())?,
    }
    Ok(Exit::Ok)
}
