//! What is to be validated.

use caps_core::json::{Document, Node};
use caps_core::validate::Validator;
use caps_core::validate::{JsonOption, Policy, Report};

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
