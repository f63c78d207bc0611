use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::Context;
use crate::args::Cli;
use crate::exit::{Exit, Outcome};

/// Print shell completions.
///
/// They are made from the same definitions as this help.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qemu-caps completions bash > ~/.local/share/bash-completion/completions/qemu-caps")]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut text = Vec::new();
    generate(args.shell, &mut Cli::command(), "qemu-caps", &mut text);
    context.out.write_all(&text)?;
    Ok(Exit::Ok)
}
