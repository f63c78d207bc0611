//! The subcommands, one file each.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod derive;
pub(crate) mod diff;
pub(crate) mod dump;
pub(crate) mod edit;
pub(crate) mod flags;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod probe;
pub(crate) mod query;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod validate;

use std::io::{BufWriter, Write};

use crate::args::{Cli, Command};
use crate::exit::Outcome;
use crate::source::Sources;

/// What a subcommand works with.
pub(crate) struct Context {
    /// Where captures are found.
    pub(crate) sources: Sources,
    /// Standard output.
    pub(crate) out: Box<dyn Write>,
}

pub(crate) fn run(cli: Cli) -> Outcome {
    let mut context = Context {
        sources: Sources::new(cli.data),
        out: Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let exit = match cli.command {
        Command::Probe(args) => probe::run(&args, &mut context),
        Command::Derive(args) => derive::run(&args, &mut context),
        Command::Check(args) => check::run(&args, &mut context),
        Command::List(args) => list::run(&args, &mut context),
        Command::Show(args) => show::run(&args, &mut context),
        Command::Query(args) => query::run(&args, &mut context),
        Command::Diff(args) => diff::run(&args, &mut context),
        Command::Dump(args) => dump::run(&args, &mut context),
        Command::Edit(args) => edit::run(&args, &mut context),
        Command::Serve(args) => serve::run(&args, &mut context),
        Command::Flags(args) => flags::run(&args, &mut context),
        Command::Plan(args) => plan::run(&args, &mut context),
        Command::Completions(args) => completions::run(&args, &mut context),
        Command::Man(args) => man::run(&args, &mut context),
        Command::Validate(args) => validate::run(&args, &mut context),
    }?;
    context.out.flush()?;
    Ok(exit)
}
