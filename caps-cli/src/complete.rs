//! Shell completion. The shell calls the program, which knows the available captures.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use caps_core::diff::DifferenceKind;
use caps_core::{Arch, Flag};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};
use clap_complete::env::{CompleteEnv, Shells};

use crate::exit::CliError;
use crate::source::Sources;

/// The environment variable that makes the program act as its own completer.
const VARIABLE: &str = "QEMU_CAPS_COMPLETE";

/// Answers a completion request and exits; returns if the shell made none.
pub(crate) fn answer(command: fn() -> clap::Command) {
    CompleteEnv::with_factory(command).var(VARIABLE).complete();
}

/// Generates the script that hooks the program into a shell.
pub(crate) fn script(shell: &str, command: &clap::Command) -> Result<Vec<u8>, CliError> {
    let shells = Shells::builtins();
    let completer = shells
        .completer(shell)
        .ok_or_else(|| CliError::usage(format!("no completions for the shell `{shell}`")))?;
    let mut text = Vec::new();
    let name = command.get_name();
    completer.write_registration(VARIABLE, name, name, name, &mut text)?;
    Ok(text)
}

/// Completes capture names and paths.
pub(crate) fn captures() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let mut candidates = matching(current, capture_names());
        candidates.extend(PathCompleter::any().stdio().complete(current));
        candidates
    })
}

pub(crate) fn arches() -> ArgValueCompleter {
    one_of(|| Arch::ALL.iter().map(|arch| arch.name().to_owned()).collect())
}

pub(crate) fn flags() -> ArgValueCompleter {
    one_of(|| Flag::ALL.iter().map(|flag| flag.name().to_owned()).collect())
}

/// Completes difference kinds.
pub(crate) fn kinds() -> ArgValueCompleter {
    one_of(|| DifferenceKind::ALL.iter().map(|kind| kind.name().to_owned()).collect())
}

/// Completes a name; clap splits lists at their commas.
fn one_of(names: fn() -> Vec<String>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |current: &OsStr| matching(current, names()))
}

fn matching(current: &OsStr, names: Vec<String>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    // A shell takes each line for a candidate, and nobody can type a name with control characters.
    let names = names.into_iter().filter(|name| !name.contains(char::is_control));
    names.filter(|name| name.starts_with(current)).map(CompletionCandidate::new).collect()
}

/// The captures of the data directories, plus `latest` for each architecture and variant.
fn capture_names() -> Vec<String> {
    let sources = Sources::quiet(data_dirs(std::env::args_os()));
    let Ok(data) = sources.data() else { return Vec::new() };
    let ids = data.captures.iter().map(|capture| &capture.id);
    let latest = ids.clone().map(|id| format!("latest:{}{}", id.arch, id.variant));
    let mut names: Vec<String> =
        ids.map(ToString::to_string).chain(latest).chain(["latest".to_owned()]).collect();
    names.sort();
    names.dedup();
    names
}

/// The `--data` values on the command line being completed.
fn data_dirs(arguments: impl Iterator<Item = OsString>) -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        if argument == "--data" {
            dirs.extend(arguments.peek().map(PathBuf::from));
        } else if let Some(dir) = argument.to_str().and_then(|text| text.strip_prefix("--data=")) {
            dirs.push(dir.into());
        }
    }
    dirs
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::data_dirs;

    #[test]
    fn directories_are_named_in_two_ways() {
        let dirs = |arguments: &[&str]| data_dirs(arguments.iter().map(Into::into));
        let arguments = ["show", "--data", "a", "--data=b", "c", "--datax=d", "--data"];
        assert_eq!(dirs(&arguments), ["a", "b"].map(PathBuf::from));
        assert_eq!(dirs(&["show", "latest"]), Vec::<PathBuf>::new());
    }
}
