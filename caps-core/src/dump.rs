//! Dumping captures as lines for diff and grep.
//!
//! The lines of [`Part::LIBVIRT`] equal those of libvirt's tool for `.replies` files, byte for
//! byte; the other parts extend its format.

mod names;
mod replies;
mod schema;
mod sink;
mod types;

use thiserror::Error;

use self::sink::{Blocks, Each, Sink};
use crate::names::closed_set;
use crate::qapi::{CoverageError, SchemaError};
use crate::replies::{Conversation, RepliesError};

closed_set! {
    /// A part of a capture to dump; lines appear in this order.
    pub enum Part: "something that can be dumped", {
        /// `(qmp) PATH`: every path through the QAPI schema.
        QmpQueryStrings = "qmp-query-strings",
        /// `(qom) TYPE`: every QOM type.
        QomListTypes = "qom-list-types",
        /// `(dev) TYPE PROPERTY VALUE-TYPE (DEFAULT)`: the properties of the queried device types.
        DeviceListProperties = "device-list-properties",
        /// `(obj) TYPE PROPERTY VALUE-TYPE`: the properties of the other queried types.
        QomListProperties = "qom-list-properties",
        /// `(machine) NAME` and `(machine alias) ALIAS -> NAME`, of all sessions.
        MachineTypes = "machine-types",
        /// `(cpu) NAME` and `(cpu alias) ALIAS -> NAME`, of all sessions.
        CpuModels = "cpu-models",
        /// `(option) OPTION PARAMETER VALUE-TYPE`: the result of `query-command-line-options`.
        CommandLineOptions = "command-line-options",
        /// `(migration) CAPABILITY`: the migration capabilities.
        MigrationCapabilities = "migration-capabilities",
    }
}

impl Part {
    /// The parts of libvirt's `--dump-all`.
    pub const LIBVIRT: &'static [Self] =
        &[Self::QmpQueryStrings, Self::QomListTypes, Self::DeviceListProperties];
}

/// The capture can't be dumped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DumpError {
    /// A reply is malformed.
    #[error(transparent)]
    Replies(#[from] RepliesError),
    /// The schema contains something unknown.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The reply to `query-qmp-schema` is not a schema.
    #[error("line {line}: the reply to `query-qmp-schema` is not a schema")]
    Schema {
        /// The line of the reply.
        line: usize,
        /// The problem.
        source: SchemaError,
    },
    /// The schema lacks a type that it refers to.
    #[error("line {line}: the schema has no type `{name}`, which `{path}` refers to")]
    NoType {
        /// The line of the reply.
        line: usize,
        /// The type.
        name: String,
        /// The path that refers to it.
        path: String,
    },
    /// The schema's types are nested too deeply.
    #[error("line {line}: the types of the schema are nested more than {depth} deep at `{path}`")]
    TooDeep {
        /// The line of the reply.
        line: usize,
        /// The limit.
        depth: usize,
        /// The path at which it is exceeded.
        path: String,
    },
    /// The schema's types refer to each other in too many ways.
    #[error(
        "line {line}: the schema has more than {limit} paths, the types at `{path}` refer to each other"
    )]
    TooMany {
        /// The line of the reply.
        line: usize,
        /// The limit.
        limit: usize,
        /// The path at which it is exceeded.
        path: String,
    },
    /// A reply does not have the expected structure.
    #[error("line {line}: expected {expected} in the reply to `{command}`")]
    Shape {
        /// The line.
        line: usize,
        /// What was expected.
        expected: &'static str,
        /// The command.
        command: String,
    },
}

/// Passes the lines of the requested parts, without line endings, to `emit`. Returns `false` if the
/// conversation can't have any: without parts, or without `query-qmp-schema` if
/// [`Part::QmpQueryStrings`] is the only part.
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
/// Fails if a reply needed for the dump is malformed. Earlier lines have been emitted by then.
pub fn dump(
    conversation: &Conversation,
    parts: &[Part],
    emit: impl FnMut(&str),
) -> Result<bool, DumpError> {
    dump_to(conversation, parts, &mut Each::new(emit))
}

/// As [`dump`], but passes on blocks of lines, each line between a prefix and a line feed. This is the
/// faster way to write them.
///
/// ```
/// use caps_core::dump::{Part, dump_blocks};
/// use caps_core::replies::Conversation;
///
/// let text = "{\n  \"execute\": \"qom-list-types\"\n}\n\n\
///             {\n  \"return\": [{\"name\": \"nvme\", \"parent\": \"pci-device\"}]\n}\n";
/// let (conversation, mut lines) = (Conversation::parse(text)?, Vec::new());
/// dump_blocks(&conversation, Part::LIBVIRT, "10.0.0: ", |block| lines.extend_from_slice(block))?;
/// assert_eq!(lines, b"10.0.0: (qom) nvme\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`dump`].
pub fn dump_blocks(
    conversation: &Conversation,
    parts: &[Part],
    prefix: &str,
    mut emit: impl FnMut(&[u8]),
) -> Result<bool, DumpError> {
    let mut blocks = Blocks::new(prefix, &mut emit);
    let dumped = dump_to(conversation, parts, &mut blocks);
    blocks.flush();
    dumped
}

fn dump_to(
    conversation: &Conversation,
    parts: &[Part],
    sink: &mut impl Sink,
) -> Result<bool, DumpError> {
    let mut any = false;
    for part in Part::ALL.iter().filter(|part| parts.contains(part)) {
        any |= match part {
            Part::QmpQueryStrings => schema::dump(conversation, sink)?,
            _ => replies::dump(conversation, *part, sink)?,
        };
    }
    Ok(any)
}
