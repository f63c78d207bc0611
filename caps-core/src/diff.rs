//! What differs between two captures, by kind.
//!
//! Schema types are compared from the commands and events on, and named by the query path that leads
//! to them; a type that is used in many places is compared once, at its shortest path. So neither
//! renumbered types nor reordered replies are differences. Descriptions and help texts are not
//! compared.

mod answers;
mod machines;
mod normal;
mod schema;
mod sessions;
mod table;
mod tables;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::flag::{Flag, FlagSet, Rule};
use crate::nearest::{hint, nearest};
use crate::order;
use crate::qapi::SchemaError;
use crate::replies::{Conversation, RepliesError};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $title:literal;)*) => {
        /// What a difference is about, in the order in which differences are sorted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum DifferenceKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl DifferenceKind {
            /// All kinds, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, as options and JSON have it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// A headline.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)*
                }
            }
        }
    };
}

kinds! {
    /// The version that QEMU reports, and its package.
    Version = "version", "version";
    /// A capability flag.
    Flag = "flag", "capability flags";
    /// A QMP command.
    Command = "command", "commands";
    /// A QMP event.
    Event = "event", "events";
    /// A member of an object type: there or not, optional or mandatory.
    Member = "member", "members";
    /// A case of a union.
    Variant = "variant", "variants";
    /// The type of a member, an argument or a return value.
    Type = "type", "types";
    /// A value of an enum.
    EnumValue = "enum-value", "enum values";
    /// A feature of a command, event, type, member or enum value: `deprecated`, say.
    Feature = "feature", "features";
    /// A QOM type.
    QomType = "qom-type", "QOM types";
    /// A property of a device type.
    DeviceProperty = "device-property", "device properties";
    /// A property of another QOM type.
    ObjectProperty = "object-property", "object properties";
    /// A machine type.
    MachineType = "machine-type", "machine types";
    /// A CPU model.
    CpuModel = "cpu-model", "CPU models";
    /// A command line option or one of its parameters.
    Option = "option", "command-line options";
    /// A migration capability.
    MigrationCapability = "migration-capability", "migration capabilities";
    /// A TPM model or type.
    Tpm = "tpm", "TPM models and types";
    /// The answer to another question.
    Answer = "answer", "answers";
    /// What keeps a CPU model from working on the host.
    CpuBlocker = "cpu-blocker", "CPU blockers";
    /// A property of an expanded CPU model.
    CpuExpansion = "cpu-expansion", "CPU expansions";
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text is not the name of a kind of difference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{name}` is not a kind of difference{}", hint(.nearest.as_deref()))]
pub struct UnknownKind {
    name: String,
    nearest: Option<String>,
}

impl FromStr for DifferenceKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind {
            name: name.to_owned(),
            nearest: nearest(name, Self::ALL.iter().map(|kind| kind.name())).map(str::to_owned),
        })
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What it is about.
    pub kind: DifferenceKind,
    /// The name of the thing; of what is in the schema its query path.
    pub name: String,
    /// How it differs.
    pub change: Change,
    /// Does it come from the host, not from QEMU?
    pub host: bool,
}

/// How a thing differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Change {
    /// It is only in the first capture.
    Removed {
        /// More about it, or nothing.
        detail: String,
    },
    /// It is only in the second capture.
    Added {
        /// More about it, or nothing.
        detail: String,
    },
    /// It is in both, with another value.
    Changed {
        /// Of what the value is, or nothing if of the thing itself.
        what: String,
        /// The value in the first capture.
        from: String,
        /// The value in the second capture.
        to: String,
    },
}

/// One of the two captures that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'c> {
    conversation: &'c Conversation,
    flags: Option<FlagSet>,
}

impl<'c> Side<'c> {
    /// A capture of which only the conversation is compared.
    pub fn new(conversation: &'c Conversation) -> Self {
        Self { conversation, flags: None }
    }

    /// Adds the capability flags that were derived from the conversation; they are compared if both
    /// sides have them.
    #[must_use]
    pub fn with_flags(self, flags: FlagSet) -> Self {
        Self { flags: Some(flags), ..self }
    }
}

/// Two captures can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} capture, line {line}: {kind}", if *.second { "second" } else { "first" })]
pub struct DiffError {
    /// Is the second capture the malformed one?
    pub second: bool,
    /// The line.
    pub line: usize,
    /// What is wrong with it.
    pub kind: DiffErrorKind,
}

/// Why a capture can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DiffErrorKind {
    /// A reply is malformed.
    #[error("{}", .0.kind)]
    Replies(RepliesError),
    /// The schema is malformed.
    #[error("{0}")]
    Schema(SchemaError),
    /// The schema refers to a type that it does not have.
    #[error("the schema has no type `{name}`, which `{path}` refers to")]
    NoType {
        /// The type.
        name: String,
        /// The path at which it is needed.
        path: String,
    },
    /// A reply is not shaped as QEMU's are.
    #[error("expected {expected} in the reply to `{command}`")]
    Shape {
        /// What should be there.
        expected: &'static str,
        /// The command.
        command: String,
    },
}

/// What differs between two captures, sorted by kind and name.
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
/// When one of the captures is malformed.
pub fn diff(first: &Side<'_>, second: &Side<'_>) -> Result<Vec<Difference>, DiffError> {
    let mut differences = Differences::default();
    if let (Some(a), Some(b)) = (first.flags, second.flags) {
        for &flag in Flag::ALL.iter().filter(|&&flag| a.contains(flag) != b.contains(flag)) {
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
    // Sessions with different accelerators mostly tell the same.
    found.dedup();
    Ok(found)
}

fn depends_on_host(rule: &Rule) -> bool {
    matches!(rule, Rule::Accelerator(_) | Rule::TakenBackBy(_))
}

/// Collects differences.
#[derive(Debug, Default)]
struct Differences {
    found: Vec<Difference>,
    /// Do the differences that come next depend on the host?
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

    /// Names that are in only one of two sorted lists.
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
