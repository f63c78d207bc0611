use std::path::PathBuf;

use caps_core::fs::Batch;
use clap::CommandFactory as _;
use clap_mangen::Man;

use super::Context;
use crate::args::Cli;
use crate::exit::{CliError, Exit, Outcome};

/// Print the manual page, or write those of all subcommands to a directory.
///
/// They are made from the same definitions as this help.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps man | man -l -
  qemu-caps man --dir ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The subcommand that the page is about.
    #[arg(conflicts_with = "dir")]
    subcommand: Option<String>,

    /// Write `qemu-caps.1` and `qemu-caps-SUBCOMMAND.1` to a directory.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut cli = Cli::command();
    cli.build();
    if let Some(dir) = &args.dir {
        let mut batch = Batch::default();
        let pages = cli.get_subcommands().filter(|page| page.get_name() != "help");
        for command in pages.chain([&cli]) {
            let page = page(command)?;
            let name = format!("{}.1", page_name(command));
            batch.stage(dir.join(name), &page).map_err(CliError::input)?;
        }
        batch.commit().map_err(CliError::input)?;
        return Ok(Exit::Ok);
    }
    let command = match &args.subcommand {
        None => &cli,
        Some(name) => {
            let found = cli.get_subcommands().find(|command| command.get_name() == name);
            found.ok_or_else(|| {
                let names: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
                let nearest = caps_core::nearest::nearest(name, names.iter().copied());
                let hint = nearest.map(|name| format!(", did you mean `{name}`?"));
                CliError::usage(format!("no subcommand `{name}`{}", hint.unwrap_or_default()))
            })?
        }
    };
    context.out.write_all(&page(command)?)?;
    Ok(Exit::Ok)
}

fn page(command: &clap::Command) -> Result<Vec<u8>, CliError> {
    let mut text = Vec::new();
    Man::new(command.clone()).title(page_name(command)).render(&mut text)?;
    Ok(text)
}

/// clap names a subcommand `qemu-caps-probe` once the whole is built.
fn page_name(command: &clap::Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}
