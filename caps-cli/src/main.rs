//! The `qemu-caps` program: QEMU capability captures on the command line.

#![warn(clippy::disallowed_methods, clippy::disallowed_macros)]

mod args;
mod built_in;
mod choose;
mod color;
mod commands;
mod complete;
mod description;
mod exit;
mod files;
mod input;
mod output;
mod parallel;
mod progress;
mod signals;
mod source;
mod table;
mod wrap;

use std::process::ExitCode;

fn main() -> ExitCode {
    complete::answer(args::command);
    let exit = args::parse().map_or_else(
        |exit| exit,
        |cli| {
            let context = commands::Context {
                sources: source::Sources::new(cli.data).with_baseline(cli.baseline),
                out: output::Out::stdout(),
                command: args::command,
            };
            commands::run(&cli.command.0, context).unwrap_or_else(|error| error.report())
        },
    );
    exit.into()
}
