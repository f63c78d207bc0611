mod pairs;
mod render;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use caps_core::diff::{Change, Difference, DifferenceKind, Side, diff};
use caps_core::domcaps::DomainCapabilities;
use caps_core::flag::FlagSet;
use caps_core::probe::live::Options;
use caps_core::probe::{self, Matching};
use caps_core::replies::Conversation;
use caps_core::{Baseline, BaselineChoice};
use clap::ValueEnum;

use self::pairs::Pairs;
use super::{Context, domcaps};
use crate::choose::Filter;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::input::read_text;
use crate::output::{TableFormat, json, say};
use crate::source::{Loaded, Source, is_binary};

/// Compare two captures, or two directories of captures, by kind of difference.
///
/// Schema entries are named by their query path; a type used in several places is compared once, at
/// its shortest path. Renumbered types, reordered replies, descriptions and help texts don't count
/// as differences. A machine type behind an alias is compared as one type, whatever version its
/// name carries.
///
/// If both captures have a survey beside them, the surveys are compared, which contain the
/// properties of all device types; the path of a `.replies` file always means that file.
///
/// In two directories, captures with the same name are compared; then, for each architecture and
/// variant with exactly one capture left on each side, those two (`--versions latest` leaves one).
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps diff 7.2.22_x86_64 latest:x86_64
  qemu-caps diff latest /usr/bin/qemu-system-x86_64 --ignore host --exit-code
  qemu-caps diff 10.0.13_aarch64 11.1.3_aarch64 --only command,event,flag
  qemu-caps diff --domcaps host-a.xml host-b.xml --only cpu-model,cpu-blocker
  qemu-caps diff old/ new/ --versions latest --only-removed --format md")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Args {
    /// The first capture, a QEMU binary, or a directory of captures.
    #[arg(add = complete::captures())]
    a: OsString,

    /// The second capture or binary; a directory if A is one.
    #[arg(add = complete::captures())]
    b: OsString,

    /// Compare domain capabilities: the documents that `domcaps` prints, or files with such
    /// documents.
    #[arg(long)]
    domcaps: bool,

    /// Accept capability XML with flags that no known libvirt release has.
    #[arg(long, requires = "domcaps")]
    lenient: bool,

    /// Show only differences of these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',', add = complete::kinds())]
    only: Vec<DifferenceKind>,

    /// Show only what B lacks.
    #[arg(long, conflicts_with = "only_added")]
    only_removed: bool,

    /// Show only what B adds.
    #[arg(long)]
    only_added: bool,

    /// Ignore these differences.
    #[arg(long, value_enum, value_name = "WHAT")]
    ignore: Vec<Ignored>,

    #[command(flatten)]
    filter: Filter,

    /// Exit with 1 if there are differences.
    #[arg(long)]
    exit_code: bool,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ignored {
    /// Properties of the host: CPU expansions and blockers, accelerators, SEV, SGX, GIC, the
    /// package.
    Host,
}

impl Args {
    /// Returns whether the options select this difference.
    fn wants(&self, difference: &Difference) -> bool {
        let wanted = match difference.change {
            Change::Removed { .. } => !self.only_added,
            Change::Added { .. } => !self.only_removed,
            _ => !self.only_added && !self.only_removed,
        };
        let ignored = difference.host && self.ignore.contains(&Ignored::Host);
        wanted && !ignored && (self.only.is_empty() || self.only.contains(&difference.kind))
    }
}

/// Two captures and the differences between them.
struct Compared {
    a: String,
    b: String,
    differences: Vec<Difference>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let dirs = [&args.a, &args.b].map(|side| Path::new(side).is_dir());
    let (compared, pairs) = match dirs {
        [false, false] if args.domcaps => (vec![documents(args, context)?], None),
        _ if args.domcaps => {
            let what = "a directory, expected two captures, QEMU binaries or documents";
            return Err(CliError::usage(what));
        }
        [true, true] => directories(args, context.sources.baseline)?,
        [false, false] => {
            let sides = [named(&args.a, args, context)?, named(&args.b, args, context)?];
            let [a, b] = evenly(sides);
            let sides = [side(a, &args.a, context)?, side(b, &args.b, context)?];
            (vec![compare(&sides, args)?], None)
        }
        [is_first, _] => {
            let (dir, other) = if is_first { (&args.a, &args.b) } else { (&args.b, &args.a) };
            let (dir, other) = (dir.display(), other.display());
            return Err(CliError::usage(format!(
                "`{dir}` is a directory and `{other}` is not, expected two directories or two captures"
            )));
        }
    };
    let out = &mut context.out;
    match args.format {
        TableFormat::Text => {
            for one in &compared {
                render::text(&one.a, &one.b, &one.differences, out)?;
            }
            pairs.iter().try_for_each(|pairs| render::unpaired_text(pairs, out))?;
        }
        TableFormat::Md => {
            for one in &compared {
                render::markdown(&one.a, &one.b, &one.differences, out)?;
            }
            pairs.iter().try_for_each(|pairs| render::unpaired_markdown(pairs, out))?;
        }
        TableFormat::Json => {
            let mut values =
                compared.iter().map(|one| render::value(&one.a, &one.b, &one.differences));
            let value = match &pairs {
                Some(pairs) => render::directories(args, pairs, &values.collect::<Vec<_>>()),
                None => values.next().unwrap_or_default(),
            };
            json(out, &value)?;
        }
    }
    let differ = compared.iter().any(|one| !one.differences.is_empty())
        || pairs.is_some_and(|pairs| pairs.has_unpaired());
    Ok(if args.exit_code && differ { Exit::No } else { Exit::Ok })
}

