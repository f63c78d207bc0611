use std::io::Write as _;

use clap_complete::{Shell, generate};

use super::Context;
use crate::complete;
use crate::exit::{Exit, Outcome};

/// Print a shell completion script.
///
/// The shell calls the program to complete arguments, including the names of captures, capability
/// flags, architectures and difference kinds.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  source <(qemu-caps completions bash)
  qemu-caps completions fish > ~/.config/fish/completions/qemu-caps.fish")]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,

    /// Print a script that works without the program; it completes subcommands and options only.
    #[arg(long = "static")]
    is_static: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut command = (context.command)();
    let text = if args.is_static {
        let mut text = Vec::new();
        generate(args.shell, &mut command, "qemu-caps", &mut text);
        text
    } else {
        complete::script(&args.shell.to_string(), &command)?
    };
    context.out.write_all(&text)?;
    Ok(Exit::Ok)
}
