//! The program `qemu-caps`: captures of QEMU's capabilities on the command line.

#![warn(clippy::disallowed_methods)]

mod args;
mod commands;
mod exit;
mod output;
mod select;
mod source;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => error.report(),
    }
}
