use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::capture::{Arches, Capture, CaptureVariant, Captures, Pick, Selection};
use caps_core::probe::{self, Matching};
use caps_core::qapi::{Query, Schema};
use caps_core::replies::Conversation;
use caps_core::{Arch, Flag, FlagSet};
use serde_json::json;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use crate::source::read;

/// List the captures of a directory.
///
/// One line each: the name, which files there are, and whether it is the latest of its architecture
/// and variant. Sorted by architecture, variant and version. With filters, those that pass all of
/// them. The exit code is 1 if there are none.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  qemu-caps list\n  qemu-caps list tests/qemucapabilitiesdata --format json\n  \
                  qemu-caps list --pick '>=8, <11' --arch x86_64,aarch64 --has tpm-emulator\n\n\
                  JSON: {\"dir\", \"captures\": [{\"capture\", \"version\", \"arch\", \"variant\", \"replies\" and \"xml\" \
                  (paths or null), \"latest\": BOOL}, ...]}"
)]
pub(crate) struct Args {
    /// The directory; the data directory when absent.
    dir: Option<PathBuf>,

    /// Only these versions of each architecture and variant: latest, latest(N), oldest, all, a version
    /// as in 9.2.0 or a range as in '>=8.2, <10'. Picked out of those that the other filters let pass.
    #[arg(long, value_name = "VERSIONS", default_value = "all")]
    pick: Pick,

    /// Only these architectures.
    #[arg(long, value_name = "ARCH", value_delimiter = ',')]
    arch: Vec<Arch>,

    /// Only this variant, as in `hvf`; an empty one stands for plain captures.
    #[arg(long, value_name = "VARIANT", value_parser = crate::source::parse_variant)]
    variant: Option<CaptureVariant>,

    /// Only captures with this capability flag; may be given several times.
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    has: Vec<Flag>,

    /// Only captures without this capability flag; may be given several times.
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    lacks: Vec<Flag>,

    /// Only captures in whose schema the query holds; may be given several times.
    #[arg(long, value_name = "QUERY")]
    schema: Vec<Query>,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let captures = match &args.dir {
        Some(dir) => Captures::discover(dir).map_err(CliError::input)?,
        None => context.sources.captures()?,
    };
    let is_latest =
        |capture: &Capture| captures.latest(capture.id.arch, &capture.id.variant) == Some(capture);
    let selected = select(args, &captures)?;
    match args.format {
        Format::Text => {
            for capture in &selected {
                let files = match (&capture.replies, &capture.xml) {
                    (Some(_), Some(_)) => "replies, xml",
                    (Some(_), None) => "replies",
                    _ => "xml",
                };
                let latest = if is_latest(capture) { "  latest" } else { "" };
                writeln!(context.out, "{:<28} {files:<12}{latest}", capture.id)?;
            }
        }
        Format::Json => {
            let list: Vec<_> = selected
                .iter()
                .map(|capture| {
                    json!({
                        "capture": capture.id.to_string(),
                        "version": capture.id.version.to_string(),
                        "arch": capture.id.arch.name(),
                        "variant": capture.id.variant.as_str(),
                        "replies": capture.replies.as_deref().map(text),
                        "xml": capture.xml.as_deref().map(text),
                        "latest": is_latest(capture),
                    })
                })
                .collect();
            json(&mut context.out, &json!({"dir": text(captures.dir()), "captures": list}))?;
        }
    }
    Ok(if selected.is_empty() { Exit::No } else { Exit::Ok })
}

fn select<'c>(args: &Args, captures: &'c Captures) -> Result<Vec<&'c Capture>, CliError> {
    let mut selection = Selection::new(args.pick.clone());
    if !args.arch.is_empty() {
        selection.arches = Arches::Only(args.arch.clone());
    }
    selection.variant.clone_from(&args.variant);
    selection.has.clone_from(&args.has);
    selection.lacks.clone_from(&args.lacks);
    // A pick such as the latest is out of what the schema lets pass, too.
    let paths = captures
        .iter()
        .filter(|capture| selection.matches_name(&capture.id))
        .map(|capture| Ok((capture, holds(&args.schema, capture)?)))
        .collect::<Result<Vec<_>, CliError>>()?
        .into_iter()
        .filter(|(_, holds)| *holds)
        .flat_map(|(capture, _)| [&capture.replies, &capture.xml])
        .flatten()
        .cloned();
    let passing =
        Captures::from_paths(captures.dir().to_owned(), paths).map_err(CliError::input)?;
    let selected = selection.select(&passing, flags)?;
    Ok(selected.iter().filter_map(|selected| captures.get(&selected.capture.id)).collect())
}

fn holds(queries: &[Query], capture: &Capture) -> Result<bool, CliError> {
    if queries.is_empty() {
        return Ok(true);
    }
    let Some(conversation) = conversation(capture)? else { return Ok(false) };
    let schema = Schema::from_conversation(&conversation)
        .map_err(|error| CliError::input(error).context(format!("can't query `{}`", capture.id)))?;
    Ok(queries.iter().all(|query| schema.holds(query)))
}

fn flags(capture: &Capture) -> Result<FlagSet, CliError> {
    let failed =
        |error: CliError| error.context(format!("can't tell the flags of `{}`", capture.id));
    if let Some(conversation) = conversation(capture)? {
        let derived = probe::derive(&conversation, &capture.id, Matching::ByContent);
        return Ok(derived.map_err(|e| failed(CliError::input(e)))?.capabilities.flags);
    }
    let Some(path) = &capture.xml else { return Ok(FlagSet::default()) };
    let bytes = read(path).map_err(|error| failed(CliError::input(error)))?;
    let text = String::from_utf8_lossy(&bytes);
    caps_core::xml::read(&text).map(|caps| caps.flags).map_err(|e| failed(CliError::input(e)))
}

fn conversation(capture: &Capture) -> Result<Option<Conversation>, CliError> {
    let Some(path) = &capture.replies else { return Ok(None) };
    let failed =
        |error: CliError| error.context(format!("can't read the capture `{}`", path.display()));
    let bytes = read(path).map_err(|error| failed(CliError::input(error)))?;
    Conversation::from_bytes(&bytes).map(Some).map_err(|error| failed(CliError::input(error)))
}

/// A path as JSON can have it: what is not UTF-8 is replaced.
fn text(path: &Path) -> String {
    path.display().to_string()
}
