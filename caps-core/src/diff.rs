//! Differences between two captures, by kind.
//!
//! The comparison of schemas starts from the commands and events. Types are named by the query path
//! that leads to them; a type used in several places is compared once, at its shortest path.
//! Renumbered types and reordered replies therefore don't count as differences. Descriptions and
//! help texts are ignored.
//!
//! ```
//! use caps_core::diff::{Side, diff};
//! use caps_core::replies::Conversation;
//!
//! let conversation = |commands: &str| {
//!     let schema = format!("{{\"execute\": \"query-qmp-schema\"}}\n\n{{\"return\": [{commands}]}}\n");
//!     Conversation::parse(&schema)
//! };
//! let old = conversation("")?;
//! let new = conversation(r#"{"name": "quit", "meta-type": "command", "arg-type": "0", "ret-type": "0"}"#)?;
//! let differences = diff(&Side::new(&old), &Side::new(&new))?;
//! assert_eq!(differences.len(), 1);
//! assert_eq!(differences[0].name, "quit");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod machines;
mod normal;
mod schema;
mod sessions;
mod table;
mod tables;

use thiserror::Error;

use crate::baseline::Baseline;
use crate::flag::{Flag, FlagSet, Rule, RuleKind};
use crate::names::closed_set;
use crate::order;
use crate::qapi::SchemaError;
use crate::replies::{Conversation, RepliesError};

closed_set! {
    /// The subject of a difference; differences are sorted in this order.
    pub enum DifferenceKind: "a kind of difference", {
        /// The QEMU version and package.
        Version = "version",
        /// A capability flag.
        Flag = "flag",
        /// A QMP command.
        Command = "command",
        /// A QMP event.
        Event = "event",
        /// A member of an object type: its presence, and whether it is optional.
        Member = "member",
        /// A case of a union.
        Variant = "variant",
        /// The type of a member, an argument or a return value.
        Type = "type",
        /// A value of an enum.
        EnumValue = "enum-value",
        /// A feature, such as `deprecated`, of a command, event, type, member or enum value.
        Feature = "feature",
        /// A QOM type.
        QomType = "qom-type",
        /// A property of a device type.
        DeviceProperty = "device-property",
        /// A property of another QOM type.
        ObjectProperty = "object-property",
        /// A machine type.
        MachineType = "machine-type",
        /// A CPU model.
        CpuModel = "cpu-model",
        /// A command line option or one of its parameters.
        Option = "option",
        /// A migration capability.
        MigrationCapability = "migration-capability",
        /// A TPM model or type.
        Tpm = "tpm",
        /// Any other answer.
        Answer = "answer",
        /// A feature that prevents a CPU model from working on the host.
        CpuBlocker = "cpu-blocker",
        /// A property of an expanded CPU model.
        CpuExpansion = "cpu-expansion",
        /// An item of domain capabilities.
        DomainCapability = "domain-capability",
        /// The host model of domain capabilities, and its features.
        HostModel = "host-model",
    }
}

impl DifferenceKind {
    /// A heading for differences of this kind.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Flag => "capability flags",
            Self::Command => "commands",
            Self::Event => "events",
            Self::Member => "members",
            Self::Variant => "variants",
            Self::Type => "types",
            Self::EnumValue => "enum values",
            Self::Feature => "features",
            Self::QomType => "QOM types",
            Self::DeviceProperty => "device properties",
            Self::ObjectProperty => "object properties",
            Self::MachineType => "machine types",
            Self::CpuModel => "CPU models",
            Self::Option => "command-line options",
            Self::MigrationCapability => "migration capabilities",
            Self::Tpm => "TPM models and types",
            Self::Answer => "answers",
            Self::CpuBlocker => "CPU blockers",
            Self::CpuExpansion => "CPU expansions",
            Self::DomainCapability => "domain capabilities",
            Self::HostModel => "host model",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The kind.
    pub kind: DifferenceKind,
    /// The name of what differs; a query path for parts of the schema.
    pub name: String,
    /// How it differs.
    pub change: Change,
    /// Whether it originates from the host rather than QEMU.
    pub host: bool,
}

/// The change from the first capture to the second.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Change {
    /// Only the first capture has it.
    Removed {
        /// Details, possibly empty.
        detail: String,
    },
    /// Only the second capture has it.
    Added {
        /// Details, possibly empty.
        detail: String,
    },
    /// Both have it, with different values.
    Changed {
        /// The attribute that changed; empty for the thing itself.
        what: String,
        /// The value in the first capture.
        from: String,
        /// The value in the second capture.
        to: String,
    },
}

/// One of the captures to compare.
#[derive(Debug, Clone, Copy)]
pub struct Side<'c> {
    conversation: &'c Conversation,
    flags: Option<(FlagSet, Baseline)>,
}

