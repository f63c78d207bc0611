mod render;

use std::path::Path;

use caps_core::diff::{Difference, DifferenceKind, Side, diff};
use caps_core::flag::FlagSet;
use caps_core::probe::live::Options;
use caps_core::probe::{self, Matching};
use caps_core::replies::Conversation;
use clap::ValueEnum;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{TableFormat, json};

/// Say what differs between two captures, by kind.
///
/// What is in the schema is named by the query path that leads to it; a type that is used in many
/// places is compared once, at its shortest path. Renumbered types and reordered replies are no
/// differences, nor are descriptions and help texts.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps diff 7.2.22_x86_64 latest:x86_64
  qemu-caps diff latest /usr/bin/qemu-system-x86_64 --ignore host --exit-code
  qemu-caps diff 10.0.13_aarch64 11.1.3_aarch64 --only command,event,flag --format md

JSON: {\"a\", \"b\", \"differences\": [{\"kind\", \"name\", \"change\": \"added\", \"removed\" or \"changed\", \"detail\" (added,
removed), \"what\", \"from\", \"to\" (changed), \"host\": BOOL}, ...]}, sorted by kind and name")]
pub(crate) struct Args {
    /// The first capture, or a QEMU binary.
    a: String,

    /// The second capture, or a QEMU binary.
    b: String,

    /// Only differences of these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind)]
    only: Vec<DifferenceKind>,

    /// Leave differences out.
    #[arg(long, value_enum, value_name = "WHAT")]
    ignore: Vec<Ignored>,

    /// Exit with 1 if there are differences.
    #[arg(long)]
    exit_code: bool,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ignored {
    /// What comes from the host: CPU expansions and blockers, accelerators, SEV, SGX, GIC, the package.
    Host,
}

fn kind(name: &str) -> Result<DifferenceKind, String> {
    name.parse().map_err(|error| {
        let names: Vec<&str> = DifferenceKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("{error}; there are {}", names.join(", "))
    })
}

/// One side of the comparison.
struct Compared {
    name: String,
    conversation: Conversation,
    flags: Option<FlagSet>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let sides = [compared(&args.a, context)?, compared(&args.b, context)?];
    let [a, b] = sides.each_ref().map(|side| {
        let plain = Side::new(&side.conversation);
        side.flags.map_or(plain, |flags| plain.with_flags(flags))
    });
    let mut differences: Vec<Difference> = diff(&a, &b).map_err(|error| {
        let name = &sides[usize::from(error.second)].name;
        CliError::input(error.clone()).context(format!("can't compare `{name}`"))
    })?;
    let ignore_host = args.ignore.contains(&Ignored::Host);
    differences.retain(|d| !(ignore_host && d.host));
    differences.retain(|d| args.only.is_empty() || args.only.contains(&d.kind));
    let [a, b] = [&sides[0].name, &sides[1].name];
    match args.format {
        TableFormat::Text => render::text(a, b, &differences, &mut context.out)?,
        TableFormat::Md => render::markdown(a, b, &differences, &mut context.out)?,
        TableFormat::Json => json(&mut context.out, &render::value(a, b, &differences))?,
    }
    let no = args.exit_code && !differences.is_empty();
    Ok(if no { Exit::No } else { Exit::Ok })
}

fn compared(selector: &str, context: &Context) -> Result<Compared, CliError> {
    if is_binary(Path::new(selector)) {
        let probed = super::probe::live_binary(Path::new(selector), Options::default())?;
        let conversation = Conversation::parse(&probed.text).map_err(CliError::qemu)?;
        let flags = Some(probed.capabilities.flags);
        return Ok(Compared { name: selector.to_owned(), conversation, flags });
    }
    let loaded = context.sources.load(selector)?;
    let derived = loaded.id().and_then(|id| {
        probe::derive(&loaded.conversation, &id, Matching::ByContent).map_err(CliError::input)
    });
    if derived.is_err() {
        // The rest can still be compared.
        eprintln!("warning: `{selector}` has no capability flags, they are not compared");
    }
    let flags = derived.ok().map(|derived| derived.capabilities.flags);
    Ok(Compared { name: loaded.source.name, conversation: loaded.conversation, flags })
}

/// Is this a file that can be run?
fn is_binary(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let capture = path.extension().is_some_and(|e| e == "replies" || e == "xml");
    let mode = std::fs::metadata(path).map(|file| (file.is_file(), file.permissions().mode()));
    !capture && mode.is_ok_and(|(is_file, mode)| is_file && mode & 0o111 != 0)
}
