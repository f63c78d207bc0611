//! The items to validate.

use caps_core::Arch;
use caps_core::command_line::CommandLine;
use caps_core::json::{Document, Node};
use caps_core::validate::{Policy, Report, Validator};

/// How much of a command to show in a table.
const TITLE_WIDTH: usize = 48;

/// One command or command line argument.
#[derive(Debug)]
pub(crate) struct Item {
    /// The file, as given.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The origin given on the line.
    pub(crate) source: Option<String>,
    pub(crate) subject: Subject,
}

/// The subject of the checks.
#[derive(Debug)]
pub(crate) enum Subject {
    /// A QMP command; the number is its position in the document.
    Command(Document, usize),
    /// A command line, and the architecture that it is for.
    CommandLine { line: Box<CommandLine>, arch: Option<Arch> },
}

impl Item {
    /// The architecture that a command line is for; `None` if it is for all of them.
    pub(super) fn arch(&self) -> Option<Arch> {
        match &self.subject {
            Subject::CommandLine { arch, .. } => *arch,
            Subject::Command(..) => None,
        }
    }

    /// Returns whether the item applies to captures of this architecture.
    pub(crate) fn is_for(&self, arch: Arch) -> bool {
        self.arch().is_none_or(|own| own == arch)
    }

    pub(crate) fn check(&self, validator: &Validator, policy: &Policy) -> Report {
        match &self.subject {
            Subject::Command(document, node) => validator.check(command(document, *node), policy),
            Subject::CommandLine { line, .. } => validator.check_command_line(line, policy),
        }
    }

    /// The command, or the program.
    pub(crate) fn command(&self) -> String {
        match &self.subject {
            Subject::Command(document, node) => {
                let root = command(document, *node);
                let name = root.get_str("execute").or_else(|| root.get_str("exec-oob"));
                name.unwrap_or_default().into_owned()
            }
            Subject::CommandLine { line, .. } => {
                let program = line.program().and_then(|program| program.rsplit('/').next());
                program.unwrap_or("command line").to_owned()
            }
        }
    }

    /// The command with its subject: `device_add vfio-pci`.
    pub(crate) fn title(&self) -> String {
        let about = match &self.subject {
            Subject::Command(document, node) => about(command(document, *node)),
            Subject::CommandLine { line, .. } => {
                let mut options = line.arguments().iter();
                options
                    .find(|one| matches!(one.name.as_str(), "machine" | "M"))
                    .map(ToString::to_string)
            }
        };
        let about = about.map(|about| format!(" {about}")).unwrap_or_default();
        let title = format!("{}{about}", self.command());
        if title.chars().count() <= TITLE_WIDTH {
            return title;
        }
        let cut: String = title.chars().take(TITLE_WIDTH - 1).collect();
        cut + "…"
    }

    /// The whole text, on one line.
    pub(crate) fn text(&self) -> String {
        match &self.subject {
            Subject::Command(document, node) => command(document, *node).compact(),
            Subject::CommandLine { line, .. } => {
                let program = line.program().unwrap_or_default();
                let arguments = line.arguments().iter().map(ToString::to_string);
                std::iter::once(program.to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// The file and line, for messages.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

fn command(document: &Document, node: usize) -> Node<'_> {
    document.node(node).unwrap_or_else(|| document.root())
}

fn about(root: Node<'_>) -> Option<String> {
    let arguments = root.get("arguments")?;
    ["driver", "qom-type", "type", "backend"].iter().find_map(|key| {
        let value = arguments.get(key)?;
        value.as_str().or_else(|| value.get_str("type")).map(Into::into)
    })
}
