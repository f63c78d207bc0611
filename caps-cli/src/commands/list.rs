use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use caps_core::capture::{Capture, CaptureId, CaptureVariant};
use caps_core::{Arch, Baseline, Version, probe};
use serde_json::json;

use super::Context;
use crate::choose::Filter;
use crate::color::Meaning;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use crate::parallel;
use crate::source::Source;
use crate::source::data::Data;
use crate::table::{Column, Table};

/// List captures.
///
/// Prints the name of each capture, its files, the libvirt release whose questions it contains, and
/// whether it is the latest of its architecture and variant, sorted by architecture, variant and
/// version. Filters narrow the list. An `.xml` without `.replies` is listed as no capture. Exits
/// with 1 if there is no capture.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps list
  qemu-caps list tests/qemucapabilitiesdata --format json
  qemu-caps list --versions '>=8, <11' --arch x86_64,aarch64 --has tpm-emulator")]
pub(crate) struct Args {
    /// Directories of captures, or captures; defaults to the data directory.
    #[arg(value_name = "DIR|CAPTURE", add = complete::captures())]
    captures: Vec<OsString>,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let Listed { sources, mut orphans, dirs } = listed(args, context)?;
    let latest = latest(&sources);
    let chosen = args.filter.apply(sources, context.sources.baseline)?;
    if !args.filter.is_empty() {
        // Filters can't apply to a description that has no conversation.
        orphans.clear();
    }
    let baselines = parallel::map(chosen.clone(), |source| Ok::<_, CliError>(baseline(&source)))?;
    let is_latest = |source: &Source| {
        let id = source.id.as_ref();
        id.is_some_and(|id| latest.get(&(id.arch, id.variant.clone())) == Some(&id.version))
    };
    match args.format {
        Format::Text => {
            let mut table = Table::new(vec![
                Column::Left(27),
                Column::Left(12),
                Column::Left(4),
                Column::Left(0),
            ]);
            for (source, baseline) in chosen.iter().zip(&baselines) {
                let files = if source.xml().is_file() || is_built_in(source) {
                    "replies, xml"
                } else {
                    "replies"
                };
                let latest = if is_latest(source) { "latest" } else { "" };
                let baseline = baseline.map_or("-", Baseline::name);
                let cells =
                    [&name(source), files, baseline].map(|cell| (Meaning::Plain, cell.to_owned()));
                table.push(cells.into_iter().chain([(Meaning::Good, latest.to_owned())]));
            }
            for orphan in &orphans {
                let cells =
                    [&orphan.id.to_string(), "xml"].map(|cell| (Meaning::Plain, cell.to_owned()));
                table.push(cells.into_iter().chain([(Meaning::Warning, "no capture".to_owned())]));
            }
            table.text("", &mut context.out)?;
        }
        Format::Json => {
            let captures: Vec<_> = chosen
                .iter()
                .zip(&baselines)
                .map(|(source, baseline)| {
                    let id = source.id.as_ref();
                    let xml = Some(source.xml()).filter(|xml| xml.is_file() || is_built_in(source));
                    json!({
                        "capture": id.map(ToString::to_string),
                        "version": id.map(|id| id.version.to_string()),
                        "arch": id.map(|id| id.arch.name()),
                        "variant": id.map(|id| id.variant.as_str()),
                        "replies": text(&source.replies),
                        "xml": xml.as_deref().map(text),
                        "latest": is_latest(source),
                        "baseline": baseline.map(Baseline::name),
                    })
                })
                .collect();
            let orphans: Vec<_> =
                orphans.iter().filter_map(|o| o.xml.as_deref()).map(text).collect();
            let value = json!({
                "dir": dirs.first(),
                "dirs": dirs,
                "captures": captures,
                "orphans": orphans,
            });
            json(&mut context.out, &value)?;
        }
    }
    Ok(if chosen.is_empty() { Exit::No } else { Exit::Ok })
}

#[derive(Default)]
struct Listed {
    sources: Vec<Source>,
    /// Descriptions without a capture.
    orphans: Vec<Capture>,
    dirs: Vec<String>,
}

fn listed(args: &Args, context: &Context) -> Result<Listed, CliError> {
    if args.captures.is_empty() {
        let data = context.sources.data()?;
        let (sources, orphans) = (data.sources(false), data.orphans.clone());
        return Ok(Listed { sources, orphans, dirs: context.sources.dirs() });
    }
    let mut listed = Listed::default();
    for selector in &args.captures {
        let path = Path::new(selector);
        if !path.is_dir() {
            listed.sources.push(context.sources.find(selector)?);
            continue;
        }
        let data = Data::in_dir(path)?;
        data.warn();
        listed.sources.extend(data.sources(false));
        listed.orphans.extend(data.orphans);
        listed.dirs.push(text(path));
    }
    listed.dirs.extend(context.sources.dirs());
    Ok(listed)
}

/// The libvirt release whose questions a capture contains; `None` if it can't be read. A survey contains those of
/// all, and is read for the newest.
fn baseline(source: &Source) -> Option<Baseline> {
    if source.survey.as_ref() == Some(&source.replies) {
        return Some(Baseline::NEWEST);
    }
    let loaded = source.clone().load().ok()?;
    let id = loaded.id().ok()?;
    Some(probe::detect(&loaded.conversation, &id))
}

/// The newest version of each architecture and variant.
fn latest(sources: &[Source]) -> BTreeMap<(Arch, CaptureVariant), Version> {
    let mut latest = BTreeMap::new();
    for CaptureId { version, arch, variant } in sources.iter().filter_map(|s| s.id.as_ref()) {
        let newest = latest.entry((*arch, variant.clone())).or_insert(*version);
        *newest = (*newest).max(*version);
    }
    latest
}

/// The capture's name; for a file without one, its path.
fn name(source: &Source) -> String {
    source.id.as_ref().map_or_else(|| text(&source.replies), ToString::to_string)
}

fn is_built_in(source: &Source) -> bool {
    crate::built_in::contains(&source.xml())
}

/// A path for JSON, with everything that is not UTF-8 replaced.
fn text(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::printed;

    #[test]
    fn built_in_captures_have_descriptions() {
        let words = ["--data", "built-in", "list", "7.2.22_loongarch64"];
        let text = printed(&words, |kept| kept.out(None));
        let cells: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(&cells[..3], ["7.2.22_loongarch64", "replies,", "xml"]);
        let json = [&words[..], &["--format", "json"]].concat();
        let json = printed(&json, |kept| kept.out(None));
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let xml = &value["captures"][0]["xml"];
        assert_eq!(xml, "(built in)/caps_7.2.22_loongarch64.xml");
    }
}
