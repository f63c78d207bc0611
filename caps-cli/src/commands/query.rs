mod render;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;

use caps_core::capture::CaptureId;
use caps_core::capture::Seen;
use caps_core::qapi::{Match, MetaType, Query, Schema, explore};
use serde_json::json;

use super::Context;
use crate::choose::{Filter, names_capture};
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::input::is_stdin;
use crate::output::{TableFormat, json, line, say};
use crate::parallel;
use crate::source::{Loaded, Source};

/// Show in which captures a schema query matches, and the first and last version.
///
/// The query language is libvirt's: a command or event, then components separated by slashes.
/// `arg-type` and `ret-type` are followed by the name of a member; `*name` matches an optional
/// member; `+case` a variant; `^value` an enum value, `!type` a JSON type, `$feature` a feature. A
/// capture describes one build of QEMU: other builds of the same version can have more. Exits with
/// 1 if a query matches no capture.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps query blockdev-add/arg-type/+file/aio/^io_uring
  qemu-caps query chardev-add/arg-type/backend/+socket/data/reconnect DIR
  qemu-caps query netdev_add/arg-type/+stream/reconnect-ms --arch x86_64,s390x
  qemu-caps query --list blockdev-add/arg-type/+n")]
pub(crate) struct Args {
    /// A query, followed by more queries and captures: paths, directories, names. Captures default
    /// to all of the data directory.
    #[arg(value_name = "QUERY|CAPTURE", required_unless_present_any = ["list", "query"], add = complete::captures())]
    arguments: Vec<OsString>,

    /// A query that can't be mistaken for a capture; repeatable.
    #[arg(long, value_name = "QUERY")]
    query: Vec<Query>,

    /// List the matching queries that start with PREFIX instead; after a slash, what can follow.
    #[arg(long, value_name = "PREFIX", conflicts_with = "query")]
    list: Option<String>,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: TableFormat,
}

/// A capture with its answers. Schemas are read again in the rare case that they are needed again,
/// so that memory does not grow with the number of captures.
struct Asked {
    source: Source,
    id: CaptureId,
    /// The schema of a capture that can't be read again.
    kept: Option<Schema>,
    /// Whether it has the commands or events that the doubtful arguments start with.
    roots: Vec<bool>,
    /// The results of the queries.
    found: Vec<Found>,
    /// The queries with the requested prefix.
    listed: Vec<String>,
}

/// The result of a query in one capture.
enum Found {
    Holds { meta_type: Option<MetaType>, features: Vec<String> },
    Absent,
    Error(String),
}

