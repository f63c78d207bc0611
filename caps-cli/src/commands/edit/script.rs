use std::path::{Path, PathBuf};

use caps_core::edit::{Action, Edit, InvalidAction, NewExchange, Occurrence, Script, Target};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::exit::CliError;
use crate::input::read_text;

/// The edit, or the script of edits.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Apply the edits of a script, TOML or (ending in .json) JSON.
    #[arg(long, value_name = "FILE", group = "what")]
    pub(super) script: Option<PathBuf>,

    /// Drop the exchanges of a command.
    #[arg(long, value_name = "COMMAND", group = "what")]
    drop: Option<String>,

    /// Insert an exchange before that of a command.
    #[arg(long, value_name = "COMMAND", group = "what", requires_all = ["new", "reply"])]
    insert_before: Option<String>,

    /// Insert an exchange after that of a command.
    #[arg(long, value_name = "COMMAND", group = "what", requires_all = ["new", "reply"])]
    insert_after: Option<String>,

    /// Replace the exchanges of a command or, without --new, their replies.
    #[arg(long, value_name = "COMMAND", group = "what", requires = "reply")]
    replace: Option<String>,

    /// Set a member in the replies to a command.
    #[arg(long, value_name = "COMMAND", group = "what", requires_all = ["pointer", "value"])]
    set: Option<String>,

    /// Remove a member from the replies to a command.
    #[arg(long, value_name = "COMMAND", group = "what", requires = "pointer")]
    remove: Option<String>,

    /// The new command as JSON; @FILE reads it from a file, @- from standard input.
    #[arg(long, value_name = "JSON", conflicts_with_all = ["script", "drop", "set", "remove"])]
    new: Option<String>,

    /// The new reply as JSON, with `return` or `error`; @FILE reads it from a file.
    #[arg(long, value_name = "JSON", conflicts_with_all = ["script", "drop", "set", "remove"])]
    reply: Option<String>,

    /// The place in the reply.
    #[arg(long, value_name = "POINTER", conflicts_with_all = ["script", "drop", "insert_before", "insert_after", "replace"])]
    pointer: Option<String>,

    /// The value as JSON; @FILE reads it from a file.
    #[arg(long, value_name = "JSON", conflicts_with_all = ["script", "drop", "insert_before", "insert_after", "replace", "remove"])]
    value: Option<String>,

    /// Which of several exchanges; without it all of them, but the first for an insertion.
    #[arg(long, value_name = "WHICH", conflicts_with = "script", value_parser = PossibleValuesParser::new(Occurrence::ALL.iter().map(|which| which.name())).try_map(|name| name.parse::<Occurrence>()))]
    occurrence: Option<Occurrence>,

    /// Only in this session, counted from 1.
    #[arg(long, value_name = "NUMBER", conflicts_with = "script", value_parser = clap::value_parser!(u16).range(1..))]
    session: Option<u16>,
}

/// Reads the script given by the options, or builds one from the single edit they describe.
pub(super) fn read(options: &Options) -> Result<Script, CliError> {
    let Some(path) = &options.script else { return Ok(Script::from(vec![edit(options)?])) };
    let failed = |error: CliError| error.context(format!("can't read `{}`", path.display()));
    let text = read_text(path)?;
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let script = if is_json { Script::from_json(&text) } else { Script::from_toml(&text) };
    script.map_err(|error| failed(CliError::input(error)))
}

fn edit(options: &Options) -> Result<Edit, CliError> {
    let text = |option: &Option<String>| json(option.as_deref().unwrap_or_default());
    let invalid = |error: InvalidAction| CliError::usage(error);
    let target = |text: &str| {
        Target::parse(text).map_err(|error| {
            CliError::usage(error).context(format!("`{text}` is not a command with arguments"))
        })
    };
    let exchange =
        || NewExchange::new(&text(&options.new)?, &text(&options.reply)?).map_err(invalid);
    let pointer = options.pointer.as_deref().unwrap_or_default();
    let (command, action) = if let Some(command) = &options.drop {
        (command, Action::Drop)
    } else if let Some(command) = &options.insert_before {
        (command, Action::InsertBefore(exchange()?))
    } else if let Some(command) = &options.insert_after {
        (command, Action::InsertAfter(exchange()?))
    } else if let Some(command) = &options.replace {
        let new = options.new.as_ref().map(|new| json(new)).transpose()?;
        (command, Action::replace(new.as_deref(), &text(&options.reply)?).map_err(invalid)?)
    } else if let Some(command) = &options.set {
        (command, Action::set(pointer, &text(&options.value)?).map_err(invalid)?)
    } else if let Some(command) = &options.remove {
        (command, Action::remove(pointer).map_err(invalid)?)
    } else {
        return Err(CliError::usage("no edit, expected one such as `--drop COMMAND`"));
    };
    let mut edit = Edit::new(target(command)?, action);
    edit.target.session = options.session.map(usize::from);
    edit.target.occurrence = options.occurrence;
    Ok(edit)
}

/// A JSON text, or the content of the file after `@`.
fn json(text: &str) -> Result<String, CliError> {
    match text.strip_prefix('@') {
        None => Ok(text.to_owned()),
        Some(path) => read_text(Path::new(path)),
    }
}
