mod render;

use std::collections::BTreeSet;
use std::io::Write as _;

use caps_core::Arch;
use caps_core::capture::CaptureId;
use caps_core::qapi::{Match, MetaType, Query, Schema, Seen, explore};
use serde_json::json;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{TableFormat, json};
use crate::select::names_capture;
use crate::source::Loaded;

/// Say in which captures a schema query holds, and in which versions that is first and last seen.
///
/// The query language is libvirt's: a command or event, then components separated by slashes. A name
/// follows a member, `arg-type` or `ret-type`; `*name` a member that is optional; `+case` a variant;
/// `^value` tests an enum value, `!type` a JSON type, `$feature` a feature. Captures tell of builds:
/// what one lacks may be in another build of that version. The exit code is 1 if a query holds in
/// none of the captures.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps query blockdev-add/arg-type/+file/aio/^io_uring
  qemu-caps query 'chardev-add/arg-type/backend/+socket/data/reconnect' tests/qemucapabilitiesdata
  qemu-caps query netdev_add/arg-type/+stream/reconnect-ms --arch x86_64,s390x
  qemu-caps query --list blockdev-add/arg-type/+n

JSON: {\"queries\": [{\"query\", \"holds\": BOOL, \"nearest\": QUERY or null, \"seen\": [{\"arch\", \"variant\", \"first\", \"last\",
\"absent_before\", \"absent_after\", \"gaps\"}, ...], \"captures\": [{\"capture\", \"version\", \"arch\", \"variant\",
\"outcome\": \"holds\", \"absent\" or \"error\", \"meta_type\", \"features\", \"error\"}, ...]}, ...]}; with --list
{\"queries\": [QUERY, ...]}")]
pub(crate) struct Args {
    /// The queries, and the captures: paths that exist, directories, `VERSION_ARCH[+VARIANT]`, latest...
    /// Without captures all of the data directory are asked.
    #[arg(value_name = "QUERY|CAPTURE", required_unless_present = "list")]
    arguments: Vec<String>,

    /// Only captures of these architectures.
    #[arg(long, value_name = "ARCH", value_delimiter = ',')]
    arch: Vec<Arch>,

    /// List the queries that hold and begin with PREFIX, instead; after a slash what may follow.
    #[arg(long, value_name = "PREFIX")]
    list: Option<String>,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

/// A capture with its schema.
struct Asked {
    name: String,
    id: CaptureId,
    schema: Schema,
}

/// What a query came to in one capture.
enum Found {
    Holds { meta_type: Option<MetaType>, features: Vec<String> },
    Absent,
    Error(String),
}

/// What a query came to in all captures.
struct Report<'a> {
    query: &'a Query,
    found: Vec<(&'a Asked, Found)>,
    seen: Vec<Seen>,
    nearest: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let (captures, queries): (Vec<String>, Vec<String>) =
        args.arguments.iter().cloned().partition(|argument| names_capture(argument));
    let queries = queries.iter().map(|text| parse(text)).collect::<Result<Vec<_>, _>>()?;
    if args.list.is_some() != queries.is_empty() {
        return Err(CliError::usage(match args.list {
            Some(_) => "a query beside `--list`, expected only captures",
            None => "no query, only captures",
        }));
    }
    let mut asked = context
        .sources
        .select(&captures)?
        .into_iter()
        .map(|source| asked(source.load()?))
        .collect::<Result<Vec<_>, _>>()?;
    if !args.arch.is_empty() {
        asked.retain(|asked| args.arch.contains(&asked.id.arch));
    }
    if asked.is_empty() {
        return Err(CliError::usage("no capture of these architectures"));
    }
    if let Some(prefix) = &args.list {
        return list(prefix, &asked, args.format, context);
    }
    let reports: Vec<Report<'_>> = queries.iter().map(|query| report(query, &asked)).collect();
    match args.format {
        TableFormat::Text => render::text(&reports, &mut context.out)?,
        TableFormat::Md => render::markdown(&reports, &mut context.out)?,
        TableFormat::Json => {
            let list: Vec<_> = reports.iter().map(render::value).collect();
            json(&mut context.out, &json!({"queries": list}))?;
        }
    }
    let all = || reports.iter().flat_map(|report| &report.found);
    let errors: Vec<_> = all()
        .filter_map(|(asked, found)| match found {
            Found::Error(error) => Some(format!("`{}`: {error}", asked.name)),
            _ => None,
        })
        .collect();
    if !errors.is_empty() {
        context.out.flush()?;
        return Err(CliError::input(errors.join("; ")).context("a schema can't be asked"));
    }
    let holds = |report: &Report<'_>| report.holds();
    Ok(if reports.iter().all(holds) { Exit::Ok } else { Exit::No })
}

fn parse(text: &str) -> Result<Query, CliError> {
    text.parse().map_err(|error| {
        CliError::usage(Box::<dyn std::error::Error + Send + Sync>::from(error))
            .context(format!("`{text}` is not a schema query"))
    })
}

fn asked(loaded: Loaded) -> Result<Asked, CliError> {
    let schema = Schema::from_conversation(&loaded.conversation).map_err(|error| {
        let path = loaded.source.replies.display();
        CliError::input(error).context(format!("can't read the schema of `{path}`"))
    })?;
    Ok(Asked { id: loaded.id()?, name: loaded.source.name, schema })
}

fn report<'a>(query: &'a Query, asked: &'a [Asked]) -> Report<'a> {
    let found: Vec<_> = asked
        .iter()
        .map(|asked| {
            let found = match query.evaluate(&asked.schema) {
                Ok(Match::Found(entry)) => Found::Holds {
                    meta_type: entry.and_then(caps_core::qapi::Entry::meta_type),
                    features: explore::features(&asked.schema, query.as_str()),
                },
                Ok(Match::NotFound) => Found::Absent,
                Err(error) => Found::Error(error.to_string()),
            };
            (asked, found)
        })
        .collect();
    let holds = |found: &Found| matches!(found, Found::Holds { .. });
    let seen = Seen::sum_up(found.iter().map(|(asked, found)| (&asked.id, holds(found))));
    let nowhere = !found.iter().any(|(_, found)| holds(found));
    let schemas = asked.iter().map(|asked| &asked.schema);
    let nearest = nowhere.then(|| explore::nearest(schemas, query.as_str())).flatten();
    Report { query, found, seen, nearest }
}

impl Report<'_> {
    fn holds(&self) -> bool {
        self.found.iter().any(|(_, found)| matches!(found, Found::Holds { .. }))
    }
}

fn list(prefix: &str, asked: &[Asked], format: TableFormat, context: &mut Context) -> Outcome {
    let found: BTreeSet<String> =
        asked.iter().flat_map(|asked| explore::list(&asked.schema, prefix)).collect();
    match format {
        TableFormat::Json => json(&mut context.out, &json!({"queries": found}))?,
        TableFormat::Md => {
            found.iter().try_for_each(|query| writeln!(context.out, "* `{query}`"))?;
        }
        TableFormat::Text => {
            found.iter().try_for_each(|query| writeln!(context.out, "{query}"))?;
        }
    }
    if found.is_empty() {
        let schemas = asked.iter().map(|asked| &asked.schema);
        if let Some(nearest) = explore::nearest(schemas, prefix.trim_end_matches('/')) {
            context.out.flush()?;
            eprintln!("nothing begins with `{prefix}`, nearest: {nearest}");
        }
        return Ok(Exit::No);
    }
    Ok(Exit::Ok)
}