impl<'c> Side<'c> {
    /// Creates a side that consists of a conversation only.
    pub fn new(conversation: &'c Conversation) -> Self {
        Self { conversation, flags: None }
    }

    /// Adds the capability flags derived from the conversation for a libvirt release. Flags are
    /// compared if both sides have them, and only those that both releases can set.
    #[must_use]
    pub fn with_flags(self, flags: FlagSet, baseline: Baseline) -> Self {
        Self { flags: Some((flags, baseline)), ..self }
    }
}

/// The captures can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} capture, line {line}: {kind}", if *.second { "second" } else { "first" })]
#[non_exhaustive]
pub struct DiffError {
    /// Whether the second capture is the malformed one.
    pub second: bool,
    /// The line.
    pub line: usize,
    /// The problem.
    pub kind: DiffErrorKind,
}

/// The reason why a capture can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DiffErrorKind {
    /// A reply is malformed.
    #[error("{}", .0.kind)]
    Replies(RepliesError),
    /// The schema is malformed.
    #[error("{0}")]
    Schema(SchemaError),
    /// The schema lacks a type that it refers to.
    #[error("the schema has no type `{name}`, which `{path}` refers to")]
    NoType {
        /// The type.
        name: String,
        /// The path that refers to it.
        path: String,
    },
    /// A reply does not have the expected structure.
    #[error("expected {expected} in the reply to `{command}`")]
    Shape {
        /// What was expected.
        expected: &'static str,
        /// The command.
        command: String,
    },
}

/// Compares two captures; the result is sorted by kind and name.
///
/// ```
/// use caps_core::diff::{Change, DifferenceKind, Side, diff};
/// use caps_core::replies::Conversation;
///
/// let capture = |types: &str| {
///     let text = format!("{{\"execute\": \"qom-list-types\"}}\n\n{{\"return\": [{types}]}}\n");
///     Conversation::parse(&text)
/// };
/// let old = capture(r#"{"name": "nvme"}, {"name": "sga"}"#)?;
/// let new = capture(r#"{"name": "nvme"}"#)?;
/// let differences = diff(&Side::new(&old), &Side::new(&new))?;
/// assert_eq!(differences.len(), 1);
/// assert_eq!(differences[0].kind, DifferenceKind::QomType);
/// assert_eq!(differences[0].name, "sga");
/// assert_eq!(differences[0].change, Change::Removed { detail: String::new() });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Fails if one of the captures is malformed.
pub fn diff(first: &Side<'_>, second: &Side<'_>) -> Result<Vec<Difference>, DiffError> {
    let mut differences = Differences::default();
    if let (Some((a, old)), Some((b, new))) = (first.flags, second.flags) {
        let known = Flag::ALL.iter().filter(|flag| flag.is_live(old) && flag.is_live(new));
        for &flag in known.filter(|&&flag| a.contains(flag) != b.contains(flag)) {
            differences.host = flag.rules().iter().any(depends_on_host);
            differences.one_sided(DifferenceKind::Flag, flag.name(), b.contains(flag), "");
        }
        differences.host = false;
    }
    let (first, second) = (first.conversation, second.conversation);
    schema::diff(first, second, &mut differences)?;
    tables::diff(first, second, &mut differences)?;
    answers::diff(first, second, &mut differences)?;
    let mut found = differences.found;
    found.sort_by_cached_key(|d| (d.kind, order::by_version(&d.name), d.change.clone()));
    // Sessions with different accelerators mostly report the same.
    found.dedup();
    Ok(found)
}

fn depends_on_host(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Accelerator(_) | RuleKind::TakenBackBy(_))
}

#[derive(Debug, Default)]
struct Differences {
    found: Vec<Difference>,
    /// Whether the next differences depend on the host.
    host: bool,
}

impl Differences {
    fn push(&mut self, kind: DifferenceKind, name: &str, change: Change) {
        self.found.push(Difference { kind, name: name.to_owned(), change, host: self.host });
    }

    fn one_sided(&mut self, kind: DifferenceKind, name: &str, added: bool, detail: &str) {
        let detail = detail.to_owned();
        let change = if added { Change::Added { detail } } else { Change::Removed { detail } };
        self.push(kind, name, change);
    }

    fn changed(&mut self, kind: DifferenceKind, name: &str, what: &str, from: &str, to: &str) {
        let [what, from, to] = [what, from, to].map(str::to_owned);
        self.push(kind, name, Change::Changed { what, from, to });
    }

    /// Adds the names that only one of two sorted lists contains.
    fn sets(
        &mut self,
        kind: DifferenceKind,
        first: &[String],
        second: &[String],
        name: impl Fn(&str) -> String,
    ) {
        for gone in first.iter().filter(|name| second.binary_search(name).is_err()) {
            self.one_sided(kind, &name(gone), false, "");
        }
        for new in second.iter().filter(|name| first.binary_search(name).is_err()) {
            self.one_sided(kind, &name(new), true, "");
        }
    }
}