/// The results of a query in all captures.
struct Report<'a> {
    query: &'a Query,
    found: Vec<(&'a Asked, &'a Found)>,
    seen: Vec<Seen>,
    nearest: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let (captures, texts): (Vec<OsString>, Vec<OsString>) =
        args.arguments.iter().cloned().partition(|argument| names_capture(argument));
    let mut queries = args.query.clone();
    for text in &texts {
        queries.push(parse(&text.to_string_lossy())?);
    }
    if args.list.is_some() != queries.is_empty() {
        return Err(CliError::usage(match args.list {
            Some(_) => "a query beside `--list`, expected only captures",
            None => "no query, only captures",
        }));
    }
    // The first argument is always a query, and so is every `--query`.
    let doubtful = if args.query.is_empty() { texts.get(1..).unwrap_or_default() } else { &texts };
    let sources = context.sources.choose(&captures, &args.filter)?;
    let ask = |source: Source| ask(source, &queries, doubtful, args.list.as_deref());
    let asked = parallel::map(sources, ask)?;
    for (index, text) in doubtful.iter().enumerate() {
        if !asked.iter().any(|asked| asked.roots[index]) {
            return Err(no_query(text, &asked, context));
        }
    }
    if let Some(prefix) = &args.list {
        return list(prefix, &asked, args.format, context);
    }
    let numbered = queries.iter().enumerate();
    let reports: Vec<_> = numbered.map(|(index, query)| report(query, index, &asked)).collect();
    match args.format {
        TableFormat::Text => render::text(&reports, &mut context.out)?,
        TableFormat::Md => render::markdown(&reports, &mut context.out)?,
        TableFormat::Json => {
            let list: Vec<_> = reports.iter().map(render::value).collect();
            let dirs = context.sources.dirs();
            json(&mut context.out, &json!({"dirs": dirs, "queries": list}))?;
        }
    }
    let all = || reports.iter().flat_map(|report| &report.found);
    let errors: Vec<_> = all()
        .filter_map(|(asked, found)| match found {
            Found::Error(error) => Some(format!("`{}`: {error}", asked.source.name)),
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

/// The first component of an argument.
fn root(text: &OsStr) -> String {
    text.to_string_lossy().split('/').next().unwrap_or_default().to_owned()
}

/// The error for an argument that names no known command or event, and so may be a mistyped
/// capture.
fn no_query(text: &OsStr, asked: &[Asked], context: &Context) -> CliError {
    let text = text.to_string_lossy();
    let names: Vec<String> = context.sources.data().map_or_else(
        |_| Vec::new(),
        |data| data.captures.iter().map(|capture| capture.id.to_string()).collect(),
    );
    let nearest = caps_core::nearest::nearest(&text, names.iter().map(String::as_str))
        .map(str::to_owned)
        .or_else(|| explore::nearest(schemas(asked), &text));
    let hint = nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default();
    CliError::usage(format!(
        "`{text}` is no capture, and no capture has such a command or event{hint} \
         (`--query` takes any query)"
    ))
}

/// The schemas, one after the other.
fn schemas(asked: &[Asked]) -> impl Iterator<Item = Cow<'_, Schema>> + Clone {
    asked.iter().filter_map(|asked| match &asked.kept {
        Some(schema) => Some(Cow::Borrowed(schema)),
        None => read(&asked.source.clone().load().ok()?).ok().map(Cow::Owned),
    })
}

fn read(loaded: &Loaded) -> Result<Schema, CliError> {
    Schema::from_conversation(&loaded.conversation).map_err(|error| {
        let path = loaded.source.replies.display();
        CliError::input(error).context(format!("can't read the schema of `{path}`"))
    })
}

/// Asks a capture everything that is requested.
fn ask(
    source: Source,
    queries: &[Query],
    doubtful: &[OsString],
    prefix: Option<&str>,
) -> Result<Asked, CliError> {
    let loaded = source.load()?;
    let schema = read(&loaded)?;
    let is_root = |text: &OsString| {
        let root = root(text);
        schema.has_command(&root) || schema.has_event(&root)
    };
    let found = |query: &Query| match query.evaluate(&schema) {
        Ok(Match::Found(entry)) => Found::Holds {
            meta_type: entry.and_then(caps_core::qapi::Entry::meta_type),
            features: explore::features(&schema, query.as_str()),
        },
        Ok(Match::NotFound) => Found::Absent,
        Err(error) => Found::Error(error.to_string()),
    };
    Ok(Asked {
        id: loaded.id()?,
        roots: doubtful.iter().map(is_root).collect(),
        found: queries.iter().map(found).collect(),
        listed: prefix.map(|prefix| explore::list(&schema, prefix)).unwrap_or_default(),
        kept: is_stdin(&loaded.source.replies).then_some(schema),
        source: loaded.source,
    })
}

fn report<'a>(query: &'a Query, index: usize, asked: &'a [Asked]) -> Report<'a> {
    let found: Vec<_> = asked.iter().map(|asked| (asked, &asked.found[index])).collect();
    let holds = |found: &Found| matches!(found, Found::Holds { .. });
    let seen = Seen::sum_up(found.iter().map(|(asked, found)| (&asked.id, holds(found))));
    let nowhere = !found.iter().any(|(_, found)| holds(found));
    let nearest = nowhere.then(|| explore::nearest(schemas(asked), query.as_str())).flatten();
    Report { query, found, seen, nearest }
}

impl Report<'_> {
    fn holds(&self) -> bool {
        self.found.iter().any(|(_, found)| matches!(found, Found::Holds { .. }))
    }
}

fn list(prefix: &str, asked: &[Asked], format: TableFormat, context: &mut Context) -> Outcome {
    let found: BTreeSet<&String> = asked.iter().flat_map(|asked| &asked.listed).collect();
    match format {
        TableFormat::Json => {
            let dirs = context.sources.dirs();
            json(&mut context.out, &json!({"dirs": dirs, "queries": found}))?;
        }
        TableFormat::Md => {
            let code = |query: &str| caps_core::escape::markdown_code(query);
            found.iter().try_for_each(|query| line!(&mut context.out, "* {}", code(query)))?;
        }
        TableFormat::Text => {
            found.iter().try_for_each(|query| line!(&mut context.out, "{query}"))?;
        }
    }
    if found.is_empty() {
        if let Some(nearest) = explore::nearest(schemas(asked), prefix.trim_end_matches('/')) {
            context.out.flush()?;
            say!("nothing starts with `{prefix}`, nearest: {nearest}");
        }
        return Ok(Exit::No);
    }
    Ok(Exit::Ok)
}
