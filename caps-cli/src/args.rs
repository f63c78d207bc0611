//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{
    check, completions, derive, diff, dump, edit, flags, list, man, plan, probe, query, serve,
    show, validate,
};

/// Capabilities of QEMU, recorded and derived as libvirt 11.3.0 does.
#[derive(Debug, Parser)]
#[command(name = "qemu-caps", version, propagate_version = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// The directory in which captures are looked up by name.
    ///
    /// Default: the directory `qemucapabilitiesdata` in the current directory or the nearest one above
    /// it, else the captures that are built into the program.
    #[arg(long, global = true, value_name = "DIR", env = "QEMU_CAPS_DIR")]
    pub(crate) data: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
A CAPTURE is a path, or VERSION_ARCH[+VARIANT] as in `10.0.13_x86_64`, or latest[:ARCH[+VARIANT]].

Exit codes: 0 all is well; 1 the answer is no (a check failed, a command is invalid, a query holds
nowhere); 2 wrong usage; 3 an input file is not what it should be; 4 QEMU could not be started or
probed.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Probe(probe::Args),
    Derive(derive::Args),
    Check(check::Args),
    List(list::Args),
    Show(show::Args),
    Query(query::Args),
    Diff(diff::Args),
    Dump(dump::Args),
    Edit(edit::Args),
    Validate(validate::Args),
    Serve(serve::Args),
    Flags(flags::Args),
    Plan(plan::Args),
    Completions(completions::Args),
    Man(man::Args),
}
