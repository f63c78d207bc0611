mod script;

use std::io::Write as _;
use std::time::Duration;

use caps_core::edit::{Edited, Script, Subject};
use caps_core::fs::Batch;
use serde_json::json;
use similar::TextDiff;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json};
use crate::source::Loaded;

/// Change captures in bulk: drop, insert and replace exchanges, set and remove members of replies.
///
/// One edit is given by options, several by a script. Numbering and formatting are mended in the
/// captures that are changed. All files are written, or none; each is old or new at any moment. An
/// edit that matches nothing in any of the captures is an error.
///
/// COMMAND is the name of a command and, after a blank, its arguments as JSON, if only the exchange
/// with exactly these is meant. POINTER is a JSON pointer into the reply; in an array a segment may be
/// an index, `-` for the place after the last element, `*` for every element, or `[KEY=VALUE]` for the
/// elements that have this member.
#[derive(Debug, clap::Args)]
#[command(
    group(clap::ArgGroup::new("what").required(true)),
    after_help = "\
Examples:
  qemu-caps edit --drop query-tpm-models --if-version '>=11' tests/qemucapabilitiesdata --dry-run
  qemu-caps edit --drop 'device-list-properties {\"typename\": \"sga\"}' caps_10.0.0_x86_64.replies
  qemu-caps edit --set query-machines --pointer '/return/[name=pc-q35-9.2]/deprecated' --value true latest:x86_64
  qemu-caps edit --insert-after query-kvm --new '{\"execute\": \"query-accelerators\"}' --reply @accel.json DIR
  qemu-caps edit --script bulk.toml tests/qemucapabilitiesdata

A script has a table for each edit (or, ending in .json, {\"edit\": [...]} with the same keys):
  [[edit]]
  action = \"insert-after\"     # drop, insert-before, insert-after, replace, set, remove
  command = \"query-kvm\"
  arguments = {}              # optional: these arguments and no others
  occurrence = \"last\"         # optional: all, first, last; all, but the first for an insertion
  session = 1                 # optional
  new = { execute = \"query-accelerators\" }   # insert-*, replace; a table or a string of JSON
  reply = '{\"return\": {\"enabled\": \"kvm\"}}'   # insert-*, replace
  pointer = \"/return/0/name\"  # set, remove
  value = \"none\"              # set; or value-json = '...'
  when = { version = \">=9.2\", arch = [\"x86_64\"], variant = \"\", schema = \"QUERY\", without-schema = \"QUERY\" }
  allow-no-match = true       # optional
  comment = \"why\"             # optional

JSON: {\"dry_run\": BOOL, \"captures\": [{\"capture\", \"path\", \"changed\": BOOL, \"matches\": [NUMBER for each
edit], \"diff\": TEXT with --dry-run}, ...]}"
)]
pub(crate) struct Args {
    /// The captures: paths, directories, names.
    #[arg(required = true, value_name = "CAPTURE")]
    captures: Vec<String>,

    #[command(flatten)]
    script: script::Options,

    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,

    /// It is fine if an edit matches nothing.
    #[arg(long)]
    allow_no_match: bool,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
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
    for source in context.sources.select(&args.captures)? {
        let loaded = source.load()?;
        let edited = apply(&script, &loaded)?;
        done.push((loaded, edited));
    }
    let all: Vec<&Edited> = done.iter().map(|(_, edited)| edited).collect();
    script.check_matched(&all).map_err(|error| {
        let error = CliError::usage(error);
        match &args.script.script {
            Some(path) => error.context(format!("can't apply `{}`", path.display())),
            None => error,
        }
    })?;
    if !args.dry_run {
        let mut batch = Batch::default();
        for (loaded, edited) in &done {
            if let Some(text) = &edited.text {
                let path = &loaded.source.replies;
                if !path.exists() {
                    let what = format!("`{}` is built into the program", path.display());
                    return Err(CliError::usage(what + " and can't be changed, expected a file"));
                }
                batch.stage(path, text.as_bytes()).map_err(CliError::input)?;
            }
        }
        batch.commit().map_err(CliError::input)?;
    }
    report(args, &done, context)?;
    Ok(Exit::Ok)
}

fn apply(script: &Script, loaded: &Loaded) -> Result<Edited, CliError> {
    // The name of a file that has none of a capture is derived only if an edit asks for it.
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

fn report(args: &Args, done: &[(Loaded, Edited)], context: &mut Context) -> std::io::Result<()> {
    let mut list = Vec::new();
    for (loaded, edited) in done {
        let path = loaded.source.replies.display().to_string();
        let changed = edited.text.as_deref();
        let diff = changed
            .filter(|_| args.dry_run)
            .map(|new| unified(loaded.conversation.text(), new, &path));
        if args.format == Format::Json {
            list.push(json!({
                "capture": loaded.source.name,
                "path": path,
                "changed": changed.is_some(),
                "matches": edited.matches,
                "diff": diff,
            }));
        } else if let Some(diff) = diff {
            context.out.write_all(diff.as_bytes())?;
        } else if changed.is_some() {
            let places: usize = edited.matches.iter().sum();
            let places =
                if places == 1 { "1 place".to_owned() } else { format!("{places} places") };
            writeln!(context.out, "{path}: changed in {places}")?;
        }
    }
    if args.format == Format::Json {
        json(&mut context.out, &json!({"dry_run": args.dry_run, "captures": list}))?;
    }
    Ok(())
}

fn unified(old: &str, new: &str, path: &str) -> String {
    /// A whole capture that is formatted anew has no small difference worth a long search.
    const PATIENCE: Duration = Duration::from_secs(2);
    TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(old, new)
        .unified_diff()
        .header(path, path)
        .to_string()
}
