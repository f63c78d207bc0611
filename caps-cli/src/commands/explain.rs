use std::ffi::OsString;

use caps_core::command_line::CommandLine;
use caps_core::validate::{Explanation, KeyExplanation, Validator};
use serde_json::{Value, json};

use super::Context;
use crate::choose::Filter;
use crate::complete;
use crate::exit::{CliError, Exit, Outcome};
use crate::output::{Format, json_line, line};

/// Explain what each argument of a command line means to a QEMU.
///
/// The newest capture provides the explanation; the others determine the version that introduced a
/// key. Only surveys contain everything about a command line.
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
    let arch = command_line.target().and_then(caps_core::Arch::from_qemu_target);
    let mut all = Vec::new();
    for source in context.sources.choose(&args.captures, &args.filter)? {
        let loaded = source.load()?;
        let id = loaded.id()?;
        if arch.is_some_and(|arch| arch != id.arch) {
            continue;
        }
        let path = loaded.source.replies.display().to_string();
        let validator = Validator::from_conversation(&loaded.conversation)
            .map_err(|error| CliError::input(error).context(format!("can't interpret `{path}`")))?;
        all.push((id, validator.explain(&command_line)));
    }
    all.sort_by_key(|(id, _)| (id.arch, id.version));
    let Some((newest, explanations)) = all.last() else {
        return Err(CliError::usage("no capture matches the architecture of the command line"));
    };
    let since = |argument: usize, key: &KeyExplanation| -> Option<String> {
        let has_key = |explanations: &[Explanation]| {
            let same = explanations.iter().filter(|one| one.argument == argument);
            same.flat_map(|one| &one.keys).any(|one| one.key == key.key && one.type_name.is_some())
        };
        let of_arch = all.iter().filter(|(id, _)| id.arch == newest.arch);
        let mut having = of_arch.filter(|(_, explanations)| has_key(explanations));
        having.next().map(|(id, _)| id.version.to_string())
    };
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

fn text(
    context: &mut Context,
    explanation: &Explanation,
    since: impl Fn(usize, &KeyExplanation) -> Option<String>,
) -> std::io::Result<()> {
    let about = explanation.about.unwrap_or("not an option of any QEMU");
    let lacks = if explanation.is_known == Some(false) { " (not in this QEMU)" } else { "" };
    line!(&mut context.out, "{}: {about}{lacks}", explanation.text)?;
    for key in &explanation.keys {
        let mut line = format!("  {}={}", key.key, key.value);
        if let Some(type_name) = &key.type_name {
            line.extend([": ", type_name]);
        }
        if let Some(default) = &key.default {
            line.extend([", default ", default]);
        }
        if let Some(description) = &key.description {
            line.extend([", ", description]);
        }
        if let Some(version) = since(explanation.argument, key) {
            line.extend([", first seen in ", version.as_str()]);
        }
        line!(&mut context.out, "{line}")?;
    }
    Ok(())
}

fn value(
    explanation: &Explanation,
    since: impl Fn(usize, &KeyExplanation) -> Option<String>,
) -> Value {
    let keys = explanation.keys.iter().map(|key| {
        json!({
            "key": key.key,
            "value": key.value,
            "type": key.type_name,
            "default": key.default,
            "description": key.description,
            "first_seen": since(explanation.argument, key),
        })
    });
    json!({
        "argument": explanation.argument,
        "text": explanation.text,
        "about": explanation.about,
        "known": explanation.is_known,
        "keys": keys.collect::<Vec<_>>(),
    })
}
