use std::ffi::OsString;
use std::{fmt, io};

use caps_core::command_line::{CommandLine, Removal};
use caps_core::validate::{Explanation, Validator};
use caps_core::{Arch, Version};
use serde_json::{Value, json};

use super::Context;
use crate::choose::Filter;
use crate::color::{Meaning, Piece};
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, Out, json_line, line};

/// Explain what each argument of a command line means to a QEMU.
///
/// The newest of the selected captures provides the explanation, of the command line's architecture
/// or else of the host's, if there is one; all captures of that architecture determine the version
/// that introduced an option or a key.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  qemu-caps explain --captures 11.1.3_x86_64 -- -M q35 -device nvme,id=d")]
pub(crate) struct Args {
    /// A capture or a directory of captures; repeatable. Defaults to all captures of the data
    /// directory.
    #[arg(long, value_name = "CAPTURE", action = clap::ArgAction::Append, add = complete::captures())]
    captures: Vec<OsString>,

    #[command(flatten)]
    filter: Filter,

    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The words of the command line, with or without the program.
    #[arg(last = true, required = true, value_name = "ARGS")]
    words: Vec<OsString>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let command_line = CommandLine::parse(&args.words).map_err(CliError::usage)?;
    let arch = command_line.target().and_then(Arch::from_qemu_target);
    let chosen = context.sources.choose(&args.captures, &args.filter)?;
    let ids = chosen.iter().filter_map(|source| source.id.clone());
    let newest = ids.max_by_key(|id| (Some(id.arch) == Arch::host(), id.arch, id.version));
    let newest = newest.map(|id| id.arch);
    let mut all = Vec::new();
    // The other captures say since when there is a key, also if they were not chosen.
    let others = if args.captures.is_empty() { Vec::new() } else { context.sources.named(&[])? };
    for (is_chosen, source) in
        chosen.into_iter().map(|one| (true, one)).chain(others.into_iter().map(|one| (false, one)))
    {
        // Loading takes time, so the name decides where there is one.
        let named = source.id.as_ref().map(|id| id.arch);
        let wanted = arch.or(newest);
        if named.zip(wanted).is_some_and(|(named, wanted)| named != wanted) {
            continue;
        }
        let loaded = source.prefer_survey().load()?;
        let id = loaded.id()?;
        if arch.is_some_and(|arch| arch != id.arch) {
            continue;
        }
        let path = loaded.source.replies.display().to_string();
        let validator = Validator::from_conversation(&loaded.conversation)
            .map_err(|error| CliError::input(error).context(format!("can't interpret `{path}`")))?;
        all.push((is_chosen, id, validator.explain(&command_line)));
    }
    all.sort_by_key(|(_, id, _)| (id.arch, id.version));
    let Some((_, newest, explanations)) = all.iter().rfind(|(is_chosen, ..)| *is_chosen) else {
        return Err(CliError::usage("no capture matches the architecture of the command line"));
    };
    let of_arch: Vec<(Version, &[Explanation])> = all
        .iter()
        .filter(|(_, id, _)| id.arch == newest.arch)
        .map(|(_, id, explanations)| (id.version, explanations.as_slice()))
        .collect();
    let since = |argument: usize, key: Option<&str>| Since::of(&of_arch, argument, key);
    if args.format == Format::Text {
        line!(&mut context.out, "{newest}")?;
    }
    for explanation in explanations {
        match args.format {
            Format::Text => text(context, explanation, since)?,
            Format::Json => json_line(&mut context.out, &value(explanation, since))?,
        }
    }
    Ok(Exit::Ok)
}

/// The oldest capture that has an option or a key.
struct Since {
    version: Version,
    /// The newest one before it, which lacks it.
    before: Option<Version>,
}

impl Since {
    fn of(all: &[(Version, &[Explanation])], argument: usize, key: Option<&str>) -> Option<Self> {
        let has = |explanations: &[Explanation]| {
            let mut same = explanations.iter().filter(|one| one.argument == argument);
            same.any(|one| match key {
                None => one.is_known == Some(true),
                Some(name) => one.keys.iter().any(|key| key.key == name && key.type_name.is_some()),
            })
        };
        let (version, _) = all.iter().find(|(_, explanations)| has(explanations))?;
        let before = all.iter().map(|(version, _)| *version).take_while(|one| one != version);
        Some(Self { version: *version, before: before.last() })
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.before {
            Some(before) => write!(f, "since {} ({before} lacks it)", self.version),
            None => write!(f, "since {} or earlier", self.version),
        }
    }
}

fn text(
    context: &mut Context,
    explanation: &Explanation,
    since: impl Fn(usize, Option<&str>) -> Option<Since>,
) -> io::Result<()> {
    let plain = |text: String| (Meaning::Plain, text);
    let bad = |text: String| (Meaning::Bad, text);
    let removed = |removal: Removal| (Meaning::Warning, removal.to_string());
    let unknown = explanation.is_known == Some(false);
    let about = match explanation.about {
        Some(about) => plain(about.to_owned()),
        None => bad("not an option of any QEMU".to_owned()),
    };
    let words = [
        Some(about),
        unknown.then(|| bad("not in this QEMU".to_owned())),
        since(explanation.argument, None).map(|since| plain(since.to_string())),
        explanation.removed.map(removed),
    ];
    let out = &mut context.out;
    print(out, (Meaning::Heading, explanation.text.clone()), words)?;
    for key in &explanation.keys {
        let since = since(explanation.argument, Some(&key.key));
        let words = [
            key.values().map(plain),
            key.type_name.is_none().then(|| bad("unknown to this QEMU".to_owned())),
            key.default.as_ref().map(|default| plain(format!("default {default}"))),
            key.description.clone().map(plain),
            since.map(|since| plain(since.to_string())),
            key.removed.map(removed),
        ];
        print(out, plain(format!("  {}={}", key.key, key.value)), words)?;
    }
    Ok(())
}

/// Prints what an argument or a key is, then what is known about it.
fn print<const N: usize>(out: &mut Out, head: Piece, words: [Option<Piece>; N]) -> io::Result<()> {
    let mut pieces = vec![head];
    for (index, word) in words.into_iter().flatten().enumerate() {
        let separator = if index == 0 { ": " } else { "; " };
        pieces.extend([(Meaning::Plain, separator.to_owned()), word]);
    }
    out.wrapped(4, &pieces)
}

fn value(explanation: &Explanation, since: impl Fn(usize, Option<&str>) -> Option<Since>) -> Value {
    let keys = explanation.keys.iter().map(|key| {
        json!({
            "key": key.key,
            "value": key.value,
            "type": key.type_name,
            "default": key.default,
            "description": key.description,
            "first_seen": since(explanation.argument, Some(&key.key)).map(|one| one.version.to_string()),
            "removed": key.removed.map(|removed| removed.to_string()),
        })
    });
    json!({
        "argument": explanation.argument,
        "text": explanation.text,
        "about": explanation.about,
        "known": explanation.is_known,
        "first_seen": since(explanation.argument, None).map(|one| one.version.to_string()),
        "removed": explanation.removed.map(|removed| removed.to_string()),
        "keys": keys.collect::<Vec<_>>(),
    })
}
