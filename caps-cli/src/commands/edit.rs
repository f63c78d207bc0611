mod script;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::BaselineChoice;
use caps_core::edit::{Edited, Script, Subject};
use caps_core::escape;
use caps_core::fs::clear_leftovers;
use caps_core::probe::Matching;
use caps_core::replies::Conversation;
use caps_core::testing::Regenerate;
use serde_json::json;

use super::Context;
use crate::choose::Filter;
use crate::complete;
use crate::description::{self, Comparison, Derived};
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::input::is_stdin;
use crate::output::{Format, json, line, say};
use crate::source::Loaded;

/// Edit captures in bulk: drop, insert and replace exchanges, set and remove members of replies.
///
/// Options describe a single edit, a script several. Edited captures are renumbered and
/// reformatted. Either all files are written or none, each atomically. An edit that matches nothing
/// in any capture is an error. A capture read from standard input is written to standard output.
///
/// COMMAND is the name of a command, optionally followed by a space and its exact arguments as
/// JSON. POINTER is a JSON pointer into the reply; in an array, a segment can be an index, `-` for
/// the position after the last element, `*` for every element, or `[KEY=VALUE]` for the elements
/// that have this member.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "qemu-caps edit [OPTIONS] <EDIT|--script FILE> CAPTURE...",
    group(clap::ArgGroup::new("what").required(true)),
    after_help = "\
Examples:
  qemu-caps edit --drop query-tpm-models --versions '>=11' DIR --dry-run
  qemu-caps edit --drop 'device-list-properties {\"typename\": \"sga\"}' FILE
  qemu-caps edit --set query-machines --pointer '/return/0/deprecated' \\
    --value true --regenerate tests/qemucapabilitiesdata
  qemu-caps edit --insert-after query-kvm --new '{\"execute\": \"stop\"}' \\
    --reply @stop.json DIR
  qemu-caps edit --script bulk.toml tests/qemucapabilitiesdata

