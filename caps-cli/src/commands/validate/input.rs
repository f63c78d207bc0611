//! What is to be validated.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use caps_core::json::{self, Document, Node};
use caps_core::nearest::nearest;
use caps_core::qapi::Validator;
use caps_core::qapi::validate::{JsonOption, Policy, Report};

use super::args_file;
use crate::exit::CliError;

/// The most of a command that a table shows.
const TITLE_WIDTH: usize = 48;

/// One command or command line argument.
#[derive(Debug)]
pub(super) struct Item {
    /// The file, as it was named.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: usize,
    /// What the line says that it is from.
    pub(super) source: Option<String>,
    pub(super) kind: Kind,
    pub(super) document: Document,
    /// The position of the command in the document.
    pub(super) node: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Command,
    Option(JsonOption),
}

impl Item {
    pub(super) fn node(&self) -> Node<'_> {
        self.document.node(self.node).unwrap_or_else(|| self.document.root())
    }

    pub(super) fn check(&self, validator: &Validator, policy: &Policy) -> Report {
        match self.kind {
            Kind::Command => validator.check(self.node(), policy),
            Kind::Option(option) => validator.check_option(option, self.node(), policy),
        }
    }

    /// The command, or the option.
    pub(super) fn command(&self) -> String {
        match self.kind {
            Kind::Option(option) => option.name().to_owned(),
            Kind::Command => {
                let root = self.node();
                let name = root.get_str("execute").or_else(|| root.get_str("exec-oob"));
                name.unwrap_or_default().into_owned()
            }
        }
    }

    /// The command with what it is about: `device_add vfio-pci`.
    pub(super) fn title(&self) -> String {
        let root = self.node();
        let arguments = match self.kind {
            Kind::Command => root.get("arguments"),
            Kind::Option(_) => Some(root),
        };
        let about = ["driver", "qom-type", "type", "backend"]
            .iter()
            .find_map(|key| {
                let value = arguments?.get(key)?;
                value.as_str().or_else(|| value.get_str("type"))
            })
            .map(|about| format!(" {about}"))
            .unwrap_or_default();
        let title = format!("{}{about}", self.command());
        if title.chars().count() <= TITLE_WIDTH {
            return title;
        }
        let cut: String = title.chars().take(TITLE_WIDTH - 1).collect();
        cut + "…"
    }

    /// Where it is, for messages.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// Reads all files; of directories the `.jsonl` and `.args` files, sorted.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Item>, CliError> {
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
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    read.map_err(|error| CliError::input(error).context(format!("can't read `{name}`")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count();
        CliError::input(format!("`{name}` line {line}: expected UTF-8"))
    })?;
    if path.extension().is_some_and(|ending| ending == "args") {
        args_file::items(&name, &text)
    } else {
        lines(&name, &text)
    }
}

/// Commands, one a line; empty lines are passed over.
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
        items.push(Item {
            file: file.to_owned(),
            line,
            source,
            kind: Kind::Command,
            node,
            document,
        });
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
