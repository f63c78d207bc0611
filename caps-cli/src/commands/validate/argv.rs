//! Reading QEMU command lines: shell lines, libvirt's `.args` files, one word per line, NUL-terminated
//! words.

use caps_core::Arch;
use caps_core::command_line::CommandLine;
use caps_core::json::{JsonType, Node};

use super::item::{Item, Subject};
use super::shell::{self, Word};
use crate::exit::CliError;

/// Returns whether a text contains command lines rather than JSON.
pub(super) fn is_command_line(text: &str) -> bool {
    text.contains('\0') || !text.trim_start().starts_with(['{', '['])
}

/// The command lines of a text.
pub(super) fn items(file: &str, text: &str) -> Result<Vec<Item>, CliError> {
    if text.contains('\0') {
        let words: Vec<String> =
            text.trim_end_matches('\0').split('\0').map(str::to_owned).collect();
        return Ok(vec![item(file, 1, None, &words)?]);
    }
    let lines: Vec<&str> = text.lines().collect();
    let is_bare =
        |line: &&str| !line.is_empty() && !line.ends_with('\\') && !line.contains(['"', '\'', '$']);
    // The first word of a second command is a program, too.
    let begins = |line: &str| line.split_whitespace().next().is_some_and(is_program);
    if lines.len() > 1 && is_program(lines[0]) && !begins(lines[1]) && lines.iter().all(is_bare) {
        let words: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        return Ok(vec![item(file, 1, None, &words)?]);
    }
    let at = |line: usize, what: String| CliError::input(format!("`{file}` line {line}: {what}"));
    let words = shell::split(text)
        .map_err(|error| at(error.line, format!("the quote `{}` is not closed", error.quote)))?;
    let mut items = Vec::new();
    for command in words.chunk_by(|_, next| !next.begins) {
        if command.first().is_some_and(|word| word.text.starts_with('#')) {
            continue;
        }
        if let Some(word) = command.iter().find(|word| word.variable.is_some()) {
            let variable = word.variable.as_deref().unwrap_or_default();
            let what = format!("`{variable}` is not expanded, expected its value");
            return Err(at(word.line, what));
        }
        let words: Vec<&Word> =
            command.iter().skip_while(|word| is_assignment(&word.text)).collect();
        let Some(first) = words.first() else { continue };
        let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        items.push(item(file, first.line, None, &texts)?);
    }
    Ok(items)
}

/// The command line of `{"argv": [...], "arch": "...", "source": "..."}`.
pub(super) fn from_json(file: &str, line: usize, root: Node<'_>) -> Result<Item, CliError> {
    let at = |what: String| CliError::input(format!("`{file}` line {line}: {what}"));
    let mut words = Vec::new();
    for word in root.get("argv").into_iter().flat_map(Node::elements) {
        let text = word.as_str().filter(|_| word.kind() == JsonType::String);
        let found = || at(format!("expected words in `argv`, found a JSON {}", word.kind()));
        words.push(text.ok_or_else(found)?.into_owned());
    }
    let arch = match root.get_str("arch") {
        None => None,
        Some(name) => match Arch::from_qemu_target(&name) {
            Some(arch) => Some(arch),
            None => Some(name.parse().map_err(|error| at(format!("{error}")))?),
        },
    };
    let mut item = make(file, line, arch, &words)?;
    item.source = root.get_str("source").map(Into::into);
    Ok(item)
}

/// The words after `--argv --`.
pub(super) fn from_words(words: &[String]) -> Result<Item, CliError> {
    make("argv", 1, None, words)
}

/// A command line that starts with the program.
fn item(file: &str, line: usize, arch: Option<Arch>, words: &[String]) -> Result<Item, CliError> {
    if let Some(first) = words.first().filter(|first| !is_program(first)) {
        let what = format!("expected a QEMU such as `qemu-system-x86_64`, found `{first}`");
        return Err(CliError::input(format!("`{file}` line {line}: {what}")));
    }
    make(file, line, arch, words)
}

fn make(file: &str, line: usize, arch: Option<Arch>, words: &[String]) -> Result<Item, CliError> {
    let at = |what: String| CliError::input(format!("`{file}` line {line}: {what}"));
    if words.is_empty() {
        return Err(at("the command line is empty, expected options of QEMU".to_owned()));
    }
    let parsed = CommandLine::parse(words).map_err(|error| at(error.to_string()))?;
    let arch = arch.or_else(|| Arch::from_qemu_target(parsed.target()?));
    let subject = Subject::CommandLine { line: Box::new(parsed), arch };
    Ok(Item { file: file.to_owned(), line, source: None, subject })
}

fn is_program(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let is_target = |target: &str| !target.is_empty() && !target.contains(char::is_whitespace);
    name.strip_prefix("qemu-system-").is_some_and(is_target)
        || matches!(name, "qemu" | "qemu-kvm" | "kvm")
}

/// `NAME=value` before the program.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of each command line, and its line.
    fn read(text: &str) -> Result<Vec<(usize, String)>, String> {
        let items = items("a file", text).map_err(|error| error.inner().to_string())?;
        Ok(items.iter().map(|item| (item.line, item.text())).collect())
    }

    #[test]
    fn a_line_is_a_command_or_a_word() {
        for (text, expected) in [
            ("qemu-system-x86_64", &[(1, "qemu-system-x86_64 ")][..]),
            ("qemu-system-x86_64 -S", &[(1, "qemu-system-x86_64 -S")]),
            ("qemu-system-x86_64\n-S\n", &[(1, "qemu-system-x86_64 -S")]),
            ("kvm\nqemu-kvm", &[(1, "kvm "), (2, "qemu-kvm ")]),
            ("kvm -S\nkvm -S", &[(1, "kvm -S"), (2, "kvm -S")]),
            ("kvm\n-name\na b", &[(1, "kvm -name a b")]),
            ("", &[]),
            ("\n\n", &[]),
        ] {
            let found = read(text).expect("command lines");
            let found: Vec<(usize, &str)> =
                found.iter().map(|(line, words)| (*line, words.as_str())).collect();
            let trim = |all: &[(usize, &str)]| -> Vec<(usize, String)> {
                all.iter().map(|(line, text)| (*line, text.trim_end().to_owned())).collect()
            };
            assert_eq!(trim(&found), trim(expected), "{text:?}");
        }
        let error = read("kvm -S\n-S").expect_err("no program");
        assert!(
            error.contains("line 2: expected a QEMU") && error.contains("found `-S`"),
            "{error}"
        );
    }

    #[test]
    fn programs_are_named_as_qemu_names_them() {
        for program in
            ["qemu-system-x86_64", "/usr/bin/qemu-system-arm", "kvm", "/qemu", "qemu-kvm"]
        {
            assert!(is_program(program), "{program}");
        }
        for other in ["qemu-system-", "qemu-system-x86_64 -S", "qemu-img", "-S", "kvm/", ""] {
            assert!(!is_program(other), "{other}");
        }
    }
}