Script:
  A table for each edit (or, ending in .json, {\"edit\": [...]} with the same
  keys):

  [[edit]]
  action = \"insert-after\"      # drop, insert-before, insert-after, replace,
                               # set, remove
  command = \"query-kvm\"
  arguments = {}               # optional: these arguments and no others
  occurrence = \"last\"          # optional: all, first, last; all, but the
                               # first for an insertion
  session = 1                  # optional
  new = { execute = \"query-accelerators\" }       # insert-*, replace
  reply = '{\"return\": {\"enabled\": \"kvm\"}}'       # insert-*, replace
  pointer = \"/return/0/name\"   # set, remove
  value = \"none\"               # set; or value-json = '...'
  when = { version = \">=9.2\", arch = [\"x86_64\"], variant = \"\",
           schema = \"QUERY\", without-schema = \"QUERY\" }
  allow-no-match = true        # optional
  comment = \"why\"              # optional"
)]
pub(crate) struct Args {
    /// The captures: paths, directories, names.
    #[arg(required = true, value_name = "CAPTURE", add = complete::captures())]
    captures: Vec<OsString>,

    #[command(flatten)]
    script: script::Options,

    #[command(flatten)]
    filter: Filter,

    /// Print what would change without writing anything.
    #[arg(long)]
    dry_run: bool,

    /// Also write the `.xml` of each edited capture. `VIR_TEST_REGENERATE_OUTPUT=1` has the same
    /// effect.
    #[arg(long)]
    regenerate: bool,

    /// Accept edits that match nothing.
    #[arg(long)]
    allow_no_match: bool,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A capture and the result of the edits.
struct Done {
    loaded: Loaded,
    edited: Edited,
    xml: Option<Xml>,
}

/// The description of a changed capture.
struct Xml {
    path: PathBuf,
    /// The text it should have, and how the file on disk differs.
    text: String,
    diff: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let wanted = Regenerate::from_env().map_err(CliError::usage)? == Regenerate::Yes;
    let regenerate = args.regenerate || wanted;
    let mut script = script::read(&args.script)?;
    if args.allow_no_match {
        let allow = |edit: &caps_core::edit::Edit| {
            let mut edit = edit.clone();
            edit.allow_no_match = true;
            edit
        };
        script = Script::from(script.edits().iter().map(allow).collect::<Vec<_>>());
    }
    let mut done = Vec::new();
    for source in context.sources.choose(&args.captures, &args.filter)? {
        let loaded = source.load()?;
        let edited = apply(&script, &loaded)?;
        let xml = describe(&loaded, &edited, regenerate, context.sources.baseline)?;
        done.push(Done { loaded, edited, xml });
    }
    if !args.dry_run {
        clear_leftovers(done.iter().map(|done| &done.loaded.source.replies));
    }
    let all: Vec<&Edited> = done.iter().map(|done| &done.edited).collect();
    // An edit may miss some captures but not all, so this is decided at the end.
    script.check_matched(&all).map_err(|error| {
        let error = CliError::usage(error);
        match &args.script.script {
            Some(path) => error.context(format!("can't apply `{}`", path.display())),
            None => error,
        }
    })?;
    if let [Done { loaded, edited, .. }] = done.as_slice()
        // A capture from standard input has no file to write to.
        && is_stdin(&loaded.source.replies)
        && !args.dry_run
    {
        let text = edited.text.as_deref().unwrap_or(loaded.conversation.text());
        context.out.write_all(text.as_bytes())?;
        return Ok(Exit::Ok);
    }
    if !args.dry_run {
        write(&done, regenerate)?;
    }
    report(args, &done, regenerate, context)?;
    Ok(Exit::Ok)
}

fn apply(script: &Script, loaded: &Loaded) -> Result<Edited, CliError> {
    // Derive the identity of a file without a capture's name only if an edit needs it.
    let derived = match &loaded.source.id {
        Some(id) => Some(id.clone()),
        None => loaded.id().ok(),
    };
    let plain = Subject::new(&loaded.conversation);
    let subject = derived.as_ref().map_or(plain, |id| plain.with_id(id));
    script.apply(&subject).map_err(|error| {
        let path = loaded.source.replies.display();
        CliError::input(error).context(format!("can't edit `{path}`"))
    })
}

/// Derives the description of an edited capture if one exists or is requested.
fn describe(
    loaded: &Loaded,
    edited: &Edited,
    wanted: bool,
    baseline: BaselineChoice,
) -> Result<Option<Xml>, CliError> {
    let Some(text) = &edited.text else { return Ok(None) };
    let path = loaded.source.xml();
    // Without a description, there is nothing that could become stale.
    if !wanted && !path.is_file() {
        return Ok(None);
    }
    let derived = Conversation::parse(text).map_err(CliError::input).and_then(|conversation| {
        Derived::new(&conversation, &loaded.id()?, Matching::ByContent, baseline)
    });
    let derived = match derived {
        Ok(derived) => derived,
        Err(error) if wanted => {
            let what =
                format!("the edited `{}` has no description", loaded.source.replies.display());
            return Err(error.context(what));
        }
        // A capture that can't be derived can still be edited.
        Err(_) => return Ok(None),
    };
    let diff = match description::compare(&path, &derived.xml)? {
        Comparison::Same => return Ok(None),
        Comparison::Missing => None,
        Comparison::Differs { diff } => Some(diff),
    };
    Ok(Some(Xml { path, text: derived.xml, diff }))
}

fn write(done: &[Done], regenerate: bool) -> Result<(), CliError> {
    let mut texts: Vec<(&Path, &[u8])> = Vec::new();
    for Done { loaded, edited, xml } in done {
        if let Some(text) = &edited.text {
            loaded.source.check_writable()?;
            texts.push((&loaded.source.replies, text.as_bytes()));
        }
        if let Some(xml) = xml.as_ref().filter(|_| regenerate) {
            texts.push((&xml.path, xml.text.as_bytes()));
        }
    }
    files::write(texts)
}

fn report(
    args: &Args,
    done: &[Done],
    regenerate: bool,
    context: &mut Context,
) -> Result<(), CliError> {
    let mut list = Vec::new();
    for Done { loaded, edited, xml } in done {
        let path = loaded.source.replies.display().to_string();
        let changed = edited.text.as_deref();
        let diff = changed
            .filter(|_| args.dry_run)
            .map(|new| description::unified(loaded.conversation.text(), new, &path));
        let stale = xml.as_ref().filter(|_| !regenerate).map(|xml| xml.path.display().to_string());
        if let Some(stale) = &stale {
            let word = escape::shell(&path);
            say!(
                Warning: "`{stale}` is out of date after the edit; \
                 `qemu-caps check --xml --regenerate {word}` writes it"
            );
        }
        if args.format == Format::Json {
            let written = xml.as_ref().filter(|_| regenerate);
            list.push(json!({
                "capture": loaded.source.name,
                "path": path,
                "changed": changed.is_some(),
                "matches": edited.matches,
                "diff": diff,
                "stale_xml": stale,
                "xml": written.map(|xml| xml.path.display().to_string()),
            }));
        } else if let Some(diff) = diff {
            context.out.unified(&diff)?;
            if let Some(diff) = xml.as_ref().filter(|_| regenerate).and_then(|x| x.diff.as_ref()) {
                context.out.unified(diff)?;
            }
        } else if changed.is_some() {
            let places: usize = edited.matches.iter().sum();
            let places =
                if places == 1 { "1 place".to_owned() } else { format!("{places} places") };
            line!(&mut context.out, "{path}: changed in {places}")?;
            if let Some(xml) = xml.as_ref().filter(|_| regenerate) {
                line!(&mut context.out, "{}: written", xml.path.display())?;
            }
        }
    }
    if args.format == Format::Json {
        json(&mut context.out, &json!({"dry_run": args.dry_run, "captures": list}))?;
    }
    Ok(())
}
