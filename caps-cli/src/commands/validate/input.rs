//! Reading commands and command lines.

use std::fs;
use std::path::{Path, PathBuf};

use caps_core::json::{self, Document, Node};
use caps_core::nearest::nearest;

use super::argv;
use super::item::{Item, Subject};
use crate::exit::CliError;
use crate::input::read_text;

/// Reads all files; of directories the `.jsonl` and `.args` files, sorted.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Item>, CliError> {
    let mut items = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut files = list(path)?;
            files.sort();
            if files.is_empty() {
                let dir = path.display();
                return Err(CliError::input(format!("no `.jsonl` or `.args` file in `{dir}`")));
            }
            for file in files {
                items.extend(read_file(&file)?);
            }
        } else {
            items.extend(read_file(path)?);
        }
    }
    if items.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        return Err(CliError::input(format!("no command in {}", names.join(", "))));
    }
    Ok(items)
}

fn list(dir: &Path) -> Result<Vec<PathBuf>, CliError> {
    let failed = |error| {
        CliError::input(error as std::io::Error).context(format!("can't list `{}`", dir.display()))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("jsonl" | "args")) {
            files.push(path);
        }
    }
    Ok(files)
}

fn read_file(path: &Path) -> Result<Vec<Item>, CliError> {
    let name = path.display().to_string();
    let text = read_text(path)?;
    let is_args = path.extension().is_some_and(|ending| ending == "args");
    if is_args || (!text.trim().is_empty() && argv::is_command_line(&text)) {
        argv::items(&name, &text)
    } else {
        lines(&name, &text)
    }
}

/// Parses one command per line, skipping empty lines.
fn lines(file: &str, text: &str) -> Result<Vec<Item>, CliError> {
    let mut items = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let line = index + 1;
        let at = |what: String| CliError::input(format!("`{file}` line {line}: {what}"));
        let document = Document::parse(text).map_err(|error| {
            at(format!("not JSON: {} at column {}", error.message(), error.column))
        })?;
        let root = document.root();
        if root.get("argv").is_some() {
            items.push(argv::from_json(file, line, root)?);
            continue;
        }
        let wrapped = root.get("command").filter(|_| !has_name(root));
        let node = wrapped.unwrap_or(root);
        if !has_name(node) {
            return Err(at(format!(
                "expected a QMP command with `execute`, found {}",
                found(node)
            )));
        }
        let source = wrapped.and(root.get_str("source")).map(Into::into);
        let node = node.index();
        let subject = Subject::Command(document, node);
        items.push(Item { file: file.to_owned(), line, source, subject });
    }
    Ok(items)
}

fn has_name(node: Node<'_>) -> bool {
    node.get("execute").or_else(|| node.get("exec-oob")).is_some()
}

fn found(node: Node<'_>) -> String {
    if node.kind() != json::JsonType::Object {
        return format!("a JSON {}", node.kind());
    }
    let keys: Vec<_> = node.members().map(|(key, _)| key).collect();
    if keys.is_empty() {
        return "an empty object".to_owned();
    }
    let shown: Vec<String> = keys.iter().take(4).map(|key| format!("`{key}`")).collect();
    let mistyped = keys.iter().any(|key| nearest(key, ["execute"]).is_some());
    let hint = if mistyped { ", did you mean `execute`?" } else { "" };
    format!("an object with {}{hint}", shown.join(", "))
}
