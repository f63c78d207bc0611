//! The subcommands, one file each.

mod check;
mod completions;
mod convert;
mod derive;
mod diff;
mod domcaps;
mod dump;
mod edit;
mod explain;
mod flags;
mod import;
mod list;
mod man;
mod plan;
mod probe;
mod query;
mod refresh;
mod report;
mod serve;
mod show;
mod survey;
pub(crate) mod validate;

use std::io::Write as _;

use clap::{ArgMatches, Args as _, FromArgMatches, Subcommand};

use crate::exit::Outcome;
use crate::output::Out;
use crate::source::Sources;

/// What every subcommand gets to work with.
pub(crate) struct Context {
    /// Finds captures.
    pub(crate) sources: Sources,
    /// Standard output.
    pub(crate) out: Out,
    /// Builds the definition of the command line.
    pub(crate) command: fn() -> clap::Command,
}

macro_rules! subcommands {
    ($($module:ident,)*) => {
        #[derive(Debug, clap::Subcommand)]
        #[expect(non_camel_case_types, reason = "a variant has the name of its module")]
        pub(crate) enum Command {
            $($module($module::Args),)*
        }

        impl Subcommand for Deferred {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                command$(.subcommand(
                    clap::Command::new(stringify!($module)).defer($module::Args::augment_args),
                ))*
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                Command::has_subcommand(name)
            }
        }

        fn dispatch(command: &Command, context: &mut Context) -> Outcome {
            match command {
                $(Command::$module(args) => $module::run(args, context),)*
            }
        }
    };
}

subcommands! {
    probe,
    derive,
    check,
    list,
    show,
    query,
    diff,
    domcaps,
    dump,
    edit,
    explain,
    validate,
    convert,
    import,
    serve,
    flags,
    plan,
    survey,
    refresh,
    report,
    completions,
    man,
}

/// A subcommand whose arguments are defined when it is called.
#[derive(Debug)]
pub(crate) struct Deferred(pub(crate) Command);

impl FromArgMatches for Deferred {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Command::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

pub(crate) fn run(command: &Command, mut context: Context) -> Outcome {
    let exit = dispatch(command, &mut context)?;
    context.out.flush()?;
    Ok(exit)
}

#[cfg(test)]
pub(crate) mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _, Parser as _};

    use super::{Command, Context, Deferred, Out, run};
    use crate::args::{self, Cli};
    use crate::exit::Exit;
    use crate::output::Kept;
    use crate::source::Sources;

    /// Some lines are continued, all at this column.
    pub(crate) fn assert_continued(text: &str, column: usize) {
        let blanks = text.lines().map(|line| line.len() - line.trim_start().len());
        let continued: Vec<usize> = blanks.filter(|&blanks| blanks > 30).collect();
        assert!(!continued.is_empty() && continued.iter().all(|&at| at == column), "{text}");
    }

    /// What a subcommand prints to this output, which keeps it.
    pub(crate) fn printed(words: &[&str], out: impl FnOnce(&Kept) -> Out) -> String {
        let words = ["qemu-caps"].iter().chain(words);
        let cli = Cli::<Command>::try_parse_from(words).expect("a command line");
        let kept = Kept::default();
        let sources = Sources::new(cli.data).with_baseline(cli.baseline);
        let context = Context { sources, out: out(&kept), command: args::command };
        let exit = run(&cli.command, context).expect("nothing is wrong");
        assert_eq!(exit, Exit::Ok);
        kept.text()
    }

    #[test]
    fn a_subcommand_can_be_replaced_by_another() {
        let matches = |words: &[&str]| Cli::<Command>::command().get_matches_from(words);
        let mut one =
            Deferred::from_arg_matches(&matches(&["qemu-caps", "list"])).expect("a subcommand");
        assert!(format!("{one:?}").starts_with("Deferred(list("), "{one:?}");
        one.update_from_arg_matches(&matches(&["qemu-caps", "show", "latest"])).expect("another");
        assert!(format!("{one:?}").starts_with("Deferred(show("), "{one:?}");
    }
}
