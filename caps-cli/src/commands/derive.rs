use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::BaselineChoice;
use caps_core::probe::Matching;
use serde_json::json;

use super::Context;
use super::show::Summary;
use crate::choose::Filter;
use crate::complete;
use crate::description::Derived;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::output::{Format, json, line};
use crate::parallel::{self, Piece};
use crate::source::{Loaded, Source};

/// Derive the capability XML from a capture and print it, or write those of several to a directory.
///
/// The XML is the one that libvirt's own test expects for a file of that name. Answers are looked
/// up by command and arguments, and a question without an answer counts as not supported. Warnings
/// on standard error name such questions, exchanges that nothing asked for, and text that libvirt
/// leaves unescaped although that makes the XML malformed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps derive latest:x86_64
  qemu-caps derive caps_10.0.0_s390x.replies --strict
  qemu-caps derive tests/qemucapabilitiesdata --dir /tmp/xml")]
pub(crate) struct Args {
    /// The captures: paths, directories, names. More than one requires `--dir`.
    #[arg(required = true, value_name = "CAPTURE", add = complete::captures())]
    captures: Vec<OsString>,

    /// Write `caps_VERSION_ARCH[+VARIANT].xml` of each capture to this directory, all or none.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,

    /// Fail unless the capture matches libvirt's conversation exactly and the XML is readable.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    filter: Filter,

    /// The output format: XML, or the JSON that `show --format json` prints.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let sources = context.sources.choose(&args.captures, &args.filter)?;
    if let Some(dir) = &args.dir {
        return write(args, dir, sources, context);
    }
    let [source] = <[Source; 1]>::try_from(sources).map_err(|sources: Vec<_>| {
        let count = sources.len();
        CliError::usage(format!("{count} captures, expected one, or a directory with `--dir DIR`"))
    })?;
    let (loaded, derived) = derive(source, args.strict, context.sources.baseline)?;
    derived.warn("");
    match args.format {
        Format::Text => context.out.write_all(derived.xml.as_bytes())?,
        Format::Json => {
            let summary =
                Summary::new(&loaded.conversation, &derived.capabilities, derived.baseline)
                    .map_err(CliError::input)?;
            json(&mut context.out, &summary.json(&loaded.source.name))?;
        }
    }
    Ok(Exit::Ok)
}

fn derive(
    source: Source,
    strict: bool,
    baseline: BaselineChoice,
) -> Result<(Loaded, Derived), CliError> {
    let loaded = source.load()?.into_replies(baseline)?;
    let matching = if strict { Matching::Strict } else { Matching::ByContent };
    let id = loaded.id()?;
    let path = loaded.source.replies.display();
    let failed =
        |error: CliError| error.context(format!("can't derive capabilities from `{path}`"));
    let derived = Derived::new(&loaded.conversation, &id, matching, baseline).map_err(failed)?;
    if strict {
        derived.check_readable().map_err(failed)?;
    }
    Ok((loaded, derived))
}

fn write(args: &Args, dir: &Path, sources: Vec<Source>, context: &mut Context) -> Outcome {
    let several = sources.len() > 1;
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let baseline = context.sources.baseline;
    let derive = |source, _: &mut dyn FnMut(&[u8])| derive(source, args.strict, baseline);
    parallel::in_turn(sources, derive, |piece| {
        let Piece::End(result) = piece else { return Ok(()) };
        let (loaded, derived) = result?;
        let capture = loaded.source.replies.display();
        derived.warn(&if several { format!("`{capture}`: ") } else { String::new() });
        let path = dir.join(loaded.id()?.file_stem() + ".xml");
        if texts.insert(path.clone(), derived.xml).is_some() {
            let what = format!("two captures would be written to `{}`", path.display());
            return Err(CliError::usage(what + ", expected different names"));
        }
        Ok(())
    })?;
    files::create_dir(dir)?;
    files::write(texts.iter().map(|(path, xml)| (path, xml.as_bytes())))?;
    match args.format {
        Format::Text => {
            texts.keys().try_for_each(|path| line!(&mut context.out, "{}", path.display()))?;
        }
        Format::Json => {
            let paths: Vec<_> = texts.keys().map(|path| path.display().to_string()).collect();
            json(&mut context.out, &json!({"files": paths}))?;
        }
    }
    Ok(Exit::Ok)
}