/// Compares two directories of captures.
fn directories(
    args: &Args,
    baseline: BaselineChoice,
) -> Result<(Vec<Compared>, Option<Pairs>), CliError> {
    let pairs = Pairs::new(Path::new(&args.a), Path::new(&args.b), &args.filter, baseline)?;
    let mut compared = Vec::new();
    for pair in &pairs.both {
        let [a, b] = evenly(pair.each_ref().map(|source| Some(source.clone())));
        let side = |source: Option<Source>| {
            let source = source.ok_or_else(|| CliError::usage("no capture"))?;
            Ok::<_, CliError>(SideOf::capture(source.load()?, baseline))
        };
        let sides = [side(a)?, side(b)?];
        compared.push(compare(&sides, args)?);
    }
    Ok((compared, Some(pairs)))
}

fn compare(sides: &[SideOf; 2], args: &Args) -> Result<Compared, CliError> {
    let [a, b] = sides.each_ref().map(|side| {
        let plain = Side::new(&side.conversation);
        side.flags.map_or(plain, |(flags, baseline)| plain.with_flags(flags, baseline))
    });
    let mut differences: Vec<Difference> = diff(&a, &b).map_err(|error| {
        let name = &sides[usize::from(error.second)].name;
        CliError::input(error.clone()).context(format!("can't compare `{name}`"))
    })?;
    differences.retain(|difference| args.wants(difference));
    let [a, b] = sides.each_ref().map(|side| side.name.clone());
    Ok(Compared { a, b, differences })
}

/// Compares two documents of domain capabilities.
fn documents(args: &Args, context: &Context) -> Result<Compared, CliError> {
    let [(a, first), (b, second)] =
        [document(&args.a, args, context)?, document(&args.b, args, context)?];
    let mut differences = first.differences(&second);
    differences.retain(|difference| args.wants(difference));
    Ok(Compared { a, b, differences })
}

/// Reads the document in a file, or makes the one that `domcaps` prints for a capture or binary.
fn document(
    selector: &OsStr,
    args: &Args,
    context: &Context,
) -> Result<(String, DomainCapabilities), CliError> {
    let path = Path::new(selector);
    if path.extension().is_some_and(|extension| extension == "xml") {
        let text = read_text(path)?;
        if text.trim_start().starts_with("<domainCapabilities") {
            let document = DomainCapabilities::parse(&text).map_err(|error| {
                CliError::input(error).context(format!("can't read `{}`", path.display()))
            })?;
            return Ok((path.display().to_string(), document));
        }
    }
    let input = domcaps::Input::load(selector, args.lenient, context)?;
    let document = domcaps::make(&input, &domcaps::Asked::default())?;
    Ok((input.name, document))
}

/// One side of a comparison.
struct SideOf {
    name: String,
    conversation: Conversation,
    flags: Option<(FlagSet, Baseline)>,
}

impl SideOf {
    fn capture(loaded: Loaded, baseline: BaselineChoice) -> Self {
        let derived = loaded.id().and_then(|id| {
            probe::derive(&loaded.conversation, &id, Matching::ByContent, baseline)
                .map_err(CliError::input)
        });
        let name = loaded.source.name;
        if derived.is_err() {
            // Everything else can still be compared.
            say!(Warning: "`{name}` has no capability flags, they are not compared");
        }
        let flags = derived.ok().map(|derived| (derived.capabilities.flags, derived.baseline));
        Self { name, conversation: loaded.conversation, flags }
    }
}

/// Locates the capture that an argument names; `None` for a QEMU binary.
fn named(selector: &OsStr, args: &Args, context: &Context) -> Result<Option<Source>, CliError> {
    if is_binary(Path::new(selector)) {
        return Ok(None);
    }
    let chosen = context.sources.choose(&[selector.to_owned()], &args.filter)?;
    let source = chosen.into_iter().next().ok_or_else(|| CliError::usage("no capture"))?;
    Ok(Some(source))
}

/// Uses the surveys if both sides have one: a survey and a plain capture differ by what was asked.
fn evenly(sides: [Option<Source>; 2]) -> [Option<Source>; 2] {
    let surveyed =
        |side: &Option<Source>| side.as_ref().is_some_and(|source| source.survey.is_some());
    if sides.iter().all(surveyed) {
        return sides.map(|side| side.map(Source::prefer_survey));
    }
    sides
}

/// Loads a capture, or probes the QEMU binary of that name.
fn side(source: Option<Source>, selector: &OsStr, context: &Context) -> Result<SideOf, CliError> {
    let baseline = context.sources.baseline;
    if let Some(source) = source {
        return Ok(SideOf::capture(source.load()?, baseline));
    }
    let probed = super::probe::live_binary(Path::new(selector), Options::default(), baseline)?;
    let conversation = Conversation::parse(&probed.text).map_err(CliError::qemu)?;
    let flags = Some((probed.capabilities.flags, probed.baseline));
    Ok(SideOf { name: selector.display().to_string(), conversation, flags })
}
