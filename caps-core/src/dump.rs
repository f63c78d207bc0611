//! What a capture contains as lines that can be compared and searched.
//!
//! The lines of [`Part::LIBVIRT`] are those that libvirt's tool for `.replies` files prints, byte for
//! byte; the other parts are in the same spirit.

mod replies;
mod schema;

use thiserror::Error;

use crate::names::closed_set;
use crate::qapi::{CoverageError, SchemaError};
use crate::replies::{Conversation, RepliesError};

closed_set! {
    /// What can be dumped, in the order of the lines.
    pub enum Part: "something that can be dumped", {
        /// `(qmp) PATH`: every path through the QAPI schema.
        QmpQueryStrings = "qmp-query-strings",
        /// `(qom) TYPE`: every QOM type.
        QomListTypes = "qom-list-types",
        /// `(dev) TYPE PROPERTY VALUE-TYPE (DEFAULT)`: the properties of the device types asked for.
        DeviceListProperties = "device-list-properties",
        /// `(obj) TYPE PROPERTY VALUE-TYPE`: the properties of the other types asked for.
        QomListProperties = "qom-list-properties",
        /// `(machine) NAME` and `(machine alias) ALIAS -> NAME`, of all sessions.
        MachineTypes = "machine-types",
        /// `(cpu) NAME` and `(cpu alias) ALIAS -> NAME`, of all sessions.
        CpuModels = "cpu-models",
        /// `(option) OPTION PARAMETER VALUE-TYPE`: what `query-command-line-options` tells.
        CommandLineOptions = "command-line-options",
        /// `(migration) CAPABILITY`: the migration capabilities.
        MigrationCapabilities = "migration-capabilities",
    }
}

impl Part {
    /// The parts that libvirt's tool has, too: what its `--dump-all` prints.
    pub const LIBVIRT: &'static [Self] =
        &[Self::QmpQueryStrings, Self::QomListTypes, Self::DeviceListProperties];
}

/// A capture can't be dumped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DumpError {
    /// A reply is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The schema has something that is not understood.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The reply to `query-qmp-schema` is not a schema.
    #[error("line {line}: the reply to `query-qmp-schema` is not a schema")]
    Schema {
        /// The line of the reply.
        line: usize,
        /// What is wrong with it.
        source: SchemaError,
    },
    /// The schema refers to a type that it does not have.
    #[error("line {line}: the schema has no type `{name}`, which `{path}` refers to")]
    NoType {
        /// The line of the reply.
        line: usize,
        /// The type.
        name: String,
        /// The path at which it is needed.
        path: String,
    },
    /// The types of the schema are nested deeper than any schema's.
    #[error("line {line}: the types of the schema are nested more than {depth} deep at `{path}`")]
    TooDeep {
        /// The line of the reply.
        line: usize,
        /// The limit.
        depth: usize,
        /// The path at which it is passed.
        path: String,
    },
    /// The types of the schema refer to each other so much that there is no end of paths.
    #[error(
        "line {line}: the schema has more than {limit} paths, the types at `{path}` refer to each other"
    )]
    TooMany {
        /// The line of the reply.
        line: usize,
        /// The limit.
        limit: usize,
        /// The path at which it is passed.
        path: String,
    },
    /// A reply is not shaped as QEMU's are.
    #[error("line {line}: expected {expected} in the reply to `{command}`")]
    Shape {
        /// The line.
        line: usize,
        /// What should be there.
        expected: &'static str,
        /// The command.
        command: String,
    },
}

/// Gives the lines of the parts of a conversation, without their ends, to `emit`. Says whether the
/// conversation has anything of the kind: without parts, or without `query-qmp-schema` where only
/// [`Part::QmpQueryStrings`] is asked for, it does not.
///
/// ```
/// use caps_core::dump::{Part, dump};
/// use caps_core::replies::Conversation;
///
/// let text = "{\n  \"execute\": \"qom-list-types\"\n}\n\n\
///             {\n  \"return\": [{\"name\": \"nvme\", \"parent\": \"pci-device\"}]\n}\n";
/// let mut lines = Vec::new();
/// dump(&Conversation::parse(text)?, Part::LIBVIRT, |line| lines.push(line.to_owned()))?;
/// assert_eq!(lines, ["(qom) nvme"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a reply that is to be dumped is malformed. Lines before the error have been emitted.
pub fn dump(
    conversation: &Conversation,
    parts: &[Part],
    mut emit: impl FnMut(&str),
) -> Result<bool, DumpError> {
    let mut any = false;
    for part in Part::ALL.iter().filter(|part| parts.contains(part)) {
        any |= match part {
            Part::QmpQueryStrings => schema::dump(conversation, &mut emit)?,
            _ => replies::dump(conversation, *part, &mut emit)?,
        };
    }
    Ok(any)
}
