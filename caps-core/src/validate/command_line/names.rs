//! The ids of a command line, and what they refer to.

use super::judge::Judge;
use crate::validate::{Stage, ViolationKind};

/// Namespaces of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Space {
    Netdev,
    Chardev,
    /// `-drive`, and the nodes of `-blockdev`.
    Drive,
    Node,
    Object,
    Audiodev,
    Fsdev,
    Tpmdev,
    Device,
    Vnc,
}

impl Space {
    pub(super) fn group(self) -> &'static str {
        match self {
            Self::Netdev => "netdev",
            Self::Chardev => "chardev",
            Self::Drive => "drive",
            Self::Node => "blockdev",
            Self::Object => "object",
            Self::Audiodev => "audiodev",
            Self::Fsdev => "fsdev",
            Self::Tpmdev => "tpmdev",
            Self::Device => "device",
            Self::Vnc => "vnc",
        }
    }
}

/// What is known about an id.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// The type: a backend, an object type, the interface of a drive.
    pub(super) kind: String,
    /// The number of devices that use it.
    pub(super) uses: usize,
    /// Whether several devices can use it.
    pub(super) shared: bool,
}

impl Judge<'_> {
    /// Registers an id, or reports that it is taken.
    pub(super) fn name(&mut self, space: Space, id: &str, named: Named) {
        let known = self.names.contains_key(&(space, id.to_owned()));
        if known {
            let group = space.group();
            let words = match space {
                Space::Node => format!("Duplicate nodes with node-name='{id}'"),
                _ => format!("Duplicate ID '{id}' for {group}"),
            };
            self.early(|judge| {
                let what = format!("another {group} has the id `{id}`");
                judge.conflict("id", Stage::Value, &what, words);
            });
            return;
        }
        self.names.insert((space, id.to_owned()), named);
    }

    pub(super) fn find(&mut self, space: Space, id: &str) -> Option<&mut Named> {
        self.names.get_mut(&(space, id.to_owned()))
    }

    /// Reports an id that nothing of the namespace has.
    pub(super) fn dangling(&mut self, space: Space, key: &str, id: &str, qemu: String) {
        let expected = match space {
            Space::Node => "the name of a node".to_owned(),
            _ => format!("the id of a {}", space.group()),
        };
        self.dangling_of(space, key, id, (expected, qemu));
    }

    /// The same, with what is expected and QEMU's error message.
    pub(super) fn dangling_of(
        &mut self,
        space: Space,
        key: &str,
        id: &str,
        (expected, qemu): (String, String),
    ) {
        let mut violation = self.violation(key, ViolationKind::Dangling, Stage::Value);
        violation.found = format!("`{id}`");
        violation.expected = expected;
        let ids = self.names.range((space, String::new())..);
        let ids = ids.take_while(|((of, _), _)| *of == space).map(|((_, id), _)| id.clone());
        let ids: Vec<String> = ids.take(self.hints).collect();
        violation = self.hint(violation, id, ids);
        violation.qemu = Some(qemu);
        self.push(violation);
    }

    /// Reports text that is not an identifier; returns whether it is one.
    pub(super) fn check_id(&mut self, key: &str, id: &str) -> bool {
        let valid = crate::command_line::scalar::is_identifier(id);
        if !valid {
            let words = format!("Parameter '{key}' expects an identifier");
            let expected = "an identifier: a letter, then letters, digits, `-`, `.` and `_`";
            self.early(|judge| judge.wrong_value(key, id, expected, words));
        }
        valid
    }
}
